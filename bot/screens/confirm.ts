/** The last question before messages go out: it names the numbers, and its "yes" counts once. */
import { DateTime } from 'luxon';
import { done, refused } from '../../config/errors';
import { DEFAULT_LATE_START, LATE_POLICIES, type LatePolicy } from '../../domain/story/late-start';
import { labelOfAudience } from '../conversation/chosen-audience';
import { asCampaign, withOption, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { clockWithOffset, momentsLike } from '../typed';
import { isTypedCount } from '../../domain/guards';
import { draftHtml } from './card-lines';
import { guardBlock, pressGuard } from './guards';
import { shorten } from '../texts';
import { mark, warning, type Button, type Screen } from '../screen';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';

type ConfirmStep = StepAt<'confirm'>;

export const confirmScreen: StepScreen<ConfirmStep> = {
  show: async (step, talk, view) => done({ screen: renderConfirm(step, talk, view) }),
  press: async (step, action, argument, talk) => {
    if (action === 'late' && step.startAt) return go({ at: 'late', startAt: step.startAt }, talk.draft);
    // Of an hour that comes twice the other one.
    const other =
      action === 'moment' && step.startAt ? momentsLike(step.startAt, talk.now())[Number(argument)] : undefined;
    if (other && other <= talk.now()) return refuse(refused('time_past', { value: talk.texts.time(other.toJSDate()) }));
    if (other) return go({ at: 'confirm', startAt: other.toUTC().toISO()! }, talk.draft);
    if (action === 'guard') return pressGuard(argument, step, talk);
    if (action !== 'start') return stale;
    return isFirstLarge(talk.draft) ? go({ ...step, at: 'typedCount' }, talk.draft) : start(step, talk);
  },
};

function isFirstLarge({ checked }: Draft): boolean {
  return checked?.warnings.some(({ code }) => code === 'first_large_send') ?? false;
}

/** Before somebody's first large send: its number, typed. */
export const typedCountScreen: StepScreen<StepAt<'typedCount'>> = {
  show: async (_step, { draft }, view) =>
    done({
      screen: {
        html: view.texts.html('typedCount.question', { count: draft.checked?.sendable ?? 0 }),
        keyboard: [view.footer()],
      },
    }),
  text: async ({ startAt }, typed, talk) => {
    const count = talk.draft.checked?.sendable ?? 0;
    if (!isTypedCount(typed, count))
      return refuse(refused('typed_count_wrong', { value: shorten(typed.trim(), 40), count }));
    return start({ at: 'confirm', ...(startAt && { startAt }) }, talk);
  },
};

/** Both moments of an hour that comes twice, with the one that counts ticked. */
function twiceButtons(startAt: string, talk: Talk, view: View): Button[] {
  const moments = momentsLike(startAt, talk.now());
  if (moments.length < 2) return [];
  return moments.map((one, index) => {
    const isChosen = one.toMillis() === Date.parse(startAt);
    return view.button('moment', { text: mark(isChosen, clockWithOffset(one)), argument: index });
  });
}

/** Where there are several: which it goes from. */
function senderHtml({ draft, services, texts }: Talk): string[] {
  const { senders } = services;
  if (senders.length < 2) return [];
  const first = draft.sender ?? senders.find(({ isDefault }) => isDefault)?.app;
  const chosen = senders.filter(({ app }) => app === first || draft.alsoFrom?.includes(app));
  return chosen.map(({ app, source }) => texts.html('confirm.sender', { app, number: `+${source}` }));
}

function renderConfirm({ startAt }: ConfirmStep, talk: Talk, view: View): Screen {
  const { draft, now, services } = talk;
  const { texts } = view;
  const twice = startAt ? twiceButtons(startAt, talk, view) : [];
  const { checked } = draft;
  if (!checked) throw new Error('confirm screen: expected a checked draft, got an unchecked one');
  const count = checked.sendable;
  const late = draft.lateStart?.policy ?? DEFAULT_LATE_START.policy;
  const begin = startAt ? DateTime.fromISO(startAt, { zone: now().zone }) : now();
  const guards = guardBlock(checked, begin, view);
  return {
    html: [
      texts.html('confirm.question', {
        name: draft.name ?? '',
        template: checked.template.name,
        audience: draft.audience ? labelOfAudience(draft.audience) : '',
        count,
        skipped: checked.total - count,
        duration: texts.about(checked.secondsToSend),
        when: startAt ? texts.fullTime(new Date(startAt)) : texts.plain('confirm.now'),
      }),
      ...senderHtml(talk),
      ...draftHtml(draft, begin, { texts, cap: services.capOf(draft) }),
      ...(checked.cost
        ? [texts.html('confirm.cost', { sum: texts.money(checked.cost.to, checked.cost.currency) })]
        : []),
      ...(checked.wholeCost
        ? [texts.html('preview.wholeCost', { sum: texts.money(checked.wholeCost.to, checked.wholeCost.currency) })]
        : []),
      ...(twice.length > 0 ? [texts.html('reschedule.twice')] : []),
      ...guards.html.map((block) => `\n${block}`),
    ].join('\n'),
    keyboard: [
      ...(twice.length > 0 ? [twice] : []),
      ...guards.rows,
      [
        view.button('start', {
          text: texts.plain(startAt ? 'confirm.schedule' : 'confirm.start', { count }),
          style: 'success',
        }),
      ],
      ...(startAt ? [[view.button('late', { text: texts.plain(`late.present.${late}`) })]] : []),
      view.footer(),
    ],
  };
}

/** What becomes of a campaign for later when the program was away at its time. */
export const lateScreen: StepScreen<StepAt<'late'>> = {
  show: async (_step, { draft }, view) => {
    const present = draft.lateStart?.policy ?? DEFAULT_LATE_START.policy;
    const button = (policy: LatePolicy): Button =>
      view.button('policy', {
        text: mark(policy === present, view.texts.plain(`late.policies.${policy}`)),
        argument: policy,
      });
    return done({
      screen: {
        html: view.texts.html('late.question', { span: view.texts.duration(DEFAULT_LATE_START.afterMs / 1000) }),
        keyboard: [...LATE_POLICIES.map((policy) => [button(policy)]), view.footer()],
      },
    });
  },
  press: async ({ startAt }, action, argument, { draft }) => {
    const policy = action === 'policy' && LATE_POLICIES.find((known) => known === argument);
    return policy
      ? go({ at: 'confirm', startAt }, withOption(draft, 'lateStart', { ...DEFAULT_LATE_START, policy }))
      : stale;
  },
};

async function start({ startAt }: ConfirmStep, talk: Talk): Promise<Move> {
  const { texts, services } = talk;
  const at = startAt ? new Date(startAt) : undefined;
  if (at && at <= talk.now().toJSDate()) {
    const { refusal } = refused('time_past', {
      value: DateTime.fromJSDate(at, { zone: texts.zone }).toFormat('dd.MM.yyyy HH:mm'),
    });
    return go({ at: 'when' }, talk.draft, warning(texts, texts.refusalText(refusal)));
  }
  await talk.interim(texts.html('confirm.starting'));

  // Stored first and remembered at once: a second press, or one after a crash, starts the same campaign.
  let { campaignId } = talk.draft;
  if (!campaignId) {
    const created = await services.campaigns.create(asCampaign(talk.draft, talk.actor));
    if (!created.ok) return refuse(created);
    campaignId = created.value.id;
    await talk.keep({ ...talk.draft, campaignId });
  }
  const started = await services.campaigns.start(campaignId, { by: talk.actor, ...(at && { at }) });
  if (!started.ok) return refuse(started);
  const status = started.value;
  return {
    kind: 'close',
    html: at
      ? texts.html('confirm.scheduled', { name: status.name, when: texts.time(at) })
      : texts.html('confirm.started', { name: status.name }),
    after: () => talk.follow(status),
  };
}

/** The last question before messages go out: it names the numbers, and its "yes" counts once. */
import { DateTime } from 'luxon';
import { done, refused } from '../../config/errors';
import { asCampaign, type Draft, type Step } from '../draft';
import { warning, type Screen } from '../screen';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../talk';

type ConfirmStep = Extract<Step, { at: 'confirm' }>;

export const confirmScreen: StepScreen<ConfirmStep> = {
  show: async (step, { draft }, view) => done({ screen: renderConfirm(step, draft, view) }),
  press: async (step, action, _argument, talk) => (action === 'start' ? start(step, talk) : stale),
};

function renderConfirm({ startAt }: ConfirmStep, draft: Draft, view: View): Screen {
  const { texts } = view;
  const { checked } = draft;
  if (!checked) throw new Error('confirm screen: expected a checked draft, got an unchecked one');
  const count = checked.sendable;
  return {
    html: texts.html('confirm.question', {
      name: draft.name ?? '',
      template: checked.template.name,
      audience: draft.audience?.label ?? '',
      count,
      skipped: checked.total - count,
      duration: texts.duration(checked.secondsToSend),
      when: startAt ? texts.time(new Date(startAt)) : texts.plain('confirm.now'),
    }),
    keyboard: [
      [
        view.button('start', {
          text: texts.plain(startAt ? 'confirm.schedule' : 'confirm.start', { count }),
          style: 'success',
        }),
      ],
      view.footer(),
    ],
  };
}

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
  const started = await services.campaigns.start(campaignId, at ? { at } : {});
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

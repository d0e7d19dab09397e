/** The follow-ups of a started campaign as one thing: where each stands, how many get it and why others do not, and the buttons that fit. Pure: a status in, a screen out. */
import type { FollowUpsStatus } from '../../campaigns/contract';
import { buttonData } from '../../clients/telegram-buttons';
import { chainFunnelStep } from '../../domain/chain-funnel';
import { hasEnded } from '../../domain/story/campaign';
import { OPEN_CHAINS, type ChainState } from '../../domain/story/follow-ups';
import { rowsOf, type Button, type Screen } from '../screen';
import type { Texts } from '../texts';
import { STATE_SIGNS, campaignButton } from './campaigns';
import { funnelLine, reasonList, troubleLine, whoOf } from './campaign-progress';
import { stepWords } from './follow-up';

type ShownStep = FollowUpsStatus['steps'][number];

const CHAIN_SIGNS: Record<ChainState, string> = {
  waiting: '⏳',
  counting: '🕒',
  sending: '▶️',
  paused: '⏸',
  completed: '✅',
  cancelled: '🛑',
};

export function renderChain(status: FollowUpsStatus, texts: Texts): Screen {
  const { id, steps } = status;
  return {
    html: [headLines(status, texts).join('\n'), ...steps.map((step) => stepLines(step, status, texts).join('\n'))].join(
      '\n\n',
    ),
    keyboard: [
      ...stepRows(status, texts),
      ...rowsOf(commandButtons(status, texts), 2),
      [
        campaignButton(id, 'chain', texts.plain('buttons.refreshCampaign')),
        campaignButton(id, 'report', texts.plain('buttons.reportCampaign')),
      ],
      [campaignButton(id, 'open', texts.plain('chain.buttons.campaign'))],
    ],
  };
}

function headLines(status: FollowUpsStatus, texts: Texts): string[] {
  const { name, state, reason, reasonBy, lost, draft, dueAt, next } = status;
  const head = texts.html('chain.title', { sign: CHAIN_SIGNS[state], name, state: texts.word(`chainStates.${state}`) });
  if (draft) return [head, texts.html('chain.draft')];
  if (lost) return [head, texts.html('chain.lost')];
  return [
    head,
    ...(reason && 'by' in reason && (state === 'paused' || state === 'cancelled')
      ? [texts.html(`chain.by.${state}`, { who: whoOf(reasonBy, reason.by, texts) })]
      : []),
    ...(reason && 'why' in reason ? [texts.html('chain.why', { why: texts.word(`chainReasons.${reason.why}`) })] : []),
    ...(reason && 'why' in reason && state === 'paused' ? [whatNext(status, texts)] : []),
    ...(dueAt && next !== undefined && state === 'counting'
      ? [texts.html('chain.next', { step: next, at: texts.time(dueAt) })]
      : []),
  ];
}

/** What pressing Resume does after a step that did not complete. */
function whatNext({ next, steps }: FollowUpsStatus, texts: Texts): string {
  const repeats = next !== undefined && steps[next - 1]?.campaign !== undefined;
  const step = next ?? steps.length;
  return texts.html(repeats ? 'chain.again' : 'chain.goOn', { step, before: step - 1 });
}

function stepLines(step: ShownStep, { next, state }: FollowUpsStatus, texts: Texts): string[] {
  const { campaign, editedAt } = step;
  const sign = campaign ? STATE_SIGNS[campaign.state] : step.step === next && state === 'counting' ? '🕒' : '▫️';
  const words = stepWords({ ...step, template: step.content.name }, texts);
  const head = texts.html('chain.step', { sign, step: step.step, ...words });
  const edited = editedAt ? [texts.html('chain.edited', { at: texts.shortTime(editedAt) })] : [];
  if (!campaign) return [head, ...edited];
  const { people, left, skipped } = chainFunnelStep(campaign);
  const { stateReason, skips, ledger } = campaign;
  const leavers = leftReasons(left, step, texts);
  return [
    head,
    texts.html('chain.state', { state: texts.word(`campaignStates.${campaign.state}`), people }),
    ...(stateReason && 'error' in stateReason ? [troubleLine(stateReason.error, texts)] : []),
    ...(leavers.length > 0 ? [texts.html('chain.left', { reasons: leavers.join(', ') })] : []),
    ...(skipped > 0 ? [texts.html('chain.skipped', { reasons: otherReasons(skips, texts) })] : []),
    ...funnelLine(ledger, texts),
  ];
}

/** Who was reached by the campaign and left before the step. */
function leftReasons(
  { replied, leadMoved, acted }: ReturnType<typeof chainFunnelStep>['left'],
  { to }: ShownStep,
  texts: Texts,
): string[] {
  const counts = { replied, lead_moved: leadMoved, [`acted_${to}`]: acted };
  return Object.entries(counts).flatMap(([why, count]) =>
    count > 0 ? [texts.plain(`chain.leavers.${why}`, { count })] : [],
  );
}

const LEFT: readonly string[] = ['replied', 'lead_moved', 'acted'];

function otherReasons(skips: Record<string, number>, texts: Texts): string {
  const others = Object.fromEntries(Object.entries(skips).filter(([reason]) => !LEFT.includes(reason)));
  return reasonList(others, texts, (reason) => texts.word(`skipReasons.${reason}`));
}

/** Of a step that has begun its own card; of one that has not its editing. */
function stepRows({ id, steps, editable = Infinity }: FollowUpsStatus, texts: Texts): Button[][] {
  return steps.flatMap(({ step, campaign }) => {
    const row = [
      ...(campaign ? [campaignButton(campaign.id, 'open', texts.plain('chain.buttons.open', { step }))] : []),
      ...(step >= editable
        ? [
            {
              text: texts.plain('chain.buttons.edit', { step }),
              data: buttonData('campaign', id, 'chainEdit', step),
            },
          ]
        : []),
    ];
    return row.length > 0 ? [row] : [];
  });
}

function commandButtons({ id, state, lost, draft }: FollowUpsStatus, texts: Texts): Button[] {
  if (draft || !OPEN_CHAINS.includes(state)) return [];
  const button = (action: string, style?: Button['style']): Button =>
    campaignButton(id, action, texts.plain(`chain.buttons.${action}`), style);
  return [
    state === 'paused' || lost ? button('chainResume', 'success') : button('chainPause'),
    button('chainCancel', 'danger'),
  ];
}

/** Before they are gone for good. */
export function renderChainSure({ id, name, steps }: FollowUpsStatus, texts: Texts): Screen {
  const left = steps.filter(({ campaign }) => !campaign).length;
  const isSending = steps.some(({ campaign }) => campaign && campaign.state !== 'draft' && !hasEnded(campaign.state));
  return {
    html: [
      texts.html('chain.sure', { name, count: left }),
      ...(isSending ? [texts.html('chain.sureSending')] : []),
    ].join(' '),
    keyboard: [
      [
        campaignButton(id, 'chainCancel!', texts.plain('chain.buttons.sure'), 'danger'),
        campaignButton(id, 'chain', texts.plain('buttons.no')),
      ],
    ],
  };
}

/** The list of campaigns, and of one the buttons that fit its state and the question before what cannot be taken back. Pure: a status in, a screen out. */
import type { CampaignStatus } from '../../campaigns/contract';
import {
  commandFits,
  commandsFor,
  hasEnded,
  type CampaignCommand,
  type CampaignState,
} from '../../domain/story/campaign';
import { reachedNobody, sendingProgress } from '../../domain/story/ledger';
import { buttonData } from '../../clients/telegram-buttons';
import { SLOWEST } from '../typed';
import { keyOf, listRows, rowsOf, type Button, type Screen } from '../screen';
import { shorten, type Texts } from '../texts';
import { mayChooseWinner } from './winner';

export const STATE_SIGNS: Record<CampaignState, string> = {
  draft: '📝',
  scheduled: '🕒',
  preparing: '🧮',
  running: '▶️',
  paused: '⏸',
  settling: '📬',
  completed: '✅',
  cancelled: '🛑',
  failed: '⛔️',
};

/** A campaign that reached nobody has ended, but not well. */
export function signOf({ state, ledger, cancelling }: Pick<CampaignStatus, 'state' | 'ledger' | 'cancelling'>): string {
  if (cancelling) return STATE_SIGNS.cancelled;
  return state === 'completed' && reachedNobody(ledger) ? '❌' : STATE_SIGNS[state];
}

const PAGE_SIZE = 7;

/** Those whose name has the words, newest first: found by `/campaigns words`. */
export function renderFoundCampaigns(campaigns: readonly CampaignStatus[], words: string, texts: Texts): Screen {
  return {
    html: texts.html('campaigns.found', { words, count: campaigns.length }),
    keyboard: [
      ...campaigns.slice(0, MOST_FOUND).map((status) => [campaignButton(status.id, 'open', labelOf(status))]),
      [{ text: texts.plain('buttons.toCampaigns'), data: buttonData('campaigns', 0) }],
    ],
  };
}

const MOST_FOUND = 15;

/** Newest first. */
export function renderCampaigns(campaigns: readonly CampaignStatus[], wanted: number, texts: Texts): Screen {
  return {
    html: texts.html(campaigns.length > 0 ? 'campaigns.title' : 'campaigns.none', { count: campaigns.length }),
    keyboard: [
      ...listRows(
        campaigns,
        [wanted, PAGE_SIZE],
        (status) => campaignButton(status.id, 'open', labelOf(status)),
        (page) => buttonData('campaigns', page),
      ),
      [{ text: texts.plain('buttons.new'), data: buttonData('menu', 'new') }],
    ],
  };
}

function labelOf(status: CampaignStatus): string {
  const { name, ledger } = status;
  const { done, total } = sendingProgress(ledger);
  const counts = ledger.total > 0 ? ` · ${done}/${total}` : '';
  return `${signOf(status)} ${shorten(name, 45)}${counts}`;
}

/** Sending again has buttons of its own, with the numbers; a cancel stands apart. */
const PRESSED = ['pause', 'resume', 'reschedule', 'setRate'] as const satisfies CampaignCommand[];

export function campaignButton(id: string, action: string, text: string, style?: Button['style']): Button {
  return { text, data: buttonData('campaign', id, action), ...(style ? { style } : {}) };
}

/** The buttons that fit the campaign's state. */
export function keyboardOf(status: CampaignStatus, texts: Texts): Button[][] {
  const { id, state, ledger } = status;
  const needsYes =
    status.stateReason && 'error' in status.stateReason && status.stateReason.error.code === 'approval_needed';
  // Only a second person's yes lets it go on.
  const fitting = status.cancelling
    ? []
    : commandsFor(state, ledger.queued + ledger.sending).filter((one) => one !== 'resume' || !needsYes);
  const button = (action: string, style?: Button['style']): Button =>
    campaignButton(id, action, texts.plain(`buttons.${action}Campaign`), style);
  const commands = PRESSED.filter((command) => fitting.includes(command)).map((command) =>
    button(command, command === 'resume' ? 'success' : undefined),
  );
  return [
    ...(state === 'draft' ? [[button('start', 'success')]] : []),
    ...(mayChooseWinner(status) ? [[button('winner', 'primary')]] : []),
    ...rowsOf(commands, 2),
    ...(state === 'running' && fitting.includes('setRate') ? rateRow(status, texts) : []),
    ...(status.cancelling ? [] : backButtons(status, texts)),
    ...againButtons(status, texts).map((one) => [one]),
    ...(status.chain || status.followUpOf ? [[button('chain')]] : []),
    ...(status.hasLeads && state !== 'draft' ? [[button('writeBack')]] : []),
    [
      ...(hasEnded(state) || state === 'draft' ? [] : [button('refresh')]),
      ...(state === 'draft' || state === 'scheduled' ? [] : [button('report')]),
      ...(hasEnded(state) || state === 'scheduled' ? [button('repeat')] : []),
    ],
    ...(hasEnded(state)
      ? [[{ text: texts.plain('reports.copy'), data: buttonData('report', `c-${id}`, 'copy') }]]
      : []),
    [
      ...(fitting.includes('cancel') ? [button('cancel', 'danger')] : []),
      { text: texts.plain('buttons.toCampaigns'), data: buttonData('campaigns', 0) },
    ],
  ].filter((row) => row.length > 0);
}

/** Half and twice the present rate, as far as the sender's cap allows; a press does what its label says, however late. */
function rateRow({ id, ratePerSecond: rate, capPerSecond: cap }: CampaignStatus, texts: Texts): Button[][] {
  const rounded = (value: number): number => (value >= 2 ? Math.round(value) : Math.round(value * 100) / 100);
  const [slower, faster] = [rounded(rate / 2), Math.min(cap, rounded(rate * 2))];
  const to = (value: number, name: string): Button => ({
    text: texts.plain(`buttons.${name}Campaign`, { rate: value }),
    data: buttonData('campaign', id, 'rate', value),
  });
  const row = [...(slower >= SLOWEST ? [to(slower, 'slower')] : []), ...(faster > rate ? [to(faster, 'faster')] : [])];
  return row.length > 0 ? [row] : [];
}

/** A button a sender that stands aside. */
function backButtons({ id, state, aside = [] }: CampaignStatus, texts: Texts): Button[][] {
  if (!commandFits('back', state)) return [];
  return aside.map(({ sender }) => [
    {
      text: texts.plain('buttons.backCampaign', { sender: shorten(sender, 30) }),
      data: buttonData('campaign', id, 'back', keyOf(sender)),
    },
  ]);
}

/** For failed and unknown deliveries, only while there are any and an action is possible. */
function againButtons({ id, state, ledger }: CampaignStatus, texts: Texts): Button[] {
  const { failed, unknown } = ledger;
  const can = hasEnded(state) || commandFits('retry', state);
  return [
    ...(failed > 0 && can ? [campaignButton(id, 'retry', texts.plain('retry.retryButton', { count: failed }))] : []),
    ...(unknown > 0 && can
      ? [campaignButton(id, 'unknown', texts.plain('retry.unknownButton', { count: unknown }))]
      : []),
  ];
}

/** Before what cannot be taken back: names the numbers. */
export function renderSure(status: CampaignStatus, action: 'start' | 'cancel', texts: Texts): Screen {
  const { id, name, ledger, audienceLabel } = status;
  const left = ledger.queued + ledger.sending;
  // Before its time the audience is not yet frozen: there are no numbers to name.
  const question = action === 'cancel' && ledger.total === 0 ? 'cancelEarly' : action;
  return {
    html: texts.html(`campaign.sure.${question}`, {
      name,
      left,
      done: sendingProgress(ledger).done,
      audience: audienceLabel,
    }),
    keyboard: [
      [
        campaignButton(
          id,
          `${action}!`,
          texts.plain(`campaign.sure.${action}Yes`),
          action === 'cancel' ? 'danger' : 'success',
        ),
        campaignButton(id, 'open', texts.plain('buttons.no')),
      ],
    ],
  };
}

/** One campaign: its live progress, and the buttons that fit its state. Pure: a status in, a screen out. */
import { DateTime } from 'luxon';
import type { CampaignStatus } from '../../campaigns/contract';
import { canaryLine } from '../../config/canary-text';
import { numberText } from '../../config/formats';
import { hasEnded } from '../../domain/story/campaign';
import { LATE } from '../../domain/story/late-start';
import { sendingProgress } from '../../domain/story/ledger';
import { DELIVERY_STATES, type DeliveryState } from '../../domain/story/delivery';
import { explainTrouble, meaningOf } from '../../report/meaning';
import { optionHtml } from './card-lines';
import { clockText } from '../typed';
import type { Screen } from '../screen';
import { escapeHtml, shorten, type Texts } from '../texts';
import { campaignButton, keyboardOf, signOf } from './campaigns';

export const DELIVERY_SIGNS: Record<DeliveryState, string> = {
  queued: '⏳',
  sending: '📤',
  accepted: '☑️',
  sent: '✓',
  delivered: '✅',
  read: '👁',
  failed: '❌',
  unknown: '❓',
  skipped: '⏭',
};

const BAR_CELLS = 10;
/** So many failure codes and skip reasons are named beside their counts. */
const SHOWN_REASONS = 3;

/** Numbers as they go by. */
export interface Pace {
  /** How fast the campaign sends, messages a second. */
  perSecond?: number;
  /** The database has not answered since: the numbers are of then, and no end is known. */
  knownAt?: Date;
}

export function renderCampaign(
  status: CampaignStatus,
  texts: Texts,
  { perSecond, knownAt }: Pace = {},
  now = new Date(),
): Screen {
  const { ledger, state } = status;
  const parts = [headLines(status, texts)];
  // The skipped were never to be sent: the bar is about the others.
  const { done, total } = sendingProgress(ledger);
  if (ledger.total > 0) {
    if (total > 0) parts.push(`${bar(done, total)} ${texts.html('campaign.done', { done, total })}`);
    parts.push(countLines(status, texts));
  }
  if (knownAt) parts.push(texts.html('campaign.databaseAway', { at: texts.time(knownAt) }));
  else if (state === 'running' && !status.noWorker && !status.cancelling)
    parts.push(paceLine(status, texts, perSecond, now));
  return { html: parts.join('\n\n'), keyboard: keyboardOf(status, texts) };
}

function headLines(status: CampaignStatus, texts: Texts): string {
  const { name, state, template, audienceLabel, scheduledAt } = status;
  const word = status.cancelling ? texts.plain('campaign.cancelling') : texts.word(`campaignStates.${state}`);
  const lines = [
    texts.html('campaign.title', { sign: signOf(status), name, state: word, template, audience: audienceLabel }),
  ];
  const { stateReason: reason } = status;
  if (reason && 'error' in reason && reason.error.code === LATE && state === 'paused') {
    lines.push(texts.html('campaign.late'));
  } else if (reason && 'error' in reason) {
    lines.push(troubleLine(reason.error, texts));
  } else if (reason && 'by' in reason && (state === 'paused' || state === 'cancelled')) {
    lines.push(
      texts.html(`campaign.by.${state}`, {
        who: whoOf(status.stateBy, reason.by, texts),
        at: texts.shortTime(status.stateChangedAt),
      }),
    );
  }
  if (status.cancelling) lines.push(texts.html('campaign.cancelled', { count: status.ledger.sending }));
  if (state === 'scheduled' && scheduledAt)
    lines.push(texts.html('campaign.startsAt', { at: texts.time(scheduledAt) }));
  if (state === 'settling') {
    const waiting = status.ledger.queued + status.ledger.sending;
    lines.push(waiting > 0 ? texts.html('campaign.retrying', { count: waiting }) : texts.html('campaign.settling'));
    if (status.nextRetryAt) lines.push(texts.html('campaign.nextRetry', { at: texts.time(status.nextRetryAt) }));
  }
  if (!hasEnded(state)) lines.push(...optionHtml(status, { texts }));
  lines.push(...canaryLines(status, texts), ...asideLines(status, texts));
  for (const { sender, perSecond, cap } of status.slowed ?? [])
    lines.push(texts.html('campaign.slowed', { sender, takes: Number(perSecond.toPrecision(2)), cap }));
  if (status.noWorker) lines.push(texts.html('campaign.noWorker'));
  if (status.opensAt) lines.push(texts.html('campaign.closed', { at: texts.time(status.opensAt) }));
  const { waitsForRoom: room } = status;
  if (room)
    lines.push(
      texts.html(room.kept ? 'campaign.fullKept' : 'campaign.full', {
        ...{ limit: room.limit, kept: room.kept ?? 0, at: texts.time(room.until) },
      }),
    );
  return lines.join('\n');
}

/** What it stopped at. A code of ours says nothing to an admin; one of Gupshup or Meta can be looked up. */
export function troubleLine(error: Parameters<typeof explainTrouble>[0], texts: Texts): string {
  const detail = shorten(explainTrouble(error, texts.language), 300);
  return texts.html(/^\d+$/.test(error.code) ? 'campaign.error' : 'campaign.trouble', { code: error.code, detail });
}

/** How its first people fare. */
function canaryLines(status: CampaignStatus, texts: Texts): string[] {
  const line = canaryLine(status, texts.shortTime, texts.language);
  return line === undefined ? [] : [`🐤 ${escapeHtml(line)}`];
}

/** Each sender that stands aside: why, since when, what it waits for. */
function asideLines({ aside = [], state, createdAt }: CampaignStatus, texts: Texts): string[] {
  const lines = aside.map(({ sender, trouble, since, waitsFor }) =>
    texts.html('campaign.aside', {
      ...{ sender, at: texts.shortTime(since ?? createdAt), then: texts.word(`waitsFor.${waitsFor}`) },
      detail: shorten(explainTrouble(trouble, texts.language), 300),
    }),
  );
  // Where it is paused nobody sends.
  return lines.length > 0 && state !== 'paused' ? [...lines, texts.html('campaign.asideOthers')] : lines;
}

/** In place of a card that is shown further below now. */
export function renderMoved({ id, name }: CampaignStatus, texts: Texts): Screen {
  return {
    html: texts.html('campaign.moved', { name }),
    keyboard: [[campaignButton(id, 'panel', texts.plain('buttons.openCampaign'))]],
  };
}

/** `name`: if it is known; `by` is `telegram:<id>`, or the kind of actor. */
export function whoOf(name: string | undefined, by: string, texts: Texts): string {
  const [kind = '', id] = by.split(':');
  return name ?? (id === undefined ? (texts.maybe(`team.by.${kind}`) ?? by) : `ID ${id}`);
}

/** `▰▰▰▱▱▱ 50 %`; full only when all are done, empty only when none is. */
function bar(done: number, total: number): string {
  const share = done / total;
  const cells =
    done === 0 ? 0 : done === total ? BAR_CELLS : Math.min(BAR_CELLS - 1, Math.max(1, Math.round(share * BAR_CELLS)));
  const percent = done === total ? 100 : Math.min(99, Math.floor(share * 100));
  return `${'▰'.repeat(cells)}${'▱'.repeat(BAR_CELLS - cells)} <b>${percent} %</b>`;
}

/** The funnel in one line, then a line for each state outside it that has deliveries. */
function countLines({ ledger, failures, skips }: CampaignStatus, texts: Texts): string {
  const skipped = reasonList(skips, texts, (reason) => texts.word(`skipReasons.${reason}`));
  const others = DELIVERY_STATES.filter((state) => !IN_FUNNEL.has(state) && ledger[state] > 0).map((state) => {
    const word = texts.word(`deliveryStates.${state}`);
    const line = texts.html('campaign.count', { sign: DELIVERY_SIGNS[state], state: word, count: ledger[state] });
    if (state === 'failed') return [line, ...failureLines(failures, texts)].join('\n');
    return state === 'skipped' && skipped ? `${line} ${texts.html('campaign.reasons', { reasons: skipped })}` : line;
  });
  return [...funnelLine(ledger, texts), ...others].join('\n');
}

const IN_FUNNEL: ReadonlySet<DeliveryState> = new Set(['accepted', 'sent', 'delivered', 'read']);

/** Who has read it has got it: no count may fall while the campaign goes on. */
export function funnelLine(ledger: CampaignStatus['ledger'], texts: Texts): string[] {
  const sent = ledger.total - ledger.skipped - ledger.queued - ledger.sending;
  const delivered = ledger.delivered + ledger.read;
  return sent > 0 ? [texts.html('campaign.funnel', { sent, delivered, read: ledger.read })] : [];
}

/** The most frequent ones, and how many others there are. */
function mostFrequent(counts: Record<string, number>): { shown: [string, number][]; others: number } {
  const sorted = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
  const others = sorted.slice(SHOWN_REASONS).reduce((sum, [, count]) => sum + count, 0);
  return { shown: sorted.slice(0, SHOWN_REASONS), others };
}

/** The most frequent reasons with their counts; '' for none. */
export function reasonList(counts: Record<string, number>, { language }: Texts, name: (key: string) => string): string {
  const { shown, others } = mostFrequent(counts);
  return [
    ...shown.map(([key, count]) => `${name(key)} × ${numberText(count, language)}`),
    ...(others > 0 ? ['…'] : []),
  ].join(', ');
}

/** What each code means, a line each. */
function failureLines(failures: CampaignStatus['failures'], texts: Texts): string[] {
  const { shown, others } = mostFrequent(failures);
  const lines = shown.map(([code, count]) =>
    texts.html(/^\d+$/.test(code) ? 'campaign.failure' : 'campaign.ownFailure', {
      meaning: shorten(meaningOf(code, texts.language), 80),
      code,
      count,
    }),
  );
  return others > 0 ? [...lines, texts.html('campaign.otherFailures', { count: others })] : lines;
}

/**
 * The end as a time of day: if the bot dies, a past time is recognisably old, while "time left" would keep promising.
 */
function paceLine(
  { ledger, ratePerSecond }: CampaignStatus,
  texts: Texts,
  perSecond: number | undefined,
  now: Date,
): string {
  // While paused, no end can be promised.
  if (perSecond === 0) return texts.html('campaign.still', { cap: ratePerSecond });
  const left = ledger.queued + ledger.sending;
  const seconds = left / (perSecond || ratePerSecond);
  const at = DateTime.fromJSDate(now, { zone: texts.zone });
  return texts.html(perSecond === undefined ? 'campaign.cap' : 'campaign.pace', {
    perSecond: perSecond ?? 0,
    cap: ratePerSecond,
    // A minute that has begun is no promise yet.
    at: clockText(at.plus({ seconds, minutes: 1 }).startOf('minute').toJSDate(), at),
  });
}

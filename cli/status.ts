/** Renders a campaign's status for the console tool. */
import type { CampaignStatus } from '../campaigns/contract';
import { translate } from '../config/i18n';
import { optionLines } from '../config/spec-text';
import type { CampaignOptions } from '../domain/campaign-spec';
import { DELIVERY_STATES } from '../domain/story/delivery';
import { doneCount } from '../domain/story/ledger';
import { meaningOf } from '../report/meaning';
import type { Answer } from './answer';
import type { Services } from './services';

/** A status as a command's answer. */
export function statusAnswer(status: CampaignStatus, { showTime, common }: Services): Answer {
  return { json: statusDocument(status), text: statusText(status, showTime, common().DEFAULT_TIMEZONE) };
}

/** The document of `campaign status --json`: the fixed part first, in fixed order, then the rest. */
export function statusDocument(status: CampaignStatus): object {
  const { id, name, state, ledger, failures, skips, ...more } = status;
  const parts = Object.fromEntries(DELIVERY_STATES.map((delivery) => [delivery, ledger[delivery]]));
  return { id, name, state, ledger: { total: ledger.total, ...parts }, failures, skips, ...more };
}

/** The status as some lines of text. */
export function statusText(status: CampaignStatus, showTime: Services['showTime'], timezone: string): string {
  const { id, name, state, ledger, failures, skips, scheduledAt, opensAt, startedAt, endedAt } = status;
  const counts = DELIVERY_STATES.filter((delivery) => ledger[delivery] > 0).map(
    (delivery) => `${delivery} ${ledger[delivery]}`,
  );
  const lines = [
    `${name} (${id}): ${state}${reasonOf(status)}`,
    `template ${status.template}, audience ${status.audienceLabel}, sender ${status.sender}, at most ${Number(status.ratePerSecond.toPrecision(3))} per second`,
    ...(state === 'scheduled' && scheduledAt ? [`starts ${showTime(scheduledAt)}`] : []),
    ...(startedAt ? [`started ${showTime(startedAt)}${endedAt ? `, ended ${showTime(endedAt)}` : ''}`] : []),
    ...optionTexts(status, timezone),
    ...(opensAt ? [`closed until ${showTime(opensAt)}`] : []),
    ...(status.waitsForRoom ? [roomLine(status.waitsForRoom, showTime)] : []),
    ...(status.aside ?? []).map(
      ({ sender, trouble }) => `without ${sender}: ${trouble.detail} (${trouble.code}); the others send to its people`,
    ),
    ...(status.slowed ?? []).map(
      ({ sender, perSecond, cap }) =>
        `${sender}: Gupshup takes only about ${Number(perSecond.toPrecision(2))} per second (cap ${cap}); lower the cap, or ask Gupshup for more`,
    ),
    ...(status.noWorker ? [noWorkerLine(status.noWorker, showTime)] : []),
    `${ledger.total} people${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`,
    ...Object.entries(failures).map(([code, count]) => `  failed ${count}: ${code} ${meaningOf(code, 'en')}`),
    ...Object.entries(skips).map(
      ([reason, count]) => `  skipped ${count}: ${translate('en', `words.skipReasons.${reason}`)}`,
    ),
  ];
  return lines.join('\n');
}

/** The campaign's options, one per line; also for a campaign that is only being created. */
export function optionTexts(options: CampaignOptions, timezone: string): string[] {
  return optionLines(options, { language: 'en', timezone }).map(({ label, text }) => `${label}: ${text}`);
}

function roomLine(
  { limit, until }: NonNullable<CampaignStatus['waitsForRoom']>,
  showTime: Services['showTime'],
): string {
  return `waiting: the messaging limit of ${limit} people in 24 hours is reached; next check for room ${showTime(until)}`;
}

export function noWorkerLine(
  { since }: NonNullable<CampaignStatus['noWorker']>,
  showTime: Services['showTime'],
): string {
  return `no worker is running, so it waits${since ? `; the last one was seen ${showTime(since)}` : ''}. Start one: \`npm run worker\``;
}

/** One line for a person who waits. */
export function progressLine(status: CampaignStatus): string {
  const { state, ledger } = status;
  const delivered = ledger.delivered + ledger.read;
  const counts = `${delivered} delivered, ${ledger.failed} failed, ${ledger.unknown} unknown, ${ledger.skipped} skipped`;
  const nobody = status.noWorker ? ' (no worker is running: start one)' : '';
  return `${state}${reasonOf(status)}${nobody}: ${doneCount(ledger)} of ${ledger.total} done, ${counts}`;
}

function reasonOf({ stateReason }: CampaignStatus): string {
  if (!stateReason) return '';
  return 'by' in stateReason
    ? ` by ${stateReason.by}`
    : ` because of ${stateReason.error.code}: ${stateReason.error.detail}`;
}

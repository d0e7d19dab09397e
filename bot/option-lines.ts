/** What a campaign was asked to be, as lines of the bot's cards. */
import type { DateTime } from 'luxon';
import { optionLines } from '../config/spec-text';
import type { CampaignOptions } from '../domain/campaign-spec';
import { finishOfSending } from '../domain/times/finish';
import type { Draft } from './conversation/draft';
import { clockText } from './pace';
import { escapeHtml, type Texts } from './texts';

/** A line of HTML for each option that has something to say. `more` (HTML): what a screen adds to one of them. */
export function optionHtml(
  options: CampaignOptions,
  { texts, cap }: { texts: Texts; cap?: number },
  more: Partial<Record<keyof CampaignOptions, string>> = {},
): string[] {
  const wording = { language: texts.language, timezone: texts.zone, ...(cap !== undefined && { cap }) };
  return optionLines(options, wording).map(
    ({ option, sign, label, text }) => `${sign} ${escapeHtml(label)}: <b>${escapeHtml(text)}</b>${more[option] ?? ''}`,
  );
}

/** Those of a checked draft, with the hours of the settings if it names none, and its end if it begins at `start`. */
export function draftHtml(
  { checked, pace = {}, ...draft }: Draft,
  start: DateTime,
  { texts, cap }: { texts: Texts; cap: number },
): string[] {
  const { hours, secondsToSend = 0, sendable = 0 } = checked ?? {};
  const end = finishOfSending(start.toJSDate(), secondsToSend, hours);
  const hint = hours?.zone === 'recipient' ? `\n${texts.html('preview.hoursRecipient')}` : '';
  const finish = end ? `. ${texts.html('pace.finish', { at: clockText(end, start) })}` : '';
  // Of nobody nothing can be said how long it takes.
  const said = { ...draft, ...(hours && { hours }), ...(sendable > 0 && { pace }) };
  return optionHtml(said, { texts, cap }, { hours: hint, pace: finish });
}

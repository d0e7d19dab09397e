/** Lines of the bot's cards: what a campaign was asked to be, and what it may cost. */
import type { DateTime } from 'luxon';
import type { Preflight } from '../../campaigns/contract';
import { optionLines } from '../../config/spec-text';
import type { CampaignOptions } from '../../domain/campaign-spec';
import { finishOfSending } from '../../domain/times/finish';
import type { Draft } from '../conversation/draft';
import { clockText } from '../typed';
import { escapeHtml, type Texts } from '../texts';

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

const SHOWN_COUNTRIES = 5;

/** What a campaign may cost, why that is known no closer, and what there is to pay it with: one paragraph of HTML, or none when nothing is known of the money. */
export function costLines({ cost, wholeCost, wallet, warnings }: Preflight, texts: Texts): string[] {
  const lines: string[] = [];
  if (cost) {
    const sum = texts.moneySpan(cost.from, cost.to, cost.currency);
    const isRange = cost.from !== cost.to;
    lines.push(texts.html(isRange ? 'preview.costRange' : 'preview.cost', { sum, day: texts.day(cost.pricesOf) }));
  } else if (!warnings.some(({ code }) => code === 'prices_unreadable')) lines.push(texts.html('preview.costUnknown'));
  if (wholeCost) lines.push(texts.html('preview.wholeCost', { sum: texts.money(wholeCost.to, wholeCost.currency) }));
  const unpriced = cost?.unpriced ?? [];
  if (unpriced.length > 0) {
    const names = new Intl.DisplayNames(texts.language, { type: 'region' });
    const named = unpriced.slice(0, SHOWN_COUNTRIES).map(({ country, people }) =>
      texts.plain('preview.costCountry', {
        country: country ? (names.of(country) ?? country) : texts.plain('preview.costNoCountry'),
        count: people,
      }),
    );
    const more = unpriced.length > SHOWN_COUNTRIES ? ['…'] : [];
    lines.push(texts.html('preview.costUnpriced', { countries: [...named, ...more].join(', ') }));
  }
  if (wallet !== undefined) lines.push(texts.html('preview.costWallet', { sum: texts.money(wallet, 'USD') }));
  return lines.length > 0 ? [lines.join('\n')] : [];
}

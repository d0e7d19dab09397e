/** A campaign's pace in the chat: read as people type it; and moments as they are said beside it. */
import { DateTime } from 'luxon';
import type { Pace } from '../domain/campaign-spec';

const RATE = /^(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:\/\s*(?:s|sec|с|сек)\.?)?$/i;
/** `3h`, `90 min`: it shall take so long. Without a unit it would be a rate. */
const SPREAD = /^(\d{1,3}(?:[.,]\d)?)\s*(h|ч|час|часа|часов|m|min|м|мин)\.?$/i;
/** Messages a second. Slower than one message in a hundred seconds is no rate but a pause. */
export const SLOWEST = 0.01;

/** `3`, `0.5/s`: a rate; `2h`, `90 min`: a time to spread over. Undefined for what is neither. */
export function readPace(typed: string): Pace | undefined {
  const number = (text: string): number => Number(text.replace(',', '.'));
  const [, rate] = RATE.exec(typed.trim()) ?? [];
  if (rate) return number(rate) >= SLOWEST ? { ratePerSecond: number(rate) } : undefined;
  const [, span, unit] = SPREAD.exec(typed.trim()) ?? [];
  if (!span || !unit || number(span) === 0) return undefined;
  return { spreadMs: number(span) * (/^[hч]/i.test(unit) ? 3_600_000 : 60_000) };
}

/** `15:40`, on another day `26.11 15:40`. */
export function clockText(at: Date, now: DateTime): string {
  const local = DateTime.fromJSDate(at, { zone: now.zone });
  return local.hasSame(now, 'day') ? local.toFormat('HH:mm') : local.toFormat('dd.MM HH:mm');
}

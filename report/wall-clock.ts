/** The time on a zone's clock, for very many moments. */
import { IANAZone } from 'luxon';

/** Zone offsets change only on a quarter of an hour: looking up each of a hundred thousand times takes half a minute. */
const QUARTER_MS = 15 * 60_000;
/** Three years of quarters would be 100,000: far more than a report touches, but it must not grow for ever. */
const MOST_KEPT = 10_000;

/** Answers with a Date whose UTC fields are the zone's wall-clock time: spreadsheets know no zones. */
export function wallClock(timezone: string): (at: Date) => Date {
  const zone = IANAZone.create(timezone);
  const offsets = new Map<number, number>();
  return (at) => {
    const quarter = Math.floor(at.getTime() / QUARTER_MS);
    const minutes = offsets.get(quarter) ?? zone.offset(at.getTime());
    if (offsets.size >= MOST_KEPT) offsets.clear();
    offsets.set(quarter, minutes);
    return new Date(at.getTime() + minutes * 60_000);
  };
}

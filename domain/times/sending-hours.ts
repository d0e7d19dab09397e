/**
 * When a campaign may send: hours of the day, days of the week, holidays, in the campaign's zone or the recipient's.
 * Not for workflows: the answers depend on the machine's time zone data, so workflows get instants from activities.
 */
import { IANAZone } from 'luxon';
import type { CampaignSpec, SendingHours } from '../campaign-spec';

export type { SendingHours };

/** The sending hours of a campaign; undefined when it may send at any time. */
export function hoursAsked({ hours }: Pick<CampaignSpec, 'hours'>): SendingHours | undefined {
  return hours === 'any' ? undefined : hours;
}

/** Open until an instant, or closed until one. Without `opensAt`: not open within the next 31 days. */
export type Opening = { open: true; until: Date } | { open: false; opensAt?: Date };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const HORIZON_DAYS = 31;

/** Whether all of the zones are open at `now`; otherwise when they are next open at the same time. */
export function openingAt(now: Date, hours: SendingHours, zones: readonly string[]): Opening {
  const horizon = now.getTime() + HORIZON_DAYS * DAY_MS;
  let at = now.getTime();
  let until = Infinity;
  // A closed zone moves the moment forward, and then all zones are checked again.
  for (let agreed = 0; agreed < zones.length;) {
    const opening = openingIn(zones[agreed]!, at, hours);
    if (opening.opensAt > horizon) return { open: false };
    if (opening.opensAt > at) {
      at = opening.opensAt;
      until = Infinity;
      agreed = 0;
    } else {
      until = Math.min(until, opening.until);
      agreed++;
    }
  }
  return at > now.getTime() ? { open: false, opensAt: new Date(at) } : { open: true, until: new Date(until) };
}

/** The zone's current or next opening: `opensAt` is `at` itself when it is open, Infinity when it never opens. */
function openingIn(zone: string, at: number, hours: SendingHours): { opensAt: number; until: number } {
  let opening: { opensAt: number; until: number } | undefined;
  for (const { start, end } of windowsAround(at, hours, IANAZone.create(zone))) {
    if (end <= at) continue;
    if (!opening) opening = { opensAt: Math.max(start, at), until: end };
    // A window that begins where the last one ends continues it: 00:00–24:00 is open day and night.
    else if (start <= opening.until) opening.until = end;
    else break;
  }
  return opening ?? { opensAt: Infinity, until: Infinity };
}

/** The windows from the day before `at` on, in order. */
function* windowsAround(
  at: number,
  { from, to, days, holidays }: SendingHours,
  zone: IANAZone,
): Generator<{ start: number; end: number }> {
  const fromMs = clockMs(from);
  const toMs = clockMs(to) + (clockMs(to) > fromMs ? 0 : DAY_MS);
  const today = Math.floor((at + zone.offset(at) * MINUTE_MS) / DAY_MS);
  for (let day = today - 1; day <= today + HORIZON_DAYS; day++) {
    if (!days.includes(weekday(day)) || holidays.includes(dateOf(day))) continue;
    // At a clock change an hour exists twice or not at all: begin with the later instant, end with the earlier.
    const start = Math.max(...instantsOf(day * DAY_MS + fromMs, zone));
    const end = Math.min(...instantsOf(day * DAY_MS + toMs, zone));
    if (start < end) yield { start, end };
  }
}

/**
 * The instants at which the zone's clocks show `wallMs`; if the clocks skip it, the times before and after the jump.
 */
function instantsOf(wallMs: number, zone: IANAZone): number[] {
  const both = [-DAY_MS, DAY_MS].map((shift) => wallMs - zone.offset(wallMs + shift) * MINUTE_MS);
  const real = both.filter((instant) => instant + zone.offset(instant) * MINUTE_MS === wallMs);
  return real.length > 0 ? real : both;
}

/** Milliseconds since midnight. */
function clockMs(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}

/** The weekday of a day counted from 1 January 1970, a Thursday. */
function weekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

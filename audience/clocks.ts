/** By whose clocks an audience is sent to, and how those are known: the reckoning that preflight shows. */
import { zonesOfPhone, type PhoneZones } from '../domain/phones/phone-zones';
import type { SendingHours } from '../domain/times/sending-hours';

/** The zones in which it must be a time to send to the number: one at least. */
export function clockOf(e164: string, { timezone, recipientTimezone = timezone }: SendingHours): PhoneZones {
  const found = zonesOfPhone(e164, recipientTimezone);
  return found.zones.length > 0 ? found : { ...found, zones: [recipientTimezone] };
}

export interface ClockCounter {
  add(e164: string): void;
  /** How many by each way of knowing, and those that are assumed by their zone, the most first. */
  counts(): { by: Partial<Record<PhoneZones['by'], number>>; assumed: { zone: string; people: number }[] };
}

/** Undefined when the recipients' clocks do not count. */
export function createClockCounter(hours: SendingHours | undefined): ClockCounter | undefined {
  if (hours?.zone !== 'recipient') return undefined;
  const by: Partial<Record<PhoneZones['by'], number>> = {};
  const assumed = new Map<string, number>();
  return {
    add: (e164) => {
      const found = clockOf(e164, hours);
      by[found.by] = (by[found.by] ?? 0) + 1;
      if (!['default', 'usual', 'nothing'].includes(found.by)) return;
      const zone = found.zones[0]!;
      assumed.set(zone, (assumed.get(zone) ?? 0) + 1);
    },
    counts: () => ({
      by,
      assumed: [...assumed].map(([zone, people]) => ({ zone, people })).sort((a, b) => b.people - a.people),
    }),
  };
}

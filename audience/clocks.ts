/** Counts in whose time zones an audience is sent to, and how those are known, for preflight. */
import { zonesOfPhone, type PhoneZones } from '../domain/phones/phone-zones';
import type { ZonePeople } from '../domain/guards';
import type { SendingHours } from '../domain/times/sending-hours';

/** The zones in which sending to the number must be allowed; at least one. */
export function clockOf(e164: string, { timezone, recipientTimezone = timezone }: SendingHours): PhoneZones {
  const found = zonesOfPhone(e164, recipientTimezone);
  return found.zones.length > 0 ? found : { ...found, zones: [recipientTimezone] };
}

/** Counts people by their possible time zones; `defaultZone` is of those whose number shows none. */
export function createZoneCounter(defaultZone: string): { add(e164: string): void; counts(): ZonePeople[] } {
  const people = new Map<string, ZonePeople>();
  return {
    add: (e164) => {
      const { zones: found } = zonesOfPhone(e164, defaultZone);
      const zones = found.length > 0 ? found : [defaultZone];
      const key = zones.join();
      people.set(key, { zones, people: (people.get(key)?.people ?? 0) + 1 });
    },
    counts: () => [...people.values()],
  };
}

export interface ClockCounter {
  add(e164: string): void;
  /** The number of people by how the zone is known, and those with an assumed zone, most frequent first. */
  counts(): { by: Partial<Record<PhoneZones['by'], number>>; assumed: { zone: string; people: number }[] };
}

/** Undefined when recipients' zones do not matter. */
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

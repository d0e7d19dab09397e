/** Whether messages may go out now by a campaign's sending hours: as a whole, and to one number by its own clock. */
import { LRUCache } from 'lru-cache';
import { openingAt, type Opening, type SendingHours } from '../domain/times/sending-hours';
import { clockOf } from './clocks';
import type { Exclusion } from './exclusions';

export interface OpeningHours {
  /** By the campaign's clock. Open without an end when it has no hours, or the recipients' clocks count. */
  ofCampaign(hours: SendingHours | undefined, now: Date): Opening;
  /** By the recipient's clock, when that is the one that counts. */
  ofRecipient(hours: SendingHours | undefined, phone: string, now: Date): Opening;
  /** The numbers that no hour of the next month fits: their country has too many zones for so few hours. */
  neverOpen(hours: SendingHours | undefined, phones: readonly string[], now: Date): Map<string, Exclusion>;
}

const ALWAYS: Opening = { open: true, until: new Date(8.64e15) };
/** What was found closed for a month is looked at again after this long (ms). */
const NEVER_FRESH_MS = 3_600_000;
const MOST_KEYS = 1000;

export function createOpeningHours(): OpeningHours {
  // No `ttl`: an answer says itself until when it holds, reckoned by the caller's `now` and not by the cache's clock.
  const known = new LRUCache<string, { opening: Opening; from: number; to: number }>({ max: MOST_KEYS });

  function opening(hours: SendingHours, zones: readonly string[], now: Date): Opening {
    const key = JSON.stringify([hours, zones]);
    const cached = known.get(key);
    if (cached && cached.from <= now.getTime() && now.getTime() < cached.to) return cached.opening;
    const found = openingAt(now, hours, zones);
    const changes = found.open ? found.until : found.opensAt;
    known.set(key, {
      opening: found,
      from: now.getTime(),
      to: changes?.getTime() ?? now.getTime() + NEVER_FRESH_MS,
    });
    return found;
  }

  function ofRecipient(hours: SendingHours | undefined, phone: string, now: Date): Opening {
    if (hours?.zone !== 'recipient') return ALWAYS;
    return opening(hours, clockOf(phone, hours).zones, now);
  }

  return {
    ofCampaign: (hours, now) => (hours?.zone === 'campaign' ? opening(hours, [hours.timezone], now) : ALWAYS),
    ofRecipient,
    neverOpen: (hours, phones, now) =>
      new Map(
        phones.flatMap((phone) => {
          const found = ofRecipient(hours, phone, now);
          return found.open || found.opensAt
            ? []
            : [[phone, { reason: 'outside_hours', detail: `${hours?.from}-${hours?.to}` }] as const];
        }),
      ),
  };
}

/**
 * Whether messages may go out now according to a campaign's sending hours: in general, and to one number in its own
 * zone.
 */
import { LRUCache } from 'lru-cache';
import { openingAt, type Opening, type SendingHours } from '../domain/times/sending-hours';
import { clockOf } from './clocks';
import type { Exclusion } from './exclusions';

export interface OpeningHours {
  /** In the campaign's zone. Open without end when it has no hours, or when recipients' zones count. */
  ofCampaign(hours: SendingHours | undefined, now: Date): Opening;
  /** In the recipient's zone, if that is the one that counts. */
  ofRecipient(hours: SendingHours | undefined, phone: string, now: Date): Opening;
  /** The numbers that cannot be reached within the next month: their country has too many zones for so few hours. */
  neverOpen(hours: SendingHours | undefined, phones: readonly string[], now: Date): Map<string, Exclusion>;
}

const ALWAYS: Opening = { open: true, until: new Date(8.64e15) };
/** A number found closed for a month is checked again after this time (ms). */
const NEVER_FRESH_MS = 3_600_000;
const MOST_KEYS = 1000;

export function createOpeningHours(): OpeningHours {
  // No `ttl`: an answer states how long it is valid, measured by the caller's `now`, not by the cache's clock.
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

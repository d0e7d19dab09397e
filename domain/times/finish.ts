/** How long the sending of a campaign takes at its pace, and when it will be over. Not for workflows, as sending hours are not. */
import type { Pace } from '../campaign-spec';
import { rateUnder } from '../story/pace';
import { openingAt, type SendingHours } from './sending-hours';

/** Seconds of sending, closed hours not counted, under the sender's cap (messages a second). */
export function sendingSeconds(people: number, { ratePerSecond, spreadMs = 0 }: Pace, cap: number): number {
  return Math.max(people / rateUnder(cap, ratePerSecond), spreadMs / 1000);
}

/**
 * When so many seconds of sending are over that begin at `start`, closed hours passed over; undefined when the hours
 * leave no room within a month. By the campaign's own clock: of recipients' clocks nobody knows which they are.
 */
export function finishOfSending(start: Date, seconds: number, hours: SendingHours | undefined): Date | undefined {
  if (!hours) return new Date(start.getTime() + seconds * 1000);
  let at = start;
  for (let leftMs = seconds * 1000; ;) {
    const opening = openingAt(at, hours, [hours.timezone]);
    if (!opening.open) {
      if (!opening.opensAt) return undefined;
      at = opening.opensAt;
      continue;
    }
    const room = opening.until.getTime() - at.getTime();
    if (leftMs <= room) return new Date(at.getTime() + leftMs);
    leftMs -= room;
    at = opening.until;
  }
}

/**
 * How long a campaign's sending takes at its pace, and when it will end. Not for workflows, because it uses sending
 * hours.
 */
import type { Pace } from '../campaign-spec';
import { rateUnder } from '../story/pace';
import { openingAt, type SendingHours } from './sending-hours';

/** Seconds of sending, not counting closed hours, under the sender's cap (messages per second). */
export function sendingSeconds(people: number, { ratePerSecond, spreadMs = 0 }: Pace, cap: number): number {
  return Math.max(people / rateUnder(cap, ratePerSecond), spreadMs / 1000);
}

/**
 * The end of that many seconds of sending from `start`, skipping closed hours; undefined when the hours leave no room
 * within a month. By the campaign's clock, because the recipients' clocks are not known here.
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

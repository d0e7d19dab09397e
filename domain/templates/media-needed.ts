/** How long a campaign's media link is needed: for its sending, its retries and its later waves, within its hours. */
import { policyFor, RETRIES_END_MS } from '../error-policy';
import { finishOfSending } from '../times/finish';
import type { LaterWaves } from '../later-waves';
import type { SendingHours } from '../times/sending-hours';

interface Sending {
  start: Date;
  /** Seconds of sending, not counting closed hours. */
  seconds: number;
  hours?: SendingHours | undefined;
  laterWaves?: LaterWaves | undefined;
}

/** Meta's code for a withheld message, which later waves resend. */
const HELD_BACK = 131049;
/** Used when the hours leave no room within the time searched. */
const NO_ROOM_MS = 31 * 86_400_000;
/** All time zones recipients may be in; in Etc's names a minus means east of Greenwich, up to +14. */
const EVERY_CLOCK = Array.from({ length: 27 }, (_, index) => `Etc/GMT${index < 14 ? index - 14 : `+${index - 14}`}`);

/**
 * The last foreseeable moment at which the link may be loaded, not counting outages, pauses and the messaging limit.
 */
export function mediaNeededUntil({ start, seconds, hours, laterWaves }: Sending): Date {
  const sent = inHours(start, seconds, hours);
  const retried = inHours(later(sent, RETRIES_END_MS), 0, hours);
  const apart = policyFor(HELD_BACK).laterWaveMs;
  if (!laterWaves || apart === undefined) return retried;
  const last = later(retried, laterWaves.max * apart);
  const until = laterWaves.until ? new Date(laterWaves.until) : last;
  const wave = until < last ? until : last;
  const waved = inHours(wave, 0, hours);
  return waved > retried ? waved : retried;
}

function inHours(start: Date, seconds: number, hours: SendingHours | undefined): Date {
  if (!hours) return later(start, seconds * 1000);
  const zones = hours.zone === 'recipient' ? [hours.timezone, ...EVERY_CLOCK] : [hours.timezone];
  const ends = zones.map((timezone) => finishOfSending(start, seconds, { ...hours, timezone }));
  return new Date(Math.max(...ends.map((end) => (end ?? later(start, NO_ROOM_MS)).getTime())));
}

function later(moment: Date, ms: number): Date {
  return new Date(moment.getTime() + ms);
}

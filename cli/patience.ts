/** Says on standard error what a command is at when nothing else has been said for a while. */
import { ENGLISH, type Speech } from './speech';

export interface Patience {
  /** What it is at from now on, such as "Reading leads from amoCRM". */
  doing(what: string): void;
  /** Something else has just been said. */
  said(): void;
  stop(): void;
}

/** The first silence (ms); each further one may be twice as long, so that a log does not fill up. */
const FIRST_SILENCE_MS = 10_000;
const LONGEST_SILENCE_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

/** `now`: a monotonic clock (ms). Nothing is said until `doing` is called. */
export function createPatience(
  say: (line: string) => void,
  { speech = ENGLISH, now = (): number => performance.now() }: { speech?: Speech; now?: () => number } = {},
): Patience {
  let at: { what: string; since: number } | undefined;
  let silence = FIRST_SILENCE_MS;
  let saidAt = now();
  const timer = setInterval(() => {
    if (!at || now() - saidAt < silence) return;
    say(speech.t('{{what}}: {{seconds}} s so far', { what: at.what, seconds: Math.round((now() - at.since) / 1000) }));
    saidAt = now();
    silence = Math.min(2 * silence, LONGEST_SILENCE_MS);
  }, LOOK_EVERY_MS);
  timer.unref();
  return {
    doing: (what) => {
      at = { what, since: now() };
      silence = FIRST_SILENCE_MS;
      saidAt = now();
    },
    said: () => void (saidAt = now()),
    stop: () => clearInterval(timer),
  };
}

/** Lets a sender leave as fast as its provider takes messages (domain/learned-rate.ts), and says where that is below the cap. */
import type { Logger } from '../config/logger';
import { learnedRate } from '../config/metrics';
import { learn, startRate, tooFastShare, type LearnedRate } from '../domain/learned-rate';
import type { Store } from '../store/connect';
import type { Dispatcher } from './dispatcher';

/** How often what is learned is written for the cards of the bot (ms); more often only when it begins or is over. */
const TOLD_EVERY_MS = 5_000;

interface LearnedPaceOptions {
  store: Pick<Store, 'alerts' | 'senders'>;
  sender: string;
  /** Messages a second. */
  cap: number;
  dispatcher: Pick<Dispatcher, 'slowTo'>;
  log: Logger;
  /** A monotonic clock (ms). */
  now?: () => number;
}

export interface LearnedPace {
  /** The provider has answered: it took the message, or refused it for haste. Never rejects. */
  answered(answer: 'taken' | 'tooFast'): void;
}

export function createLearnedPace(options: LearnedPaceOptions): LearnedPace {
  const { store, sender, cap, dispatcher, log, now = () => performance.now() } = options;
  let rate: LearnedRate = startRate(cap, now());
  let toldAt = -Infinity;
  learnedRate.set({ sender }, cap);

  async function tell(): Promise<void> {
    const { perSecond, isSlowed } = rate;
    await store.senders.setSlowed(sender, isSlowed ? { perSecond, cap } : undefined);
    const condition = { is: isSlowed ? 'slowed' : 'free', at: new Date() };
    await store.alerts.raise({ kind: 'rate', subject: sender, condition, data: { sender, perSecond, cap } });
  }

  return {
    answered(answer) {
      const before = rate;
      const at = now();
      rate = learn(before, answer, { at, cap });
      const { perSecond, isSlowed } = rate;
      if (perSecond !== before.perSecond) {
        dispatcher.slowTo(perSecond);
        learnedRate.set({ sender }, perSecond);
      }
      const hasTurned = isSlowed !== before.isSlowed;
      if (!hasTurned && !(isSlowed && at - toldAt >= TOLD_EVERY_MS)) return;
      toldAt = at;
      const figures = { sender, cap, perSecond: round(perSecond), tooFast: round(tooFastShare(rate)) };
      if (hasTurned && isSlowed) log.warn(figures, 'The provider takes less than the cap: sending slower');
      else if (hasTurned) log.info(figures, 'The provider takes as many as the cap again');
      // What it takes is learned anew every few seconds, and told then.
      tell().catch((err: unknown) =>
        log.warn({ err, sender }, 'Cannot tell that the provider takes less than the cap'),
      );
    },
  };
}

const round = (value: number): number => Number(value.toPrecision(3));

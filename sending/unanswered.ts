/**
 * Sends that have left and whose answers take longer than their group waited. They end by themselves; whoever asks for
 * one hears what became of it: from the send itself if it is of this process, else from its delivery.
 */
import { LRUCache } from 'lru-cache';
import type { Logger } from '../config/logger';
import { SEND_ENDS_WITHIN_MS } from '../domain/story/delivery';
import { DATABASE_OLDER_TROUBLE } from '../domain/story/restored';
import type { DeliveryStore } from '../store/deliveries';
import { deliveryId } from '../store/documents';
import type { SendOutcome } from './outcome';

/** An outcome is asked for within seconds; after this time its delivery tells enough. */
const REMEMBERED_MS = 2 * SEND_ENDS_WITHIN_MS;
const MOST_REMEMBERED = 10_000;

const UNANSWERED: SendOutcome = { kind: 'unanswered' };

export interface Unanswered {
  /** The send goes on without its group. */
  keep(campaignId: string, n: number, ended: Promise<SendOutcome>): void;
  /** What became of it; still `unanswered` when `patience` is over first. */
  ask(campaignId: string, n: number, patience: Promise<unknown>): Promise<SendOutcome>;
  /** Resolves when all have ended. */
  ended(): Promise<void>;
}

export function createUnanswered(deliveries: Pick<DeliveryStore, 'find' | 'abandon'>, log: Logger): Unanswered {
  const kept = new LRUCache<string, Promise<SendOutcome>>({ max: MOST_REMEMBERED, ttl: REMEMBERED_MS });
  const running = new Set<Promise<unknown>>();

  /** A send of another process, perhaps a dead one. Undefined while its answer may still come. */
  async function lookAt(campaignId: string, n: number): Promise<SendOutcome | undefined> {
    const delivery = await deliveries.find(campaignId, n);
    // The workflow knows that the delivery was frozen, so the database is an older backup.
    if (!delivery) return { kind: 'stop', ...DATABASE_OLDER_TROUBLE };
    const { state, token, claimedAt, dueAt } = delivery;
    if (state === 'queued') return { kind: 'later', ...(dueAt && { until: dueAt.getTime() }) };
    if (state !== 'sending') return { kind: 'done' };
    if (claimedAt && Date.now() - claimedAt.getTime() <= SEND_ENDS_WITHIN_MS) return undefined;
    if (await deliveries.abandon(campaignId, n, token!))
      log.warn({ campaignId, n }, 'Marked unknown: its claim holder died without a recorded answer');
    return { kind: 'done' };
  }

  return {
    keep(campaignId, n, ended) {
      kept.set(deliveryId(campaignId, n), ended);
      const end = ended
        .catch((err: unknown) => log.error({ err, campaignId, n }, 'A send that had left broke'))
        .finally(() => running.delete(end));
      running.add(end);
    },
    async ask(campaignId, n, patience) {
      const known = kept.get(deliveryId(campaignId, n));
      const over = patience.then(() => UNANSWERED);
      const outcome = await (known ? Promise.race([known, over]).catch(() => undefined) : undefined);
      return outcome ?? (await lookAt(campaignId, n)) ?? over;
    },
    ended: async () => void (await Promise.all(running)),
  };
}

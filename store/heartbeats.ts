/**
 * `heartbeats`: which roles live. By MongoDB's clock, and while they beat: a role that was killed is known within half
 * a minute.
 */
import type { Db } from 'mongodb';
import { nanoid } from 'nanoid';
import { periodically } from '../config/waiting';
import type { Store } from './connect';
import { insertNew } from './shared';

interface Heartbeat {
  /** Of the process. */
  _id: string;
  role: string;
  /** The Gupshup apps that it knows. */
  senders: string[];
  at: Date;
}

export interface HeartbeatStore {
  beat(one: Omit<Heartbeat, 'at'>): Promise<void>;
  /** It has stopped by itself. */
  end(id: string): Promise<void>;
  /** All that have beaten within a day, and whether they live. */
  all(): Promise<(Heartbeat & { lives: boolean })[]>;
}

/** How often a role beats, and after how long without it is dead (ms). */
const BEAT_MS = 5_000;
const DEAD_AFTER_MS = 25_000;
const DAY_MS = 86_400_000;

export function createHeartbeatStore(db: Db): HeartbeatStore {
  const heartbeats = db.collection<Heartbeat>('heartbeats');
  return {
    beat: async ({ _id, role, senders }) => {
      const beaten = (): Promise<{ matchedCount: number }> =>
        heartbeats.updateOne({ _id }, [{ $set: { role, senders, at: '$$NOW' } }]);
      if ((await beaten()).matchedCount > 0) return;
      await insertNew(heartbeats, [{ _id, role, senders, at: new Date(0) }]);
      await beaten();
      await heartbeats.deleteMany({ at: { $lt: new Date(Date.now() - DAY_MS) }, _id: { $ne: _id } });
    },
    end: async (id) => void (await heartbeats.deleteOne({ _id: id })),
    all: async () => {
      const found = await heartbeats.find().toArray();
      const { localTime } = (await db.command({ hello: 1 })) as { localTime?: Date };
      const now = (localTime ?? new Date()).getTime();
      return found.map((one) => ({ ...one, lives: now - one.at.getTime() < DEAD_AFTER_MS }));
    },
  };
}

/** No worker polls; since when, if known. */
export interface NoWorker {
  since?: Date;
}

/** Undefined while a worker lives: one that knows the sender, or any. */
export type WorkerPresence = (sender?: string) => Promise<NoWorker | undefined>;

export function createWorkerPresence({ heartbeats }: Pick<Store, 'heartbeats'>): WorkerPresence {
  return async (sender) => {
    const workers = (await heartbeats.all()).filter(
      ({ role, senders }) => role === 'worker' && (sender === undefined || senders.includes(sender)),
    );
    if (workers.some(({ lives }) => lives)) return undefined;
    const last = Math.max(...workers.map(({ at }) => at.getTime()));
    return workers.length > 0 ? { since: new Date(last) } : {};
  };
}

/**
 * Beats until stopped, as long as `isWell`; then says that it has ended. Never rejects: without MongoDB nobody can
 * beat.
 */
export async function keepBeating(
  { heartbeats }: Pick<Store, 'heartbeats'>,
  {
    role,
    senders,
    stop,
    isWell = () => true,
  }: { role: string; senders: string[]; stop: AbortSignal; isWell?: () => boolean },
): Promise<void> {
  const id = `${role}/${nanoid(8)}`;
  await periodically(async () => (isWell() ? heartbeats.beat({ _id: id, role, senders }) : undefined), {
    everyMs: BEAT_MS,
    stop,
    failed: () => undefined,
  });
  await heartbeats.end(id).catch(() => undefined);
}

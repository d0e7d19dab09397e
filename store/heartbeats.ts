/** `heartbeats`: which roles live. By MongoDB's clock, and while they beat: a role that was killed is known within half a minute. */
import type { Db } from 'mongodb';
import { insertNew } from './ensure';

interface Heartbeat {
  /** Of the process. */
  _id: string;
  role: string;
  /** The Gupshup app that it sends from. */
  sender: string;
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
export const BEAT_MS = 5_000;
const DEAD_AFTER_MS = 25_000;
const DAY_MS = 86_400_000;

export function createHeartbeatStore(db: Db): HeartbeatStore {
  const heartbeats = db.collection<Heartbeat>('heartbeats');
  return {
    beat: async ({ _id, role, sender }) => {
      const beaten = (): Promise<{ matchedCount: number }> =>
        heartbeats.updateOne({ _id }, [{ $set: { role, sender, at: '$$NOW' } }]);
      if ((await beaten()).matchedCount > 0) return;
      await insertNew(heartbeats, [{ _id, role, sender, at: new Date(0) }]);
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

/** `senders`: what stops all campaigns of a sender, until somebody resumes one; and how fast its provider takes messages. */
import type { Db } from 'mongodb';
import { latestTimeOf } from '../domain/event-time';
import { ensureDocument } from './shared';
import type { Trouble } from '../domain/story/trouble';

export interface SenderStore {
  /**
   * Nothing from this sender gets through: all its campaigns pause until an admin resumes one. False when the trouble
   * is older than the last resume: late news must not stop what was resumed since.
   */
  trip(sender: string, trouble: Trouble, at?: Date): Promise<boolean>;
  /** What a send must know of its sender: whether it cannot send. */
  look(sender: string): Promise<{ trouble?: Trouble; slowed?: Slowed }>;
  mend(sender: string): Promise<void>;
  /** When somebody last said that nothing is wrong with it, if nothing has been found wrong since. */
  mendedAt(sender: string): Promise<Date | undefined>;
  /** The provider takes less than the cap; `undefined`: as many again. */
  setSlowed(sender: string, slowed: Omit<Slowed, 'at'> | undefined): Promise<void>;
}

/** The provider takes less than the sender's cap: what it takes, as learned, in messages a second, and when that was. */
interface Slowed {
  perSecond: number;
  cap: number;
  at: Date;
}

interface SenderDocument {
  _id: string;
  trouble?: Trouble & { at: Date };
  mendedAt?: Date;
  slowed?: Slowed;
}

/** What was learned of a provider counts so long (ms): a worker that goes on learning writes more often. */
const SLOWED_FOR_MS = 60_000;

/** The collection. */
export function createSenderStore(db: Db): SenderStore {
  const senders = db.collection<SenderDocument>('senders');
  return {
    trip: async (sender, trouble, at = new Date()) => {
      await ensureDocument(senders, sender, {});
      const { matchedCount } = await senders.updateOne(
        { _id: sender, mendedAt: { $not: { $gt: latestTimeOf(at) } } },
        { $set: { trouble: { ...stated(trouble), at } } },
      );
      return matchedCount === 1;
    },
    look: async (sender) => {
      const found = await senders.findOne({ _id: sender }, { projection: { trouble: 1, slowed: 1 } });
      const { trouble, slowed } = found ?? {};
      const isRecent = slowed && Date.now() - slowed.at.getTime() < SLOWED_FOR_MS;
      return { ...(trouble && { trouble: stated(trouble) }), ...(isRecent && { slowed }) };
    },
    mend: async (sender) =>
      void (await senders.updateOne(
        { _id: sender },
        { $unset: { trouble: 1 }, $set: { mendedAt: new Date() } },
        { upsert: true },
      )),
    mendedAt: async (sender) => {
      const found = await senders.findOne({ _id: sender }, { projection: { trouble: 1, mendedAt: 1 } });
      return found?.trouble ? undefined : found?.mendedAt;
    },
    setSlowed: async (sender, slowed) =>
      void (await senders.updateOne(
        { _id: sender },
        slowed ? { $set: { slowed: { ...slowed, at: new Date() } } } : { $unset: { slowed: 1 } },
        { upsert: true },
      )),
  };
}

/** The trouble without the time at which it was reported. */
function stated({ code, detail, values }: Trouble): Trouble {
  return { code, detail, ...(values && { values }) };
}

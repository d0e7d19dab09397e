/**
 * `writeBacks` and `writeBackMarks`: what a campaign's end is to write to the CRM, and for each lead and kind whether it
 * was. A mark is made before and after each call, so that a second run writes nothing twice.
 */
import type { Db } from 'mongodb';
import type { Actor } from '../domain/story/actor';
import type { WriteBackCounts, WriteBackKind, WriteBackOrders } from '../domain/story/write-back';
import type { Indexes } from './shared';

export interface WriteBackDocument {
  /** The campaign's. */
  _id: string;
  orders: WriteBackOrders;
  orderedBy: Actor;
  orderedAt: Date;
  /** The attempt that began last: it alone writes. */
  holder?: string;
  /** The first run's. */
  startedAt?: Date;
  endedAt?: Date;
  /** It has ended before it was through. */
  brokenOff?: BrokenOff;
}

/** How a write-back's workflow ended that did not come through: as Temporal names it, and the last error, if it failed. */
export interface BrokenOff {
  status: 'CANCELLED' | 'FAILED' | 'TERMINATED' | 'TIMED_OUT' | 'UNKNOWN';
  detail?: string;
}

/** `begun`: the request may have left. `left`: not written on purpose. */
type MarkState = 'begun' | 'written' | 'refused' | 'left';

export interface WriteBackMark {
  leadId: number;
  state: MarkState;
  detail?: string;
}

export interface WriteBackStore {
  find(campaignId: string): Promise<WriteBackDocument | undefined>;
  /** Replaces the orders of an earlier one; its marks stay. */
  order(campaignId: string, orders: WriteBackOrders, by: Actor, now: Date): Promise<void>;
  /** An attempt begins: from now on it is the holder. */
  begin(campaignId: string, holder: string, now: Date): Promise<void>;
  isHeld(campaignId: string, holder: string): Promise<boolean>;
  ended(campaignId: string, now: Date): Promise<void>;
  /** Those that have not ended, as far as is known. */
  open(): Promise<WriteBackDocument[]>;
  /** It has ended before it was through, unless it was ordered anew since it was read. True when that was news. */
  brokeOff(read: WriteBackDocument, how: BrokenOff, now: Date): Promise<boolean>;
  marks(campaignId: string, kind: WriteBackKind): Promise<Map<number, MarkState>>;
  /** `begun` changes no mark that is there. */
  mark(campaignId: string, kind: WriteBackKind, marks: readonly WriteBackMark[]): Promise<void>;
  counts(campaignId: string): Promise<WriteBackCounts>;
  /** Leads that the CRM refused, a few of them, with its words. */
  refused(campaignId: string, limit: number): Promise<{ leadId: number; kind: WriteBackKind; detail: string }[]>;
}

/** Replaces the lead of an erased person. */
export const NO_LEAD = 0;

export interface MarkDocument {
  _id: string;
  campaignId: string;
  kind: WriteBackKind;
  leadId: number;
  state: MarkState;
  detail?: string;
}

export const WRITE_BACK_INDEXES: Indexes = { writeBackMarks: [{ key: { campaignId: 1, kind: 1 } }] };

export function createWriteBackStore(db: Db): WriteBackStore {
  const heads = db.collection<WriteBackDocument>('writeBacks');
  const marks = db.collection<MarkDocument>('writeBackMarks');

  return {
    find: async (_id) => (await heads.findOne({ _id })) ?? undefined,
    order: async (_id, orders, orderedBy, orderedAt) =>
      void (await heads.updateOne(
        { _id },
        { $set: { orders, orderedBy, orderedAt }, $unset: { endedAt: 1, brokenOff: 1 } },
        { upsert: true },
      )),
    begin: async (_id, holder, startedAt) => {
      await heads.updateOne({ _id }, { $set: { holder }, $unset: { endedAt: 1, brokenOff: 1 } });
      await heads.updateOne({ _id, startedAt: { $exists: false } }, { $set: { startedAt } });
    },
    isHeld: async (_id, holder) => (await heads.findOne({ _id, holder }, { projection: { _id: 1 } })) !== null,
    ended: async (_id, endedAt) => void (await heads.updateOne({ _id }, { $set: { endedAt } })),
    open: () => heads.find({ endedAt: { $exists: false } }).toArray(),
    brokeOff: async ({ _id, orderedAt }, brokenOff, endedAt) => {
      const { modifiedCount } = await heads.updateOne(
        { _id, orderedAt, endedAt: { $exists: false } },
        { $set: { endedAt, brokenOff } },
      );
      return modifiedCount === 1;
    },
    marks: async (campaignId, kind) => {
      const found = await marks.find({ campaignId, kind }, { projection: { leadId: 1, state: 1 } }).toArray();
      return new Map(found.map(({ leadId, state }) => [leadId, state]));
    },
    mark: async (campaignId, kind, made) => {
      if (made.length === 0) return;
      await marks.bulkWrite(
        made.map(({ leadId, state, detail }) => ({
          updateOne: {
            filter: { _id: `${campaignId}:${kind}:${leadId}` },
            update: {
              [state === 'begun' ? '$setOnInsert' : '$set']: {
                ...{ campaignId, kind, leadId, state },
                ...(detail !== undefined && { detail }),
              },
            },
            upsert: true,
          },
        })),
        { ordered: false },
      );
    },
    counts: async (campaignId) => {
      const found = await marks.find({ campaignId }, { projection: { kind: 1, state: 1 } }).toArray();
      const counts: WriteBackCounts = {};
      for (const { kind, state } of found) {
        const count = (counts[kind] ??= { written: 0, refused: 0, left: 0 });
        if (state !== 'begun') count[state]++;
      }
      return counts;
    },
    refused: async (campaignId, limit) => {
      const found = await marks
        .find({ campaignId, state: 'refused', leadId: { $ne: NO_LEAD } })
        .limit(limit)
        .toArray();
      return found.map(({ leadId, kind, detail = '' }) => ({ leadId, kind, detail }));
    },
  };
}

/**
 * `senderLeases`: which worker dispatches a sender. Leases go by MongoDB's own clock; their holders measure them by their
 * own, from before they asked (sending/dispatch-lease.ts), so that none believes to hold one that is another's.
 */
import type { Db, Document } from 'mongodb';
import { atPoint } from '../config/crash-points';
import type { LeaseNow } from '../domain/lease-balance';
import { ensureDocument, NOW_MS } from './shared';

interface SenderLease {
  /** Grows by one with each new holder. */
  epoch: number;
  /** How long (ms) its new holder must wait before its first message, since the last one has ended it early. */
  restMs: number;
  /** Another worker has asked for it: it should be released. */
  wanted: boolean;
}

export interface SenderLeaseStore {
  /**
   * The lease for `ms`, also when it is the holder's already: then `renewed`, of the same epoch, or else anew. Undefined
   * while another one holds it.
   */
  take(sender: string, holder: string, ms: number, renewed?: boolean): Promise<SenderLease | undefined>;
  /**
   * Ends the holder's lease of this epoch. One that is heard of late ends no lease that its holder has taken since. For a
   * moment only who has asked for it may take it.
   */
  release(sender: string, holder: string, epoch: number, restMs: number): Promise<void>;
  /** Who holds it now. */
  holderOf(sender: string): Promise<string | undefined>;
  /** Asks its holder for it. */
  bid(sender: string, bidder: string): Promise<void>;
  /** All that have ever been taken, as they are now. */
  all(): Promise<LeaseNow[]>;
}

/** How long an asking counts (ms): its holder hears of it when it renews. */
const BID_MS = 5_000;
/** How long only who asked may take it (ms): several of its questions. */
const RESERVED_MS = 2_000;

interface SenderLeaseDocument {
  /** The sender. */
  _id: string;
  holder: string;
  epoch: number;
  untilMs: number;
  /** The last holder's messages and the next one's share a second until then. */
  restUntilMs: number;
  /** What was left of that at the last taking. */
  restMs: number;
  /** Who has asked for it, and until when that counts. */
  bidder?: string;
  bidUntilMs?: number;
  /** Released to whom, and until when nobody else may take it. */
  reservedFor?: string;
  reservedUntilMs?: number;
}

export function createSenderLeaseStore(db: Db): SenderLeaseStore {
  const leases = db.collection<SenderLeaseDocument>('senderLeases');
  /** Senders that are sure to have a document. */
  const known = new Set<string>();
  const isFree: Document = { $lte: ['$untilMs', NOW_MS] };
  const isWanted: Document = { $gt: ['$bidUntilMs', NOW_MS] };
  const isOpenTo = (holder: string): Document => ({
    $or: [{ $not: [{ $gt: ['$reservedUntilMs', NOW_MS] }] }, { $eq: ['$reservedFor', holder] }],
  });

  async function ensure(_id: string): Promise<void> {
    if (known.has(_id)) return;
    await ensureDocument(leases, _id, { holder: '', epoch: 0, untilMs: 0, restUntilMs: 0, restMs: 0 });
    known.add(_id);
  }

  return {
    take: async (_id, holder, ms, renewed = false) => {
      await ensure(_id);
      // Whoever stands by asks several times a second: while it is another's, nothing is written.
      const taken = await atPoint('lease', () =>
        leases.findOneAndUpdate(
          { _id, $expr: { $or: [{ $and: [isFree, isOpenTo(holder)] }, { $eq: ['$holder', holder] }] } },
          [
            {
              $set: {
                epoch: renewed ? { $cond: [isFree, { $add: ['$epoch', 1] }, '$epoch'] } : { $add: ['$epoch', 1] },
                bidUntilMs: { $cond: [isFree, 0, '$bidUntilMs'] },
                holder,
                untilMs: { $add: [NOW_MS, ms] },
                restMs: { $max: [0, { $subtract: ['$restUntilMs', NOW_MS] }] },
              },
            },
          ],
          { returnDocument: 'after' },
        ),
      );
      if (!taken) return undefined;
      const { epoch, restMs, untilMs, bidUntilMs = 0 } = taken;
      // Both by MongoDB's clock: it was asked `ms` before the end.
      return { epoch, restMs, wanted: bidUntilMs > untilMs - ms };
    },
    release: async (_id, holder, epoch, restMs) =>
      void (await leases.updateOne({ _id, holder, epoch }, [
        {
          $set: {
            holder: '',
            untilMs: 0,
            restUntilMs: { $add: [NOW_MS, restMs] },
            reservedFor: '$bidder',
            reservedUntilMs: { $cond: [isWanted, { $add: [NOW_MS, RESERVED_MS] }, 0] },
            bidUntilMs: 0,
          },
        },
      ])),
    holderOf: async (_id) => {
      const found = await leases
        .aggregate<{ holder: string }>([{ $match: { _id } }, { $match: { $expr: { $gt: ['$untilMs', NOW_MS] } } }])
        .next();
      return found?.holder;
    },
    bid: async (_id, bidder) =>
      void (await leases.updateOne({ _id, holder: { $nin: ['', bidder] } }, [
        { $set: { bidder, bidUntilMs: { $add: [NOW_MS, BID_MS] } } },
      ])),
    all: async () => {
      const found = await leases
        .aggregate<{ _id: string; holder?: string; bidder?: string }>([
          {
            $project: {
              holder: { $cond: [{ $gt: ['$untilMs', NOW_MS] }, '$holder', ''] },
              bidder: { $cond: [isWanted, '$bidder', ''] },
            },
          },
        ])
        .toArray();
      return found.map(({ _id: sender, holder, bidder }) => ({
        sender,
        ...(holder && { holder }),
        ...(bidder && { bidder }),
      }));
    },
  };
}

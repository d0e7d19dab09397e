/**
 * `senderLeases`: which worker dispatches a sender. Leases go by MongoDB's own clock; their holders measure them by their
 * own, from before they asked (sending/dispatch-lease.ts), so that none believes to hold one that is another's.
 */
import type { Db, Document } from 'mongodb';
import { ensureDocument, NOW_MS } from './shared';

interface SenderLease {
  /** Grows by one with each new holder. */
  epoch: number;
  /** How long (ms) its new holder must wait before its first message, since the last one has ended it early. */
  restMs: number;
}

export interface SenderLeaseStore {
  /** The lease for `ms`, also when it is the holder's already. Undefined while another one holds it. */
  take(sender: string, holder: string, ms: number): Promise<SenderLease | undefined>;
  /** Ends it, if it is the holder's. */
  release(sender: string, holder: string, restMs: number): Promise<void>;
  /** Who holds it now. */
  holderOf(sender: string): Promise<string | undefined>;
}

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
}

export function createSenderLeaseStore(db: Db): SenderLeaseStore {
  const leases = db.collection<SenderLeaseDocument>('senderLeases');
  /** Senders that are sure to have a document. */
  const known = new Set<string>();
  const isFree: Document = { $lte: ['$untilMs', NOW_MS] };

  async function ensure(_id: string): Promise<void> {
    if (known.has(_id)) return;
    await ensureDocument(leases, _id, { holder: '', epoch: 0, untilMs: 0, restUntilMs: 0, restMs: 0 });
    known.add(_id);
  }

  return {
    take: async (_id, holder, ms) => {
      await ensure(_id);
      // Whoever stands by asks several times a second: while it is another's, nothing is written.
      const taken = await leases.findOneAndUpdate(
        { _id, $expr: { $or: [isFree, { $eq: ['$holder', holder] }] } },
        [
          {
            $set: {
              epoch: { $cond: [isFree, { $add: ['$epoch', 1] }, '$epoch'] },
              holder,
              untilMs: { $add: [NOW_MS, ms] },
              restMs: { $max: [0, { $subtract: ['$restUntilMs', NOW_MS] }] },
            },
          },
        ],
        { returnDocument: 'after' },
      );
      return taken ? { epoch: taken.epoch, restMs: taken.restMs } : undefined;
    },
    release: async (_id, holder, restMs) =>
      void (await leases.updateOne({ _id, holder }, [
        { $set: { holder: '', untilMs: 0, restUntilMs: { $add: [NOW_MS, restMs] } } },
      ])),
    holderOf: async (_id) => {
      const found = await leases
        .aggregate<{ holder: string }>([{ $match: { _id } }, { $match: { $expr: { $gt: ['$untilMs', NOW_MS] } } }])
        .next();
      return found?.holder;
    },
  };
}

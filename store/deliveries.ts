/**
 * `deliveries`: the ledger itself. Every change of state is one conditional write, so that whatever
 * crashes, a delivery is in exactly one state and a claim is held by exactly one attempt (design §5).
 */
import type { Db, FindCursor, WithId } from 'mongodb';
import { SKIP_REASONS, statesMovedBy, type DeliveryState, type ReceiptKind, type SkipReason } from '../domain/delivery';
import { emptyLedger, type LedgerReport } from '../domain/ledger';
import { batched } from './batch';
import type { DeliveryDocument } from './documents';

/** A delivery as the audience's freezing makes it. */
export type FrozenDelivery = Pick<
  DeliveryDocument,
  'n' | 'state' | 'phone' | 'original' | 'name' | 'origin' | 'params' | 'category' | 'skipReason' | 'detail'
>;

/** What an attempt that holds the claim may record. */
export type Settlement =
  | { to: 'accepted'; messageId: string }
  | { to: 'failed'; code: string; family: string; detail: string }
  | { to: 'skipped'; reason: SkipReason; detail?: string }
  | { to: 'unknown'; code: string; detail: string }
  /** Back in the queue; with `dueAt`, not before then. */
  | { to: 'queued'; dueAt?: Date; code?: string; detail?: string; countAttempt: boolean };

/** Which failed deliveries are meant: all, those of families or codes, or named ones. */
export interface FailedSelection {
  families?: readonly string[];
  codes?: readonly string[];
  ns?: readonly number[];
  messageIds?: readonly string[];
}

/** A receipt ready to be applied. */
export interface ReceiptChange {
  kind: ReceiptKind;
  messageId: string;
  whatsappId?: string;
  at: Date;
  code?: string;
  family?: string;
  detail?: string;
}

/** The delivery that a receipt belongs to. */
export type ReceiptTarget = Pick<DeliveryDocument, 'campaignId' | 'n' | 'attempts' | 'state'> & { phone: string };

export interface DeliveryStore {
  /** Removes what an earlier, unfinished freezing of this campaign left. Only before anything was sent. */
  clear(campaignId: string): Promise<void>;
  /** Adds frozen deliveries. */
  freeze(campaignId: string, deliveries: readonly FrozenDelivery[]): Promise<void>;
  find(campaignId: string, n: number): Promise<DeliveryDocument | undefined>;
  /**
   * Claims a queued delivery for one attempt, durably. Answers with the delivery as it now is: the claim is
   * held only if `token` is the caller's. `undefined` when there is no such delivery.
   */
  claim(campaignId: string, n: number, token: string): Promise<DeliveryDocument | undefined>;
  /** Records the outcome of the attempt that holds `token`. False when it no longer holds it. */
  settle(campaignId: string, n: number, token: string, settlement: Settlement): Promise<boolean>;
  /** Makes a claim that nobody can finish any more `unknown`. False when it has been settled meanwhile. */
  abandon(campaignId: string, n: number, token: string): Promise<boolean>;
  /** Numbers of queued deliveries from `after` on that are due by `now`, ascending. */
  due(campaignId: string, options: { after: number; limit: number; now: Date }): Promise<number[]>;
  /** When the next queued delivery is due, if any waits. */
  nextDue(campaignId: string): Promise<Date | undefined>;
  /** Claims that are still held. */
  inFlight(campaignId: string): Promise<number[]>;
  /** Everything still queued becomes skipped(cancelled). */
  skipQueued(campaignId: string, reason: SkipReason): Promise<void>;
  /** Failed deliveries that still wait for a retry have failed for good; others queued are skipped(cancelled). */
  giveUpQueued(campaignId: string): Promise<void>;
  /** Failed ones go back to the queue, due at `dueAt`. Answers with how many. */
  requeueFailed(campaignId: string, selection: FailedSelection, dueAt: Date): Promise<number>;
  /** An admin's word on sends without an answer: they count as accepted, or are queued again. Answers with how many. */
  decideUnknown(campaignId: string, choice: 'assume_sent' | 'send_again', ns?: readonly number[]): Promise<number>;
  /** Tries and failures of the campaign since an instant, and its most frequent failure. For the breaker. */
  recent(campaignId: string, since: Date): Promise<{ tried: number; failed: number; code?: string }>;
  /** Counts, each delivery once. Costs a scan of the campaign's deliveries. */
  ledger(campaignId: string): Promise<LedgerReport>;
  /**
   * Applies receipts by messageId, else by the WhatsApp id that an earlier receipt gave (a week after the send they
   * name nothing else: facts/gupshup-whatsapp.md §4.3). Answers with the messageIds that belong to a delivery.
   */
  applyReceipts(changes: readonly ReceiptChange[]): Promise<Map<string, ReceiptTarget>>;
  /**
   * Settles an unknown delivery by a receipt that names no known messageId: the one unknown send to that
   * number claimed in the window. Undefined when there is none, or more than one.
   */
  adoptUnknown(options: {
    phone: string;
    messageId: string;
    from: Date;
    to: Date;
  }): Promise<DeliveryDocument | undefined>;
  /** All deliveries in order of their number. */
  stream(campaignId: string, filter?: { states?: readonly string[] }): FindCursor<WithId<DeliveryDocument>>;
}

const idOf = (campaignId: string, n: number): string => `${campaignId}:${n}`;

/** The collection, its indexes made. */
export async function createDeliveryStore(db: Db): Promise<DeliveryStore> {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  await deliveries.createIndex(
    { campaignId: 1, phone: 1 },
    { unique: true, partialFilterExpression: { phone: { $exists: true } } },
  );
  // Sparse, not partial with $exists: SecantusDB, which stands in for MongoDB on one machine, uses only the former.
  await deliveries.createIndex({ messageId: 1 }, { sparse: true });
  await deliveries.createIndex({ whatsappId: 1 }, { sparse: true });
  await deliveries.createIndex({ campaignId: 1, n: 1 });
  await deliveries.createIndex({ campaignId: 1, state: 1, n: 1 });
  await deliveries.createIndex({ phone: 1, state: 1 });
  await deliveries.createIndex(
    { campaignId: 1, failedAt: 1 },
    { partialFilterExpression: { failedAt: { $exists: true } } },
  );

  const claim = batched(async (calls: readonly { id: string; token: string }[]) => {
    const now = new Date();
    await deliveries.bulkWrite(
      calls.map(({ id, token }) => ({
        updateOne: {
          filter: { _id: id, state: 'queued' as const },
          update: { $set: { state: 'sending', token, claimedAt: now }, $unset: { settledBy: 1 } },
        },
      })),
      { ordered: false },
    );
    const found = await deliveries.find({ _id: { $in: calls.map(({ id }) => id) } }).toArray();
    const byId = new Map(found.map((delivery) => [delivery._id, delivery]));
    return calls.map(({ id }) => byId.get(id));
  });

  const settle = batched(async (calls: readonly { id: string; token: string; settlement: Settlement }[]) => {
    // `unknown` is allowed as a starting point: an attempt thought dead may come back with the answer.
    await deliveries.bulkWrite(
      calls.map(({ id, token, settlement }) => ({
        updateOne: {
          filter: { _id: id, token, state: { $in: ['sending' as const, 'unknown' as const] } },
          update: settlementUpdate(settlement, token),
        },
      })),
      { ordered: false },
    );
    const found = await deliveries
      .find({ _id: { $in: calls.map(({ id }) => id) } }, { projection: { settledBy: 1 } })
      .toArray();
    const settledBy = new Map(found.map((delivery) => [delivery._id, delivery.settledBy]));
    return calls.map(({ id, token }) => settledBy.get(id) === token);
  });

  async function applyByMessageId(changes: readonly ReceiptChange[]): ReturnType<DeliveryStore['applyReceipts']> {
    if (changes.length === 0) return new Map();
    await deliveries.bulkWrite(
      changes.flatMap((change) => receiptUpdates(change)),
      { ordered: true },
    );
    const found = await deliveries
      .find(
        { messageId: { $in: changes.map(({ messageId }) => messageId) } },
        { projection: { messageId: 1, campaignId: 1, phone: 1, n: 1, attempts: 1, state: 1 } },
      )
      .toArray();
    return new Map(
      found.map(({ messageId, campaignId, phone, n, attempts, state }) => [
        messageId!,
        { campaignId, n, attempts, state, phone: phone! },
      ]),
    );
  }

  /** Gupshup's ids of the messages that WhatsApp calls so. */
  async function messageIdsOf(whatsappIds: readonly string[]): Promise<Map<string, string>> {
    if (whatsappIds.length === 0) return new Map();
    const found = await deliveries
      .find({ whatsappId: { $in: [...whatsappIds] } }, { projection: { whatsappId: 1, messageId: 1 } })
      .toArray();
    return new Map(found.flatMap(({ whatsappId, messageId }) => (messageId ? [[whatsappId!, messageId]] : [])));
  }

  return {
    clear: async (campaignId) => void (await deliveries.deleteMany({ campaignId })),
    freeze: async (campaignId, frozen) => {
      if (frozen.length === 0) return;
      await deliveries.insertMany(
        frozen.map((delivery) => ({ ...delivery, _id: idOf(campaignId, delivery.n), campaignId, attempts: 0 })),
        { ordered: false },
      );
    },
    find: async (campaignId, n) => (await deliveries.findOne({ _id: idOf(campaignId, n) })) ?? undefined,
    claim: (campaignId, n, token) => claim({ id: idOf(campaignId, n), token }),
    settle: (campaignId, n, token, settlement) => settle({ id: idOf(campaignId, n), token, settlement }),
    abandon: async (campaignId, n, token) => {
      const { modifiedCount } = await deliveries.updateOne(
        { _id: idOf(campaignId, n), state: 'sending', token },
        {
          $set: {
            state: 'unknown',
            code: 'interrupted',
            detail: 'the attempt that had claimed it died before it recorded an answer',
          },
        },
      );
      return modifiedCount === 1;
    },
    due: async (campaignId, { after, limit, now }) => {
      const found = await deliveries
        .find(
          {
            campaignId,
            state: 'queued',
            n: { $gte: after },
            $or: [{ dueAt: { $exists: false } }, { dueAt: { $lte: now } }],
          },
          { projection: { n: 1 } },
        )
        .sort({ n: 1 })
        .limit(limit)
        .toArray();
      return found.map(({ n }) => n);
    },
    nextDue: async (campaignId) => {
      const [next] = await deliveries
        .find({ campaignId, state: 'queued' }, { projection: { dueAt: 1 } })
        .sort({ dueAt: 1 })
        .limit(1)
        .toArray();
      return next && (next.dueAt ?? new Date(0));
    },
    inFlight: async (campaignId) =>
      (await deliveries.find({ campaignId, state: 'sending' }, { projection: { n: 1 } }).toArray()).map(({ n }) => n),
    skipQueued: async (campaignId, reason) =>
      void (await deliveries.updateMany(
        { campaignId, state: 'queued' },
        { $set: { state: 'skipped', skipReason: reason }, $unset: { dueAt: 1 } },
      )),
    giveUpQueued: async (campaignId) => {
      await deliveries.updateMany(
        { campaignId, state: 'queued', code: { $exists: true } },
        { $set: { state: 'failed', failedAt: new Date() }, $unset: { dueAt: 1 } },
      );
      await deliveries.updateMany(
        { campaignId, state: 'queued' },
        { $set: { state: 'skipped', skipReason: 'cancelled' } },
      );
    },
    requeueFailed: async (campaignId, { families, codes, ns, messageIds }, dueAt) => {
      const { modifiedCount } = await deliveries.updateMany(
        {
          campaignId,
          state: 'failed',
          ...(families && { family: { $in: [...families] } }),
          ...(codes && { code: { $in: [...codes] } }),
          ...(ns && { n: { $in: [...ns] } }),
          ...(messageIds && { messageId: { $in: [...messageIds] } }),
        },
        { $set: { state: 'queued', dueAt } },
      );
      return modifiedCount;
    },
    decideUnknown: async (campaignId, choice, ns) => {
      const { modifiedCount } = await deliveries.updateMany(
        { campaignId, state: 'unknown', ...(ns && { n: { $in: [...ns] } }) },
        choice === 'assume_sent'
          ? [
              { $set: { state: 'accepted', acceptedAt: '$claimedAt', assumed: true } },
              { $unset: ['token', 'code', 'detail'] },
            ]
          : { $set: { state: 'queued' }, $unset: { token: 1, claimedAt: 1, dueAt: 1 } },
      );
      return modifiedCount;
    },
    recent: async (campaignId, since) => {
      // Most campaigns have few failures: no need to count everything then.
      if ((await deliveries.countDocuments({ campaignId, failedAt: { $gte: since } }, { limit: 1 })) === 0) {
        return { tried: 0, failed: 0 };
      }
      const groups = await deliveries
        .aggregate<{ _id: string | null; count: number }>([
          { $match: { campaignId, $or: [{ acceptedAt: { $gte: since } }, { failedAt: { $gte: since } }] } },
          {
            $group: {
              _id: { $cond: [{ $eq: ['$state', 'failed'] }, { $ifNull: ['$code', 'none'] }, null] },
              count: { $sum: 1 },
            },
          },
        ])
        .toArray();
      const failures = groups.filter(({ _id }) => _id !== null).toSorted((a, b) => b.count - a.count);
      const failed = failures.reduce((sum, { count }) => sum + count, 0);
      const code = failures[0]?._id;
      return { tried: groups.reduce((sum, { count }) => sum + count, 0), failed, ...(code && { code }) };
    },
    ledger: async (campaignId) => {
      // By _id, never by an index on the state: a delivery that moves while an index on the state is being
      // read can be met twice or not at all, and the ledger would not balance.
      const groups = await deliveries
        .aggregate<{ _id: { state: DeliveryDocument['state']; skipReason?: string; code?: string }; count: number }>(
          [
            { $match: { _id: { $gte: `${campaignId}:`, $lt: `${campaignId};` } } },
            { $group: { _id: { state: '$state', skipReason: '$skipReason', code: '$code' }, count: { $sum: 1 } } },
          ],
          { hint: { _id: 1 } },
        )
        .toArray();
      const report: LedgerReport = { ledger: emptyLedger(), failures: {}, skips: {} };
      for (const { _id, count } of groups) {
        report.ledger.total += count;
        report.ledger[_id.state] += count;
        if (_id.state === 'failed') add(report.failures, _id.code ?? 'none', count);
        if (_id.state === 'skipped') add(report.skips, _id.skipReason ?? SKIP_REASONS[0], count);
      }
      return report;
    },
    applyReceipts: async (changes) => {
      const known = await applyByMessageId(changes);
      const strange = changes.filter(({ messageId }) => !known.has(messageId));
      const messageIds = await messageIdsOf(strange.flatMap(({ whatsappId }) => whatsappId ?? []));
      const named = strange.flatMap((change) => {
        const messageId = change.whatsappId && messageIds.get(change.whatsappId);
        return messageId ? [{ change, messageId }] : [];
      });
      const late = await applyByMessageId(named.map(({ change, messageId }) => ({ ...change, messageId })));
      // They are asked for under the id that they came with.
      for (const { change, messageId } of named) known.set(change.messageId, late.get(messageId)!);
      return known;
    },
    adoptUnknown: async ({ phone, messageId, from, to }) => {
      const filter = { phone, state: 'unknown' as const, claimedAt: { $gte: from, $lte: to } };
      const candidates = await deliveries.find(filter).limit(2).toArray();
      if (candidates.length !== 1) return undefined;
      const adopted = await deliveries.findOneAndUpdate(
        { ...filter, _id: candidates[0]!._id },
        {
          $set: { state: 'accepted', messageId, acceptedAt: candidates[0]!.claimedAt ?? to },
          $unset: { ...NO_TROUBLE, token: 1 },
        },
        { returnDocument: 'after' },
      );
      return adopted ?? undefined;
    },
    stream: (campaignId, { states } = {}) =>
      deliveries
        .find({ campaignId, ...(states ? { state: { $in: states as DeliveryDocument['state'][] } } : {}) })
        .sort({ n: 1 })
        .batchSize(1000),
  };
}

/** Clears what only a delivery in trouble has. */
const NO_TROUBLE = { code: 1, family: 1, detail: 1 } as const;

const TIME_FIELD: Partial<Record<ReceiptKind, string>> = {
  sent: 'sentAt',
  delivered: 'deliveredAt',
  read: 'readAt',
  failed: 'failedAt',
};

const ARRIVED: readonly ReceiptKind[] = ['delivered', 'read'];
/**
 * A delivery with a messageId is in these states when that message failed and another try is on its way: what the
 * first one left behind must not settle the second. Only that it arrived after all counts.
 */
const NOT_THIS_MESSAGE: readonly DeliveryState[] = ['queued', 'sending', 'unknown'];

/** The writes of one receipt: its time is noted in any case, the state only moves forward. */
function receiptUpdates({ kind, messageId, whatsappId, at, code, family, detail }: ReceiptChange): {
  updateOne: { filter: object; update: object };
}[] {
  const timeField = TIME_FIELD[kind];
  const moved = statesMovedBy(kind).filter((state) => ARRIVED.includes(kind) || !NOT_THIS_MESSAGE.includes(state));
  const failure = kind === 'failed' ? { code: code ?? 'none', family, detail } : {};
  const updates: { updateOne: { filter: object; update: object } }[] = [
    {
      updateOne: {
        filter: { messageId, state: { $in: moved } },
        update: {
          $set: { state: kind === 'enqueued' ? 'accepted' : kind, ...(whatsappId && { whatsappId }), ...failure },
          // A delivery receipt that overtakes a failure clears the failure's traces.
          ...(kind !== 'failed' && { $unset: NO_TROUBLE }),
        },
      },
    },
  ];
  if (timeField)
    updates.push({
      updateOne: { filter: { messageId, [timeField]: { $exists: false } }, update: { $set: { [timeField]: at } } },
    });
  return updates;
}

function add(counts: Record<string, number>, key: string, count: number): void {
  counts[key] = (counts[key] ?? 0) + count;
}

/** `settledBy` lets the batch see whose write won: bulkWrite does not say which of its filters matched. */
function settlementUpdate(settlement: Settlement, token: string): object {
  const now = new Date();
  const done = { $unset: { token: 1, dueAt: 1 }, $inc: { attempts: 1 } };
  switch (settlement.to) {
    case 'accepted':
      return {
        ...done,
        // What sent an earlier attempt back to the queue, or made it unknown, is over.
        $unset: { ...done.$unset, ...NO_TROUBLE },
        $set: { state: 'accepted', messageId: settlement.messageId, acceptedAt: now, settledBy: token },
      };
    case 'failed': {
      const { code, family, detail } = settlement;
      return { ...done, $set: { state: 'failed', code, family, detail, failedAt: now, settledBy: token } };
    }
    case 'skipped':
      return {
        $unset: { token: 1, claimedAt: 1 },
        $set: {
          state: 'skipped',
          skipReason: settlement.reason,
          ...(settlement.detail && { detail: settlement.detail }),
          settledBy: token,
        },
      };
    case 'unknown':
      // The token stays: should the answer come after all, its holder may still record it.
      return { $set: { state: 'unknown', code: settlement.code, detail: settlement.detail, settledBy: token } };
    case 'queued': {
      const { dueAt, code, detail, countAttempt } = settlement;
      return {
        $set: {
          state: 'queued',
          settledBy: token,
          ...(dueAt && { dueAt }),
          ...(code && { code }),
          ...(detail && { detail }),
        },
        $unset: { token: 1, claimedAt: 1 },
        $inc: { attempts: countAttempt ? 1 : 0 },
      };
    }
  }
}

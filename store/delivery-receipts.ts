/** Receipts applied to deliveries: the state moves forward only, each time is kept once. */
import type { Collection, Document } from 'mongodb';
import { statesMovedBy, type DeliveryState, type ReceiptKind } from '../domain/delivery';
import { deliveryId, NO_TROUBLE } from './delivery-fields';
import type { DeliveryDocument } from './documents';

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
export type ReceiptTarget = Pick<DeliveryDocument, 'campaignId' | 'n' | 'attempts' | 'waves' | 'state'> & {
  /** Absent of an erased person: the receipt counts, and nothing else of it may be kept. */
  phone?: string;
};

export interface DeliveryReceipts {
  /**
   * Applies receipts by messageId, else by the WhatsApp id that an earlier receipt gave (a week after the send they
   * name nothing else: facts/gupshup-whatsapp.md §4.3). Answers with the messageIds whose receipts were applied, and
   * their deliveries as they are now; a receipt of any other has changed nothing and may be tried again.
   */
  applyReceipts(changes: readonly ReceiptChange[]): Promise<Map<string, ReceiptTarget>>;
  /**
   * Settles an unknown delivery by a receipt that names no known messageId: the one unknown send to that
   * number claimed in the window. Undefined when there is none, or more than one, or one that may still get the answer
   * with this messageId.
   */
  adoptUnknown(options: {
    phone: string;
    messageId: string;
    from: Date;
    to: Date;
  }): Promise<DeliveryDocument | undefined>;
}

export function createDeliveryReceipts(deliveries: Collection<DeliveryDocument>): DeliveryReceipts {
  async function targetsOf(messageIds: readonly string[]): Promise<Map<string, ReceiptTarget>> {
    if (messageIds.length === 0) return new Map();
    const found = await deliveries
      .find(
        { messageId: { $in: [...messageIds] } },
        { projection: { messageId: 1, campaignId: 1, phone: 1, n: 1, attempts: 1, waves: 1, state: 1 } },
      )
      .toArray();
    return new Map(
      found.map(({ messageId, campaignId, phone, n, attempts, waves, state }) => [
        messageId!,
        { campaignId, n, attempts, ...(waves && { waves }), state, ...(phone && { phone }) },
      ]),
    );
  }

  async function applyByMessageId(changes: readonly ReceiptChange[]): Promise<Map<string, ReceiptTarget>> {
    // Asked before the writes: an answer recorded between them would make a receipt look applied that met no delivery.
    const known = await targetsOf(changes.map(({ messageId }) => messageId));
    if (known.size === 0) return known;
    const stages = new Map<string, Document[]>();
    for (const change of changes) {
      const isErased = known.has(change.messageId) && known.get(change.messageId)!.phone === undefined;
      const stage = receiptStage(isErased ? nameless(change) : change);
      stages.set(change.messageId, [...(stages.get(change.messageId) ?? []), stage]);
    }
    await deliveries.bulkWrite(
      // One write a delivery, however many of its receipts come together: a write costs the database far more than a look.
      [...known].map(([messageId, { campaignId, n }]) => ({
        updateOne: { filter: { _id: deliveryId(campaignId, n), messageId }, update: stages.get(messageId)! },
      })),
      { ordered: false },
    );
    const moved = await targetsOf([...known.keys()]);
    return new Map([...known].map(([messageId, target]) => [messageId, moved.get(messageId) ?? target]));
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
      const [candidate, other] = await deliveries
        .find({ phone, state: { $in: ['unknown', 'sending'] }, claimedAt: { $gte: from, $lte: to } })
        .limit(2)
        .toArray();
      if (candidate?.state !== 'unknown' || other) return undefined;
      // Looked for afterwards: the one that was being sent has its answer by now.
      if (await deliveries.findOne({ messageId }, { projection: { _id: 1 } })) return undefined;
      const adopted = await deliveries.findOneAndUpdate(
        { _id: candidate._id, state: 'unknown', claimedAt: candidate.claimedAt! },
        {
          $set: { state: 'accepted', messageId, acceptedAt: candidate.claimedAt! },
          $unset: { ...NO_TROUBLE, token: 1 },
        },
        { returnDocument: 'after' },
      );
      return adopted ?? undefined;
    },
  };
}

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

/** WhatsApp's id of a message has the number in it, and what an error says may have. */
function nameless({ whatsappId: _id, detail: _detail, ...change }: ReceiptChange): ReceiptChange {
  return change;
}

/** What one receipt does to its delivery: its time is noted, the state only moves forward. */
function receiptStage({ kind, whatsappId, at, code, family, detail }: ReceiptChange): Document {
  const timeField = TIME_FIELD[kind];
  const moved = statesMovedBy(kind).filter((state) => ARRIVED.includes(kind) || !NOT_THIS_MESSAGE.includes(state));
  const isOfThisTry = ARRIVED.includes(kind) || { $not: [{ $in: ['$state', NOT_THIS_MESSAGE] }] };
  const ifMoved = (field: string, value: unknown): Document => ({
    [field]: { $cond: [{ $in: ['$state', moved] }, value, `$${field}`] },
  });
  const text = (field: string, value: string | undefined): Document =>
    value === undefined ? {} : ifMoved(field, { $literal: value });
  return {
    $set: {
      ...ifMoved('state', kind === 'enqueued' ? 'accepted' : kind),
      ...(timeField && { [timeField]: { $cond: [isOfThisTry, { $ifNull: [`$${timeField}`, at] }, `$${timeField}`] } }),
      ...text('whatsappId', whatsappId),
      ...(kind === 'failed'
        ? { ...text('code', code ?? 'none'), ...text('family', family), ...text('detail', detail) }
        : // A delivery receipt that overtakes a failure clears the failure's traces.
          Object.assign({}, ...Object.keys(NO_TROUBLE).map((field) => ifMoved(field, '$$REMOVE')))),
    },
  };
}

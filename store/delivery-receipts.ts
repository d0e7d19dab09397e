/** Receipts applied to deliveries: the state moves forward only, each time is kept once. */
import type { Collection } from 'mongodb';
import { statesMovedBy, type DeliveryState, type ReceiptKind } from '../domain/delivery';
import { NO_TROUBLE } from './delivery-fields';
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
  phone: string;
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
   * number claimed in the window. Undefined when there is none, or more than one.
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
        { campaignId, n, attempts, ...(waves && { waves }), state, phone: phone! },
      ]),
    );
  }

  async function applyByMessageId(changes: readonly ReceiptChange[]): Promise<Map<string, ReceiptTarget>> {
    // Asked before the writes: an answer recorded between them would make a receipt look applied that met no delivery.
    const known = await targetsOf(changes.map(({ messageId }) => messageId));
    const fitting = changes.filter(({ messageId }) => known.has(messageId));
    if (fitting.length === 0) return known;
    await deliveries.bulkWrite(
      fitting.flatMap((change) => receiptUpdates(change)),
      { ordered: true },
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
      updateOne: {
        filter: {
          messageId,
          [timeField]: { $exists: false },
          ...(!ARRIVED.includes(kind) && { state: { $nin: NOT_THIS_MESSAGE } }),
        },
        update: { $set: { [timeField]: at } },
      },
    });
  return updates;
}

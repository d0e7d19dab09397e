/** Receipts applied to deliveries: the state moves forward only, each time is kept once. */
import type { Collection } from 'mongodb';
import { RESTORED } from '../domain/restored';
import { anySpelling } from './any-spelling';
import { NO_TROUBLE } from './delivery-fields';
import type { DeliveryDocument } from './documents';
import { receiptUpdates, type ReceiptChange, type ReceiptTarget } from './receipt-updates';

export type { ReceiptChange, ReceiptTarget };

export interface DeliveryReceipts {
  /**
   * Applies receipts by messageId, else by the WhatsApp id that an earlier receipt gave (a week after the send they
   * name nothing else: facts/gupshup-whatsapp.md §4.3). Answers with the messageIds whose receipts were applied, and
   * their deliveries as they are now; a receipt of any other has changed nothing and may be tried again.
   */
  applyReceipts(changes: readonly ReceiptChange[]): Promise<Map<string, ReceiptTarget>>;
  /**
   * Settles an unknown delivery by a receipt that names no known messageId: the one unknown send to that
   * person claimed in the window, whatever the spelling, or one that is unknown since the database was restored from a
   * copy of before. Undefined when there is none, or more than one, or one that may still get the answer
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
    await deliveries.bulkWrite(receiptUpdates(known, changes), { ordered: false });
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
      const spelt = anySpelling(phone);
      const claimed = {
        phone: spelt,
        state: { $in: ['unknown', 'sending'] as const },
        claimedAt: { $gte: from, $lte: to },
      };
      const restored = { phone: spelt, state: 'unknown' as const, code: RESTORED, claimedAt: { $lt: from } };
      const [candidate, other] = [
        ...(await deliveries.find(claimed).limit(2).toArray()),
        // Sent at any time since its copy.
        ...(await deliveries.find(restored).limit(2).toArray()),
      ];
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

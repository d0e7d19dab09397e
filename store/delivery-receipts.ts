/** Receipts applied to deliveries: the state moves forward only, each time is kept once. */
import type { Collection } from 'mongodb';
import { spellingsOf } from '../domain/phones/person';
import { RESTORED } from '../domain/story/restored';
import { anySpelling } from './shared';
import { TROUBLE_FIELDS, type DeliveryDocument } from './documents';
import { receiptUpdates, type ReceiptChange, type ReceiptTarget } from './receipt-updates';

export type { ReceiptChange, ReceiptTarget };

export interface DeliveryReceipts {
  /**
   * Applies receipts by any id that an earlier event gave the message, one of this batch included: Gupshup's, else
   * WhatsApp's (a week after the send they name nothing else: gupshup.md#receipts). Answers with the delivery
   * of each as it is now; one without has changed nothing and may be tried again.
   */
  applyReceipts(changes: readonly ReceiptChange[]): Promise<(ReceiptTarget | undefined)[]>;
  /** The deliveries of these messages, by each of the names that is known. */
  named(names: readonly string[]): Promise<Map<string, ReceiptTarget>>;
  /** Which of the numbers, in any spelling, have an unknown send. */
  unknownTo(phones: readonly string[]): Promise<Set<string>>;
  /**
   * Settles an unknown delivery by a receipt with an unknown messageId: the only unknown send to that person claimed in
   * the window, in any spelling, or one that is unknown because an older backup was restored. Undefined when there is
   * none, more than one, or one that may still get the answer with this messageId.
   */
  adoptUnknown(options: {
    phone: string;
    messageId: string;
    from: Date;
    to: Date;
  }): Promise<DeliveryDocument | undefined>;
}

const FIELDS = {
  messageId: 1,
  whatsappId: 1,
  campaignId: 1,
  phone: 1,
  n: 1,
  attempts: 1,
  waves: 1,
  state: 1,
  failedAt: 1,
} as const;

export function createDeliveryReceipts(deliveries: Collection<DeliveryDocument>): DeliveryReceipts {
  async function targetsBy(field: 'messageId' | 'whatsappId', values: readonly string[]): Promise<ReceiptTarget[]> {
    if (values.length === 0) return [];
    const found = await deliveries.find({ [field]: { $in: [...new Set(values)] } }, { projection: FIELDS }).toArray();
    return found.flatMap(({ _id, messageId, ...target }) => (messageId ? [{ ...target, messageId }] : []));
  }

  async function named(names: readonly string[]): Promise<Map<string, ReceiptTarget>> {
    const found = new Map<string, ReceiptTarget>();
    for (const target of await targetsBy('messageId', names)) found.set(target.messageId, target);
    const strange = names.filter((name) => !found.has(name));
    for (const target of await targetsBy('whatsappId', strange)) found.set(target.whatsappId!, target);
    return found;
  }

  return {
    applyReceipts: async (changes) => {
      // Asked before the writes: an answer recorded between them would make a receipt look applied that met no
      // delivery.
      const known = await named(changes.flatMap(namesOf));
      const whose = resolve(changes, known);
      const applied = changes.flatMap((change, at) =>
        whose[at] ? [{ ...change, messageId: whose[at].messageId }] : [],
      );
      if (applied.length === 0) return whose;
      const targets = new Map(whose.flatMap((target) => (target ? [[target.messageId, target]] : [])));
      const updates = receiptUpdates(targets, applied);
      if (updates.length > 0) await deliveries.bulkWrite(updates, { ordered: false });
      const moved = new Map((await targetsBy('messageId', [...targets.keys()])).map((one) => [one.messageId, one]));
      return whose.map((target) => target && (moved.get(target.messageId) ?? target));
    },
    named,
    unknownTo: async (phones) => {
      const spelled = new Map(phones.flatMap((phone) => spellingsOf(phone).map((one) => [one, phone])));
      if (spelled.size === 0) return new Set();
      const found = await deliveries
        .find({ phone: { $in: [...spelled.keys()] }, state: 'unknown' }, { projection: { phone: 1 } })
        .toArray();
      return new Set(found.map(({ phone }) => spelled.get(phone!)!));
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
          $unset: { ...TROUBLE_FIELDS, token: 1 },
        },
        { returnDocument: 'after' },
      );
      return adopted ?? undefined;
    },
  };
}

function namesOf({ messageId, whatsappId }: ReceiptChange): string[] {
  return whatsappId === undefined ? [messageId] : [messageId, whatsappId];
}

/**
 * Assigns each change to its delivery: of two linked names the known one identifies the other, however long the chain.
 */
function resolve(
  changes: readonly ReceiptChange[],
  known: ReadonlyMap<string, ReceiptTarget>,
): (ReceiptTarget | undefined)[] {
  const byName = new Map(known);
  const whose = changes.map((): ReceiptTarget | undefined => undefined);
  for (let learnt = true; learnt;) {
    learnt = false;
    changes.forEach((change, at) => {
      if (whose[at]) return;
      const names = namesOf(change);
      const target = names.map((name) => byName.get(name)).find((one) => one !== undefined);
      if (!target) return;
      whose[at] = target;
      names.filter((name) => !byName.has(name)).forEach((name) => byName.set(name, target));
      learnt = true;
    });
  }
  return whose;
}

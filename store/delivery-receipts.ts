/** Receipts applied to deliveries: the state moves forward only, each time is kept once. */
import type { Collection } from 'mongodb';
import { atPoint } from '../config/crash-points';
import { batchesOf } from '../domain/batches';
import { spellingsOf } from '../domain/phones/person';
import { fold, STORY_FIELDS, type Receipt, type Story } from '../domain/story/fold';
import { RESTORED } from '../domain/story/restored';
import { valueOf } from './batch';
import type { FailureMarks } from './delivery-failures';
import { byIds, type DeliveryLookups } from './delivery-lookups';
import { TROUBLE_FIELDS, type DeliveryDocument } from './documents';

/** A receipt, and the message it is about. */
export interface ReceiptChange extends Receipt {
  /** Gupshup's id of the send, or another id of the message that an earlier event gave. */
  messageId: string;
}

/** The delivery that a receipt belongs to. */
export type ReceiptTarget = Pick<DeliveryDocument, '_id' | 'campaignId' | 'n' | 'attempts' | 'waves' | 'sender'> &
  Story & {
    messageId: string;
    /** Absent of an erased person: the receipt counts, and nothing else of it may be kept. */
    phone?: string;
  };

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

const FIELDS = ['campaignId', 'n', 'attempts', 'waves', 'sender', 'messageId', 'phone', ...STORY_FIELDS] as const;
const PROJECTION = Object.fromEntries(FIELDS.map((field) => [field, 1 as const]));
/** A delivery that others change at the same time is folded again, so often at most: each time it has moved on. */
const MOST_FOLDS = 20;

export function createDeliveryReceipts(
  deliveries: Collection<DeliveryDocument>,
  { lookups, failures }: { lookups: DeliveryLookups; failures: Pick<FailureMarks, 'mark'> },
): DeliveryReceipts {
  async function targets(ids: readonly string[]): Promise<ReceiptTarget[]> {
    const found = await byIds(deliveries, ids, {}, PROJECTION);
    return found.flatMap(({ messageId, ...target }) => (messageId ? [{ ...target, messageId }] : []));
  }

  async function named(names: readonly string[]): Promise<Map<string, ReceiptTarget>> {
    const asked = new Set(names);
    const found = await targets(await lookups.ofMessages([...asked]));
    const byName = new Map<string, ReceiptTarget>();
    // What the message of an earlier try was called names the delivery no more.
    for (const target of found)
      if (target.whatsappId && asked.has(target.whatsappId)) byName.set(target.whatsappId, target);
    for (const target of found) if (asked.has(target.messageId)) byName.set(target.messageId, target);
    return byName;
  }

  /** Writes each delivery once, whatever its receipts. Answers with the deliveries as they are then. */
  async function write(
    known: ReadonlyMap<string, ReceiptTarget>,
    receipts: ReadonlyMap<string, readonly ReceiptChange[]>,
  ): Promise<Map<string, ReceiptTarget>> {
    const moved = new Map(known);
    let left = [...known.values()];
    for (let folds = 0; left.length > 0; folds++) {
      if (folds === MOST_FOLDS) throw new Error(`${left.length} deliveries change faster than receipts can be applied`);
      const updates = left.flatMap((before): Folded[] => {
        const own = receipts.get(before.messageId)!;
        const after = fold(before, before.phone === undefined ? own.map(nameless) : own);
        moved.set(before.messageId, after);
        const changed = changesOf(before, after);
        return changed ? [{ before, after, ...changed }] : [];
      });
      if (updates.length === 0) break;
      // First, as with every id that leads to a delivery.
      await lookups.addMessages(
        updates.flatMap(({ before, after: { whatsappId } }) =>
          whatsappId === undefined || whatsappId === before.whatsappId
            ? []
            : [{ messageId: whatsappId, deliveryId: before._id }],
        ),
      );
      const written = await atPoint(
        'fold',
        () => writeFolded(deliveries, updates),
        () =>
          updates.map(({ before: { _id: id, messageId, state: from }, after: { state: to } }) => ({
            ...{ id, messageId, from, to },
            receipts: receipts.get(messageId)!.map(({ kind }) => kind),
          })),
      );
      const failed = updates.filter(({ after }) => after.state === 'failed');
      await failures.mark(failed.map(({ before }) => before.campaignId));
      if (written === updates.length) break;
      const now = new Map((await targets(updates.map(({ before }) => before._id))).map((one) => [one.messageId, one]));
      // One that has another message by now is that message's.
      left = updates.flatMap(({ before: { messageId } }) => now.get(messageId) ?? []);
    }
    return moved;
  }

  return {
    applyReceipts: async (changes) => {
      // Asked before the writes: an answer recorded between them would make a receipt look applied that met no
      // delivery.
      const known = await named(changes.map(({ messageId }) => messageId));
      const found = resolve(changes, known);
      // Most are known by the first of their names.
      const others = changes.flatMap(({ whatsappId }, at) => (found[at] ? [] : (whatsappId ?? [])));
      const whose = others.length > 0 ? resolve(changes, new Map([...known, ...(await named(others))])) : found;
      const met = new Map(whose.flatMap((target) => (target ? [[target.messageId, target] as const] : [])));
      const receipts = new Map([...met.keys()].map((messageId) => [messageId, [] as ReceiptChange[]]));
      changes.forEach((change, at) => {
        if (whose[at]) receipts.get(whose[at].messageId)!.push(change);
      });
      const moved = await write(met, receipts);
      return whose.map((target) => target && (moved.get(target.messageId) ?? target));
    },
    named,
    unknownTo: async (phones) => {
      const spelled = new Map(phones.flatMap((phone) => spellingsOf(phone).map((one) => [one, phone])));
      if (spelled.size === 0) return new Set();
      const ids = await lookups.toPhones([...spelled.keys()]);
      const found = await byIds(deliveries, ids, { state: 'unknown' }, { phone: 1 });
      return new Set(found.flatMap(({ phone }) => (phone && spelled.get(phone)) ?? []));
    },
    adoptUnknown: async ({ phone, messageId, from, to }) => {
      const ids = await lookups.toPerson(phone);
      const claimed = {
        state: { $in: ['unknown', 'sending'] as const },
        claimedAt: { $gte: from, $lte: to },
      };
      const restored = { state: 'unknown' as const, code: RESTORED, claimedAt: { $lt: from } };
      const [candidate, other] = [
        ...(await byIds(deliveries, ids, claimed)),
        // Sent at any time since its copy.
        ...(await byIds(deliveries, ids, restored)),
      ];
      if (candidate?.state !== 'unknown' || other) return undefined;
      // Looked for afterwards: the one that was being sent has its answer by now.
      if ((await named([messageId])).size > 0) return undefined;
      await lookups.addMessages([{ messageId, deliveryId: candidate._id }]);
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

/** A delivery before and after its receipts, and what differs. */
interface Folded {
  before: ReceiptTarget;
  after: ReceiptTarget;
  set: Partial<Story>;
  gone: (keyof Story)[];
}

/** Undefined if nothing differs. */
function changesOf(before: Story, after: Story): Pick<Folded, 'set' | 'gone'> | undefined {
  const changed = STORY_FIELDS.filter((field) => after[field] !== before[field]);
  if (changed.length === 0) return undefined;
  const set = Object.fromEntries(
    changed.flatMap((field) => (after[field] === undefined ? [] : [[field, after[field]]])),
  );
  return { set, gone: changed.filter((field) => after[field] === undefined) };
}

/** So many are one statement: in it each looks itself up among all (0.45 ms each of SecantusDB; of 50, 0.49). */
const TOGETHER = 25;

/**
 * Writes what differs. Answers with how many deliveries were as they had been read, and have changed; the others are of
 * another state or try by now. Those that only gain fields, nearly all, go many to a statement: half as dear as a statement each.
 */
async function writeFolded(deliveries: Collection<DeliveryDocument>, all: readonly Folded[]): Promise<number> {
  const gaining = all.filter(({ gone }) => gone.length === 0);
  let matched = 0;
  for (const state of new Set(gaining.map(({ before }) => before.state))) {
    const alike = gaining.filter(({ before }) => before.state === state);
    for (const part of batchesOf(alike, TOGETHER)) {
      const ids = part.map(({ before }) => before._id);
      const messageIds = part.map(({ before }) => before.messageId);
      // One that has another message by now gains nothing: not found, it takes the last.
      const gained = valueOf('$messageId', messageIds, [...part.map(({ set }) => set), {}]);
      const { modifiedCount } = await deliveries.updateMany({ _id: { $in: ids }, state }, [
        { $replaceWith: { $mergeObjects: ['$$ROOT', gained] } },
      ]);
      matched += modifiedCount;
    }
  }
  const losing = all.filter(({ gone }) => gone.length > 0);
  if (losing.length === 0) return matched;
  const { matchedCount } = await deliveries.bulkWrite(
    losing.map(({ before: { _id, messageId, state }, set, gone }) => ({
      updateOne: {
        filter: { _id, messageId, state },
        update: {
          ...(Object.keys(set).length > 0 && { $set: set }),
          $unset: Object.fromEntries(gone.map((field) => [field, 1 as const])),
        },
      },
    })),
    { ordered: false },
  );
  return matched + matchedCount;
}

/** WhatsApp's id of a message has the number in it, and what an error says may have. */
function nameless({ whatsappId: _id, detail: _detail, ...receipt }: ReceiptChange): Receipt {
  return receipt;
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

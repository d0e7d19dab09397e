/** Receipts as updates of deliveries: one pipeline for all deliveries whose receipts say the same. */
import type { AnyBulkWriteOperation, Document, Filter } from 'mongodb';
import { statesMovedBy, type DeliveryState, type ReceiptKind } from '../domain/story/delivery';
import { batchesOf } from '../domain/batches';
import { valueOf } from './batch';
import { deliveryId, TROUBLE_FIELDS, type DeliveryDocument } from './documents';

/** A receipt ready to be applied. `billing` only reveals a message's WhatsApp id. */
export interface ReceiptChange {
  kind: ReceiptKind | 'billing';
  /** Gupshup's id of the send, or another id of the message that an earlier event gave. */
  messageId: string;
  whatsappId?: string;
  at: Date;
  code?: string;
  family?: string;
  detail?: string;
}

/** The delivery that a receipt belongs to. */
export type ReceiptTarget = Pick<
  DeliveryDocument,
  'campaignId' | 'n' | 'attempts' | 'waves' | 'state' | 'whatsappId' | 'failedAt'
> & {
  messageId: string;
  /** Absent of an erased person: the receipt counts, and nothing else of it may be kept. */
  phone?: string;
};

/** Receipts of one delivery, in the order of their arrival. */
interface Change {
  messageId: string;
  target: ReceiptTarget;
  changes: readonly ReceiptChange[];
}
/** Deliveries whose receipts say the same, but for times and ids. */
type Group = readonly Change[];

/** Deliveries of one statement: each looks itself up among them, so that many more would cost more than they save. */
const MOST_TOGETHER = 100;

/**
 * Applies receipts to the deliveries they name: one statement for all with the same effect, and one change per
 * delivery, however many of its receipts arrive together. A write costs the database far more than a read, and each
 * statement is made durable separately.
 */
export function receiptUpdates(
  targets: ReadonlyMap<string, ReceiptTarget>,
  changes: readonly ReceiptChange[],
): AnyBulkWriteOperation<DeliveryDocument>[] {
  const byMessage = groupBy(changes, ({ messageId }) => messageId);
  const all = [...targets].map(([messageId, target]) => {
    const own = byMessage.get(messageId)!.filter(({ kind }) => kind !== 'billing' || target.whatsappId === undefined);
    return { messageId, target, changes: target.phone === undefined ? own.map(nameless) : own };
  });
  const changing = all.filter(({ changes: own }) => own.length > 0);
  const groups = [...groupBy(changing, (one) => likeness(one.changes)).values()];
  return groups
    .flatMap((group) => batchesOf(group, MOST_TOGETHER))
    .map((part) => ({ updateMany: { filter: filterOf(part), update: stagesOf(part) } }));
}

/** The same for changes that one pipeline can make. Failures are few, and each says something else. */
function likeness(changes: readonly ReceiptChange[]): string {
  return changes
    .map(({ kind, whatsappId, messageId }) =>
      [kind, whatsappId === undefined ? '' : 'named', kind === 'failed' ? messageId : ''].join('/'),
    )
    .join(' ');
}

function filterOf(group: Group): Filter<DeliveryDocument> {
  return {
    _id: { $in: group.map(({ target: { campaignId, n } }) => deliveryId(campaignId, n)) },
    messageId: { $in: group.map(({ messageId }) => messageId) },
  };
}

/** One stage for each of their receipts, with times and ids by the delivery. */
function stagesOf(group: Group): Document[] {
  const messageIds = group.map(({ messageId }) => messageId);
  return group[0]!.changes.map((change, index) =>
    receiptStage(change, {
      at: valueOf(
        '$messageId',
        messageIds,
        group.map(({ changes }) => changes[index]!.at),
      ),
      whatsappId: valueOf(
        '$messageId',
        messageIds,
        group.map(({ changes }) => changes[index]!.whatsappId),
      ),
    }),
  );
}

const TIME_FIELD: Partial<Record<ReceiptChange['kind'], string>> = {
  sent: 'sentAt',
  delivered: 'deliveredAt',
  read: 'readAt',
  failed: 'failedAt',
};

const ARRIVED: readonly ReceiptChange['kind'][] = ['delivered', 'read'];
/**
 * A delivery with a messageId is in these states when that message failed and another try is on its way: what the
 * first one left behind must not settle the second. Only that it arrived after all counts.
 */
const NOT_THIS_MESSAGE: readonly DeliveryState[] = ['queued', 'sending', 'unknown'];

/** WhatsApp's id of a message has the number in it, and what an error says may have. */
function nameless({ whatsappId: _id, detail: _detail, ...change }: ReceiptChange): ReceiptChange {
  return change;
}

/** The effect of one receipt: its time is stored, the state only moves forward. */
function receiptStage(
  { kind, whatsappId, code, family, detail }: ReceiptChange,
  values: { at: Document; whatsappId: Document },
): Document {
  if (kind === 'billing') return whatsappId === undefined ? { $set: {} } : { $set: otherName(values.whatsappId) };
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
      ...(timeField && {
        [timeField]: { $cond: [isOfThisTry, { $ifNull: [`$${timeField}`, values.at] }, `$${timeField}`] },
      }),
      // Known from then on by this id too. Beside a failure it may be one of Gupshup's that no other receipt names.
      ...(whatsappId !== undefined &&
        (kind === 'failed'
          ? otherName(values.whatsappId)
          : { whatsappId: { $cond: [isOfThisTry, values.whatsappId, '$whatsappId'] } })),
      ...(kind === 'failed'
        ? { ...text('code', code ?? 'none'), ...text('family', family), ...text('detail', detail) }
        : // A delivery receipt that overtakes a failure clears the failure's traces.
          Object.assign({}, ...Object.keys(TROUBLE_FIELDS).map((field) => ifMoved(field, '$$REMOVE')))),
    },
  };
}

/** A second id, where there is none yet and the message is this try's. */
function otherName(value: Document): Document {
  const ofThisTry = { $not: [{ $in: ['$state', NOT_THIS_MESSAGE] }] };
  return { whatsappId: { $cond: [ofThisTry, { $ifNull: ['$whatsappId', value] }, '$whatsappId'] } };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

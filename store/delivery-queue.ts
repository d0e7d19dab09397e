/**
 * The queue of a campaign: what is due, what goes back into it, what leaves it without being sent; and what becomes of
 * it when the database was restored from a copy.
 */
import type { Collection, Filter } from 'mongodb';
import { atPoint } from '../config/crash-points';
import type { SkipReason } from '../domain/story/delivery';
import { RESTORED, restoredTrouble } from '../domain/story/restored';
import type { FailureMarks } from './delivery-failures';
import { ofCampaign } from './delivery-lookups';
import { type DeliveryDocument, deliveryId } from './documents';

/** Filter: without a due time, or due by `now`. Not as $or: SecantusDB reads the whole collection for one, beside an _id too. */
export function dueBy(now: Date): { dueAt: { $not: { $gt: Date } } } {
  return { dueAt: { $not: { $gt: now } } };
}

/** Which failed deliveries are meant: all, those of families or codes, or named ones. */
interface FailedSelection {
  families?: readonly string[];
  codes?: readonly string[];
  ns?: readonly number[];
  messageIds?: readonly string[];
}

export interface DeliveryQueue {
  /** Numbers of queued deliveries from `after` on that are due by `now`, ascending. */
  due(campaignId: string, options: { after: number; limit: number; now: Date }): Promise<number[]>;
  /** Numbers below `before` of queued ones that have a due time, and it has come; and when the next of the others is due. */
  dueRetries(
    campaignId: string,
    options: { before: number; limit: number; now: Date },
  ): Promise<{ due: number[]; next?: Date }>;
  /** When the next queued delivery is due, if any waits. */
  nextDue(campaignId: string): Promise<Date | undefined>;
  /** How many are sendable (numbers 0…sendable−1), and the first of them that waits, if any does. */
  place(campaignId: string): Promise<{ sendable: number; next?: number }>;
  /** Claims that are still held. */
  inFlight(campaignId: string): Promise<number[]>;
  /** Everything still queued becomes skipped(cancelled). */
  skipQueued(campaignId: string, reason: SkipReason): Promise<void>;
  /** Failed deliveries that still wait for a retry have failed for good; others queued are skipped(cancelled). */
  giveUpQueued(campaignId: string): Promise<void>;
  /** Failed ones go back to the queue, due at `dueAt`; `wave`: into a later wave. Answers with how many. */
  requeueFailed(campaignId: string, selection: FailedSelection, dueAt: Date, wave?: boolean): Promise<number>;
  /**
   * Failed deliveries waiting for their next try become due at `dueAt`; people from whom WhatsApp withholds messages
   * keep their next wave. Returns how many are due by then.
   */
  bringForward(campaignId: string, selection: FailedSelection, dueAt: Date): Promise<number>;
  /**
   * An admin's word on sends without an answer: they count as accepted, or are queued again. Answers with how many.
   * `claimedBefore`: later ones are left alone.
   */
  decideUnknown(campaignId: string, choice: 'assume_sent' | 'send_again', claimedBefore?: Date): Promise<number>;
}

/**
 * What an earlier message of the delivery left. Its code stays, so that a retry that never comes still shows it; its
 * messageId stays until the next one is known, because the message may have arrived after all.
 */
const TRACES = { claimedAt: 1, acceptedAt: 1, sentAt: 1, failedAt: 1, whatsappId: 1, assumed: 1 } as const;

export function createDeliveryQueue(
  deliveries: Collection<DeliveryDocument>,
  failures: Pick<FailureMarks, 'mark'>,
): DeliveryQueue {
  return {
    due: async (campaignId, { after, limit, now }) => {
      const found = await deliveries
        .find(
          {
            ...ofCampaign(campaignId),
            state: 'queued',
            n: { $gte: after },
            ...dueBy(now),
          },
          { projection: { n: 1 } },
        )
        .sort({ n: 1 })
        .limit(limit)
        .toArray();
      return found.map(({ n }) => n);
    },
    dueRetries: async (campaignId, { before, limit, now }) => {
      const waiting = deliveries.find(
        { ...ofCampaign(campaignId), state: 'queued', n: { $lt: before }, dueAt: { $exists: true } },
        { projection: { n: 1, dueAt: 1 } },
      );
      const found = await waiting
        .sort({ dueAt: 1 })
        .limit(limit + 1)
        .toArray();
      const due = found.slice(0, limit).filter(({ dueAt }) => dueAt! <= now);
      const next = found[due.length]?.dueAt;
      return { due: due.map(({ n }) => n), ...(next && { next }) };
    },
    nextDue: async (campaignId) => {
      const [next] = await deliveries
        .find({ ...ofCampaign(campaignId), state: 'queued' }, { projection: { dueAt: 1 } })
        .sort({ dueAt: 1 })
        .limit(1)
        .toArray();
      return next && (next.dueAt ?? new Date(0));
    },
    place: async (campaignId) => {
      const edge = async (filter: object, order: 1 | -1): Promise<number | undefined> =>
        (
          await deliveries
            .find({ ...ofCampaign(campaignId), ...filter }, { projection: { n: 1 } })
            .sort({ n: order })
            .limit(1)
            .toArray()
        )[0]?.n;
      const last = await edge({ state: { $ne: 'skipped' } }, -1);
      const next = await edge({ state: 'queued' }, 1);
      return { sendable: last === undefined ? 0 : last + 1, ...(next !== undefined && { next }) };
    },
    inFlight: async (campaignId) =>
      (await deliveries.find({ ...ofCampaign(campaignId), state: 'sending' }, { projection: { n: 1 } }).toArray()).map(
        ({ n }) => n,
      ),
    skipQueued: async (campaignId, reason) =>
      void (await deliveries.updateMany(
        { ...ofCampaign(campaignId), state: 'queued' },
        { $set: { state: 'skipped', skipReason: reason }, $unset: { dueAt: 1 } },
      )),
    giveUpQueued: async (campaignId) => {
      const { modifiedCount } = await deliveries.updateMany(
        { ...ofCampaign(campaignId), state: 'queued', code: { $exists: true } },
        { $set: { state: 'failed', failedAt: new Date() }, $unset: { dueAt: 1 } },
      );
      if (modifiedCount > 0) await failures.mark([campaignId]);
      await deliveries.updateMany(
        { ...ofCampaign(campaignId), state: 'queued' },
        { $set: { state: 'skipped', skipReason: 'cancelled' } },
      );
    },
    requeueFailed: async (campaignId, selection, dueAt, wave = false) => {
      const { modifiedCount } = await atPoint(
        'wave',
        () =>
          deliveries.updateMany(
            { state: 'failed', ...selected(campaignId, selection) },
            { $set: { state: 'queued', dueAt }, $unset: TRACES, ...(wave && { $inc: { waves: 1 } }) },
          ),
        () => [{ campaignId, ...selection }],
      );
      return modifiedCount;
    },
    bringForward: async (campaignId, selection, dueAt) => {
      const hasFailed: Filter<DeliveryDocument> = { code: { $exists: true }, ...selected(campaignId, selection) };
      const keepsItsWave: Filter<DeliveryDocument> = { waves: { $gt: 0 }, dueAt: { $gt: dueAt } };
      const { matchedCount } = await deliveries.updateMany(
        { state: 'queued', ...hasFailed, $nor: [keepsItsWave] },
        { $set: { dueAt } },
      );
      return matchedCount;
    },
    decideUnknown: async (campaignId, choice, claimedBefore) => {
      const { modifiedCount } = await deliveries.updateMany(
        { ...ofCampaign(campaignId), state: 'unknown', ...(claimedBefore && { claimedAt: { $lt: claimedBefore } }) },
        choice === 'assume_sent'
          ? [
              { $set: { state: 'accepted', acceptedAt: '$claimedAt', assumed: true } },
              { $unset: ['token', 'code', 'detail'] },
            ]
          : // With a due time: the first pass takes it among its first sends.
            { $set: { state: 'queued', dueAt: new Date() }, $unset: { ...TRACES, token: 1 } },
      );
      return modifiedCount;
    },
  };
}

function selected(campaignId: string, { families, codes, ns, messageIds }: FailedSelection): Filter<DeliveryDocument> {
  return {
    ...(ns ? { _id: { $in: ns.map((n) => deliveryId(campaignId, n)) } } : ofCampaign(campaignId)),
    ...(families && { family: { $in: [...families] } }),
    // Counts name failures without a code `none`; null matches the absent field.
    ...(codes && { code: { $in: codes.includes('none') ? [...codes, null as unknown as string] : [...codes] } }),
    ...(messageIds && { messageId: { $in: [...messageIds] } }),
  };
}

export interface DeliveryRestores {
  /**
   * Deliveries queued or being sent at the time of the backup become `unknown`, because they may have been sent since.
   * Returns how many. Safe to repeat.
   */
  doubt(campaignId: string, taken: Date): Promise<number>;
  /** Of these the ones from number `from` on, and those in `also`, that were never claimed go back to the queue. Answers with how many. */
  trustUnsent(campaignId: string, unsent: { from: number; also: readonly number[] }): Promise<number>;
}

export function createDeliveryRestores(deliveries: Collection<DeliveryDocument>): DeliveryRestores {
  return {
    doubt: async (campaignId, taken) => {
      const { code, detail } = restoredTrouble(taken);
      const { modifiedCount } = await deliveries.updateMany(
        { ...ofCampaign(campaignId), state: { $in: ['queued', 'sending'] } },
        // A claim's token stays: should its holder live and come with the answer, that counts.
        [
          { $set: { state: 'unknown', code, detail, claimedAt: { $ifNull: ['$claimedAt', taken] } } },
          { $unset: ['dueAt'] },
        ],
      );
      return modifiedCount;
    },
    trustUnsent: async (campaignId, { from, also }) => {
      let count = 0;
      // One after the other: SecantusDB reads the whole collection for an $or.
      for (const n of [{ $gte: from }, ...(also.length > 0 ? [{ $in: [...also] }] : [])]) {
        const { modifiedCount } = await deliveries.updateMany(
          { ...ofCampaign(campaignId), state: 'unknown', code: RESTORED, n, claims: { $not: { $gt: 0 } } },
          { $set: { state: 'queued' }, $unset: { code: 1, detail: 1, claimedAt: 1 } },
        );
        count += modifiedCount;
      }
      return count;
    },
  };
}

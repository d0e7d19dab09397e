/**
 * Claims on deliveries: held by exactly one attempt, written before the call, settled by its holder alone
 * (design §5). Writes of the same moment go to MongoDB together.
 */
import type { Collection } from 'mongodb';
import type { SkipReason } from '../domain/delivery';
import { batched } from './batch';
import { deliveryId, dueBy, NO_TROUBLE } from './delivery-fields';
import type { DeliveryDocument } from './documents';

/** What an attempt that holds the claim may record. */
export type Settlement =
  | { to: 'accepted'; messageId: string }
  | { to: 'failed'; code: string; family: string; detail: string }
  | { to: 'skipped'; reason: SkipReason; detail?: string }
  | { to: 'unknown'; code: string; detail: string }
  /** Back in the queue; with `dueAt`, not before then. `wave`: into a later wave. */
  | { to: 'queued'; dueAt?: Date; code?: string; detail?: string; countAttempt: boolean; wave?: true };

export interface DeliveryClaims {
  /**
   * Claims a queued delivery that is due for one attempt, durably. Answers with the delivery as it now is: the claim is
   * held only if `token` is the caller's. `undefined` when there is no such delivery.
   */
  claim(campaignId: string, n: number, token: string): Promise<DeliveryDocument | undefined>;
  /** Records the outcome of the attempt that holds `token`. False when it no longer holds it. */
  settle(campaignId: string, n: number, token: string, settlement: Settlement): Promise<boolean>;
  /** Makes a claim that nobody can finish any more `unknown`. False when it has been settled meanwhile. */
  abandon(campaignId: string, n: number, token: string): Promise<boolean>;
  /** The same for every claim of the campaign. */
  abandonAll(campaignId: string): Promise<void>;
}

const ABANDONED = {
  $set: {
    state: 'unknown' as const,
    code: 'interrupted',
    detail: 'the attempt that had claimed it died before it recorded an answer',
  },
};

export function createDeliveryClaims(deliveries: Collection<DeliveryDocument>): DeliveryClaims {
  const claim = batched(async (calls: readonly { id: string; token: string }[]) => {
    const now = new Date();
    await deliveries.bulkWrite(
      calls.map(({ id, token }) => ({
        updateOne: {
          // An attempt that is repeated after its worker died may come before the time that the first one set.
          filter: { _id: id, state: 'queued' as const, ...dueBy(now) },
          update: { $set: { state: 'sending', token, claimedAt: now }, $unset: { settledBy: 1, inRoom: 1 } },
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

  return {
    claim: (campaignId, n, token) => claim({ id: deliveryId(campaignId, n), token }),
    settle: (campaignId, n, token, settlement) => settle({ id: deliveryId(campaignId, n), token, settlement }),
    abandon: async (campaignId, n, token) => {
      const { modifiedCount } = await deliveries.updateOne(
        { _id: deliveryId(campaignId, n), state: 'sending', token },
        ABANDONED,
      );
      return modifiedCount === 1;
    },
    abandonAll: async (campaignId) => void (await deliveries.updateMany({ campaignId, state: 'sending' }, ABANDONED)),
  };
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
      const { dueAt, code, detail, countAttempt, wave } = settlement;
      return {
        $set: {
          state: 'queued',
          settledBy: token,
          ...(dueAt && { dueAt }),
          ...(code && { code }),
          ...(detail && { detail }),
        },
        $unset: { token: 1, claimedAt: 1 },
        $inc: { attempts: countAttempt ? 1 : 0, ...(wave && { waves: 1 }) },
      };
    }
  }
}

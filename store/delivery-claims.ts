/**
 * Claims on deliveries: held by exactly one attempt, written before the call, settled by its holder alone.
 * Writes of the same moment go to MongoDB together.
 */
import type { Collection } from 'mongodb';
import { batched } from './batch';
import { deliveryId, dueBy, valueOf } from './delivery-fields';
import type { DeliveryDocument } from './documents';

export interface DeliveryClaims {
  /**
   * Claims a queued delivery that is due for one attempt, durably. Answers with the delivery as it now is: the claim is
   * held only if `token` is the caller's. `undefined` when there is no such delivery.
   */
  claim(campaignId: string, n: number, token: string): Promise<DeliveryDocument | undefined>;
  /** Makes a claim that nobody can finish any more `unknown`. False when it has been settled meanwhile. */
  abandon(campaignId: string, n: number, token: string): Promise<boolean>;
  /** The same for every claim of the campaign. */
  abandonAll(campaignId: string): Promise<void>;
  /** How often the delivery has been claimed; 0 also when there is none. */
  claimsOf(campaignId: string, n: number): Promise<number>;
}

const ABANDONED = {
  $set: {
    state: 'unknown' as const,
    code: 'interrupted',
    detail: 'the attempt that had claimed it died before it recorded an answer',
  },
};

export function createDeliveryClaims(deliveries: Collection<DeliveryDocument>): DeliveryClaims {
  // Writes of a batch that are alike are one statement: as many of them would each be made durable on their own.
  const claim = batched(async (calls: readonly { id: string; token: string }[]) => {
    const now = new Date();
    const ids = calls.map(({ id }) => id);
    const tokens = calls.map(({ token }) => token);
    await deliveries.updateMany(
      // An attempt that is repeated after its worker died may come before the time that the first one set.
      { _id: { $in: ids }, state: 'queued', ...dueBy(now) },
      [
        {
          $set: {
            state: 'sending',
            token: valueOf('$_id', ids, tokens),
            claimedAt: now,
            claims: { $add: [{ $ifNull: ['$claims', 0] }, 1] },
          },
        },
        { $unset: ['settledBy', 'inRoom'] },
      ],
    );
    const found = await deliveries.find({ _id: { $in: ids } }).toArray();
    const byId = new Map(found.map((delivery) => [delivery._id, delivery]));
    return ids.map((id) => byId.get(id));
  });

  const claimsOf = batched(async (ids: readonly string[]) => {
    const found = await deliveries.find({ _id: { $in: [...ids] } }, { projection: { claims: 1 } }).toArray();
    const byId = new Map(found.map(({ _id, claims }) => [_id, claims]));
    return ids.map((id) => byId.get(id) ?? 0);
  });

  return {
    claim: (campaignId, n, token) => claim({ id: deliveryId(campaignId, n), token }),
    abandon: async (campaignId, n, token) => {
      const { modifiedCount } = await deliveries.updateOne(
        { _id: deliveryId(campaignId, n), state: 'sending', token },
        ABANDONED,
      );
      return modifiedCount === 1;
    },
    abandonAll: async (campaignId) => void (await deliveries.updateMany({ campaignId, state: 'sending' }, ABANDONED)),
    claimsOf: (campaignId, n) => claimsOf(deliveryId(campaignId, n)),
  };
}

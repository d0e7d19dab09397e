/**
 * Claims on deliveries and what becomes of them: a claim is held by exactly one attempt, written before the call, and
 * settled by its holder alone. Writes of the same moment go to MongoDB together.
 */
import type { Collection, Filter } from 'mongodb';
import { atPoint } from '../config/crash-points';
import type { SkipReason } from '../domain/story/delivery';
import { batched, valueOf } from './batch';
import { dueBy } from './delivery-queue';
import type { FailureMarks } from './delivery-failures';
import { type DeliveryLookups, ofCampaign } from './delivery-lookups';
import { type DeliveryDocument, deliveryId, TROUBLE_FIELDS } from './documents';

export interface DeliveryClaims {
  /**
   * Claims a due, queued delivery for one attempt, durably. Returns the delivery as it now is: the claim is held only
   * if `token` is the caller's. Undefined when the delivery does not exist. `sender`: of a campaign with several.
   */
  claim(campaignId: string, n: number, token: string, sender?: string): Promise<DeliveryDocument | undefined>;
  /** Marks a claim that can no longer be finished `unknown`. False when it has been settled meanwhile. */
  abandon(campaignId: string, n: number, token: string): Promise<boolean>;
  /** The same for every claim of the campaign. */
  abandonAll(campaignId: string): Promise<void>;
  /** How often the delivery has been claimed; 0 if it does not exist. */
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
  const claim = batched(async (calls: readonly { id: string; token: string; sender?: string }[]) => {
    const now = new Date();
    const ids = calls.map(({ id }) => id);
    const tokens = calls.map(({ token }) => token);
    const bySender = calls.some(({ sender }) => sender !== undefined);
    const senders = calls.map(({ sender }) => sender ?? null);
    await atPoint(
      'claim',
      () =>
        deliveries.updateMany(
          // An attempt that is repeated after its worker died may come before the time that the first one set.
          { _id: { $in: ids }, state: 'queued', ...dueBy(now) },
          [
            {
              $set: {
                state: 'sending',
                token: valueOf('$_id', ids, tokens),
                claimedAt: now,
                ...(bySender && { sender: { $ifNull: [valueOf('$_id', ids, senders), '$$REMOVE'] } }),
                claims: { $add: [{ $ifNull: ['$claims', 0] }, 1] },
              },
            },
            { $unset: ['settledBy', 'inRoom'] },
          ],
        ),
      () => calls.map(({ id, token }) => ({ id, token })),
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
    claim: (campaignId, n, token, sender) =>
      claim({ id: deliveryId(campaignId, n), token, ...(sender !== undefined && { sender }) }),
    abandon: async (campaignId, n, token) => {
      const { modifiedCount } = await deliveries.updateOne(
        { _id: deliveryId(campaignId, n), state: 'sending', token },
        ABANDONED,
      );
      return modifiedCount === 1;
    },
    abandonAll: async (campaignId) =>
      void (await deliveries.updateMany({ ...ofCampaign(campaignId), state: 'sending' }, ABANDONED)),
    claimsOf: (campaignId, n) => claimsOf(deliveryId(campaignId, n)),
  };
}

/** What an attempt that holds the claim may record. */
export type Settlement =
  | { to: 'accepted'; messageId: string }
  | { to: 'failed'; code: string; family: string; detail: string }
  | { to: 'skipped'; reason: SkipReason; detail?: string }
  | { to: 'unknown'; code: string; detail: string }
  /** Back in the queue; with `dueAt`, not before then. `wave`: into a later wave. */
  | {
      to: 'queued';
      dueAt?: Date;
      code?: string;
      family?: string;
      detail?: string;
      countAttempt: boolean;
      wave?: true;
    };

export interface DeliverySettlements {
  /** Records the outcome of the attempt that holds `token`. False when it no longer holds it. */
  settle(campaignId: string, n: number, token: string, settlement: Settlement): Promise<boolean>;
}

interface SettleCall {
  id: string;
  token: string;
  settlement: Settlement;
}

type Accepted = Extract<Settlement, { to: 'accepted' }>;
type AcceptedCall = SettleCall & { settlement: Accepted };
type OtherCall = SettleCall & { settlement: Exclude<Settlement, Accepted> };

function isAccepted(call: SettleCall): call is AcceptedCall {
  return call.settlement.to === 'accepted';
}

function isOther(call: SettleCall): call is OtherCall {
  return !isAccepted(call);
}

/** Filter: the claim is still theirs. `unknown` counts: an attempt thought dead may come back with the answer. */
function heldBy(calls: readonly SettleCall[]): Filter<DeliveryDocument> {
  return {
    _id: { $in: calls.map(({ id }) => id) },
    token: { $in: calls.map(({ token }) => token) },
    state: { $in: ['sending', 'unknown'] },
  };
}

/**
 * How long the first of a batch waits for others (ms): answers come one by one, and a write for each would cost the
 * database twice as much. As little beside the call's own time: a crash in it leaves unknown what was answered.
 */
const GATHER_MS = 25;

export interface SettlementDependencies {
  lookups: Pick<DeliveryLookups, 'addMessages'>;
  failures: Pick<FailureMarks, 'mark'>;
  /** Hears of messages that are known from now on: their receipts may have been quicker than the answer. */
  tellAccepted: (messageIds: readonly string[]) => Promise<void>;
}

export function createDeliverySettlements(
  deliveries: Collection<DeliveryDocument>,
  { lookups, failures, tellAccepted }: SettlementDependencies,
): DeliverySettlements {
  const settle = batched(async (calls: readonly SettleCall[]) => {
    const [taken, others] = await Promise.all([
      settleAccepted(calls.filter(isAccepted)),
      settleOthers(calls.filter(isOther)),
    ]);
    if (taken + others === calls.length) return calls.map(() => true);
    // A count does not say which of them no longer held their claim; `settledBy` does.
    const found = await deliveries
      .find({ _id: { $in: calls.map(({ id }) => id) } }, { projection: { settledBy: 1 } })
      .toArray();
    const settledBy = new Map(found.map((delivery) => [delivery._id, delivery.settledBy]));
    return calls.map(({ id, token }) => settledBy.get(id) === token);
  }, GATHER_MS);

  /** Records the deliveries that Gupshup accepted. Returns how many held their claim. */
  async function settleAccepted(calls: readonly AcceptedCall[]): Promise<number> {
    if (calls.length === 0) return 0;
    const claims = calls.map(({ id, token }) => `${id}/${token}`);
    const messageIds = calls.map(({ settlement }) => settlement.messageId);
    // First: a delivery whose message nobody finds would never get its receipts.
    const names = calls.map(({ id, settlement: { messageId } }) => ({ messageId, deliveryId: id }));
    await atPoint('message-name', () => lookups.addMessages(names));
    const { modifiedCount } = await atPoint(
      'answer',
      () =>
        deliveries.updateMany(heldBy(calls), [
          {
            $set: {
              state: 'accepted',
              messageId: valueOf({ $concat: ['$_id', '/', '$token'] }, claims, messageIds),
              acceptedAt: new Date(),
              settledBy: '$token',
              attempts: { $add: ['$attempts', 1] },
            },
          },
          // Clears the reason that put an earlier attempt back or made it unknown.
          { $unset: ['token', 'dueAt', ...Object.keys(TROUBLE_FIELDS)] },
        ]),
      () => calls.map(({ id, token, settlement: { messageId } }) => ({ id, token, messageId })),
    );
    // The sends do not wait for it; what a crash here leaves asleep, the receiver finds when it looks through what
    // waits.
    void tellAccepted(messageIds).catch(() => undefined);
    return modifiedCount;
  }

  /** All the rest, few of a kind. Answers with how many held their claim. */
  async function settleOthers(calls: readonly OtherCall[]): Promise<number> {
    if (calls.length === 0) return 0;
    const { modifiedCount } = await atPoint(
      'put-back',
      () =>
        deliveries.bulkWrite(
          calls.map((call) => ({
            updateOne: { filter: heldBy([call]), update: settlementUpdate(call.settlement, call.token) },
          })),
          { ordered: false },
        ),
      () => calls.map(({ id, token, settlement: { to } }) => ({ id, token, to })),
    );
    await failures.mark(calls.filter(({ settlement }) => settlement.to === 'failed').map(({ id }) => campaignOf(id)));
    return modifiedCount;
  }

  return {
    settle: (campaignId, n, token, settlement) => settle({ id: deliveryId(campaignId, n), token, settlement }),
  };
}

function campaignOf(id: string): string {
  return id.slice(0, id.lastIndexOf(':'));
}

/** `settledBy` lets the batch see whose write won: bulkWrite does not say which of its filters matched. */
function settlementUpdate(settlement: OtherCall['settlement'], token: string): object {
  switch (settlement.to) {
    case 'failed': {
      const { code, family, detail } = settlement;
      return {
        $set: { state: 'failed', code, family, detail, failedAt: new Date(), settledBy: token },
        $unset: { token: 1, dueAt: 1 },
        $inc: { attempts: 1 },
      };
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
      const { dueAt, code, family, detail, countAttempt, wave } = settlement;
      return {
        $set: {
          state: 'queued',
          settledBy: token,
          ...(dueAt && { dueAt }),
          ...(code && { code }),
          ...(family && { family }),
          ...(detail && { detail }),
        },
        $unset: { token: 1, claimedAt: 1 },
        $inc: { attempts: countAttempt ? 1 : 0, ...(wave && { waves: 1 }) },
      };
    }
  }
}

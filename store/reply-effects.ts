/**
 * What replies are yet to do to their leads in the CRM (domain/reply-orders.ts). It stands in the reply's own document
 * (`replies`), written with the reply, so that a crash loses none, and goes with it at an erasure. What is done once for a
 * person in a campaign is besides claimed in their delivery.
 */
import type { Db } from 'mongodb';
import { nanoid } from 'nanoid';
import type { EffectCounts, EffectState, ReplyEffect } from '../domain/reply-orders';
import type { DeliveryDocument, ReplyDocument } from './documents';

/** A reply whose effects a process has taken. */
export type TakenReply = ReplyDocument & Required<Pick<ReplyDocument, 'campaignId' | 'crm' | 'crmTakenBy'>>;

export interface ReplyEffectStore {
  /** Those that are due, the oldest first, for this process alone until then. */
  take(now: Date, until: Date, limit: number): Promise<TakenReply[]>;
  /**
   * Notes that this is about to be done. `again`: it was noted before, so it may have been done. `ended`: it is settled, or
   * another reply of this person has it (`delivery`), or another process has taken the reply.
   */
  begin(taken: TakenReply, effect: ReplyEffect, delivery: string): Promise<'fresh' | 'again' | 'ended'>;
  /** What became of it. */
  settle(taken: TakenReply, effect: ReplyEffect, state: EffectState, detail?: string): Promise<void>;
  /** Nothing has left: it is as if it had not begun. */
  release(taken: TakenReply, effect: ReplyEffect): Promise<void>;
  /** What it claimed of the person's delivery is free for their next message. */
  unclaim(taken: TakenReply, effect: 'task' | 'move', delivery: string): Promise<void>;
  /** Whether somebody has dealt with it, or with the one that it joins, by now. */
  isDealtWith(taken: TakenReply): Promise<boolean>;
  putOff(taken: TakenReply, until: Date): Promise<void>;
  /** All of its effects are settled. */
  finish(taken: TakenReply): Promise<void>;
  counts(campaignId: string): Promise<EffectCounts>;
}

/** Once for a person in a campaign, however often they write. */
const ONCE: ReadonlySet<ReplyEffect> = new Set(['task', 'move']);
const ID_LENGTH = 10;

/** The part of a new reply that orders its effects. */
export function effectsOrdered(receivedAt: Date): Required<Pick<ReplyDocument, 'crm' | 'crmAt'>> {
  return { crm: { id: nanoid(ID_LENGTH), receivedAt }, crmAt: receivedAt };
}

export function createReplyEffectStore(db: Db): ReplyEffectStore {
  const replies = db.collection<ReplyDocument>('replies');
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const own = ({ _id, crmTakenBy }: TakenReply) => ({ _id, crmTakenBy });

  return {
    take: async (now, until, limit) => {
      const due = await replies
        .find({ crmAt: { $lte: now } }, { projection: { _id: 1 } })
        .sort({ crmAt: 1 })
        .limit(limit)
        .toArray();
      if (due.length === 0) return [];
      const ids = due.map(({ _id }) => _id);
      const crmTakenBy = nanoid();
      await replies.updateMany({ _id: { $in: ids }, crmAt: { $lte: now } }, { $set: { crmAt: until, crmTakenBy } });
      const taken = await replies
        .find({ _id: { $in: ids }, crmTakenBy })
        .sort({ at: 1 })
        .toArray();
      return taken as TakenReply[];
    },
    begin: async (taken, effect, delivery) => {
      const place = `crm.${effect}` as const;
      const standing = await replies.findOne(own(taken), { projection: { crm: 1 } });
      if (!standing) return 'ended';
      const state = standing.crm?.[effect];
      if (state !== undefined) return state === 'begun' ? 'again' : 'ended';
      if (ONCE.has(effect)) {
        const mark = `onReply.${effect as 'task' | 'move'}` as const;
        const { matchedCount } = await deliveries.updateOne(
          { _id: delivery, $or: [{ [mark]: { $exists: false } }, { [mark]: taken.crm.id }] },
          { $set: { [mark]: taken.crm.id } },
        );
        if (matchedCount === 0) return 'ended';
      }
      const { matchedCount } = await replies.updateOne(
        { ...own(taken), [place]: { $exists: false } },
        { $set: { [place]: 'begun' } },
      );
      return matchedCount === 1 ? 'fresh' : 'ended';
    },
    settle: async (taken, effect, state, detail) =>
      void (await replies.updateOne(own(taken), {
        $set: { [`crm.${effect}`]: state, ...(detail !== undefined && { 'crm.detail': detail }) },
      })),
    release: async (taken, effect) =>
      void (await replies.updateOne(
        { ...own(taken), [`crm.${effect}`]: 'begun' },
        { $unset: { [`crm.${effect}`]: 1 } },
      )),
    unclaim: async ({ crm }, effect, delivery) => {
      const mark = `onReply.${effect}` as const;
      await deliveries.updateOne({ _id: delivery, [mark]: crm.id }, { $unset: { [mark]: 1 } });
    },
    isDealtWith: async ({ _id, joins = _id }) =>
      (await replies.findOne({ _id: joins, done: { $exists: true } }, { projection: { _id: 1 } })) !== null,
    putOff: async (taken, crmAt) =>
      void (await replies.updateOne(own(taken), { $set: { crmAt }, $unset: { crmTakenBy: 1 } })),
    finish: async (taken) => void (await replies.updateOne(own(taken), { $unset: { crmAt: 1, crmTakenBy: 1 } })),
    counts: async (campaignId) => {
      const found = await replies.find({ campaignId, crm: { $exists: true } }, { projection: { crm: 1 } }).toArray();
      const counts: EffectCounts = {};
      for (const { crm } of found)
        for (const effect of ['note', 'task', 'move'] as const) {
          const state = crm?.[effect];
          if (state === undefined) continue;
          const of = (counts[effect] ??= {});
          of[state] = (of[state] ?? 0) + 1;
        }
      return counts;
    },
  };
}

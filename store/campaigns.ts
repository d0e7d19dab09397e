/** `campaigns`: what was asked for, and the state that the campaign's workflow has reached; and `seriesMissed`. */
import type { CanaryLook } from '../domain/canary';
import type { Db, Filter } from 'mongodb';
import { atPoint } from '../config/crash-points';
import type { Actor } from '../domain/story/actor';
import { type CampaignState, type StateReason, statesBefore } from '../domain/story/campaign';
import type { DeliveryState } from '../domain/story/delivery';
import type { LedgerReport } from '../domain/story/ledger';
import type { CampaignVariant } from '../domain/campaign-variants';
import { standing, type CampaignSender } from '../domain/campaign-senders';
import type { Trouble } from '../domain/story/trouble';
import type { Template } from '../domain/templates/template';
import type { CampaignDocument, CampaignWinner, RecordedKind } from './documents';
import { insertNew, inParts, type Indexes } from './shared';

/** What the metrics need of a campaign: its state, its pace, its counts. */
export type CampaignFigures = Pick<
  CampaignDocument,
  '_id' | 'state' | 'sender' | 'senders' | 'rate' | 'roomWait' | 'counts' | 'countedAt'
> & { spec: Pick<CampaignDocument['spec'], 'pace' | 'hours'>; template: Pick<Template, 'id'> };

/** A campaign by its name and template. */
export type NamedCampaign = Pick<CampaignDocument, '_id' | 'test' | 'single' | 'template'> & { name: string };

export interface CampaignStore {
  /** The first campaign with an id stays; later ones are ignored. */
  insert(campaign: CampaignDocument): Promise<void>;
  find(id: string): Promise<CampaignDocument | undefined>;
  /** Whether replies to it do something in the CRM: `spec.onReply`, without reading the rest of a large document. */
  ordersOnReply(id: string): Promise<boolean>;
  /** Newest first; single sends too, tests only on request. */
  list(options: { limit: number; states?: readonly CampaignState[]; tests?: boolean }): Promise<CampaignDocument[]>;
  /** Campaigns started in `from` ≤ t < `to`, oldest first; single sends too, tests left out. */
  startedBetween(range: { from: Date; to: Date }): Promise<CampaignDocument[]>;
  /** Those of the ids that there are, as far as it matters who was sent what. */
  among(ids: readonly string[]): Promise<NamedCampaign[]>;
  /** Started campaigns that have not ended before then, the newest first; `total`: their people, as last counted. */
  sendingSince(since: Date): Promise<(NamedCampaign & { total: number })[]>;
  /** The most people whom somebody has sent one campaign to, as last counted; 0 when they have sent none. */
  largestOf(by: Actor): Promise<number>;
  /** The names of all templates that campaigns were started with, in order. */
  usedTemplates(): Promise<string[]>;
  /** A campaign of the series in one of the states, if there is one. */
  ofSeries(seriesId: string, states: readonly CampaignState[]): Promise<CampaignDocument | undefined>;
  /** Campaigns whose audience the saved list is part of, or is left out of. */
  withList(listId: string): Promise<Pick<CampaignDocument, '_id' | 'state' | 'spec'>[]>;
  /** Started campaigns that were made of this one's deliveries (in `state`), newest first. */
  followUps(campaignId: string, state?: DeliveryState): Promise<CampaignDocument[]>;
  /** Campaigns that can still send: of a sender, or all. */
  active(sender?: string): Promise<CampaignDocument[]>;
  /**
   * Moves the campaign to `state` if the table of moves allows it from where it is; repeating a move is
   * no harm. `whatever`: from any state, since the database is older than what moves it. Returns false when the move is
   * not allowed, one with a higher `order` has been made, or there is no such campaign.
   */
  move(
    id: string,
    state: CampaignState,
    options?: { reason?: StateReason; now?: Date; order?: number; whatever?: boolean },
  ): Promise<boolean>;
  /** Claims until `at` are settled, because the database was restored from a backup. */
  setRestored(id: string, at: Date): Promise<void>;
  /** Does nothing once one with a higher `order` has been set. */
  setSchedule(id: string, at: Date | undefined, order?: number): Promise<void>;
  /**
   * An admin's rate: it is not spread over a time any more. Does nothing once one with a higher `order` has been set.
   */
  setRate(id: string, perSecond: number, order?: number): Promise<void>;
  /**
   * It goes from these, at least one; `template` is the first one's copy. Does nothing once something about its senders
   * has been set with a higher `order`.
   */
  setSenders(
    id: string,
    senders: readonly CampaignSender[],
    options?: { template?: Template; order?: number },
  ): Promise<void>;
  /** The copy of its template that a sender has now. */
  setCopy(id: string, sender: string, template: Template): Promise<void>;
  /** One of its several senders cannot send now. Likewise with `order`. */
  setAside(id: string, aside: { sender: string; trouble: Trouble }, order?: number): Promise<void>;
  /** This one of its several senders can send again; `undefined`: all can. Likewise with `order`. */
  setBack(id: string, sender: string | undefined, order?: number): Promise<void>;
  /** The further variants with their copies as they are now. */
  setVariants(id: string, variants: readonly CampaignVariant[]): Promise<void>;
  /** Its people are divided: so many are in the test of variants. Forgets what an earlier attempt knew. */
  beginTest(id: string, test: number): Promise<void>;
  /** The figures of the test of variants as judged last. */
  keepVerdict(id: string, judged: NonNullable<CampaignWinner['judged']>): Promise<void>;
  /** The variant that the rest gets. What was settled first holds, and is answered. */
  settleWinner(id: string, settled: NonNullable<CampaignWinner['settled']>): Promise<number>;
  /** The same template under the id that it has now. */
  setTemplate(id: string, template: Template): Promise<void>;
  /** Sets the rate that spreads it as its spec asks, now that its people are counted. An admin's rate stays. */
  setSpreadRate(id: string, perSecond: number): Promise<void>;
  /** Its first people have been looked at. */
  setCanaryLook(id: string, look: CanaryLook): Promise<void>;
  /** It waits for room in the messaging limit. */
  setRoomWait(id: string, wait: { limit: number; kept?: number; until: Date }): Promise<void>;
  /** A cancel was accepted; the campaign ends by itself. */
  setCancelAsked(id: string, at: Date): Promise<void>;
  keepCounts(id: string, counts: LedgerReport, at: Date): Promise<void>;
  /** As the last of them. */
  addWatcher(id: string, watcher: { chatId: number; messageId: number }): Promise<void>;
  removeWatcher(id: string, watcher: { chatId: number; messageId: number }): Promise<void>;
  /** Campaigns whose progress some chat is watching. */
  watched(): Promise<CampaignDocument[]>;
  /** Those in `states`, and those that have ended since; tests too. */
  figures(states: readonly CampaignState[], endedSince: Date): Promise<CampaignFigures[]>;
}

export const CAMPAIGN_INDEXES: Indexes = {
  campaigns: [
    { key: { createdAt: -1 } },
    { key: { sender: 1, state: 1 } },
    { key: { 'followUpOf.campaignId': 1 }, partialFilterExpression: { 'followUpOf.campaignId': { $exists: true } } },
    { key: { seriesId: 1 }, partialFilterExpression: { seriesId: { $exists: true } } },
  ],
};

export function createCampaignStore(db: Db): CampaignStore {
  const campaigns = db.collection<CampaignDocument>('campaigns');

  const setSenders: CampaignStore['setSenders'] = async (id, senders, { template, order } = {}) =>
    void (await campaigns.updateOne(
      { _id: id, ...unlessLater('sender', order) },
      {
        $set: {
          sender: senders[0]!.sender,
          ...(senders.length > 1 && { senders: [...senders] }),
          ...(template && { template }),
          ...inOrder('sender', order),
        },
        ...(senders.length === 1 && { $unset: { senders: 1 } }),
      },
    ));

  async function changeSenders(
    id: string,
    change: (one: CampaignSender) => CampaignSender,
    order: number | undefined,
  ): Promise<void> {
    const { senders = [] } = (await campaigns.findOne({ _id: id })) ?? {};
    // Each by itself, and of it how it stands alone: another one, or its copy, may be written at the same time.
    for (const one of senders) {
      const changed = change(one);
      if (changed === one) continue;
      const [there, gone] = [true, false].map((isThere) =>
        STANDING.filter((field) => (changed[field] !== undefined) === isThere),
      );
      await campaigns.updateOne(
        { _id: id, 'senders.sender': one.sender, ...unlessLater('sender', order) },
        {
          $set: { ...ofElement(there!, (field) => changed[field]), ...inOrder('sender', order) },
          $unset: ofElement(gone!, () => 1 as const),
        },
      );
    }
  }

  return {
    insert: async (campaign) => void (await insertNew(campaigns, [campaign])),
    find: async (id) => (await campaigns.findOne({ _id: id })) ?? undefined,
    ordersOnReply: async (id) =>
      (await campaigns.findOne({ _id: id }, { projection: { 'spec.onReply': 1 } }))?.spec?.onReply !== undefined,
    list: ({ limit, states, tests }) =>
      campaigns
        .find({ ...(tests ? {} : LISTED), ...(states ? { state: { $in: [...states] } } : {}) })
        .sort({ createdAt: -1 })
        .limit(limit)
        .toArray(),
    startedBetween: ({ from, to }) =>
      campaigns
        .find({ ...LISTED, startedAt: { $gte: from, $lt: to } })
        .sort({ startedAt: 1 })
        .toArray(),
    among: async (ids) => {
      const projection = { 'spec.name': 1, test: 1, single: 1, template: 1 };
      const found = await inParts(ids, (part) => campaigns.find({ _id: { $in: part } }, { projection }).toArray());
      return found.map(({ spec, ...rest }) => ({ ...rest, name: spec.name }));
    },
    largestOf: async (by) => {
      const theirs = Object.fromEntries(Object.entries(by).map(([field, value]) => [`createdBy.${field}`, value]));
      const found = await campaigns
        .find({ ...theirs, ...LISTED, startedAt: { $exists: true } }, { projection: { counts: 1 } })
        .toArray();
      return Math.max(0, ...found.map(({ counts }) => (counts ? counts.ledger.total - counts.ledger.skipped : 0)));
    },
    usedTemplates: async () =>
      (await campaigns.distinct('template.name', { ...LISTED, startedAt: { $exists: true } })).sort(),
    sendingSince: async (since) => {
      const started = {
        startedAt: { $exists: true },
        $or: [{ endedAt: { $exists: false } }, { endedAt: { $gte: since } }],
      };
      const projection = { 'spec.name': 1, test: 1, single: 1, template: 1, 'counts.ledger.total': 1 };
      const found = await campaigns
        .find(started as Filter<CampaignDocument>, { projection })
        .sort({ createdAt: -1 })
        .toArray();
      return found.map(({ spec, counts, ...rest }) => ({ ...rest, name: spec.name, total: counts?.ledger.total ?? 0 }));
    },
    withList: (listId) =>
      campaigns
        .find(
          {
            $or: ['listId', 'include.listId', 'exclude.listId'].map((field) => ({
              [`spec.audience.${field}`]: listId,
            })),
          } as Filter<CampaignDocument>,
          { projection: { state: 1, spec: 1 } },
        )
        .toArray(),
    ofSeries: async (seriesId, states) =>
      (await campaigns.findOne({ seriesId, state: { $in: [...states] } })) ?? undefined,
    followUps: (campaignId, state) => {
      const source = { kind: 'outcome', campaignId, ...(state && { states: state }) };
      const alone = Object.fromEntries(
        Object.entries(source).map(([field, value]) => [`spec.audience.${field}`, value]),
      );
      return campaigns
        .find({ $or: [alone, { 'spec.audience.include': { $elemMatch: source } }], state: { $ne: 'draft' } })
        .sort({ createdAt: -1 })
        .toArray();
    },
    active: (sender) =>
      campaigns
        .find({
          ...(sender && { $or: [{ sender }, { 'senders.sender': sender }] }),
          state: { $in: ['running', 'settling', 'paused'] },
        })
        .toArray(),
    setRestored: async (id, at) => void (await campaigns.updateOne({ _id: id }, { $set: { restoredAt: at } })),
    move: async (id, state, { reason, now = new Date(), order, whatever = false } = {}) => {
      const allowed = whatever ? {} : { state: { $in: statesBefore(state) } };
      const from = { _id: id, ...allowed, ...unlessLater('state', order) };
      const { matchedCount } = await atPoint('campaign-state', () =>
        campaigns.updateOne(from, [
          {
            $set: {
              state,
              ...inOrder('state', order),
              stateReason: reason ? { $literal: reason } : '$$REMOVE',
              stateChangedAt: { $cond: [{ $eq: ['$state', state] }, '$stateChangedAt', now] },
              ...(state === 'preparing' ? { startedAt: { $ifNull: ['$startedAt', now] } } : {}),
              ...(['completed', 'cancelled', 'failed'].includes(state)
                ? { endedAt: { $ifNull: ['$endedAt', now] } }
                : {}),
            },
          },
        ]),
      );
      return matchedCount === 1;
    },
    setSchedule: async (id, at, order) =>
      void (await campaigns.updateOne(
        { _id: id, ...unlessLater('schedule', order) },
        at ? { $set: { scheduledAt: at, ...inOrder('schedule', order) } } : { $unset: { scheduledAt: 1 } },
      )),
    setRate: async (id, perSecond, order) =>
      void (await campaigns.updateOne(
        { _id: id, ...unlessLater('rate', order) },
        { $set: { rate: { perSecond, by: 'admin' }, ...inOrder('rate', order) } },
      )),
    setSenders,
    setCopy: async (id, sender, template) => {
      await campaigns.updateOne(
        { _id: id, 'senders.sender': sender },
        { $set: { 'senders.$.templateId': template.id } },
      );
      await campaigns.updateOne({ _id: id, sender }, { $set: { template } });
    },
    setAside: (id, { sender, trouble }, order) =>
      changeSenders(id, (one) => (one.sender === sender ? standing(one, trouble, new Date()) : one), order),
    setBack: (id, sender, order) =>
      changeSenders(
        id,
        (one) => (sender === undefined || one.sender === sender ? standing(one, undefined, new Date()) : one),
        order,
      ),
    setVariants: async (id, variants) =>
      void (await campaigns.updateOne({ _id: id }, { $set: { variants: [...variants] } })),
    beginTest: async (id, test) => void (await campaigns.updateOne({ _id: id }, { $set: { winner: { test } } })),
    keepVerdict: async (id, judged) =>
      void (await campaigns.updateOne(
        { _id: id, 'winner.settled': { $exists: false } },
        { $set: { 'winner.judged': judged } },
      )),
    settleWinner: async (id, settled) => {
      await campaigns.updateOne(
        { _id: id, 'winner.settled': { $exists: false } },
        { $set: { 'winner.settled': settled } },
      );
      const found = await campaigns.findOne({ _id: id }, { projection: { winner: 1 } });
      return found?.winner?.settled?.variant ?? settled.variant;
    },
    setTemplate: async (id, template) => void (await campaigns.updateOne({ _id: id }, { $set: { template } })),
    setSpreadRate: async (id, perSecond) =>
      void (await campaigns.updateOne(
        { _id: id, 'rate.by': { $ne: 'admin' } },
        { $set: { rate: { perSecond, by: 'spread' } } },
      )),
    setCanaryLook: async (id, canaryLook) => void (await campaigns.updateOne({ _id: id }, { $set: { canaryLook } })),
    setRoomWait: async (id, roomWait) => void (await campaigns.updateOne({ _id: id }, { $set: { roomWait } })),
    setCancelAsked: async (id, at) => void (await campaigns.updateOne({ _id: id }, { $set: { cancelAskedAt: at } })),
    keepCounts: async (id, counts, countedAt) =>
      void (await atPoint('counts', () => campaigns.updateOne({ _id: id }, { $set: { counts, countedAt } }))),
    addWatcher: async (id, watcher) => {
      await campaigns.updateOne({ _id: id }, { $pull: { watchers: watcher } });
      await campaigns.updateOne({ _id: id }, { $push: { watchers: watcher } });
    },
    removeWatcher: async (id, watcher) =>
      void (await campaigns.updateOne({ _id: id }, { $pull: { watchers: watcher } })),
    watched: () => campaigns.find({ 'watchers.0': { $exists: true } }).toArray(),
    figures: (states, endedSince) =>
      campaigns
        .find({ $or: [{ state: { $in: [...states] } }, { endedAt: { $gt: endedSince } }] })
        .project<CampaignFigures>({
          ...{ state: 1, sender: 1, senders: 1, rate: 1, roomWait: 1, counts: 1, countedAt: 1 },
          ...{ 'spec.pace': 1, 'spec.hours': 1, 'template.id': 1 },
        })
        .toArray(),
  };
}

/** How a sender stands: all that `standing` changes of it. */
const STANDING = ['trouble', 'asideSince', 'asides', 'backAt'] as const;

/** These fields of the element that an update has matched, each with its value. */
function ofElement<T>(
  fields: readonly (typeof STANDING)[number][],
  valueOf: (field: (typeof STANDING)[number]) => T,
): Record<string, T> {
  return Object.fromEntries(fields.map((field) => [`senders.$.${field}`, valueOf(field)]));
}

/** Whatever is no test. A single send is a campaign of one. */
const LISTED: Filter<CampaignDocument> = { $or: [{ test: false }, { single: true }] };

/** Matches where nothing of the kind has been recorded with a higher order. */
function unlessLater(kind: RecordedKind, order: number | undefined): Filter<CampaignDocument> {
  return order === undefined ? {} : { [`recorded.${kind}`]: { $not: { $gt: order } } };
}

function inOrder(kind: RecordedKind, order: number | undefined): object {
  return order === undefined ? {} : { [`recorded.${kind}`]: order };
}

/** How far the firings of a series are known. */
interface FiringsKnown {
  /** Temporal's counter of missed firings as it then was. */
  counted: number;
  /** For all firings before it is known whether they were missed; missed ones have been reported. */
  until: Date;
}

/**
 * `seriesMissed`: which firings of a series need not be looked at any more. Everything else of a series is its
 * schedule's.
 */
export interface SeriesMissedStore {
  find(seriesId: string): Promise<FiringsKnown | undefined>;
  /** Knowledge only grows: less than what is known changes nothing. */
  know(seriesId: string, known: FiringsKnown): Promise<void>;
}

/** The collection. */
export function createSeriesMissedStore(db: Db): SeriesMissedStore {
  const missed = db.collection<FiringsKnown & { _id: string }>('seriesMissed');
  return {
    find: async (seriesId) => (await missed.findOne({ _id: seriesId })) ?? undefined,
    know: async (seriesId, known) =>
      void (await missed.updateOne({ _id: seriesId }, { $max: { ...known } }, { upsert: true })),
  };
}

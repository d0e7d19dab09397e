/**
 * `results`, `resultLeads`, `resultReadings`: what became of the leads of campaigns that ask for it. The leads stand as
 * they were when the people were frozen; a reading holds counts and sums only, and is written whole in one write.
 */
import type { Db } from 'mongodb';
import { WON_STATUS } from '../domain/audience';
import type { LeadState, ResultCell, ResultGroup } from '../domain/results';
import type { Indexes } from './shared';

/** `_id`: the campaign's. */
interface ResultsDocument {
  _id: string;
  /** The marks, in days after the campaign's end, ascending. */
  days: number[];
  /** When the leads were read first. */
  frozenAt: Date;
  /** How many leads were found among the people to be compared. */
  leads: number;
  /** Leads that have people in both groups: left out. */
  mixed: number;
  /** Why their stages could not be read then. */
  failed?: string;
  /** Marks without a reading, whose time is over. */
  missed?: number[];
  /** Nothing more is to be read. */
  closed?: true;
}

export interface ResultLead {
  _id: string;
  campaignId: string;
  leadId: number;
  /** Of the delivery of its person. */
  n: number;
  group: ResultGroup;
  variant?: number;
  /** Absent where it is not known. */
  before?: LeadState;
}

export interface ReadingDocument {
  _id: string;
  campaignId: string;
  /** The mark; 0 = somebody asked for it. */
  day: number;
  readAt: Date;
  /** The account's, ISO 4217. */
  currency: string;
  cells: ResultCell[];
}

export interface ResultsStore {
  find(campaignId: string): Promise<ResultsDocument | undefined>;
  /** Forgets what an earlier attempt kept. */
  clear(campaignId: string): Promise<void>;
  keepLeads(leads: readonly ResultLead[]): Promise<void>;
  /** Written last: with it the campaign has results. */
  begin(head: ResultsDocument): Promise<void>;
  leads(campaignId: string): AsyncIterable<ResultLead>;
  /** How many leads are counted in more than one of these campaigns, as far as they are still kept. */
  sharedLeads(campaignIds: readonly string[]): Promise<number>;
  /** In place of an earlier one with the same mark. */
  keep(reading: Omit<ReadingDocument, '_id'>): Promise<void>;
  /** The oldest first. */
  readings(campaignId: string): Promise<ReadingDocument[]>;
  /** There will be no reading at these marks. */
  miss(campaignId: string, days: readonly number[]): Promise<void>;
  close(campaignId: string): Promise<void>;
  /** Those with marks that are neither read nor given up. */
  open(): Promise<ResultsDocument[]>;
}

export const RESULT_INDEXES: Indexes = {
  resultLeads: [{ key: { campaignId: 1, n: 1 } }],
  resultReadings: [{ key: { campaignId: 1 } }],
};

export function resultLeadId(campaignId: string, leadId: number): string {
  return `${campaignId}:${leadId}`;
}

export function createResultsStore(db: Db): ResultsStore {
  const heads = db.collection<ResultsDocument>('results');
  const leads = db.collection<ResultLead>('resultLeads');
  const readings = db.collection<ReadingDocument>('resultReadings');

  return {
    find: async (_id) => (await heads.findOne({ _id })) ?? undefined,
    clear: async (campaignId) => {
      await heads.deleteOne({ _id: campaignId });
      await leads.deleteMany({ campaignId });
    },
    keepLeads: async (kept) => {
      if (kept.length > 0) await leads.insertMany([...kept], { ordered: false });
    },
    begin: async ({ _id, ...head }) => void (await heads.replaceOne({ _id }, head, { upsert: true })),
    leads: (campaignId) => leads.find({ campaignId }).sort({ n: 1 }).batchSize(1_000),
    sharedLeads: async (campaignIds) => {
      // As `leadFate` has it: what was won before, or stood nobody knows where, is counted nowhere.
      const counted = { campaignId: { $in: [...campaignIds] }, 'before.statusId': { $exists: true, $ne: WON_STATUS } };
      const [found] = await leads
        .aggregate<{ leads: number }>([
          { $match: counted },
          { $group: { _id: '$leadId', campaigns: { $sum: 1 } } },
          { $match: { campaigns: { $gt: 1 } } },
          { $count: 'leads' },
        ])
        .toArray();
      return found?.leads ?? 0;
    },
    keep: async (reading) => {
      const _id = `${reading.campaignId}:${reading.day}`;
      await readings.replaceOne({ _id }, reading, { upsert: true });
    },
    readings: (campaignId) => readings.find({ campaignId }).sort({ readAt: 1 }).toArray(),
    miss: async (_id, days) => void (await heads.updateOne({ _id }, { $addToSet: { missed: { $each: [...days] } } })),
    close: async (_id) => void (await heads.updateOne({ _id }, { $set: { closed: true } })),
    open: () => heads.find({ closed: { $exists: false } }).toArray(),
  };
}

/** `audit`: who did what and when: commands, presses and answers, who was shown a report, what was removed by hand. Entries never change. */
import type { Db, Filter, FindCursor } from 'mongodb';
import { nanoid } from 'nanoid';
import { anySpelling, type Indexes } from './shared';
import type { Actor } from '../domain/story/actor';

/**
 * - `asked`    a command of the bot or the console, a button or an answer, before it is carried out
 * - `refused`  the same, which the person's role does not allow
 * - `report`   a report was shown or sent to the person
 * - `consent_exported` a record of a person's consents was written, in a format (`what`)
 * - `changed`  what was asked for has been carried out: how it was before, and how it is now
 * The others: what was removed or renamed, and what it was.
 */
type AuditAction =
  | 'asked'
  | 'refused'
  | 'report'
  | 'changed'
  | 'suppression_removed'
  | 'consent_removed'
  | 'consent_exported'
  | 'contact_erased'
  | 'list_renamed'
  | 'list_removed';

/** Of a number: what was removed, and what it was. */
const REMOVALS: readonly AuditAction[] = ['suppression_removed', 'consent_removed'];

export interface AuditDocument {
  _id: string;
  at: Date;
  actor: Actor;
  action: AuditAction;
  /** In words of the product, without a value that anybody typed: `/new`, `campaign pause`, `users invite`. */
  what?: string;
  campaignId?: string;
  /** The person's name on Telegram, or the user of the machine. */
  name?: string;
  /** E.164 */
  phone?: string;
  /** How it was: the entry before its removal, a value before its change. */
  before?: Record<string, unknown>;
  /** How it is since. */
  after?: Record<string, unknown>;
}

export interface AuditFilter {
  /** A Telegram id, or a kind of actor. */
  who?: number | Actor['kind'];
  campaignId?: string;
  from?: Date;
  /** Exclusive. */
  to?: Date;
}

export interface AuditStore {
  record(entry: Omit<AuditDocument, '_id'>): Promise<void>;
  /** What was removed of a number (E.164), newest first. */
  of(phone: string, limit: number): Promise<AuditDocument[]>;
  /** Newest first. */
  find(filter: AuditFilter, page?: { skip?: number; limit?: number }): FindCursor<AuditDocument>;
}

export const AUDIT_INDEXES: Indexes = {
  audit: [
    { key: { phone: 1, at: -1 } },
    { key: { at: -1 } },
    { key: { campaignId: 1, at: -1 }, partialFilterExpression: { campaignId: { $exists: true } } },
  ],
};

export function createAuditStore(db: Db): AuditStore {
  const audit = db.collection<AuditDocument>('audit');
  return {
    record: async (entry) => void (await audit.insertOne({ _id: nanoid(), ...entry })),
    of: (phone, limit) =>
      audit
        .find({ phone: anySpelling(phone), action: { $in: [...REMOVALS] } })
        .sort({ at: -1 })
        .limit(limit)
        .toArray(),
    find: ({ who, campaignId, from, to }, { skip = 0, limit = 0 } = {}) => {
      const filter: Filter<AuditDocument> = {
        ...(typeof who === 'number' && { 'actor.id': who }),
        ...(typeof who === 'string' && { 'actor.kind': who }),
        ...(campaignId !== undefined && { campaignId }),
        ...((from ?? to) && { at: { ...(from && { $gte: from }), ...(to && { $lt: to }) } }),
      };
      return audit.find(filter).sort({ at: -1 }).skip(skip).limit(limit) as FindCursor<AuditDocument>;
    },
  };
}

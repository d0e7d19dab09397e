/** `audit`: what was removed or changed by hand, by whom and when. Entries never change. */
import type { Db } from 'mongodb';
import { nanoid } from 'nanoid';
import { anySpelling } from './shared';
import type { Actor } from '../domain/story/actor';

export interface AuditDocument {
  _id: string;
  at: Date;
  actor: Actor;
  action: 'suppression_removed' | 'consent_removed' | 'contact_erased';
  /** E.164 */
  phone?: string;
  /** The entry before its removal. */
  before?: Record<string, unknown>;
}

export interface AuditStore {
  record(entry: Omit<AuditDocument, '_id'>): Promise<void>;
  /** What was done about a number (E.164), newest first. */
  of(phone: string, limit: number): Promise<AuditDocument[]>;
}

/** The collection, its indexes made. */
export async function createAuditStore(db: Db): Promise<AuditStore> {
  const audit = db.collection<AuditDocument>('audit');
  await audit.createIndex({ phone: 1, at: -1 });
  return {
    record: async (entry) => void (await audit.insertOne({ _id: nanoid(), ...entry })),
    of: (phone, limit) =>
      audit
        .find({ phone: anySpelling(phone) })
        .sort({ at: -1 })
        .limit(limit)
        .toArray(),
  };
}

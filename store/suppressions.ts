/**
 * `suppressions`: numbers that must not be sent to, each with the reason, how far it reaches, since when, and by
 * whom. A number may have several: a STOP word against marketing, and later an error code that says it is invalid.
 */
import type { Db } from 'mongodb';
import type { Actor } from '../domain/actor';
import { holdsBack, type SuppressionScope } from '../domain/suppression';
import type { TemplateCategory } from '../domain/template';
import type { AuditStore } from './audit';
import type { SuppressionDocument } from './documents';
import { createPhoneHash } from './phone-hash';

export type Suppression = Omit<SuppressionDocument, '_id'>;

export interface SuppressionStore {
  /** Of the same number, reason and scope the first entry stands. Answers with the numbers of those that are new. */
  add(suppressions: readonly Suppression[]): Promise<string[]>;
  /**
   * Takes a number's entries away, or those of a reason or scope only. Each is kept in `audit`. Answers with what was
   * taken away.
   */
  remove(phone: string, by: Actor, only?: Partial<Pick<Suppression, 'reason' | 'scope'>>): Promise<Suppression[]>;
  /** Everything there is about a number, newest first. */
  of(phone: string): Promise<Suppression[]>;
  /** Those of the numbers to which templates of the category must not go; an opt-out before any other reason. */
  among(phones: readonly string[], category: TemplateCategory | undefined): Promise<Map<string, Suppression>>;
  /** Puts a hash in place of an erased person's number, which holds back as the number did. Answers with what there was. */
  hash(phone: string): Promise<Suppression[]>;
  /** Takes everything about a number away without a trace: an erased person's wish. Answers with what there was. */
  forget(phone: string): Promise<Suppression[]>;
  /** Newest first; of erased people the hash stands for the number. */
  list(options: { limit: number; scope?: SuppressionScope }): Promise<Suppression[]>;
}

const idOf = ({ phone, reason, scope }: Pick<Suppression, 'phone' | 'reason' | 'scope'>): string =>
  `${phone}:${reason}:${scope}`;

/** The collection, its indexes made, and entries of the first form brought into the present one. */
export async function createSuppressionStore(db: Db, audit: AuditStore): Promise<SuppressionStore> {
  const suppressions = db.collection<SuppressionDocument>('suppressions');
  await suppressions.createIndex({ phone: 1 });
  await suppressions.createIndex({ createdAt: -1 });
  const hashOf = await createPhoneHash(db);
  const formsOf = (phone: string): { phone: { $in: string[] } } => ({ phone: { $in: [phone, hashOf(phone)] } });

  const add: SuppressionStore['add'] = async (entries) => {
    if (entries.length === 0) return [];
    const { upsertedIds } = await suppressions.bulkWrite(
      entries.map((entry) => ({
        updateOne: { filter: { _id: idOf(entry) }, update: { $setOnInsert: entry }, upsert: true },
      })),
      { ordered: false },
    );
    return Object.keys(upsertedIds).map((index) => entries[Number(index)]!.phone);
  };

  /** Until version 0.1 the number itself was the `_id`, and every entry reached everything. */
  async function migrate(): Promise<void> {
    type First = Omit<SuppressionDocument, 'phone' | 'scope'>;
    const first = await suppressions.find<First>({ phone: { $exists: false } }).toArray();
    await add(first.map(({ _id, ...rest }) => ({ ...rest, phone: _id, scope: 'all' })));
    if (first.length > 0) await suppressions.deleteMany({ _id: { $in: first.map(({ _id }) => _id) } });
  }
  await migrate();

  return {
    add,
    remove: async (phone, by, only = {}) => {
      const found = await suppressions.find({ ...formsOf(phone), ...only }).toArray();
      for (const { _id, ...entry } of found) {
        // Its trace first: a protection that is gone must not be gone without one.
        await audit.record({ at: new Date(), actor: by, action: 'suppression_removed', phone, before: entry });
        await suppressions.deleteOne({ _id });
      }
      return found.map(withoutId);
    },
    of: async (phone) => (await suppressions.find(formsOf(phone)).sort({ createdAt: -1 }).toArray()).map(withoutId),
    among: async (phones, category) => {
      const phoneOf = new Map(phones.flatMap((phone) => [[phone, phone], [hashOf(phone), phone]])); // prettier-ignore
      const found = await suppressions.find({ phone: { $in: [...phoneOf.keys()] } }).toArray();
      const standing = new Map<string, Suppression>();
      for (const entry of found) {
        if (!holdsBack(entry.scope, category)) continue;
        const phone = phoneOf.get(entry.phone)!;
        if (standing.get(phone)?.reason !== 'opted_out') standing.set(phone, { ...withoutId(entry), phone });
      }
      return standing;
    },
    hash: async (phone) => {
      const found = (await suppressions.find({ phone }).toArray()).map(withoutId);
      // The detail of an entry made by hand may name the person.
      await add(found.map(({ detail: _detail, ...entry }) => ({ ...entry, phone: hashOf(phone) })));
      await suppressions.deleteMany({ phone });
      return found;
    },
    forget: async (phone) => {
      const found = await suppressions.find(formsOf(phone)).toArray();
      await suppressions.deleteMany(formsOf(phone));
      return found.map(withoutId);
    },
    list: async ({ limit, scope }) =>
      (
        await suppressions
          .find(scope ? { scope } : {})
          .sort({ createdAt: -1 })
          .limit(limit)
          .toArray()
      ).map(withoutId),
  };
}

function withoutId({ _id, ...entry }: SuppressionDocument): Suppression {
  return entry;
}

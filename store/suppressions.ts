/**
 * `suppressions`: numbers that must not be sent to, each with the reason, how far it reaches, since when, and by
 * whom. A number may have several: a STOP word against marketing, and later an error code that says it is invalid.
 * An entry holds for the person, whatever spelling of the number it stands under and is asked about
 * (domain/phones/person.ts).
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Db } from 'mongodb';
import { holdsBack, type SuppressionScope } from '../domain/opt-outs/suppression';
import { bySpelling, dialled, personKey, spellingsOf } from '../domain/phones/person';
import type { Actor } from '../domain/story/actor';
import type { TemplateCategory } from '../domain/templates/template';
import { anySpelling, ensureDocument, type Indexes } from './shared';
import type { AuditStore } from './audit';
import type { SuppressionDocument } from './documents';

export type Suppression = Omit<SuppressionDocument, '_id'>;

export interface SuppressionStore {
  /** The first entry with the same number, reason and scope stays. Returns the numbers with new entries. */
  add(suppressions: readonly Suppression[]): Promise<string[]>;
  /**
   * Removes a number's entries, or those with a reason or scope. Each is kept in `audit`. Returns the removed entries.
   */
  remove(phone: string, by: Actor, only?: Partial<Pick<Suppression, 'reason' | 'scope'>>): Promise<Suppression[]>;
  /** Everything there is about a number, newest first. */
  of(phone: string): Promise<Suppression[]>;
  /** Which of the numbers must not get templates of the category; an opt-out takes precedence over other reasons. */
  among(phones: readonly string[], category: TemplateCategory | undefined): Promise<Map<string, Suppression>>;
  /**
   * Puts a hash in place of an erased person's number, which holds back as the number did. Answers with what there was.
   */
  hash(phone: string): Promise<Suppression[]>;
  /** Takes everything about a number away without a trace: an erased person's wish. Answers with what there was. */
  forget(phone: string): Promise<Suppression[]>;
  /**
   * Those of the numbers that an error code alone has made invalid, which may turn out wrong, each under the number
   * asked about.
   */
  invalid(phones: readonly string[]): Promise<Suppression[]>;
  /** Newest first; for erased people the hash replaces the number. */
  list(options: { limit: number; scope?: SuppressionScope }): Promise<Suppression[]>;
}

/** One entry per person, reason and scope is enough. */
const likenessOf = ({ phone, reason, scope }: Pick<Suppression, 'phone' | 'reason' | 'scope'>): string =>
  `${personKey(phone)}:${reason}:${scope}`;

const idOf = ({ phone, reason, scope }: Pick<Suppression, 'phone' | 'reason' | 'scope'>): string =>
  `${phone}:${reason}:${scope}`;

export const SUPPRESSION_INDEXES: Indexes = { suppressions: [{ key: { phone: 1 } }, { key: { createdAt: -1 } }] };

/** The collection, and the key of its hashes made. */
export async function createSuppressionStore(db: Db, audit: AuditStore): Promise<SuppressionStore> {
  const suppressions = db.collection<SuppressionDocument>('suppressions');
  const hashOf = await createPhoneHash(db);
  const formsOf = (phone: string): { phone: { $in: string[] } } => ({
    phone: { $in: bySpelling([phone], (spelling) => [hashOf(spelling)]).spellings },
  });

  /** Adds entries not already present under another spelling, with the number that is messaged. */
  async function missing(entries: readonly Suppression[]): Promise<{ entry: Suppression; given: string }[]> {
    const { spellings } = bySpelling(entries.flatMap(({ phone }) => (spellingsOf(phone).length > 1 ? [phone] : [])));
    const found = spellings.length > 0 ? await suppressions.find({ phone: { $in: spellings } }).toArray() : [];
    const standing = new Set(found.map(likenessOf));
    return entries.flatMap((entry) => {
      const likeness = likenessOf(entry);
      if (standing.has(likeness)) return [];
      standing.add(likeness);
      return [{ entry: { ...entry, phone: dialled(entry.phone) }, given: entry.phone }];
    });
  }

  const add: SuppressionStore['add'] = async (entries) => {
    const added = await missing(entries);
    if (added.length === 0) return [];
    const { upsertedIds } = await suppressions.bulkWrite(
      added.map(({ entry }) => ({
        updateOne: { filter: { _id: idOf(entry) }, update: { $setOnInsert: entry }, upsert: true },
      })),
      { ordered: false },
    );
    return Object.keys(upsertedIds).map((index) => added[Number(index)]!.given);
  };

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
      const { spellings, asked } = bySpelling(phones, (spelling) => [hashOf(spelling)]);
      const found = await suppressions.find({ phone: { $in: spellings } }).toArray();
      const standing = new Map<string, Suppression>();
      for (const entry of found) {
        if (!holdsBack(entry.scope, category)) continue;
        for (const phone of asked(entry.phone)) {
          if (standing.get(phone)?.reason !== 'opted_out') standing.set(phone, { ...withoutId(entry), phone });
        }
      }
      return standing;
    },
    hash: async (phone) => {
      const person = { phone: anySpelling(phone) };
      const found = (await suppressions.find(person).toArray()).map(withoutId);
      // The detail of an entry made by hand may name the person.
      await add(found.map(({ detail: _detail, ...entry }) => ({ ...entry, phone: hashOf(personKey(phone)) })));
      await suppressions.deleteMany(person);
      return found;
    },
    forget: async (phone) => {
      const found = await suppressions.find(formsOf(phone)).toArray();
      await suppressions.deleteMany(formsOf(phone));
      return found.map(withoutId);
    },
    invalid: async (phones) => {
      const asked = bySpelling(phones, (spelling) => [hashOf(spelling)]);
      const found = await suppressions
        .find({ phone: { $in: asked.spellings }, reason: 'invalid', 'createdBy.kind': 'system' })
        .toArray();
      return found.flatMap((entry) => asked.asked(entry.phone).map((phone) => ({ ...withoutId(entry), phone })));
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

/**
 * Keyed hashes of numbers, which can be recognised but not read. There are few enough numbers to try them all, so a
 * bare hash would hide nothing in a copy of one collection; the key is in another one, `secrets`.
 */

/** The hash of an E.164 number, marked so that it is never taken for one. */
type PhoneHash = (phone: string) => string;

interface SecretDocument {
  _id: string;
  key: string;
}

const KEY_BYTES = 32;

/** With this database's key, created on first use. */
async function createPhoneHash(db: Db): Promise<PhoneHash> {
  const secrets = db.collection<SecretDocument>('secrets');
  await ensureDocument(secrets, 'phones', { key: randomBytes(KEY_BYTES).toString('base64') });
  const found = await secrets.findOne({ _id: 'phones' });
  const key = Buffer.from(found!.key, 'base64');
  return (phone) => `erased:${createHmac('sha256', key).update(phone).digest('base64url').slice(0, 22)}`;
}

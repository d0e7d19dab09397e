/**
 * Keyed hashes of numbers, for what must be recognised and not be read. There are few enough numbers to try them all,
 * so a bare hash would hide nothing from whoever has a copy of one collection; the key is in another.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Db } from 'mongodb';
import { ensureDocument } from './ensure';

/** The hash of an E.164 number, marked so that it is never taken for one. */
export type PhoneHash = (phone: string) => string;

interface SecretDocument {
  _id: string;
  key: string;
}

const KEY_BYTES = 32;

/** With the key of this database, made when there is none. */
export async function createPhoneHash(db: Db): Promise<PhoneHash> {
  const secrets = db.collection<SecretDocument>('secrets');
  await ensureDocument(secrets, 'phones', { key: randomBytes(KEY_BYTES).toString('base64') });
  const found = await secrets.findOne({ _id: 'phones' });
  const key = Buffer.from(found!.key, 'base64');
  return (phone) => `erased:${createHmac('sha256', key).update(phone).digest('base64url').slice(0, 22)}`;
}

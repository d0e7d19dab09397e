/** Ids that follow from what is imported, so that importing it again finds it. */
import { createHash } from 'node:crypto';

/** As of campaigns made here: without letters and digits that look alike. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const LENGTH = 12;

/** The same parts have the same id; others, for all one will ever see, another one. */
export function idOf(...parts: unknown[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return [...digest.subarray(0, LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

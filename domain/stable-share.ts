/** Places people in parts of a whole, always alike: the same person and key give the same place, whoever else is there. */
import { createHash } from 'node:crypto';
import { personKey } from './phones/person';

const STEPS = 2 ** 32;

/**
 * The person's place in [0, 1), spread evenly. `purpose` keeps divisions apart: who is early in one is not early in the
 * other. Every spelling of an E.164 number gives the same place.
 */
export function placeOf(purpose: string, key: string, phone: string): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([purpose, key, personKey(phone)]))
    .digest();
  return digest.readUInt32BE(0) / STEPS;
}

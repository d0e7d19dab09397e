/**
 * Numbers searched by a part of them. People remember the end: each contact keeps the last four digits of its number in an
 * indexed field, since SecantusDB, which stands in for MongoDB on one machine, takes seconds to look at all numbers. An index
 * of every four digits in a row would serve the middle too, and doubles what an import costs.
 */
import type { Filter } from 'mongodb';
import { beginningsOf, spellingsOf } from '../domain/phones/person';
import type { ContactDocument } from './documents';

/** So many digits tell a number from most others; fewer fit too many for an index to help. */
const PART = 4;

/** The last four digits of a number in E.164. */
export function numberEndOf(e164: string): string {
  return e164.slice(-PART);
}

/** Whether a text is a number or a part of one, as people write it. */
export function isNumberLike(text: string): boolean {
  return /^[\d\s()+.-]+$/.test(text) && /\d/.test(text);
}

/** Digits so few that those who fit are not looked at one by one. */
export function isShortPart(text: string): boolean {
  return isNumberLike(text) && text.replace(/\D/g, '').length < PART;
}

/** Whose number has the part. */
export function numberedLike(text: string): Filter<ContactDocument> {
  const { anywhere, beginnings } = meant(text);
  const patterns = [...(anywhere === undefined ? [] : [anywhere]), ...beginnings.map((digits) => `^\\+${digits}`)];
  return { _id: { $regex: patterns.join('|') } };
}

/** Whose number ends with the part; undefined when the text cannot mean an end that tells. */
export function endingLike(text: string): Filter<ContactDocument> | undefined {
  const digits = text.replace(/\D/g, '');
  if (!isNumberLike(text) || text.startsWith('+') || digits.length < PART) return undefined;
  return { numberEnd: numberEndOf(digits), _id: { $regex: `${digits}$` } };
}

/** `8 900` at the beginning of a whole Russian number is `+7 900`; a plus means the beginning. */
function meant(text: string): { anywhere?: string; beginnings: string[] } {
  const digits = text.replace(/\D/g, '');
  const beginnings = beginningsOf(digits);
  if (text.startsWith('+')) return { beginnings };
  const anywhere = digits.length === 11 && digits.startsWith('8') ? `7${digits.slice(1)}` : digits;
  return { anywhere, beginnings: beginnings.slice(1) };
}

/** The digits of a whole number, as people write it: the contacts that have it are found by their ids. */
export function wholeNumbers(text: string): string[] {
  const digits = isNumberLike(text) ? text.replace(/\D/g, '') : '';
  if (digits.length < WHOLE_DIGITS) return [];
  const isRussian =
    (digits.length === 11 && digits.startsWith('8')) || (digits.length === 10 && !text.trim().startsWith('+'));
  return [`+${digits}`, ...(isRussian ? [`+7${digits.slice(-10)}`] : [])].flatMap((one) => spellingsOf(one));
}

const WHOLE_DIGITS = 10;

/**
 * Numbers searched by a part of them. Each contact keeps every four digits in a row of its number in an indexed field: an
 * index of the numbers themselves serves a whole one or a beginning, but people remember the end. SecantusDB, which stands
 * in for MongoDB on one machine, takes seconds to read all of them.
 */
import type { Filter } from 'mongodb';
import { beginningsOf, spellingsOf } from '../domain/phones/person';
import type { ContactDocument } from './documents';

/** So many digits tell a number from most others; fewer fit too many for an index to help. */
const PART = 4;

/** Every four digits in a row of a number in E.164. */
export function numberPartsOf(e164: string): string[] {
  const digits = e164.replace(/\D/g, '');
  return [
    ...new Set(Array.from({ length: Math.max(0, digits.length - PART + 1) }, (_, at) => digits.slice(at, at + PART))),
  ];
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
  const _id = { $regex: patterns.join('|') };
  const digits = [...(anywhere === undefined ? [] : [anywhere]), ...beginnings];
  // The last ones, which tell more than a country and an operator do.
  const keys = [...new Set(digits.map((one) => one.slice(-PART)))];
  const [key] = keys;
  if (key === undefined || keys.some(({ length }) => length < PART)) return { _id };
  return { numberParts: keys.length === 1 ? key : { $in: keys }, _id };
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

/**
 * Reads phone numbers pasted into a chat. Each is a person, whatever separates them: a new line, a comma, a tab, a
 * space, or only their length. Not for workflows: the phone metadata is large.
 */
import type { CountryCode } from 'libphonenumber-js';
import { withPlainNumbers } from './chat-ids';
import { normalisePhones } from './phone';

export interface PastedNumber {
  /** 1-based. */
  line: number;
  /** The position among all pieces. */
  at: number;
  /** As written. */
  value: string;
}

export interface PastedNumbers {
  /** In order; a repeated number appears twice. */
  good: PastedNumber[];
  /** Pieces in a number's place that are not numbers. */
  bad: PastedNumber[];
  /** Words beside a number, such as a name: they are not used, and the admin should know. */
  beside: PastedNumber[];
}

const SEPARATORS = /[,;|\t]+|(?<=\d[\s)]*)(?=\+)/u;
/** Maximum groups of digits in one number written with spaces: +7 (900) 123 45 67 with a separate 8. */
const MOST_GROUPS = 7;
/** E.164 allows 15 digits; two numbers have at least 16 where numbers have 8. */
const MOST_DIGITS = 15;
const LEAST_DIGITS = 8;
const ENDING_DIGITS = 7;

/** Every number in the text, and every piece that is not one. */
export function readPastedNumbers(text: string, country: CountryCode): PastedNumbers {
  const good: PastedNumber[] = [];
  const bad: PastedNumber[] = [];
  const beside: PastedNumber[] = [];
  let at = 0;
  const known = new Map<string, boolean>();
  const isNumber = (value: string): boolean => {
    const found = known.get(value) ?? isOneNumber(value, country);
    known.set(value, found);
    return found;
  };
  for (const [index, whole] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1;
    const pieces = whole
      .split(SEPARATORS)
      .map((piece) => piece.trim())
      .filter((piece) => piece !== '');
    for (const piece of pieces) {
      const read = isNumber(piece) ? { good: [piece], bad: [] } : takeApart(piece, isNumber);
      good.push(...read.good.map((value) => ({ line, at: at++, value })));
      for (const value of read.bad) {
        (read.good.length > 0 && !/\d/.test(value) ? beside : bad).push({ line, at: at++, value });
      }
      for (const value of read.good.map(wordsOf)) if (value !== '') beside.push({ line, at: at++, value });
    }
  }
  return { good, bad, beside };
}

/**
 * Joins what a client split because a message has a maximum length. The split falls between two numbers or inside one;
 * the halves are one number only if they are invalid separately and valid together.
 */
export function joinPasted(first: string, next: string, country: CountryCode): string {
  // Numbers may contain spaces: split first by what separates people, then by words.
  for (const between of ['\\n,;|\\t', '\\s,;|']) {
    const head = new RegExp(`[^${between}]*$`).exec(first)?.[0] ?? '';
    const tail = new RegExp(`^[^${between}]*`).exec(next)?.[0] ?? '';
    if (head.trim() === '' || tail.trim() === '') continue;
    if (isOneNumber(head.trim(), country) && isOneNumber(tail.trim(), country)) continue;
    for (const glue of ['', ' ']) if (isOneNumber(`${head}${glue}${tail}`.trim(), country)) return first + glue + next;
  }
  return `${first}\n${next}`;
}

/** Labels that say nothing about whose number it is. */
const LABELS = new Set('тел телефон моб мобильный сот сотовый раб phone tel mob mobile cell доб ext wa whatsapp'.split(' ')); // prettier-ignore
/** Part of a name between two others, and of none at its edge. */
const BETWEEN = new Set('и или and or'.split(' '));

/** A name or remark about the number, with initials and accents as they were written. */
function wordsOf(piece: string): string {
  const found =
    withPlainNumbers(piece)
      .normalize('NFC')
      .match(/\p{L}[\p{L}\p{M}'’.-]*/gu) ?? [];
  const words = found.map((word) => word.replace(/[-'’]+$/, '')).filter((word) => !LABELS.has(bare(word)));
  const isPart = (word: string): boolean => !BETWEEN.has(bare(word));
  const said = words.slice(words.findIndex(isPart), words.findLastIndex(isPart) + 1);
  return said.some((word) => bare(word).length > 1) ? said.join(' ') : '';
}

/** As it is compared: without the dot of an abbreviation. */
function bare(word: string): string {
  return word.toLowerCase().replace(/\.+$/, '');
}

function isOneNumber(value: string, country: CountryCode): boolean {
  // Count digits first: a line with thousands of numbers is not one number and would be slow to parse as one.
  const { length } = digitsOf(value);
  if (length === 0 || length > MOST_DIGITS + 3) return false;
  const { valid, invalid } = normalisePhones(value, country);
  if (valid.length !== 1 || invalid.length > 0) return false;
  // Digits after it belong to another number or to none; an extension has a word.
  return /\p{L}/u.test(value) || digitsOf(value).endsWith(digitsOf(valid[0]!.e164).slice(-ENDING_DIGITS));
}

/** A piece that is not a single number: several, separated by spaces or by nothing. */
function takeApart(piece: string, isNumber: (value: string) => boolean): { good: string[]; bad: string[] } {
  const words = piece.split(/\s+/);
  // Dynamic programming: the best way to read the words from each position on, with the fewest words outside a number.
  const best: { bad: number; take: number; parts?: string[] }[] = Array.from({ length: words.length + 1 }, () => ({
    bad: 0,
    take: 0,
  }));
  for (let at = words.length - 1; at >= 0; at--) {
    const word = words[at]!;
    best[at] = { bad: best[at + 1]!.bad + 1, take: 0 };
    const glued = apartByLength(word, isNumber);
    if (glued) best[at] = { bad: best[at + 1]!.bad, take: 1, parts: glued };
    for (let take = 1; take <= Math.min(MOST_GROUPS, words.length - at); take++) {
      const text = words.slice(at, at + take).join(' ');
      const bad = best[at + take]!.bad;
      if (bad < best[at]!.bad && digitsOf(text).length <= MOST_DIGITS && isNumber(text)) {
        best[at] = { bad, take, parts: [text] };
      }
    }
  }
  const good: string[] = [];
  const bad: string[] = [];
  let left: string[] = [];
  const rest = (): void => {
    if (left.length > 0) bad.push(left.join(' '));
    left = [];
  };
  for (let at = 0; at < words.length;) {
    const { take, parts } = best[at]!;
    if (!parts) {
      left.push(words[at++]!);
      continue;
    }
    rest();
    good.push(...parts);
    at += take;
  }
  rest();
  return { good, bad };
}

/** Digits without separators: parts of equal length if possible, otherwise of any length that fits. */
function apartByLength(word: string, isNumber: (value: string) => boolean): string[] | undefined {
  if (!/^\d+$/.test(word) || word.length <= MOST_DIGITS) return undefined;
  for (let length = MOST_DIGITS; length >= LEAST_DIGITS; length--) {
    if (word.length % length !== 0) continue;
    const parts = word.match(new RegExp(`\\d{${length}}`, 'g')) ?? [];
    if (parts.every(isNumber)) return parts;
  }
  const rest: (string[] | undefined)[] = Array.from({ length: word.length + 1 }, () => undefined);
  rest[word.length] = [];
  for (let at = word.length - LEAST_DIGITS; at >= 0; at--) {
    for (let length = MOST_DIGITS; length >= LEAST_DIGITS; length--) {
      const after = rest[at + length];
      const part = word.slice(at, at + length);
      if (!after || !isNumber(part)) continue;
      if ((rest[at]?.length ?? Infinity) > after.length + 1) rest[at] = [part, ...after];
    }
  }
  return rest[0];
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

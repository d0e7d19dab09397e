/**
 * Phone numbers pasted into a chat: each is a person, whatever stands between them: a new line, a comma, a tab, a space,
 * or nothing but their length. Not for workflows: the metadata of numbers is large.
 */
import type { CountryCode } from 'libphonenumber-js';
import { withPlainNumbers } from './chat-ids';
import { normalisePhones } from './phone';

export interface PastedNumber {
  /** 1-based. */
  line: number;
  /** Its place among all pieces. */
  at: number;
  /** As it stood there. */
  value: string;
}

export interface PastedNumbers {
  /** In their order; one that stands twice is there twice. */
  good: PastedNumber[];
  /** What stands in a number's place and is none. */
  bad: PastedNumber[];
  /** Words beside a number, such as a name: not used here, and the admin should know. */
  beside: PastedNumber[];
}

const SEPARATORS = /[,;|\t]+|(?<=\d[\s)]*)(?=\+)/u;
/** The digits of one number written with spaces come in so many groups at most: +7 (900) 123 45 67 with a lone 8. */
const MOST_GROUPS = 7;
/** E.164 allows 15 digits; two numbers have 16 or more wherever numbers have 8. */
const MOST_DIGITS = 15;
const LEAST_DIGITS = 8;
const ENDING_DIGITS = 7;

/** Every number of the text, and every piece that is none. */
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
 * Puts together what a client cut because a message may have only so many characters. It cuts between two numbers or in
 * the middle of one: the two halves are one number when only together they make one.
 */
export function joinPasted(first: string, next: string, country: CountryCode): string {
  // Numbers may be written with spaces: first by what stands between people, then by words.
  for (const between of ['\\n,;|\\t', '\\s,;|']) {
    const head = new RegExp(`[^${between}]*$`).exec(first)?.[0] ?? '';
    const tail = new RegExp(`^[^${between}]*`).exec(next)?.[0] ?? '';
    if (head.trim() === '' || tail.trim() === '') continue;
    if (isOneNumber(head.trim(), country) && isOneNumber(tail.trim(), country)) continue;
    for (const glue of ['', ' ']) if (isOneNumber(`${head}${glue}${tail}`.trim(), country)) return first + glue + next;
  }
  return `${first}\n${next}`;
}

/** Labels of numbers say nothing about whose they are. */
const LABELS = new Set(
  'тел телефон моб мобильный сот сотовый раб phone tel mob mobile cell доб ext wa whatsapp и или and or'.split(' '),
);

/** A name or a remark about the number. */
function wordsOf(piece: string): string {
  const words = withPlainNumbers(piece).match(/\p{L}[\p{L}'’-]*/gu) ?? [];
  return words.filter((word) => word.length > 1 && !LABELS.has(word.toLowerCase())).join(' ');
}

function isOneNumber(value: string, country: CountryCode): boolean {
  // First by their count: a line of thousands of numbers is none, and would take long to be read as one.
  const { length } = digitsOf(value);
  if (length === 0 || length > MOST_DIGITS + 3) return false;
  const { valid, invalid } = normalisePhones(value, country);
  if (valid.length !== 1 || invalid.length > 0) return false;
  // Digits after it are another number, or none; an extension has words.
  return /\p{L}/u.test(value) || digitsOf(value).endsWith(digitsOf(valid[0]!.e164).slice(-ENDING_DIGITS));
}

/** A piece that is no single number: those with spaces between them, or with nothing. */
function takeApart(piece: string, isNumber: (value: string) => boolean): { good: string[]; bad: string[] } {
  const words = piece.split(/\s+/);
  // The best way to read the words from each place on: the fewest that belong to no number.
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

/** Digits with nothing between the numbers: parts of one length if that is possible, else of any that fit. */
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

/** Reads what a message says about further messages: stop, start again, something unclear, or nothing. */
import { AGAIN, CHANGED_MIND, NOT_A_WISH, STRONG_START, WEAK_START } from './opt-in-grammar';
import { FILLER, NOT_A_REQUEST, POLITE, REQUESTS, STRONG_STOP, WEAK_STOP } from './opt-out-grammar';
import { AT_ONCE, UNCLEAR, UNCLEAR_SIGN, UNCLEAR_TYPED } from './opt-out-unclear';

/** What the person wants about marketing from now on. */
export type Choice = 'stop' | 'start';

/** `unsure`: it asks to stop but also says something that may change the meaning, so a person must read it. */
export type Reading = Choice | 'unsure' | undefined;

/** Words the operator adds to those understood anyway. */
export interface OptOutWords {
  /** A message that consists of one of these is an opt-out. */
  stop: readonly string[];
  /** …one of these revokes it. */
  start: readonly string[];
  /** Button labels that mean an opt-out. */
  stopButtons: readonly string[];
}

export const DEFAULT_OPT_OUT_WORDS: OptOutWords = {
  stop: [
    ...['стоп', 'отписаться', 'отписка', 'отпишите', 'отпишите меня', 'отпиши', 'хватит', 'не писать', 'не пишите'],
    ...['не пишите мне', 'не пиши', 'не присылать', 'не присылайте', 'не беспокоить', 'не беспокойте'],
    ...['удалите мой номер', 'удалите меня', 'прекратите', 'отказ от рассылки', 'отказаться от рассылки'],
    ...['stop', 'stop all', 'stopall', 'unsubscribe', 'opt out', 'optout', 'remove me', 'do not write', 'don’t write'],
  ],
  start: ['старт', 'подписаться', 'подписка', 'start', 'subscribe', 'resubscribe', 'unstop', 'opt in'],
  stopButtons: [
    ...['остановить рекламу', 'отписаться от рассылки', 'не присылать рекламу', 'больше не присылать', 'не присылать'],
    ...['stop promotions', 'stop promos', 'unsubscribe from promos', 'unsubscribe from all', 'unsubscribe', 'opt-out'],
  ],
};

/** Only the beginning of a longer message is read: a request to stop is short. */
const MOST_CHARACTERS = 1_000;

/**
 * Makes the reader of messages. A request is clear only if the message says nothing else: each word must belong to the
 * request, to politeness around it, or to filler ("больше, мне, рекламу"). A clear request with anything beside it is
 * `unsure`, and so is a word that may be one by itself ("отказ", "cancel", 🛑). Words that only sound like one
 * ("стоп-кран", "не останавливайтесь") mean nothing.
 */
export function createChoiceReader(words: OptOutWords): (message: { text?: string; buttonText?: string }) => Reading {
  const stop = new Set(words.stop.map(bare).filter(Boolean));
  const start = new Set(words.start.map(bare).filter(Boolean));
  const stopButtons = new Set([...words.stop, ...words.stopButtons].map(bare).filter(Boolean));
  const weak: WeakWords = {
    stop: new Set([...WEAK_STOP.map(bare), ...stop]),
    start: new Set([...WEAK_START.map(bare), ...start]),
  };

  return ({ text, buttonText }) => {
    const given = (buttonText ?? text ?? '').slice(0, MOST_CHARACTERS);
    const isButton = buttonText !== undefined;
    const said = bare(given);
    if (said === '') return UNCLEAR_SIGN.test(given) ? 'unsure' : undefined;
    if (isButton && stopButtons.has(said)) return 'stop';
    if (start.has(said) || start.has(withoutPolite(said)) || CHANGED_MIND.test(withoutPolite(said))) return 'start';
    const clauses = clausesOf(given).map((clause) => readClause(clause, weak));
    const [stops, starts, rest] = (['stops', 'starts', 'rest'] as const).map((what) =>
      clauses.some((one) => one[what]),
    );
    // "Отписаться?" asks how to do it; "can you stop messaging me?" asks for it.
    const asks = given.includes('?') && !said.split(' ').some((word) => REQUESTS.has(word));
    if (!stops && starts) {
      // A separate sentence beside it changes nothing; a bare word is clear only when alone.
      const isClear = clauses.some((one) => one.starts && !one.rest && !one.weakly) || !rest;
      return isClear && !asks ? 'start' : undefined;
    }
    if (!stops) return isUnclear(given, said, isButton) ? 'unsure' : undefined;
    // A button label is short and means what it says.
    if (isButton) return starts ? 'unsure' : 'stop';
    return starts || rest || asks ? 'unsure' : 'stop';
  };
}

/** Whether the whole message may be a request to stop. */
function isUnclear(given: string, said: string, isButton: boolean): boolean {
  const { left, found } = taken(` ${said} `, isButton ? UNCLEAR : [...UNCLEAR, ...UNCLEAR_TYPED]);
  const isRest = (word: string): boolean => word !== '' && !POLITE.has(word) && !FILLER.has(word);
  return (found || UNCLEAR_SIGN.test(given)) && !left.split(' ').some(isRest);
}

/** Whether a button with this label would be understood as an opt-out. */
export function isOptOutLabel(label: string, words: OptOutWords): boolean {
  return createChoiceReader(words)({ buttonText: label }) === 'stop';
}

/** Whether a marketing text says how to opt out: it names one of our words as the one to reply with. */
export function tellsOptOut(text: string): boolean {
  const said = ` ${bare(text)} `;
  return /(?<= )(?:стоп|stop|отписаться|unsubscribe|отписка|opt out|отказаться)(?= )/u.test(said);
}

interface WeakWords {
  stop: ReadonlySet<string>;
  start: ReadonlySet<string>;
}

interface ClauseReading {
  stops: boolean;
  starts: boolean;
  /** The only match is a bare word, which may mean something else beside other words. */
  weakly?: boolean;
  /** The clause contains words that belong to no request. */
  rest: boolean;
}

function readClause(clause: string, weak: WeakWords): ClauseReading {
  const { left: withoutStops, found: stops } = taken(` ${clause} `, STRONG_STOP);
  const { left, found: starts } = taken(withoutStops, STRONG_START, NOT_A_WISH);
  const impolite = left.split(' ').filter((word) => word !== '' && !POLITE.has(word));
  const rest = impolite.some((word) => !FILLER.has(word) && !(starts && AGAIN.has(word)));
  if (stops || starts) return { stops, starts, rest };
  // Weak words must fill the whole clause: "stop", "стоп стоп", "stop it".
  const isAll = (words: ReadonlySet<string>, others: ReadonlySet<string>): boolean =>
    words.has(impolite.join(' ')) ||
    (impolite.some((word) => words.has(word)) && impolite.every((word) => words.has(word) || others.has(word)));
  if (isAll(weak.stop, AT_ONCE)) return { stops: true, starts: false, rest: false };
  if (isAll(weak.start, AGAIN)) return { stops: false, starts: true, weakly: true, rest: false };
  return { stops: false, starts: false, rest };
}

/** The text without the matched phrases, except those preceded by `unlessAfter`. */
function taken(text: string, patterns: readonly RegExp[], unlessAfter?: RegExp): { left: string; found: boolean } {
  let left = text;
  let found = false;
  for (const pattern of patterns) {
    left = left.replace(pattern, (match, ...groups) => {
      const offset = groups.find((group) => typeof group === 'number') as number;
      const before = left.slice(0, offset);
      if (NOT_A_REQUEST.test(before) || unlessAfter?.test(before)) return match;
      found = true;
      return '';
    });
  }
  return { left, found };
}

/** The clauses between punctuation marks that end a thought, each normalised; empty ones are left out. */
function clausesOf(text: string): string[] {
  return text
    .split(/[.!?…;:,\n\r]+|\s[-–—]\s|\p{Extended_Pictographic}/u)
    .map(bare)
    .filter(Boolean);
}

function withoutPolite(said: string): string {
  return said
    .split(' ')
    .filter((word) => !POLITE.has(word))
    .join(' ');
}

/** Latin letters that look like Cyrillic capitals, and a zero typed for О. */
const CYRILLIC_OF: Record<string, string> = { a: 'а', b: 'в', c: 'с', e: 'е', h: 'н', k: 'к', m: 'м', o: 'о', p: 'р', t: 'т', x: 'х', y: 'у', 0: 'о' }; // prettier-ignore
const LATIN_OF: Record<string, string> = { ...Object.fromEntries(Object.entries(CYRILLIC_OF).map(([latin, cyrillic]) => [cyrillic, latin])), о: 'o', 0: 'o' }; // prettier-ignore

/** Rewrites a word that mixes both alphabets in the one that can express all of it. */
function inOneAlphabet(word: string): string {
  if (!/\p{L}/u.test(word) || !/^[\p{L}0]+$/u.test(word)) return word;
  const isMixed = /[a-z]/.test(word) && /[а-я]/.test(word);
  if (!isMixed && !word.includes('0')) return word;
  const all = (map: Record<string, string>): string => [...word].map((letter) => map[letter] ?? letter).join('');
  const cyrillic = all(CYRILLIC_OF);
  if (!/[a-z]/.test(cyrillic) && /[а-я]/.test(word)) return cyrillic;
  const latin = all(LATIN_OF);
  return /[а-я]/.test(latin) ? word : latin;
}

/** Letters and digits only, one space between words, each word in one alphabet. ё becomes е: people write both. */
function bare(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll('ё', 'е')
      .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
      .replace(/['’`ʼ´]/g, '')
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
      // "С Т О П" is one word.
      .replace(/^\p{L}(?: \p{L}){3,}$/u, (letters) => letters.replaceAll(' ', ''))
      .split(' ')
      .map((word) => inOneAlphabet(word).replace(/(\p{L})\1{2,}/gu, '$1'))
      .join(' ')
  );
}

/** What a message says about further messages: that they shall stop, that they may come again, something unclear, or nothing of the kind. */
import { FILLER, NOT_A_REQUEST, POLITE, REQUESTS, STRONG_START, STRONG_STOP, WEAK_STOP } from './opt-out-grammar';

/** What the person wants of marketing from now on. */
export type Choice = 'stop' | 'start';

/** `unsure`: it asks for silence, and says more that may change what is meant: somebody has to read it. */
export type Reading = Choice | 'unsure' | undefined;

/** What the operator adds to what is understood anyway. */
export interface OptOutWords {
  /** A message that is nothing but one of these is an opt-out. */
  stop: readonly string[];
  /** …one of these takes it back. */
  start: readonly string[];
  /** Labels of buttons that are an opt-out. */
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

/** Of a longer message only the beginning is read: a request for silence is short. */
const MOST_CHARACTERS = 1_000;

/**
 * Makes the reader of messages. Clear is only what says nothing else: each word of the message must belong to the
 * request, to politeness around it, or to what may fill it ("больше, мне, рекламу"). A clear request with something
 * beside it is `unsure`; words that only sound like one ("стоп-кран", "не останавливайтесь") are nothing.
 */
export function createChoiceReader(words: OptOutWords): (message: { text?: string; buttonText?: string }) => Reading {
  const stop = new Set(words.stop.map(bare).filter(Boolean));
  const start = new Set(words.start.map(bare).filter(Boolean));
  const stopButtons = new Set([...words.stop, ...words.stopButtons].map(bare).filter(Boolean));
  const weak = new Set([...WEAK_STOP.map(bare), ...stop]);

  return ({ text, buttonText }) => {
    const given = (buttonText ?? text ?? '').slice(0, MOST_CHARACTERS);
    const said = bare(given);
    if (said === '') return undefined;
    if (buttonText !== undefined && stopButtons.has(said)) return 'stop';
    if (start.has(said) || start.has(withoutPolite(said))) return 'start';
    const { stops, starts, rest } = clausesOf(given).reduce(
      (sum, clause) => {
        const read = readClause(clause, weak);
        return { stops: sum.stops || read.stops, starts: sum.starts || read.starts, rest: sum.rest || read.rest };
      },
      { stops: false, starts: false, rest: false },
    );
    if (!stops) return starts && !rest ? 'start' : undefined;
    // A label is short and means what it says.
    if (buttonText !== undefined) return starts ? 'unsure' : 'stop';
    // "Отписаться?" asks how; "can you stop messaging me?" asks for it.
    const asks = given.includes('?') && !said.split(' ').some((word) => REQUESTS.has(word));
    return starts || rest || asks ? 'unsure' : 'stop';
  };
}

/** Whether a button with this label would be understood as an opt-out. */
export function isOptOutLabel(label: string, words: OptOutWords): boolean {
  return createChoiceReader(words)({ buttonText: label }) === 'stop';
}

/** Whether a text for everybody tells how to opt out: a word of ours stands in it as one to be answered with. */
export function tellsOptOut(text: string): boolean {
  const said = ` ${bare(text)} `;
  return /(?<= )(?:стоп|stop|отписаться|unsubscribe|отписка|opt out|отказаться)(?= )/u.test(said);
}

interface ClauseReading {
  stops: boolean;
  starts: boolean;
  /** It says something that belongs to no request. */
  rest: boolean;
}

function readClause(clause: string, weak: ReadonlySet<string>): ClauseReading {
  const taken = (text: string, patterns: readonly RegExp[]): { left: string; found: boolean } => {
    let left = text;
    let found = false;
    for (const pattern of patterns) {
      left = left.replace(pattern, (match, ...groups) => {
        const offset = groups.find((group) => typeof group === 'number') as number;
        if (NOT_A_REQUEST.test(left.slice(0, offset))) return match;
        found = true;
        return '';
      });
    }
    return { left, found };
  };
  const { left: withoutStops, found: stops } = taken(` ${clause} `, STRONG_STOP);
  const { left, found: starts } = taken(withoutStops, STRONG_START);
  const impolite = left.split(' ').filter((word) => word !== '' && !POLITE.has(word));
  const rest = impolite.filter((word) => !FILLER.has(word));
  if (stops || starts) return { stops, starts, rest: rest.length > 0 };
  // Weak words must be the whole clause: "stop", "стоп стоп", "stop it".
  const whole = impolite.join(' ');
  const isWeak = whole !== '' && (weak.has(whole) || impolite.every((word) => weak.has(word)));
  return { stops: isWeak, starts: false, rest: !isWeak && impolite.some((word) => !FILLER.has(word)) };
}

/** What stands between signs that end a thought, each bare; those without a word are left out. */
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

/** Latin letters that look like Cyrillic ones in capitals, and a zero typed for О. */
const CYRILLIC_OF: Record<string, string> = { a: 'а', b: 'в', c: 'с', e: 'е', h: 'н', k: 'к', m: 'м', o: 'о', p: 'р', t: 'т', x: 'х', y: 'у', 0: 'о' }; // prettier-ignore
const LATIN_OF: Record<string, string> = { ...Object.fromEntries(Object.entries(CYRILLIC_OF).map(([latin, cyrillic]) => [cyrillic, latin])), о: 'o', 0: 'o' }; // prettier-ignore

/** A word of letters of both alphabets, written in the one in which all of it can be. */
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

/** Letters and digits only, one space between words, each word in one alphabet. ё is е: people write both. */
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

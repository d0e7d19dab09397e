/** Converts phone numbers as people write them to E.164. Not for workflows: the phone metadata is large. */
import {
  findPhoneNumbersInText,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
  type CountryCode,
} from 'libphonenumber-js/max';
import type { Person, PersonNumber } from '../audience';
import { withPlainNumbers } from './chat-ids';
import { readPhone, type Phone, type Reading } from './phone-reading';

export interface NormalisedPhones {
  /** As given. */
  original: string;
  /** Each number once, in the written order. */
  valid: Phone[];
  /** Pieces that look like numbers but are not. */
  invalid: string[];
  /** Pieces with two possible readings, if any: the one in `valid`, and the other. */
  unclear?: UnclearNumber[];
}

/** A text without a plus that is either a mobile abroad or a landline of the default country. */
interface UnclearNumber {
  piece: string;
  /** E.164: the reading used. */
  taken: string;
  /** E.164 */
  other: string;
}

/**
 * The numbers in a text such as a table cell: one, several or none. Understands local forms (8 900 …), 00 and 810 as
 * international prefixes, extensions, full-width digits, and what spreadsheets do to numbers (7.9E+10, 7900….0).
 */
export function normalisePhones(text: string, country: CountryCode): NormalisedPhones {
  const valid = new Map<string, Phone>();
  const invalid: string[] = [];
  const unclear: UnclearNumber[] = [];
  for (const piece of piecesOf(text)) {
    const readings = readingsOf(piece, country);
    for (const { phone, other } of readings) {
      valid.set(phone.e164, phone);
      if (other) unclear.push({ piece, taken: phone.e164, other: other.e164 });
    }
    if (readings.length === 0) invalid.push(piece);
  }
  return { original: text, valid: [...valid.values()], invalid, ...(unclear.length > 0 && { unclear }) };
}

/** Every valid number in a person's texts, in their order. */
export function readNumbers(texts: readonly string[], country: CountryCode): PersonNumber[] {
  return texts.flatMap((text, at) => {
    const { valid, unclear } = normalisePhones(text, country);
    return valid.map(({ e164, mobile }): PersonNumber => {
      const otherwise = unclear?.find(({ taken }) => taken === e164)?.other;
      return { e164, mobile, ...(at > 0 && { at }), ...(otherwise && { otherwise }) };
    });
  });
}

/** Every valid number of a person: as a list read them when it took the person in, or read now. */
export function numbersIn(
  { phones, numbers }: Pick<Person, 'phones' | 'numbers'>,
  country: CountryCode,
): readonly PersonNumber[] {
  return numbers ?? readNumbers(phones, country);
}

/** Every valid number in the texts, E.164, in order. */
export function validNumbers(texts: readonly string[], country: CountryCode): string[] {
  return texts.flatMap((text) => normalisePhones(text, country).valid.map(({ e164 }) => e164));
}

/** The number to message: the first mobile, else the first. Landlines are rarely on WhatsApp. */
export function bestPhone<T extends Pick<Phone, 'mobile'>>(phones: readonly T[]): T | undefined {
  return phones.find(({ mobile }) => mobile) ?? phones[0];
}

/**
 * Why a text holds no usable number: no digits, digits rounded away by a spreadsheet, too few or too many digits, a
 * length that the country does not use, an unknown country code; or `not_assigned`: the length is possible, but no
 * operator has such numbers.
 */
export type PhoneProblem =
  'no_number' | 'rounded' | 'too_short' | 'too_long' | 'wrong_length' | 'country_unknown' | 'not_assigned';

/** The problem with a text in which `normalisePhones` finds no valid number. */
export function phoneProblem(text: string, country: CountryCode): PhoneProblem {
  const piece = piecesOf(text)[0] ?? '';
  if (ROUNDED.test(piece)) return 'rounded';
  const digits = piece.replace(/\D/g, '');
  if (digits.length < 3) return digits.length === 0 ? 'no_number' : 'too_short';
  switch (validatePhoneNumberLength(piece.replace(/[^\d+]/g, ''), country)) {
    case undefined:
      return 'not_assigned';
    case 'TOO_LONG':
      return 'too_long';
    case 'INVALID_COUNTRY':
      return 'country_unknown';
    case 'NOT_A_NUMBER':
      return 'no_number';
    case 'TOO_SHORT':
      return 'too_short';
    // Between two valid lengths.
    case 'INVALID_LENGTH':
      return 'wrong_length';
  }
}

/**
 * `+79001234512` → `+7 9•• •••-••-12`: shows the country code, the first digit and the last two; for screens and
 * Temporal.
 */
export function maskPhone(e164: string): string {
  const digits = e164.replace(/\D/g, '');
  if (digits.length < 7) return '•••';
  const callingCode = callingCodeOf(e164);
  const national = digits.slice(callingCode.length);
  const hidden = [...national].map((digit, at) => (at === 0 || at >= national.length - 2 ? digit : '•'));
  // Groups from the end: two, two, three, the rest.
  const cuts = [-4, -2].map((cut) => hidden.length + cut);
  const grouped = hidden.map(
    (digit, at) => (at === 3 && hidden.length > 7 ? ' ' : cuts.includes(at) ? '-' : '') + digit,
  );
  return `+${callingCode} ${grouped.join('')}`.trim();
}

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const SEPARATORS = /[,;|/\\\r\n\t]+|\s(?:и|или|and|or)\s|(?<=\d[\s)]*)(?=\+)/u;
/** Two numbers in groups, with remarks on both, have fewer words than this. */
const MOST_WORDS = 40;
const DIGITS = /\d/;
const LETTER_O = /[oо]/iu;
/** A number rounded by a spreadsheet: its last digits are lost. */
const ROUNDED = /^\d[.,]\d+E\+?\d+$/i;

/** Splits the text at separators between numbers; words without a digit are remarks, unless there is nothing else. */
function piecesOf(text: string): string[] {
  const plain = fromSpreadsheet(withZeros(withPlainNumbers(text.normalize('NFKC').replace(INVISIBLE, '').trim())));
  const pieces = plain.split(SEPARATORS).map((piece) => piece.trim());
  const numbers = pieces.filter((piece) => DIGITS.test(piece));
  return numbers.length > 0 || plain === '' ? numbers : [plain];
}

/** One number, or two separated only by a space, or those among the words of a remark. */
function readingsOf(piece: string, country: CountryCode): Reading[] {
  // A name of any length has nothing to search. Digits may be in another script.
  if (ROUNDED.test(piece) || !/\p{Nd}/u.test(piece)) return [];
  const one = readPhone(piece, country);
  if (one) return [one];
  const words = piece.split(/\s+/);
  if (words.length > MOST_WORDS) return foundIn(piece, country);
  for (let cut = 1; cut < words.length; cut++) {
    const first = readPhone(words.slice(0, cut).join(' '), country);
    const second = first && readPhone(words.slice(cut).join(' '), country);
    if (second) return [first, second];
  }
  return foundIn(piece, country);
}

function foundIn(piece: string, country: CountryCode): Reading[] {
  return findPhoneNumbersInText(piece, country).flatMap(
    ({ startsAt, endsAt }) => readPhone(piece.slice(startsAt, endsAt), country) ?? [],
  );
}

/** Replaces the letter O, Latin or Cyrillic, typed for zero between digits. */
function withZeros(text: string): string {
  if (!LETTER_O.test(text) || /[^\d\s()+.\-oо]/iu.test(text) || (text.match(/\d/g) ?? []).length < 7) return text;
  return text.replace(new RegExp(LETTER_O, 'giu'), '0');
}

/** Undoes what a spreadsheet does to a number. A rounded one (7.9E+10) has lost its digits and stays as it is. */
function fromSpreadsheet(text: string): string {
  const scientific = /^(\d)[.,](\d+)E\+?(\d{1,2})$/i.exec(text);
  if (scientific) {
    const [, first = '', rest = '', exponent = ''] = scientific;
    return rest.length >= Number(exponent) && /^0*$/.test(rest.slice(Number(exponent)))
      ? first + rest.slice(0, Number(exponent))
      : text.replace(',', '.');
  }
  if (/^\d{1,3}(,\d{3}){3,4}$/.test(text)) return text.replaceAll(',', '');
  return text.replace(/^(\+?\d{7,15})[.,]0{1,2}$/, '$1');
}

function callingCodeOf(e164: string): string {
  return parsePhoneNumberFromString(e164)?.countryCallingCode ?? e164.replace(/\D/g, '').slice(0, 1);
}

/**
 * Where a text names a person: their number as people write it, WhatsApp's ids that have the number in them, their user
 * ids.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { spellingsOf } from '../domain/phones/person';

export interface Mentions {
  /** Finds all that may be a mention, for a query; `in` says whether it is one. */
  pattern: string;
  in(text: string): boolean;
  /** The text with a star for each letter and digit of a mention. */
  masked(text: string): string;
  /**
   * JSON without the members of its lists that mention them; undefined when it is no JSON, or mentions them elsewhere.
   */
  withoutMembers(json: string): string | undefined;
}

/** A local number without its area code. */
const FEWEST_DIGITS = 8;

/** `isThis`: a text that is a number is theirs. */
export function createMentions(phone: string, userIds: readonly string[], isThis: (text: string) => boolean): Mentions {
  const all = spellingsOf(phone);
  const exact = [
    ...userIds.map((id) => id.replace(/[.\\]/g, '\\$&') + '(?![0-9A-Za-z_])'),
    ...all.map((spelling) => inWhatsAppIds(spelling).replace(/[+/]/g, '\\$&')),
  ];
  const pattern = [spellings(phone), ...exact].join('|');
  const sure = new RegExp(exact.join('|'));
  const nationals = all.map((spelling) => parsePhoneNumberFromString(spelling)?.nationalNumber ?? spelling.slice(1));
  // The last digits alone tell too little: 8 912 345-67-89 is a mobile, 8 812 345-67-89 an office.
  const whole = (number: string): boolean => {
    const plain = inAscii(number);
    const digits = plain.replace(/\D/g, '');
    if (digits.length >= FEWEST_DIGITS && all.some((spelling) => spelling.endsWith(digits))) return true;
    if (isThis(number)) return true;
    // With other digits before it, a day or a house: but not the number of another country.
    const other = plain.startsWith('+') && parsePhoneNumberFromString(plain)?.isPossible();
    return !other && nationals.some((national) => endsApart(plain, national));
  };

  /** From where to where the mentions reach: of a number all of its digits. */
  function found(text: string): [from: number, to: number][] {
    return [...text.matchAll(new RegExp(pattern, 'g'))].flatMap((match): [number, number][] => {
      const [from, to] = [match.index, match.index + match[0].length];
      if (sure.test(match[0])) return [[from, to]];
      const before = /[+＋]?(?:\p{Nd}[\s().-]{0,3})*$/u.exec(text.slice(Math.max(0, from - 20), from))![0];
      const start = from - before.length;
      return whole(text.slice(start, to)) ? [[start, to]] : [];
    });
  }

  function isMentionIn(text: string): boolean {
    return found(text).length > 0;
  }

  function without(value: unknown): { left: unknown; mentioned: boolean } {
    if (Array.isArray(value)) {
      const left = value.map(without).filter(({ mentioned }) => !mentioned);
      return { left: left.map((one) => one.left), mentioned: false };
    }
    if (value === null || typeof value !== 'object') return { left: value, mentioned: isMentionIn(String(value)) };
    const fields = Object.entries(value).map(([name, field]) => ({ name, ...without(field) }));
    return {
      left: Object.fromEntries(fields.map(({ name, left }) => [name, left])),
      mentioned: fields.some(({ name, mentioned }) => mentioned || isMentionIn(name)),
    };
  }

  return {
    pattern,
    in: isMentionIn,
    masked: (text) =>
      found(text)
        .toReversed()
        .reduce(
          (masked, [from, to]) =>
            masked.slice(0, from) + masked.slice(from, to).replace(/[\p{L}\p{N}]/gu, '*') + masked.slice(to),
          text,
        ),
    withoutMembers: (json) => {
      try {
        const { left, mentioned } = without(JSON.parse(json));
        return mentioned ? undefined : JSON.stringify(left);
      } catch {
        // No JSON, or nested deeper than anybody can follow.
        return undefined;
      }
    },
  };
}

/** Whether the text ends in these digits, with no digit right before them. */
function endsApart(text: string, digits: string): boolean {
  return new RegExp(`(?:^|\\D)${[...digits].join('\\D*')}\\D*$`).test(text);
}

/** After the number in WhatsApp's id of a message. */
const AFTER_NUMBER = '\x15';

/** The number as it stands in `wamid.…`: base64 from a third byte on, so that its digits begin at a letter's border. */
function inWhatsAppIds(e164: string): string {
  const digits = e164.slice(1);
  return Buffer.from(digits + AFTER_NUMBER)
    .toString('base64')
    .slice(0, Math.ceil((digits.length * 8) / 6));
}

/** The zeros of other scripts, whose nine other digits follow: full-width, Arabic, Persian, Devanagari. */
const ZEROS = [0xff10, 0x0660, 0x06f0, 0x0966];

function inAscii(number: string): string {
  return number
    .replace(/[OoОо]/g, '0')
    .replace(/\p{Nd}/gu, (digit) => {
      const code = digit.charCodeAt(0);
      const zero = ZEROS.find((from) => code >= from && code < from + 10);
      return zero === undefined ? digit : String(code - zero);
    })
    .replace('＋', '+');
}

/** No letter, or the о at a word's end would be a zero; spelled out, for not every server knows \p{L}. */
const BETWEEN = `[^0-9A-Za-zА-Яа-яЁё${ZEROS.map((zero) => `${String.fromCharCode(zero)}-${String.fromCharCode(zero + 9)}`).join('')}]{0,5}`;

/** A digit as people write it: also in another script, and of a zero the letter O. */
function digitClass(digit: string): string {
  const others = ZEROS.map((zero) => String.fromCharCode(zero + Number(digit))).join('');
  return `[${digit}${others}${digit === '0' ? 'OoОо' : ''}]`;
}

/** A regular expression for the number's last digits with any separators. */
export function spellings(e164: string): string {
  // Of those who have several spellings fewer are the same in all: the 15 of Argentina stands before the last six.
  const same = spellingsOf(e164).length > 1 ? 6 : 9;
  const digits = [...e164.replace(/\D/g, '')].slice(-same);
  return digits.map(digitClass).join(BETWEEN);
}

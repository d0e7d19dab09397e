/** The bot's words in one language, with values escaped for Telegram's HTML, and dates and spans of time in words. */
import { DateTime } from 'luxon';
import { explain, type Refusal } from '../config/errors';
import { dayText, moneySpanText, moneyText, zoneText } from '../config/formats';
import { translate, type Language } from '../config/i18n';
import { aboutText, spanText } from '../config/spec-text';
import { possibleMoments } from '../domain/times/moment';
import { escapeHtml as escapeBetweenTags } from '../config/text';

export { shorten } from '../config/text';

/** A value that is HTML already. */
export class Html {
  constructor(readonly html: string) {}
}

type Values = Record<string, string | number | Html>;

export interface Texts {
  readonly language: Language;
  /** IANA zone in which times are shown and read. */
  readonly zone: string;
  /** What people call it. */
  readonly zoneName: string;
  /** A text of `bot.<key>` as HTML: string values are escaped, `Html` values go in as they are. */
  html(key: string, values?: Values): string;
  /** The same without escaping: for buttons, alerts and file captions, which know no markup. */
  plain(key: string, values?: Record<string, string | number>): string;
  /** The text of a key that may be missing, such as the name of a CRM field. */
  maybe(key: string): string | undefined;
  /** A word of the product, such as `campaignStates.running`. */
  word(key: string): string;
  /** The same of a word that may be missing, such as one for what a service calls a thing. */
  maybeWord(key: string): string | undefined;
  /** A refusal as a sentence, escaped. */
  refusal(refusal: Refusal): string;
  /** The same without escaping. */
  refusalText(refusal: Refusal): string;
  /** About how long: `45 s`, `3 min`, `1 h 20 min`. */
  duration(seconds: number): string;
  /** The same after `about`, in full words where it is short: `13 seconds`, `2 minutes`. */
  about(seconds: number): string;
  /** Date and time with the zone's name. */
  time(at: Date): string;
  /** The same with the weekday, and with the offset where the clocks go back and show the time twice. */
  fullTime(at: Date): string;
  /** Day and time in figures, where many stand in a list. */
  shortTime(at: Date): string;
  /** A day from its ISO date. */
  day(iso: string): string;
  /** A sum in a currency (ISO 4217), with its cents. */
  money(sum: number, currency: string): string;
  /** From a sum to a sum; one sum when both are written alike. */
  moneySpan(from: number, to: number, currency: string): string;
}

/** Escapes what Telegram's HTML gives a meaning, in the value of an attribute too. */
export function escapeHtml(text: string): string {
  return escapeBetweenTags(text).replaceAll('"', '&quot;');
}

export function createTexts(language: Language, zone: string): Texts {
  const zoneName = zoneText(zone, language);
  const plain: Texts['plain'] = (key, values = {}) => translate(language, `bot.${key}`, values);
  return {
    language,
    zone,
    zoneName,
    plain,
    html: (key, values = {}) =>
      plain(
        key,
        Object.fromEntries(
          Object.entries(values).map(([name, value]) => [
            name,
            value instanceof Html ? value.html : typeof value === 'string' ? escapeHtml(value) : value,
          ]),
        ),
      ),
    maybe: (key) => {
      const text = plain(key);
      return text === `bot.${key}` ? undefined : text;
    },
    word: (key) => translate(language, `words.${key}`),
    maybeWord: (key) => {
      const word = translate(language, `words.${key}`);
      return word === `words.${key}` ? undefined : word;
    },
    refusal: (refusal) => escapeHtml(explain(refusal, language)),
    refusalText: (refusal) => explain(refusal, language),
    duration: (seconds) => spanText(seconds, language),
    about: (seconds) => aboutText(seconds, language),
    time: (at) => {
      const local = DateTime.fromJSDate(at, { zone }).setLocale(language);
      return `${local.toFormat('d MMMM yyyy, HH:mm')} (${zoneName})`;
    },
    fullTime: (at) => {
      const local = DateTime.fromJSDate(at, { zone }).setLocale(language);
      const twice = possibleMoments(local).length > 1;
      return `${local.toFormat(`cccc, d MMMM yyyy, HH:mm${twice ? " 'UTC'Z" : ''}`)} (${zoneName})`;
    },
    shortTime: (at) => DateTime.fromJSDate(at, { zone }).toFormat('dd.MM.yy HH:mm'),
    day: (iso) => dayText(iso, language),
    money: (sum, currency) => moneyText(sum, currency, language),
    moneySpan: (from, to, currency) => moneySpanText(from, to, currency, language),
  };
}

/** A report's texts, numbers and times in one language. */
import { DateTime } from 'luxon';
import { dayText, moneySpanText, numberText, zoneText } from '../config/formats';
import { translate, type Language } from '../config/i18n';
import { field, hanging } from './layout';

export interface TextOptions {
  language: Language;
  /** IANA zone of the times shown. */
  timezone: string;
}

export interface Words extends TextOptions {
  /** What people call the zone. */
  zoneName: string;
  /** A text of the report. */
  t(key: string, values?: Record<string, string | number>): string;
  /** A word from the product's vocabulary, such as a state. */
  word(kind: 'campaignStates' | 'deliveryStates' | 'skipReasons' | 'templateCategories', key: string): string;
  time(at: Date): string;
  /** A day from its ISO date, with its year. */
  date(iso: string): string;
  number(value: number, digits?: number): string;
  /** From a sum to a sum; one sum when both are written alike. */
  money(from: number, to: number, currency: string): string;
  duration(seconds: number): string;
  /** A label and its text. */
  line(label: string, text: string): string;
}

const LABEL_WIDTH = 19;

export function createWords({ language, timezone }: TextOptions): Words {
  const t = (key: string, values?: Record<string, string | number>): string =>
    translate(language, `report.${key}`, values);
  const word = (kind: string, key: string): string => translate(language, `words.${kind}.${key}`);
  const time = (at: Date): string => DateTime.fromJSDate(at, { zone: timezone }).toFormat(t('timeFormat'));
  const date = (iso: string): string => dayText(iso, language);
  const number = (value: number, digits = 0): string => plainSpaces(numberText(value, language, digits));
  const money = (from: number, to: number, currency: string): string =>
    plainSpaces(moneySpanText(from, to, currency, language));
  const line = (label: string, text: string): string => hanging(`  ${field(label, LABEL_WIDTH)}`, text);

  function duration(seconds: number): string {
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
    const rest = t('seconds', { n: number(seconds % 60, seconds < 10 ? 1 : 0) });
    return [hours > 0 && t('hours', { n: hours }), (hours > 0 || minutes > 0) && t('minutes', { n: minutes }), rest]
      .filter(Boolean)
      .join(' ');
  }

  return {
    language,
    timezone,
    zoneName: zoneText(timezone, language),
    t,
    word,
    time,
    date,
    number,
    money,
    duration,
    line,
  };
}

/** Columns are padded by characters, and a terminal without a no-break space would show something else. */
export function plainSpaces(text: string): string {
  return text.replace(/\u00a0|\u202f/g, ' ');
}

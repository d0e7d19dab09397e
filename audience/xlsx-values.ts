/** Interprets a workbook's numbers, and formats them as its sheet shows them in the default country. */
import type { CountryCode } from 'libphonenumber-js';
import { dateFromSerial, format, getFormatDateInfo, getFormatInfo, getLocale } from 'numfmt';
import type { Cell } from '../domain/reading/cell';

/** How cells of one style show a number. */
export interface NumberFormat {
  /** The format's code in English letters; '' = plain digits. */
  code: string;
  kind: 'number' | 'percent' | 'day' | 'time';
}

/** A phone has at least 11 digits; a spreadsheet keeps and shows at most 15. */
const SIGNIFICANT_DIGITS = 15;
/** Later days (2721) are numbers that were given a date format. */
const LAST_SERIAL = 300_000;
/** From 1904-01-01, the epoch of Excel for Mac, back to 1900. */
const DAYS_TO_1904 = 1462;
const PLAIN: NumberFormat = { code: '', kind: 'number' };

/**
 * Built-in formats (ECMA-376 part 1, §18.8.30); 27–36 and 50–58 are East Asian dates. `date` stands for the country's
 * format.
 */
const BUILT_IN: Record<number, string> = {
  ...Object.fromEntries([14, ...range(27, 31), 36, ...range(50, 58)].map((id) => [id, 'date'])),
  ...{ 1: '0', 2: '0.00', 3: '#,##0', 4: '#,##0.00', 9: '0%', 10: '0.00%', 12: '# ?/?', 13: '# ??/??' },
  ...{ 15: 'd-mmm-yy', 16: 'd-mmm', 17: 'mmm-yy', 18: 'h:mm AM/PM', 19: 'h:mm:ss AM/PM', 20: 'hh:mm', 21: 'hh:mm:ss' },
  ...{ 22: 'date hh:mm', 32: 'hh:mm', 33: 'hh:mm:ss', 34: 'hh:mm', 35: 'hh:mm:ss', 45: 'mm:ss', 46: '[h]:mm:ss' },
  ...{ 37: '#,##0;-#,##0', 38: '#,##0;-#,##0', 39: '#,##0.00;-#,##0.00', 40: '#,##0.00;-#,##0.00', 47: 'mm:ss.0' },
  ...{ 41: '#,##0', 42: '#,##0', 43: '#,##0.00', 44: '#,##0.00' },
};

/** A style's format: its own code, or a built-in one. An unreadable one shows plain digits. */
export function formatOf(id: number, own: string | undefined, country: CountryCode): NumberFormat {
  const code = (own === undefined ? (BUILT_IN[id] ?? '') : inEnglish(own)).replace(/^date/, () => shortDate(country));
  if (code === '' || /^(?:general|@)$/i.test(code)) return PLAIN;
  const { type, isDate, isPercent } = getFormatInfo(code);
  // 7,9E+10 is what a narrow column does to a phone; it is never meant.
  if (['general', 'scientific', 'text', 'error'].includes(type)) return type === 'general' && /"/.test(code) ? { code, kind: 'number' } : PLAIN;
  if (!isDate) return { code, kind: isPercent ? 'percent' : 'number' };
  const { year, month, day, hours, minutes, seconds } = getFormatDateInfo(code) as unknown as Record<string, boolean>;
  return { code, kind: day || year || (month && !hours && !minutes && !seconds) ? 'day' : 'time' };
} // prettier-ignore

/** A number as its style shows it; `raw` as in the file. Floating-point noise after the 15th digit is cut off. */
export function numberCell(raw: string, style: NumberFormat = PLAIN, locale = 'en', epoch1904 = false): Cell {
  const given = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(given)) return raw.trim();
  const number = Number(given.toPrecision(SIGNIFICANT_DIGITS));
  const plain = { number, shown: decimals(String(number), locale) };
  if (style.code === '') return plain;
  const isDate = style.kind === 'day' || style.kind === 'time';
  const serial = epoch1904 && style.kind === 'day' ? number + DAYS_TO_1904 : number;
  if (isDate && !(serial >= 0 && serial < LAST_SERIAL)) return plain;
  const shown = written(style.code, serial, locale);
  if (shown === undefined) return plain;
  if (style.kind === 'percent' || style.kind === 'time') return shown;
  return style.kind === 'day' ? { day: dayOf(serial), shown } : { number, shown };
}

function written(code: string, number: number, locale: string): string | undefined {
  try {
    // Blanks that align figures in a column are meaningless in a sentence.
    return format(code, number, { locale }).replace(/\s{2,}/g, ' ').trim();
  } catch {
    return undefined;
  }
} // prettier-ignore

function dayOf(serial: number): string {
  const [year, month, day] = dateFromSerial(serial);
  return [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-');
}

/** The locale of a country: ru for Russia, de for Germany. */
export function localeOfCountry(country: CountryCode): string {
  const { language } = new Intl.Locale('und', { region: country }).maximize();
  return getLocale(language) ? language : 'en';
}

function decimals(text: string, locale: string): string {
  return text.replace('.', getLocale(locale)?.decimal ?? '.');
}

/** dd.mm.yyyy in Russia: how sheets there show Excel's short date format. */
function shortDate(country: CountryCode): string {
  const { language } = new Intl.Locale('und', { region: country }).maximize();
  const names: Record<string, string> = { day: 'dd', month: 'mm', year: 'yyyy' };
  return new Intl.DateTimeFormat(`${language}-${country}`, { day: '2-digit', month: '2-digit', year: 'numeric' })
    .formatToParts(0)
    .map(({ type, value }) => names[type] ?? value.replace(/[^./-]/g, ''))
    .join('')
    .replace(/[./-]$/, '');
}

const RUSSIAN: Record<string, string> = { д: 'd', м: 'm', г: 'y', ч: 'h', с: 's' };

/** Some programs write format codes as a Russian Excel shows them: ДД.ММ.ГГГГ, Основной. */
function inEnglish(code: string): string {
  if (/^основной$/i.test(code)) return '';
  const letters = code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '').match(/[а-яё]/gi) ?? [];
  if (letters.length < 2 || letters.some((letter) => !(letter.toLowerCase() in RUSSIAN))) return code;
  return code.replace(/"[^"]*"|\\.|[а-я]/gi, (piece) => RUSSIAN[piece.toLowerCase()] ?? piece);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

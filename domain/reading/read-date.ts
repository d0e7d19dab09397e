/**
 * Parses a day or moment from what people and programs write. Two possible readings are both returned, never guessed.
 */
import type { Cell } from './cell';

/** Which number in 05/06/2026 is the day. */
export const DATE_ORDERS = ['day_first', 'month_first'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** Unix milliseconds: for a day, its midnight in UTC; for a moment, the moment itself (its day depends on the zone). */
export type ReadDate = { kind: 'day' | 'moment'; at: number };

/** One reading; one for each order if both give a day; undefined if it is not a date. `order` chooses between two. */
export function readDate(cell: Cell, order?: DateOrder): ReadDate | Record<DateOrder, ReadDate> | undefined {
  if (typeof cell !== 'string') {
    if ('day' in cell) return dayOf(cell.day);
    return 'number' in cell && Number.isInteger(cell.number) ? ofDigits(cell.number) : undefined;
  }
  const given = cell.trim();
  if (/^-?\d{8,13}$/.test(given)) return ofDigits(Number(given));
  if (MOMENT.test(given)) return moment(Date.parse(given));
  return dayOf(given) ?? dayAndMonth(given, order);
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T[\d:.,]+(Z|[+-]\d{2}:?\d{2})$/i;
/** Ten digits are seconds until the year 2286, eleven are milliseconds. */
const MILLISECONDS_FROM = 1e10;
/** A shorter number is a Unix time only on a quarter of an hour, where the midnights of all zones fall. */
const SURELY_UNIX = 1e7;
const QUARTER_HOUR = 900;

/** 20261201, or a Unix time as in the CRM's date fields: negative before 1970, short before 1973. */
function ofDigits(number: number): ReadDate | undefined {
  const digits = String(Math.abs(number)).padStart(8, '0');
  if (number > 0 && digits.length === 8) {
    const [first, middle, last] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)];
    const yearFirst = /^(?:19|20)/.test(digits) && day(digits.slice(0, 4), digits.slice(4, 6), digits.slice(6));
    if (yearFirst) return yearFirst;
    // 01121985 is a date to people, not a Unix time; but which date is unclear.
    if (/^(?:19|20)/.test(last) && (day(last, middle, first) ?? day(last, first, middle))) return undefined;
  }
  if (Math.abs(number) < SURELY_UNIX && (number === 0 || number % QUARTER_HOUR !== 0)) return undefined;
  return moment(Math.abs(number) < MILLISECONDS_FROM ? number * 1000 : number);
}

function moment(at: number): ReadDate | undefined {
  return Math.abs(at) <= 8.64e15 ? { kind: 'moment', at } : undefined;
}

const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s].*)?$/;

/** 2026-12-01, optionally followed by a time. */
function dayOf(given: string): ReadDate | undefined {
  const [, year, month, date] = YEAR_FIRST.exec(given) ?? [];
  return year !== undefined ? day(year, month!, date!) : undefined;
}

const YEAR_LAST = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:\s*г\.?|[,\s]\s*\d.*)?$/i;

/** With dots the day always comes first; with slashes and dashes the order depends on the country. */
function dayAndMonth(given: string, order?: DateOrder): ReadDate | Record<DateOrder, ReadDate> | undefined {
  const [, one = '', mark, other = '', year = ''] = YEAR_LAST.exec(given) ?? [];
  // 05-06-26 may also begin with the year.
  if (mark === undefined || (mark === '-' && year.length === 2)) return undefined;
  const readings = { day_first: day(year, other, one), month_first: day(year, one, other) };
  const { day_first, month_first } = readings;
  if (mark === '.') return day_first;
  if (!day_first || !month_first || day_first.at === month_first.at) return day_first ?? month_first;
  return order ? readings[order] : { day_first, month_first };
}

/** 1.12.60 is in this century, 1.12.61 in the last. */
const LAST_SHORT_YEAR = 60;
/** Earlier years are never meant. */
const FIRST_YEAR = 1000;

function day(yearText: string, month: string, date: string): ReadDate | undefined {
  const short = yearText.length < 4 ? (Number(yearText) > LAST_SHORT_YEAR ? 1900 : 2000) : 0;
  // 01.01.0001 is 1C's empty date, which Date.UTC would turn into 1901.
  if (short === 0 && Number(yearText) < FIRST_YEAR) return undefined;
  const at = new Date(Date.UTC(short + Number(yearText), Number(month) - 1, Number(date)));
  // 31.02. would become a day in March.
  const exists = at.getUTCDate() === Number(date) && at.getUTCMonth() === Number(month) - 1;
  return exists ? { kind: 'day', at: at.getTime() } : undefined;
}

/** A day or a moment out of what people and programs write. What can be read in two ways is said to be so, never guessed. */
import type { Cell } from './cell';

/** Which number of 05/06/2026 is the day. */
export const DATE_ORDERS = ['day_first', 'month_first'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** Unix milliseconds: of a day its midnight in UTC, of a moment itself (which day that is depends on the zone). */
export type ReadDate = { kind: 'day' | 'moment'; at: number };

/** One reading; one for each order where both give a day; undefined when it is no date. `order` decides between two. */
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
/** Ten digits are seconds up to the year 2286, eleven are milliseconds. */
const MILLISECONDS_FROM = 1e10;
/** Shorter than this a number is a Unix time only at a quarter of an hour, where midnights of all zones are. */
const SURELY_UNIX = 1e7;
const QUARTER_HOUR = 900;

/** 20261201, or a Unix time as the date fields of CRMs have it: before 1970 it is negative, before 1973 it is short. */
function ofDigits(number: number): ReadDate | undefined {
  const digits = String(Math.abs(number)).padStart(8, '0');
  if (number > 0 && digits.length === 8) {
    const [first, middle, last] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)];
    const yearFirst = /^(?:19|20)/.test(digits) && day(digits.slice(0, 4), digits.slice(4, 6), digits.slice(6));
    if (yearFirst) return yearFirst;
    // 01121985 is a date to people and a Unix time to nobody; but not which date.
    if (/^(?:19|20)/.test(last) && (day(last, middle, first) ?? day(last, first, middle))) return undefined;
  }
  if (Math.abs(number) < SURELY_UNIX && (number === 0 || number % QUARTER_HOUR !== 0)) return undefined;
  return moment(Math.abs(number) < MILLISECONDS_FROM ? number * 1000 : number);
}

function moment(at: number): ReadDate | undefined {
  return Math.abs(at) <= 8.64e15 ? { kind: 'moment', at } : undefined;
}

const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s].*)?$/;

/** 2026-12-01, with or without a time behind it. */
function dayOf(given: string): ReadDate | undefined {
  const [, year, month, date] = YEAR_FIRST.exec(given) ?? [];
  return year !== undefined ? day(year, month!, date!) : undefined;
}

const YEAR_LAST = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:\s*г\.?|[,\s]\s*\d.*)?$/i;

/** With dots the day is first wherever dates have dots; with slashes and dashes that depends on the country. */
function dayAndMonth(given: string, order?: DateOrder): ReadDate | Record<DateOrder, ReadDate> | undefined {
  const [, one = '', mark, other = '', year = ''] = YEAR_LAST.exec(given) ?? [];
  // 05-06-26 may begin with the year as well.
  if (mark === undefined || (mark === '-' && year.length === 2)) return undefined;
  const readings = { day_first: day(year, other, one), month_first: day(year, one, other) };
  const { day_first, month_first } = readings;
  if (mark === '.') return day_first;
  if (!day_first || !month_first || day_first.at === month_first.at) return day_first ?? month_first;
  return order ? readings[order] : { day_first, month_first };
}

/** 1.12.60 is of this century, 1.12.61 of the last one. */
const LAST_SHORT_YEAR = 60;
/** Before it nobody's date is meant. */
const FIRST_YEAR = 1000;

function day(yearText: string, month: string, date: string): ReadDate | undefined {
  const short = yearText.length < 4 ? (Number(yearText) > LAST_SHORT_YEAR ? 1900 : 2000) : 0;
  // 01.01.0001 is 1C's empty date, and Date.UTC would make 1901 of it.
  if (short === 0 && Number(yearText) < FIRST_YEAR) return undefined;
  const at = new Date(Date.UTC(short + Number(yearText), Number(month) - 1, Number(date)));
  // 31.02. would be a day in March.
  const exists = at.getUTCDate() === Number(date) && at.getUTCMonth() === Number(month) - 1;
  return exists ? { kind: 'day', at: at.getTime() } : undefined;
}

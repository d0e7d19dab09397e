/** What a cell of a workbook shows: numbers with all their digits, dates as text. */
import { DateTime } from 'luxon';
import type { Cell } from '../domain/cell';

/** How a number of a cell is to be shown: as a date, in this format of luxon; otherwise plain. */
export type DateFormat = string | undefined;

/** A phone is 11 digits and more; a spreadsheet keeps 15 and shows no more. */
const SIGNIFICANT_DIGITS = 15;

/** A number without exponent; what floating point leaves behind the 15th digit is cut off. */
export function numberCell(raw: string): Cell {
  const given = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(given)) return raw.trim();
  const number = Number(given.toPrecision(SIGNIFICANT_DIGITS));
  return { number, shown: String(number) };
}

const DAY_MS = 86_400_000;

/** A serial date (days since 1899-12-30, or 1904-01-01) as a day, or a time as text; a number that is no date of our era stays a number. */
export function dateCell(raw: string, format: string, epoch1904: boolean): Cell {
  const serial = Number(raw);
  if (raw.trim() === '' || !(serial >= 0 && serial < 300_000)) return numberCell(raw);
  const epoch = epoch1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  // To the second: 14:30 is stored as 0.6041666…
  const ms = Math.round((serial * DAY_MS) / 1000) * 1000;
  const at = DateTime.fromMillis(epoch + ms, { zone: 'utc' });
  return /d/.test(format) ? { day: at.toFormat('yyyy-MM-dd'), shown: at.toFormat(format) } : at.toFormat(format);
}

/** Built-in number formats that are dates or times (ECMA-376 part 1, §18.8.30); 27–36 and 50–58 are East Asian dates. */
const BUILT_IN: Record<number, string> = {
  ...Object.fromEntries([14, 15, 16, 17, ...range(27, 31), 36, ...range(50, 58)].map((id) => [id, 'dd.MM.yyyy'])),
  ...Object.fromEntries([18, 20, 32, 34].map((id) => [id, 'HH:mm'])),
  ...Object.fromEntries([19, 21, 33, 35, 45, 46, 47].map((id) => [id, 'HH:mm:ss'])),
  22: 'dd.MM.yyyy HH:mm',
};

/** The date format of a number format, if it is one: year, month and day in the order that its code has them. */
export function dateFormatOf(id: number, code: string | undefined): DateFormat {
  if (code === undefined) return BUILT_IN[id];
  // Colours, currencies and elapsed hours in brackets, quoted and escaped text, all but the first section.
  const letters = code
    .replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '')
    .split(';')[0]!
    .toLowerCase();
  if (/general|основной/.test(letters) || /[0#?]/.test(letters.replace(/\.0+/g, ''))) return undefined;
  const days = /[yd]|м{3}|г{2,}|д/.test(letters);
  const hours = /[hsч]/.test(letters);
  if (!days && !hours) return undefined;
  const clock = /s/.test(letters) && !days ? 'HH:mm:ss' : 'HH:mm';
  if (!days) return clock;
  const [year, day, month] = [/[yг]/, /[dд]/, /[mм]/].map((letter) => letters.search(letter)) as [
    number,
    number,
    number,
  ];
  const date =
    year >= 0 && (day < 0 || year < day) ? 'yyyy-MM-dd' : month >= 0 && day > month ? 'MM/dd/yyyy' : 'dd.MM.yyyy';
  return hours ? `${date} ${clock}` : date;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/**
 * Parses a sum of money from what people and programs write. Two possible readings are both returned, never guessed.
 */
import type { Cell } from './cell';

/** Which mark in 1.049 and 1,049 is the decimal one. */
export const DECIMAL_MARKS = ['dot', 'comma'] as const;
export type DecimalMark = (typeof DECIMAL_MARKS)[number];

/** What may stand beside an amount. "5 тыс.", "15 %" and "от 5000" mean something other than their digits. */
const CURRENCY = String.raw`(?:[A-Z]{0,3}\p{Sc}|[A-Z]{3}|руб(?:\.|л[а-я]{1,3})?|р\.?|тенге|тг\.?|тнг|долл(?:\.|ар[а-я]{0,2})?|евро|грн\.?|грив[а-я]{1,3}|сум|сом[а-я]{0,2}|драм[а-я]{0,2}|лари|манат[а-я]{0,2}|юан[а-я]{1,2}|zł|злот[а-я]{1,3}|Kč|kr\.?)`;
const SUM = new RegExp(
  String.raw`^(?:${CURRENCY}\s*)?(?<sign>[-−–])?\s*(?:${CURRENCY}\s*)?(?<digits>\d(?:[\d\s.,'’]*\d)?)(?:[.,][-–—]?)?\s*(?:${CURRENCY})?$`,
  'iu',
);

/** The amount; one for each mark if both give one; undefined if it is not a sum. `decimal` chooses between two. */
export function readSum(cell: Cell, decimal?: DecimalMark): number | Record<DecimalMark, number> | undefined {
  if (typeof cell !== 'string') return 'number' in cell && Number.isFinite(cell.number) ? cell.number : undefined;
  const { sign, digits } = SUM.exec(cell.trim())?.groups ?? {};
  const read = digits === undefined ? undefined : amountOf(digits, decimal);
  if (read === undefined || !sign) return read;
  return typeof read === 'number' ? -read : { dot: -read.dot, comma: -read.comma };
}

const GROUPED = /^\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d+)?$/;

function amountOf(digits: string, decimal?: DecimalMark): number | Record<DecimalMark, number> | undefined {
  const isGrouped = /[\s'’]/.test(digits);
  if (isGrouped && !GROUPED.test(digits)) return undefined;
  const plain = digits.replace(/[\s'’]/g, '');
  const marks = [...plain.matchAll(/[.,]/g)];
  const [first, last] = [marks[0], marks.at(-1)];
  if (!first || !last) return Number(plain);
  const [whole, fraction] = [plain.slice(0, last.index), plain.slice(last.index + 1)];
  // Two different marks: the last is decimal, the other groups. One mark several times: it groups.
  if (first[0] !== last[0]) return numberOf(groups(whole, first[0]), fraction);
  if (marks.length > 1) return numberOf(groups(plain, first[0]));
  const asDecimal = Number(`${whole}.${fraction}`);
  if (isGrouped || fraction.length !== 3 || whole.length > 3 || whole.startsWith('0')) return asDecimal;
  const asGroup = Number(whole + fraction);
  const readings = first[0] === '.' ? { dot: asDecimal, comma: asGroup } : { dot: asGroup, comma: asDecimal };
  return decimal ? readings[decimal] : readings;
}

function numberOf(whole: string | undefined, fraction = '0'): number | undefined {
  return whole === undefined ? undefined : Number(`${whole}.${fraction}`);
}

/** The digits of 1.234.567, or of 12,34,567 with Indian grouping; undefined for 01.12.2026. */
function groups(text: string, mark: string): string | undefined {
  const parts = text.split(mark);
  const fits = parts.every((part, at) =>
    at === 0 ? /^[1-9]\d{0,2}$/.test(part) : at === parts.length - 1 ? /^\d{3}$/.test(part) : /^\d{2,3}$/.test(part),
  );
  return fits ? parts.join('') : undefined;
}

/** Finds the columns with the people's phones, by the cells and by the words of the column names. */
import type { CountryCode } from 'libphonenumber-js';
import { phoneTextOf } from '../domain/reading/cell';
import { isChatId } from '../domain/phones/chat-ids';
import { personKey } from '../domain/phones/person';
import { normalisePhones } from '../domain/phones/phone';
import { meaningOf, type HeaderMeaning, type Owner } from './header-words';
import type { TableRow } from './table';

/** Why a column was chosen: its name, its cells, an admin's choice, only numbers in the file, or no better column. */
export type WhyTaken = 'name' | 'values' | 'chosen' | 'numbers' | Exclude<WhyLeft, 'second' | 'staff' | 'other_number'>;

/**
 * Why a column with phones was not chosen: its owner, one number in most rows, another kind of number, or a better
 * column.
 */
export type WhyLeft = Exclude<Owner, 'own'> | 'same_number' | 'other_number' | 'few_phones' | 'second';

/** Counts for one column of the inspected rows. */
interface Counted {
  filled: number;
  /** Rows with a valid number. */
  phones: number;
  mobiles: number;
  /** Rows with a WhatsApp id or link. */
  chatIds: number;
  /** Rows with the most frequent number. */
  same: number;
}

interface OtherColumn {
  /** Its position, 0-based. */
  at: number;
  phones: number;
  why: WhyLeft;
}

export interface PhoneColumns {
  /** Positions of the columns with the people's own phones, the main one first; may be empty. */
  taken: number[];
  why: WhyTaken;
  /** Rows inspected, and how many have a valid number in a chosen column. */
  looked: number;
  rows: number;
  /** Other columns with phones, most phones first. */
  others: OtherColumn[];
}

/** Number of rows inspected. */
const SAMPLE_ROWS = 200;
/** A column holds phones if at least this share of its non-empty cells are phones. */
const PHONE_SHARE = 0.5;
/** With fewer rows, equal numbers prove nothing. */
const FEW_ROWS = 3;

/**
 * Chooses the people's own phones: every column with a phone name whose cells agree; otherwise the best column that may
 * be meant; otherwise the best by cells alone. Columns with one number in most rows, of a company or of next of kin are
 * used only when there is no other; those of our own staff never. `chosen` (a position) is used as it is; those in
 * `left` are ignored.
 */
export function findPhoneColumns(
  names: readonly string[],
  rows: readonly TableRow[],
  country: CountryCode,
  { chosen, left }: { chosen?: number | undefined; left?: ReadonlySet<number> } = {},
): PhoneColumns {
  const sample = rows.slice(0, SAMPLE_ROWS);
  const columns = names
    .map((name, at): Column => {
      const [meaning, counted] = [meaningOf(name), count(at, sample, country)];
      // `chat_id` may belong to any service; WhatsApp's ids are numbers.
      const isOfChats = meaning.kind === 'other' && counted.chatIds * 2 > counted.filled;
      return { at, ...meaning, ...counted, ...(isOfChats && { kind: 'maybe' }) };
    })
    .filter(({ at }) => !left?.has(at));
  const { taken, why } =
    chosen === undefined
      ? bestOf(columns)
      : { taken: columns.filter(({ at }) => at === chosen), why: 'chosen' as const };
  const others = columns.filter((column) => column.phones > 0 && !taken.includes(column));
  const hasNumber = (row: TableRow): boolean =>
    taken.some(({ at }) => normalisePhones(phoneTextIn(row, at), country).valid.length > 0);
  return {
    taken: taken.map(({ at }) => at),
    why,
    looked: sample.length,
    rows: sample.filter(hasNumber).length,
    others: others
      .toSorted((a, b) => b.phones - a.phones)
      .map((column) => ({ at: column.at, phones: column.phones, why: whyLeft(column) })),
  };
}

type Column = Counted & HeaderMeaning & { at: number };

function bestOf(columns: readonly Column[]): { taken: Column[]; why: WhyTaken } {
  const usable = columns.filter((column) => column.owner !== 'staff' && column.kind !== 'other');
  const own = usable.filter((column) => column.owner === 'own' && !isOneNumber(column));
  const called = (among: readonly Column[], kind: HeaderMeaning['kind']): Column[] =>
    byPhones(among.filter((column) => column.kind === kind));
  const named = called(own, 'phone');
  const choices: { taken: Column[]; why: WhyTaken }[] = [
    { taken: named.filter(isPhones), why: 'name' },
    { taken: called(own, 'maybe').filter(isPhones).slice(0, 1), why: 'values' },
    // A column with an explicit phone name and few phones is badly maintained.
    { taken: named.filter(({ phones }) => phones > 0), why: 'few_phones' },
    { taken: called(own, 'none').filter(isPhones).slice(0, 1), why: 'values' },
    ...(['company', 'next_of_kin'] as const).map((owner) => ({
      taken: byPhones(usable.filter((column) => column.owner === owner && column.kind !== 'none' && isPhones(column))).slice(0, 1), // prettier-ignore
      why: owner,
    })),
    {
      taken: byPhones(usable.filter((column) => column.owner === 'own' && isPhones(column))).slice(0, 1),
      why: 'same_number',
    },
    // Then each row reports what is wrong with its number.
    { taken: called(usable, 'phone').filter(({ owner }) => owner === 'own'), why: 'name' },
  ];
  return choices.find(({ taken }) => taken.length > 0) ?? { taken: [], why: 'name' };
}

function byPhones(columns: readonly Column[]): Column[] {
  return columns.toSorted((a, b) => b.mobiles - a.mobiles || b.phones - a.phones);
}

function isPhones({ filled, phones }: Counted): boolean {
  return phones > 0 && phones >= filled * PHONE_SHARE;
}

function isOneNumber({ filled, same }: Counted): boolean {
  return filled >= FEW_ROWS && same > filled / 2;
}

function whyLeft(column: Column): WhyLeft {
  if (column.owner !== 'own') return column.owner;
  if (isOneNumber(column)) return 'same_number';
  if (column.kind === 'other') return 'other_number';
  return isPhones(column) ? 'second' : 'few_phones';
}

function count(at: number, rows: readonly TableRow[], country: CountryCode): Counted {
  const counted = { filled: 0, phones: 0, mobiles: 0, chatIds: 0, same: 0 };
  const times = new Map<string, number>();
  for (const row of rows) {
    const cell = phoneTextIn(row, at);
    if (cell === '') continue;
    counted.filled++;
    if (isChatId(cell)) counted.chatIds++;
    const { valid } = normalisePhones(cell, country);
    if (valid.length > 0) counted.phones++;
    if (valid.some(({ mobile }) => mobile)) counted.mobiles++;
    for (const { e164 } of valid) {
      const key = personKey(e164);
      const seen = (times.get(key) ?? 0) + 1;
      times.set(key, seen);
      counted.same = Math.max(counted.same, seen);
    }
  }
  return counted;
}

/** The cell's text in which to search for a phone; '' without one. */
export function phoneTextIn({ cells, typed }: TableRow, at: number): string {
  return phoneTextOf(typed?.get(at) ?? cells[at] ?? '').trim();
}

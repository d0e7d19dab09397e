/** Which columns of a table hold the people's phones: by what the cells hold, and by the words of their names. */
import type { CountryCode } from 'libphonenumber-js';
import { phoneTextOf } from '../domain/reading/cell';
import { isChatId } from '../domain/phones/chat-ids';
import { personKey } from '../domain/phones/person';
import { normalisePhones } from '../domain/phones/phone';
import { meaningOf, type HeaderMeaning, type Owner } from './header-words';
import type { TableRow } from './table';

/** Why a column was taken: its name says so, its cells do, an admin does, there is nothing but numbers, or no better one. */
export type WhyTaken = 'name' | 'values' | 'chosen' | 'numbers' | Exclude<WhyLeft, 'second' | 'staff' | 'other_number'>;

/** Why a column with phones was not: whose it is, one number in most rows, another kind of number, or a better one. */
export type WhyLeft = Exclude<Owner, 'own'> | 'same_number' | 'other_number' | 'few_phones' | 'second';

/** What the rows that were looked at have in a column. */
interface Counted {
  filled: number;
  /** Rows with a valid number. */
  phones: number;
  mobiles: number;
  /** Rows with an id or a link of WhatsApp. */
  chatIds: number;
  /** Rows with the number that most rows have. */
  same: number;
}

interface OtherColumn {
  /** Its place, 0-based. */
  at: number;
  phones: number;
  why: WhyLeft;
}

export interface PhoneColumns {
  /** Places of those that hold the people's own phones, the main one first; none when there is none. */
  taken: number[];
  why: WhyTaken;
  /** Rows looked at, and those of them with a valid number in one of the columns taken. */
  looked: number;
  rows: number;
  /** Further columns with phones, most phones first. */
  others: OtherColumn[];
}

/** Rows looked at. */
const SAMPLE_ROWS = 200;
/** A column is one of phones when at least this share of its filled cells are. */
const PHONE_SHARE = 0.5;
/** Of fewer rows nobody can say that they have the same number for a reason. */
const FEW_ROWS = 3;

/**
 * The people's own phones: every column that its name calls so, when its cells agree; else the best of those that may be
 * so called; else the best by its cells alone. Those with one number in most rows, of a company or of next of kin come
 * only when there is no other; those of our own staff never. `chosen` (a place) is taken as it is; those in `left` are not looked at.
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
      // `chat_id` may be anything's; WhatsApp's ids are numbers.
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
    // A column that is called so outright and holds a few phones is one that is badly kept.
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
    // Then each row is told what is wrong with its number.
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

/** The text of a cell in which to look for a phone; '' where there is none. */
export function phoneTextIn({ cells, typed }: TableRow, at: number): string {
  return phoneTextOf(typed?.get(at) ?? cells[at] ?? '').trim();
}

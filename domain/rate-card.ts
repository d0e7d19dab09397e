/**
 * Meta's rate card (CSV, one row a market, a column a category) as a table of prices. Cards come with lines above the
 * heading, a currency sign before the amount, "n/a" where a market has no such price, and a row for each volume tier:
 * the highest of a market's prices counts, because tiers only lower it.
 */
import type { PriceTable } from './cost';
import { countriesOfMarket } from './meta-markets';

export type RateCardProblem =
  /** No row has a cell "Market" and one that begins with a category. */
  | { kind: 'no_heading' }
  | { kind: 'no_prices' }
  | { kind: 'currency'; currency: string }
  | { kind: 'market'; market: string; line: number }
  | { kind: 'price'; value: string; column: string; line: number };

export interface RateCard {
  /** USD per message. */
  countries: PriceTable['countries'];
  otherwise?: NonNullable<PriceTable['otherwise']>;
  /** Rows that gave a price. */
  markets: number;
}

const CATEGORIES = { MARKETING: 'marketing', UTILITY: 'utility', AUTHENTICATION: 'authentication' } as const;
type Category = keyof typeof CATEGORIES;
const CATEGORY_NAMES = Object.keys(CATEGORIES) as Category[];

/** As cards and spreadsheets write it. */
const DOLLARS = /^(?:|\$|us ?\$|\$ ?usd?|usd ?\$?|usd ?\(\$\)|us dollars?)$/i;
/** A currency's sign that is no dollar's. */
const OTHER_SIGN = /(?!\$)\p{Sc}/u;
const NO_PRICE = /^(?:|-|–|—|n\/?a|\*)$/i;
/** 1,234 is a thousand or a little more than one. */
const THOUSANDS_OR_CENTS = /^[1-9]\d*,\d{3}$/;
/** More for one message is a price of something else, or a misread separator. */
const MOST = 10;

interface Heading {
  row: number;
  market: number;
  currency: number;
  categories: readonly (readonly [category: Category, column: number])[];
}

/** The rows of the file, all of them; the line numbers in a problem count from 1. */
export function readRateCard(rows: readonly (readonly string[])[]): RateCard | RateCardProblem {
  const heading = headingOf(rows);
  if (!heading) return { kind: 'no_heading' };
  const regions: PriceTable['countries'] = {};
  const own: PriceTable['countries'] = {};
  const others: Partial<Record<Category, number>> = {};
  let markets = 0;
  for (const [index, row] of rows.entries()) {
    const market = row[heading.market]?.trim() ?? '';
    if (index <= heading.row || market === '') continue;
    const line = index + 1;
    const prices: Partial<Record<Category, number>> = {};
    for (const [category, column] of heading.categories) {
      const price = priceIn(row[column] ?? '');
      if (price === undefined) {
        // A footnote stands alone in the first column of its row; a row of prices has some that can be read.
        if (heading.categories.every(([, other]) => (row[other] ?? '').trim() === '')) break;
        return { kind: 'price', value: row[column]!, column: rows[heading.row]![column]!, line };
      }
      if (price !== 'none') prices[category] = price;
    }
    if (Object.keys(prices).length === 0) continue;
    const currency = heading.currency < 0 ? '' : (row[heading.currency] ?? '').trim();
    if (!DOLLARS.test(currency)) return { kind: 'currency', currency };
    const foreign = heading.categories.map(([, column]) => OTHER_SIGN.exec(row[column] ?? '')?.[0]).find(Boolean);
    if (foreign) return { kind: 'currency', currency: foreign };
    const countries = countriesOfMarket(market);
    if (!countries) return { kind: 'market', market, line };
    markets += 1;
    if (countries === 'others') raise(others, prices);
    else {
      // The price of a region yields to that of a country's own row.
      const kept = countries.length > 1 ? regions : own;
      for (const country of countries) raise((kept[country] ??= {}), prices);
    }
  }
  if (markets === 0) return { kind: 'no_prices' };
  const otherwise = Object.fromEntries(
    CATEGORY_NAMES.flatMap((category) => {
      const price = others[category];
      return price === undefined ? [] : [[category, [price, price] as [number, number]]];
    }),
  );
  return {
    countries: { ...regions, ...own },
    ...(Object.keys(otherwise).length > 0 && { otherwise }),
    markets,
  };
}

/** The day that the lines above the prices name, `Rates effective October 1, 2026`, as an ISO date. */
export function effectiveDay(rows: readonly (readonly string[])[]): string | undefined {
  for (const row of rows.slice(0, headingOf(rows)?.row ?? 0)) {
    const [, month = '', day, year] =
      /effective\W+(?:\w+\W+)??([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})/i.exec(row.join(' ')) ?? [];
    const at = MONTHS.indexOf(month.slice(0, 3).toLowerCase());
    if (at >= 0) return `${year}-${String(at + 1).padStart(2, '0')}-${day!.padStart(2, '0')}`;
  }
  return undefined;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function headingOf(rows: readonly (readonly string[])[]): Heading | undefined {
  for (const [row, cells] of rows.entries()) {
    const names = cells.map((cell) => cell.trim().toLowerCase());
    const market = names.indexOf('market');
    if (market < 0) continue;
    const categories = CATEGORY_NAMES.flatMap((category) => {
      // "Authentication-International" is another price, for businesses abroad.
      const column = names.findIndex(
        (name) => name.startsWith(CATEGORIES[category]) && !name.includes('international'),
      );
      return column < 0 ? [] : [[category, column] as const];
    });
    if (categories.length > 0) return { row, market, currency: names.indexOf('currency'), categories };
  }
  return undefined;
}

/** A price in dollars; undefined for what is none. */
function priceIn(cell: string): number | 'none' | undefined {
  const text = cell
    .replace(/\s|[*†‡]+$/g, '')
    .replace(/^(?:USD|US\$)|(?:USD|US\$)$/gi, '')
    .replace(/\p{Sc}/gu, '');
  if (NO_PRICE.test(text)) return 'none';
  if (THOUSANDS_OR_CENTS.test(text)) return undefined;
  // Of a comma and a dot the later one separates the cents; a lone comma does.
  const plain = text.includes('.') && text.lastIndexOf('.') > text.lastIndexOf(',') ? text.replaceAll(',', '') : text;
  const number = plain.replaceAll(plain.includes(',') ? '.' : '', '').replace(',', '.');
  if (!/^\d+(?:\.\d+)?$/.test(number)) return undefined;
  const price = Number(number);
  return price <= MOST ? price : undefined;
}

/** Keeps the higher of two prices. */
function raise(kept: Partial<Record<Category, number>>, prices: Partial<Record<Category, number>>): void {
  for (const category of CATEGORY_NAMES) {
    const price = prices[category];
    if (price !== undefined) kept[category] = Math.max(price, kept[category] ?? 0);
  }
}

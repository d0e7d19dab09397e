/**
 * Estimates a campaign's cost: recipients by country, times the rate of the template's category (whatsapp.md#prices).
 */
import type { TemplateCategory } from './templates/template';

type PricedCategory = Exclude<TemplateCategory, 'UNKNOWN'>;

/** USD per message. */
export interface PriceTable {
  /** ISO date. The table applies until a newer one names the same country. */
  validFrom: string;
  source: string;
  /** Gupshup's own fee on every message. */
  gupshupFee: number;
  /** By ISO code of the number's country. */
  countries: Record<string, Partial<Record<PricedCategory, number>>>;
  /** A card of all countries: `otherwise` is the price of those that it does not name, whatever older tables say of them. */
  isWhole?: true;
  /** The lowest and highest rate of any country, for countries without a rate. */
  otherwise?: Partial<Record<PricedCategory, [least: number, most: number]>>;
}

/** An estimate with an upper bound: an undelivered message costs only Gupshup's fee. */
export interface CostEstimate {
  currency: 'USD';
  /** Equal to `to` if every country has a rate. */
  from: number;
  to: number;
  /** Start of validity of the oldest table used. */
  pricesOf: string;
  /**
   * Countries without their own rate, counted with the range of all markets; '' for numbers without a country. Largest
   * first.
   */
  unpriced: { country: string; people: number }[];
}

/** Undefined when no table is valid on that day, or none covers any of the countries. */
export function estimateCost(
  recipients: ReadonlyMap<string, number>,
  category: TemplateCategory,
  tables: readonly PriceTable[],
  day: string,
): CostEstimate | undefined {
  return estimateAll(recipients, [category], tables, day);
}

/**
 * Of several messages to the same people, of these categories: at least the first, at most all of them to everybody.
 * Undefined when one of them cannot be estimated.
 */
export function estimateAll(
  recipients: ReadonlyMap<string, number>,
  categories: readonly TemplateCategory[],
  tables: readonly PriceTable[],
  day: string,
): CostEstimate | undefined {
  const each = categories.map((category) => exactCost(recipients, category, tables, day));
  const [first] = each;
  if (!first || !each.every((one) => one !== undefined)) return undefined;
  return {
    ...first,
    from: cents(first.from),
    to: cents(each.reduce((sum, { to }) => sum + to, 0)),
    pricesOf: each.map(({ pricesOf }) => pricesOf).toSorted()[0]!,
  };
}

function exactCost(
  recipients: ReadonlyMap<string, number>,
  category: TemplateCategory,
  tables: readonly PriceTable[],
  day: string,
): CostEstimate | undefined {
  const newestFirst = holdingOn(day, tables);
  // A category that Meta has not named costs at most as much as marketing.
  const priced = category === 'UNKNOWN' ? 'MARKETING' : category;
  const estimate: CostEstimate = { currency: 'USD', from: 0, to: 0, pricesOf: day, unpriced: [] };
  for (const [country, count] of recipients) {
    const found = rateOf(country, priced, newestFirst);
    if (!found) return undefined;
    const { table, least, most } = found;
    estimate.from += count * (least + table.gupshupFee);
    estimate.to += count * (most + table.gupshupFee);
    if (table.validFrom < estimate.pricesOf) estimate.pricesOf = table.validFrom;
    if (least !== most) estimate.unpriced.push({ country, people: count });
  }
  estimate.unpriced.sort((a, b) => b.people - a.people);
  return recipients.size > 0 ? estimate : undefined;
}

/** The tables that hold on that day (ISO date), newest first; of two of one day the first given. */
export function holdingOn(day: string, tables: readonly PriceTable[]): PriceTable[] {
  return tables.filter(({ validFrom }) => validFrom <= day).toSorted((a, b) => b.validFrom.localeCompare(a.validFrom));
}

/** Gupshup's own fee on that day, USD per message; undefined when no table holds. */
export function feeOn(day: string, tables: readonly PriceTable[]): number | undefined {
  return holdingOn(day, tables)[0]?.gupshupFee;
}

/** What a message costs without Gupshup's fee, USD, and the table that says so: the newest that knows the country. */
export function rateOf(
  country: string,
  category: PricedCategory,
  newestFirst: readonly PriceTable[],
): { table: PriceTable; least: number; most: number } | undefined {
  const own = newestFirst.find(
    ({ countries, isWhole, otherwise }) =>
      countries[country]?.[category] !== undefined || (isWhole && otherwise?.[category] !== undefined),
  );
  const rate = own?.countries[country]?.[category];
  if (own && rate !== undefined) return { table: own, least: rate, most: rate };
  const table = own ?? newestFirst.find(({ otherwise }) => otherwise?.[category] !== undefined);
  const range = table?.otherwise?.[category];
  return table && range && { table, least: range[0], most: range[1] };
}

/**
 * What the messages that arrived cost: their rate, and Gupshup's fee also for `feeOnly` others that were accepted but did
 * not arrive.
 */
export function spentCost(
  delivered: ReadonlyMap<string, number>,
  feeOnly: number,
  category: TemplateCategory,
  tables: readonly PriceTable[],
  day: string,
): CostEstimate | undefined {
  const none: CostEstimate = { currency: 'USD', from: 0, to: 0, pricesOf: day, unpriced: [] };
  const estimate = delivered.size === 0 ? none : exactCost(delivered, category, tables, day);
  const fee = feeOn(day, tables);
  if (!estimate || fee === undefined) return undefined;
  return { ...estimate, from: cents(estimate.from + feeOnly * fee), to: cents(estimate.to + feeOnly * fee) };
}

/** Of several campaigns together; undefined when one of them has none. */
export function costsTogether(costs: readonly (CostEstimate | undefined)[]): CostEstimate | undefined {
  const [first, ...others] = costs;
  return others.reduce<CostEstimate | undefined>(
    (sum, cost) =>
      sum &&
      cost && {
        currency: 'USD',
        from: cents(sum.from + cost.from),
        to: cents(sum.to + cost.to),
        pricesOf: sum.pricesOf < cost.pricesOf ? sum.pricesOf : cost.pricesOf,
        unpriced: unpricedTogether([...sum.unpriced, ...cost.unpriced]),
      },
    first,
  );
}

function unpricedTogether(all: CostEstimate['unpriced']): CostEstimate['unpriced'] {
  const people = new Map<string, number>();
  for (const one of all) people.set(one.country, (people.get(one.country) ?? 0) + one.people);
  return [...people].map(([country, count]) => ({ country, people: count })).sort((a, b) => b.people - a.people);
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

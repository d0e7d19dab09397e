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
  const newestFirst = tables
    .filter(({ validFrom }) => validFrom <= day)
    .toSorted((a, b) => b.validFrom.localeCompare(a.validFrom));
  // A category that Meta has not named costs at most as much as marketing.
  const priced = category === 'UNKNOWN' ? 'MARKETING' : category;
  const estimate: CostEstimate = { currency: 'USD', from: 0, to: 0, pricesOf: day, unpriced: [] };
  for (const [country, count] of recipients) {
    const own = newestFirst.find(({ countries }) => countries[country]?.[priced] !== undefined);
    const table = own ?? newestFirst.find(({ otherwise }) => otherwise?.[priced] !== undefined);
    if (!table) return undefined;
    const rate = own?.countries[country]?.[priced];
    const [least, most] = rate === undefined ? table.otherwise![priced]! : [rate, rate];
    estimate.from += count * (least + table.gupshupFee);
    estimate.to += count * (most + table.gupshupFee);
    if (table.validFrom < estimate.pricesOf) estimate.pricesOf = table.validFrom;
    if (!own) estimate.unpriced.push({ country, people: count });
  }
  estimate.unpriced.sort((a, b) => b.people - a.people);
  return recipients.size > 0 ? { ...estimate, from: cents(estimate.from), to: cents(estimate.to) } : undefined;
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

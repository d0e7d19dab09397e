/** What a campaign may cost: recipients by country, times the rate of the template's category (whatsapp.md#prices). */
import type { TemplateCategory } from './templates/template';

type PricedCategory = Exclude<TemplateCategory, 'UNKNOWN'>;

/** USD per message. */
export interface PriceTable {
  /** ISO date. It holds until a newer table names the same country. */
  validFrom: string;
  source: string;
  /** Gupshup's own fee on every message. */
  gupshupFee: number;
  /** By ISO code of the country that the number belongs to. */
  countries: Record<string, Partial<Record<PricedCategory, number>>>;
  /** The least and the most that any country costs, for those without a rate. */
  otherwise?: Partial<Record<PricedCategory, [least: number, most: number]>>;
}

/** An estimate and an upper bound: what is not delivered costs nothing but Gupshup's fee. */
export interface CostEstimate {
  currency: 'USD';
  /** The same as `to` when every country has a rate. */
  from: number;
  to: number;
  /** When the oldest table that was used began to be valid. */
  pricesOf: string;
  /**
   * Countries without a rate of their own, counted at the range of all markets; '' for numbers of none. Those with most
   * people first.
   */
  unpriced: { country: string; people: number }[];
}

/** Undefined when no table holds on the day, or none says anything about a country that is asked for. */
export function estimateCost(
  recipients: ReadonlyMap<string, number>,
  category: TemplateCategory,
  tables: readonly PriceTable[],
  day: string,
): CostEstimate | undefined {
  const newestFirst = tables
    .filter(({ validFrom }) => validFrom <= day)
    .toSorted((a, b) => b.validFrom.localeCompare(a.validFrom));
  // What Meta has not named is charged at most as marketing.
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

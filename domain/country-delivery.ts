/** What share of the messages to a country arrives, by our own ledger: the outcome of each campaign by country, and the sum of several. */
import type { DeliveryState } from './story/delivery';

/** Outcomes of messages to one country. */
export interface CountryOutcome {
  /** ISO code; '' for numbers without a country. */
  country: string;
  /** Messages whose fate at Gupshup is known: accepted or failed. An unknown one says nothing of the country. */
  sent: number;
  /** Of these, delivered or read. */
  delivered: number;
}

/** What is expected goes by campaigns that ended within this time (ms). */
export const EXPECTED_OVER_MS = 30 * 86_400_000;

/** Of fewer messages nothing can be said. */
const TELLING = 20;

/** Adds up deliveries by country. */
export function createCountryOutcomes(countryOf: (phone: string) => string): {
  add(delivery: { state: DeliveryState; phone?: string }): void;
  outcomes(): CountryOutcome[];
} {
  const found = new Map<string, CountryOutcome>();
  return {
    add: ({ state, phone }) => {
      const arrived = state === 'delivered' || state === 'read';
      if (phone === undefined || (!arrived && state !== 'accepted' && state !== 'sent' && state !== 'failed')) return;
      const country = countryOf(phone);
      const outcome = found.get(country) ?? { country, sent: 0, delivered: 0 };
      outcome.sent++;
      if (arrived) outcome.delivered++;
      found.set(country, outcome);
    },
    outcomes: () => [...found.values()],
  };
}

/** Several campaigns together, by country; countries with too few messages to say anything are left out. */
export function expectedDelivery(campaigns: Iterable<readonly CountryOutcome[]>): Map<string, CountryOutcome> {
  const sums = new Map<string, CountryOutcome>();
  for (const outcomes of campaigns) {
    for (const { country, sent, delivered } of outcomes) {
      const before = sums.get(country) ?? { country, sent: 0, delivered: 0 };
      sums.set(country, { country, sent: before.sent + sent, delivered: before.delivered + delivered });
    }
  }
  return new Map([...sums].filter(([, { sent }]) => sent >= TELLING));
}

/** Rate cards as people import them, in the console and in the bot alike: read, kept from a day on, removed. */
import Papa from 'papaparse';
import { done, refused, type Result } from '../config/errors';
import { allPrices } from '../config/prices';
import { feeOn, type PriceTable } from '../domain/cost';
import { effectiveDay, readRateCard, type RateCard, type RateCardProblem } from '../domain/rate-card';
import type { Actor } from '../domain/story/actor';
import type { ImportedTable, PriceStore } from '../store/prices';

/** A card has some forty rows; its variants by tier a few hundred. */
export const MOST_CARD_BYTES = 1024 * 1024;

export interface KeptCard {
  /** ISO date. */
  validFrom: string;
  markets: number;
  /** With a price of their own. */
  countries: number;
  /** USD per message. */
  gupshupFee: number;
  /** Where the fee is from: said with the card, that of the table in force on that day, or 0 because there is none. */
  feeFrom: 'given' | 'table' | 'none';
  /** There was one of the same day. */
  replaced: boolean;
}

export interface RateCards {
  /** Imported ones, then those of the file; of one day the imported one comes first. */
  tables(): Promise<Result<(PriceTable | ImportedTable)[]>>;
  /** Reads a card's CSV; `name` is what a refusal calls it. Refuses what is no card in USD, with line and value. */
  read(content: Buffer, name: string): Result<RateCard & { effective?: string }>;
  /** Without a fee, Gupshup's stays as it is on that day. */
  keep(
    card: RateCard,
    from: { validFrom: string; gupshupFee?: number | undefined },
    by: Actor,
  ): Promise<Result<KeptCard>>;
  /** False if none of that day was imported. */
  remove(validFrom: string, by: Actor): Promise<boolean>;
}

export function createRateCards(store: PriceStore, pricesFile?: string): RateCards {
  const tables = (): Promise<Result<(PriceTable | ImportedTable)[]>> => allPrices(store, pricesFile);
  return {
    tables,
    read: (content, path) => {
      if (content.length > MOST_CARD_BYTES) return refused('prices_unreadable', { path, detail: '> 1 MB' });
      const text = content.toString('utf8').replace(/^\ufeff/, '');
      const rows = Papa.parse<string[]>(text, { delimitersToGuess: [',', ';', '\t'] }).data;
      const card = readRateCard(rows);
      if ('kind' in card) return refusalOf(card, path);
      const effective = effectiveDay(rows);
      return done({ ...card, ...(effective !== undefined && { effective }) });
    },
    keep: async (card, { validFrom, gupshupFee: given }, by) => {
      const known = given === undefined ? await tables() : done([]);
      if (!known.ok) return known;
      const before = feeOn(validFrom, known.value);
      const gupshupFee = given ?? before ?? 0;
      const feeFrom = given !== undefined ? 'given' : before !== undefined ? 'table' : 'none';
      const { markets, countries, otherwise } = card;
      const isNew = await store.put(
        { validFrom, source: 'rate card', gupshupFee, countries, ...(otherwise && { otherwise, isWhole: true }) },
        by,
      );
      return done({
        ...{ validFrom, markets, countries: Object.keys(countries).length },
        ...{ gupshupFee, feeFrom, replaced: !isNew },
      });
    },
    remove: (validFrom, by) => store.remove(validFrom, by),
  };
}

function refusalOf(problem: RateCardProblem, path: string): ReturnType<typeof refused> {
  switch (problem.kind) {
    case 'no_heading':
      return refused('rate_card_heading', { path });
    case 'no_prices':
      return refused('rate_card_empty', { path });
    case 'currency':
      return refused('rate_card_currency', { currency: problem.currency });
    case 'market':
      return refused('rate_card_market', { market: problem.market, line: problem.line });
    case 'price':
      return refused('rate_card_price', { value: problem.value, column: problem.column, line: problem.line });
  }
}

/** The estimated cost and the wallet's balance, for preflight. Neither ever blocks, because both are approximate. */
import { type Refusal, refused } from '../config/errors';
import { allPrices } from '../config/prices';
import { within } from '../config/waiting';
import { type CostEstimate, estimateAll, estimateCost, type PriceTable } from '../domain/cost';
import type { TemplateCategory } from '../domain/templates/template';

export interface MoneyDependencies {
  store: { prices: { all(): Promise<PriceTable[]> } };
  /** The price table; default: the bundled one. */
  pricesFile?: string;
  /** The balance in USD; undefined when Gupshup does not report it. */
  wallet?: () => Promise<number | undefined>;
}

interface Money {
  cost?: CostEstimate;
  wholeCost?: CostEstimate;
  wallet?: number;
  warnings: Refusal[];
}

/** An admin is waiting: a wallet that does not answer by then is left out. */
const WALLET_TIMEOUT_MS = 3_000;

/** `further`: the categories of messages that the same people may get later. */
export async function moneyOf(
  recipients: ReadonlyMap<string, number>,
  category: TemplateCategory,
  { store, pricesFile, wallet: readWallet }: MoneyDependencies,
  further: readonly TemplateCategory[] = [],
): Promise<Money> {
  const [prices, wallet] = await Promise.all([allPrices(store.prices, pricesFile), balance(readWallet)]);
  const today = new Date().toISOString().slice(0, 10);
  const cost = prices.ok ? estimateCost(recipients, category, prices.value, today) : undefined;
  const wholeCost =
    prices.ok && further.length > 0 ? estimateAll(recipients, [category, ...further], prices.value, today) : undefined;
  const isLow = cost !== undefined && wallet !== undefined && wallet < cost.to;
  return {
    ...(cost && { cost }),
    ...(wholeCost && { wholeCost }),
    ...(wallet !== undefined && { wallet }),
    warnings: [
      ...(prices.ok ? [] : [prices.refusal]),
      ...(isLow ? [refused('wallet_low', { balance: wallet, from: cost.from, to: cost.to }).refusal] : []),
    ],
  };
}

async function balance(read: MoneyDependencies['wallet']): Promise<number | undefined> {
  return read && within(WALLET_TIMEOUT_MS, read()).catch(() => undefined);
}

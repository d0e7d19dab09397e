/** What a campaign may cost and what is in the wallet, for preflight. Neither ever blocks: both are only near the truth. */
import { refused, type Refusal } from '../config/errors';
import { within } from '../config/within';
import { estimateCost, type CostEstimate } from '../domain/cost';
import type { TemplateCategory } from '../domain/templates/template';
import { readPrices } from './prices';

export interface MoneyDependencies {
  /** The table of prices; default: the one that comes with the program. */
  pricesFile?: string;
  /** The balance in USD; undefined when Gupshup does not tell it. */
  wallet?: () => Promise<number | undefined>;
}

interface Money {
  cost?: CostEstimate;
  wallet?: number;
  warnings: Refusal[];
}

/** The admin waits: a wallet that does not answer by then is left out. */
const WALLET_TIMEOUT_MS = 3_000;

export async function moneyOf(
  recipients: ReadonlyMap<string, number>,
  category: TemplateCategory,
  { pricesFile, wallet: readWallet }: MoneyDependencies,
): Promise<Money> {
  const [prices, wallet] = await Promise.all([readPrices(pricesFile), balance(readWallet)]);
  const today = new Date().toISOString().slice(0, 10);
  const cost = prices.ok ? estimateCost(recipients, category, prices.value, today) : undefined;
  const isLow = cost !== undefined && wallet !== undefined && wallet < cost.to;
  return {
    ...(cost && { cost }),
    ...(wallet !== undefined && { wallet }),
    warnings: [
      ...(prices.ok ? [] : [prices.refusal]),
      ...(isLow
        ? [refused('wallet_low', { balance: dollars(wallet), from: dollars(cost.from), to: dollars(cost.to) }).refusal]
        : []),
    ],
  };
}

function dollars(amount: number): string {
  return amount.toFixed(2);
}

async function balance(read: MoneyDependencies['wallet']): Promise<number | undefined> {
  return read && within(WALLET_TIMEOUT_MS, read()).catch(() => undefined);
}

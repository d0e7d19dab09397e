/** The estimated cost and the wallet's balance, for preflight. Neither ever blocks, because both are approximate. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { done, type Refusal, refused, type Result } from '../config/errors';
import { within } from '../config/waiting';
import { type CostEstimate, estimateCost, type PriceTable } from '../domain/cost';
import type { TemplateCategory } from '../domain/templates/template';

export interface MoneyDependencies {
  /** The price table; default: the bundled one. */
  pricesFile?: string;
  /** The balance in USD; undefined when Gupshup does not report it. */
  wallet?: () => Promise<number | undefined>;
}

interface Money {
  cost?: CostEstimate;
  wallet?: number;
  warnings: Refusal[];
}

/** An admin is waiting: a wallet that does not answer by then is left out. */
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

/** The bundled table. */
const OWN_FILE = join(__dirname, '../config/prices.json');

const amount = z.number().min(0).max(10);
const byCategory = <T extends z.ZodType>(value: T) =>
  z.partialRecord(z.enum(['MARKETING', 'UTILITY', 'AUTHENTICATION']), value);
const fileSchema = z.object({
  tables: z.array(
    z.strictObject({
      validFrom: z.iso.date(),
      source: z.string(),
      gupshupFee: amount,
      countries: z.record(z.string().regex(/^[A-Z]{2}$/, 'expected an ISO code such as BR'), byCategory(amount)),
      otherwise: byCategory(z.tuple([amount, amount])).optional(),
    }),
  ),
});

/** For reports, where a cost is a bonus: undefined when the table cannot be read, which preflight tells. */
export async function pricesOrNone(path?: string): Promise<PriceTable[] | undefined> {
  const prices = await readPrices(path);
  return prices.ok ? prices.value : undefined;
}

/** Refuses a file that is missing, not JSON or not in the expected shape, and says where. */
export async function readPrices(path: string = OWN_FILE): Promise<Result<PriceTable[]>> {
  try {
    const file = fileSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (file.success) return done(file.data.tables as PriceTable[]);
    return refused('prices_unreadable', { path, detail: z.prettifyError(file.error).replace(/\s+/g, ' ') });
  } catch (error) {
    return refused('prices_unreadable', { path, detail: (error as Error).message });
  }
}

/** The tables of prices: the bundled file's or that of PRICES_FILE, and those that were imported. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PriceTable } from '../domain/cost';
import { done, refused, type Result } from './errors';

/** The bundled table. */
const OWN_FILE = join(__dirname, 'prices.json');

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

/** What was imported, as the database keeps it. */
interface ImportedPrices<Table extends PriceTable> {
  all(): Promise<Table[]>;
}

/** What was imported and what the file holds; of two tables of one day the imported one comes first. */
export async function allPrices<Table extends PriceTable>(
  imported: ImportedPrices<Table>,
  path?: string,
): Promise<Result<(PriceTable | Table)[]>> {
  const [own, file] = await Promise.all([imported.all(), readPrices(path)]);
  return file.ok ? done([...own, ...file.value]) : file;
}

/** For reports, where a cost is a bonus: undefined when the table cannot be read, which preflight tells. */
export async function pricesOrNone(
  imported: ImportedPrices<PriceTable>,
  path?: string,
): Promise<PriceTable[] | undefined> {
  const prices = await allPrices(imported, path);
  return prices.ok ? prices.value : undefined;
}

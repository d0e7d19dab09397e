/** The table of prices: a file that people edit, read anew for every estimate. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { done, refused, type Result } from '../config/errors';
import type { PriceTable } from '../domain/cost';

/** Comes with the program. */
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

/** Refuses a file that is not there, no JSON, or not of the shape; says where. */
export async function readPrices(path: string = OWN_FILE): Promise<Result<PriceTable[]>> {
  try {
    const file = fileSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (file.success) return done(file.data.tables as PriceTable[]);
    return refused('prices_unreadable', { path, detail: z.prettifyError(file.error).replace(/\s+/g, ' ') });
  } catch (error) {
    return refused('prices_unreadable', { path, detail: (error as Error).message });
  }
}

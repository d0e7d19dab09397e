/** Cost and wallet before a campaign: an edited table of prices, a wallet that may be silent. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moneyOf } from '../../campaigns/money';
import { readPrices } from '../../config/prices';
import { explain } from '../../config/errors';
import type { PriceTable } from '../../domain/cost';

const folder = mkdtempSync(join(tmpdir(), 'bobcofer-prices-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (content: unknown): string => {
  const path = join(folder, 'prices.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const tables = (rate: number): object => ({
  tables: [{ validFrom: '2026-01-01', source: 'mine', gupshupFee: 0, countries: { RU: { MARKETING: rate } } }],
});
const TEN = new Map([['RU', 10]]);
/** Nothing was imported. */
const store = { prices: { all: () => Promise.resolve<PriceTable[]>([]) } };

test('the table that comes with the program can be read, and gives every country at least a range', async () => {
  const own = await readPrices();
  expect(own).toMatchObject({ ok: true });
  const money = await moneyOf(new Map([['BR', 100], ['RU', 1]]), 'MARKETING', { store }); // prettier-ignore
  expect(money).toMatchObject({
    cost: { pricesOf: '2026-04-01', unpriced: [{ country: 'RU', people: 1 }] },
    warnings: [],
  });
  expect(money.cost!.from).toBeGreaterThan(6);
});

test('an edited table counts at once', async () => {
  expect(await moneyOf(TEN, 'MARKETING', { store, pricesFile: file(tables(0.5)) })).toMatchObject({ cost: { to: 5 } });
  expect(await moneyOf(TEN, 'MARKETING', { store, pricesFile: file(tables(0.6)) })).toMatchObject({ cost: { to: 6 } });
});

test('an imported table counts before the file, from its day on', async () => {
  const imported = (validFrom: string): PriceTable => ({
    validFrom,
    source: 'card',
    gupshupFee: 0,
    countries: { RU: { MARKETING: 0.8 } },
  });
  const costWith = async (validFrom: string): Promise<number> => {
    const prices = { all: () => Promise.resolve([imported(validFrom)]) };
    return (await moneyOf(TEN, 'MARKETING', { store: { prices }, pricesFile: file(tables(0.5)) })).cost!.to;
  };
  expect([await costWith('2026-01-01'), await costWith('2126-01-01')]).toEqual([8, 5]);
});

test.each([
  ['no JSON', '{'],
  ['another shape', { tables: [{ validFrom: 'soon' }] }],
  ['a country that is none', { tables: [{ validFrom: '2026-01-01', source: '', gupshupFee: 0, countries: { Russia: {} } }] }],
])('a table that is %s is a warning that says where, and there is no estimate', async (_what, content) => {
  const pricesFile = file(content);
  const { cost, warnings } = await moneyOf(TEN, 'MARKETING', { store, pricesFile });
  expect(cost).toBeUndefined();
  expect(warnings).toMatchObject([{ code: 'prices_unreadable', values: { path: pricesFile } }]);
}); // prettier-ignore

test('a wallet below the estimate is a warning that says why nothing is held back', async () => {
  const pricesFile = file(tables(0.5));
  const enough = await moneyOf(TEN, 'MARKETING', { store, pricesFile, wallet: () => Promise.resolve(5) });
  expect(enough).toMatchObject({ wallet: 5, warnings: [] });
  const low = await moneyOf(TEN, 'MARKETING', { store, pricesFile, wallet: () => Promise.resolve(4.99) });
  expect(low).toMatchObject({ wallet: 4.99, warnings: [{ code: 'wallet_low' }] });
  expect(explain(low.warnings[0]!, 'en')).toMatch(
    /holds \$4\.99; the estimate is \$5\.00 to \$5\.00\. It may be enough/,
  );
});

test('a wallet that cannot be read, or does not answer, is left out', async () => {
  const pricesFile = file(tables(0.5));
  const failing = (): Promise<number> => Promise.reject(new Error('gone'));
  for (const wallet of [failing, () => Promise.resolve(undefined)]) {
    expect(await moneyOf(TEN, 'MARKETING', { store, pricesFile, wallet })).toMatchObject({
      warnings: [],
      cost: { to: 5 },
    });
  }
  const silent = await moneyOf(TEN, 'MARKETING', { store, pricesFile, wallet: () => new Promise(() => undefined) });
  expect(silent).not.toHaveProperty('wallet');
});

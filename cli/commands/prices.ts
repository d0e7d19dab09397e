/** `prices`: what a message costs in which country, from Meta's rate card. */
import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import type { RateCards } from '../../campaigns/rate-cards';
import { refused } from '../../config/errors';
import { holdingOn, rateOf, type PriceTable } from '../../domain/cost';
import type { CommandContext } from '../answer';
import { refusal, valueOf, WrongUsage } from '../errors';
import { renderTable } from '../table';

const by = { kind: 'cli' } as const;

const EXAMPLES = `
Meta publishes the rate card as CSV on its page on WhatsApp pricing; take the one in USD, Gupshup's wallet is in USD.
The estimate before a campaign goes by the newest prices that hold today, its report by those of the day it started.

Examples:
  bobcofer prices import rate-card.csv --from 2026-10-01
  bobcofer prices show`;

export function addPrices(program: Command, context: CommandContext): void {
  const { terminal, services, action } = context;
  const prices = program
    .command('prices')
    .description('What a message costs in which country')
    .addHelpText('after', EXAMPLES);

  prices
    .command('import')
    .description("import Meta's rate card; one of the same day is replaced")
    .argument('<file>', 'CSV in USD, one row a market')
    .addOption(new Option('--from <date>', 'the day from which the prices hold, as on the card').makeOptionMandatory())
    .option('--fee <usd>', "Gupshup's own fee on every message; default: the one in force")
    .action(
      action(async (file: string, given: { from: string; fee?: string }) => {
        const validFrom = dayOf(given.from);
        const gupshupFee = given.fee === undefined ? undefined : feeOf(given.fee);
        const cards = await rateCards();
        const card = valueOf(cards.read(await bytesOf(file), file));
        const kept = valueOf(await cards.keep(card, { validFrom, gupshupFee }, by));
        const { markets, countries, gupshupFee: fee, feeFrom } = kept;
        const { t } = services.speech;
        const lines = [
          t(
            'Prices from {{day}}: markets in the card {{markets}}, countries with a price of their own {{countries}}.',
            { day: validFrom, markets, countries },
          ),
          feeFrom === 'none'
            ? t("No table has Gupshup's fee on that day, so that it counts as 0: say it with --fee.")
            : t("Gupshup's fee: {{fee}} USD a message.", { fee }),
        ];
        return { json: kept, text: lines.join('\n') };
      }),
    );

  prices
    .command('show')
    .description('show the prices of countries on a day; without a country, the tables there are')
    .argument('[country...]', 'ISO codes such as RU')
    .option('--on <date>', 'the day; default: today')
    .action(
      action(async (countries: string[], { on }: { on?: string }) => {
        const day = on === undefined ? new Date().toISOString().slice(0, 10) : dayOf(on);
        const tables = (await every()).toSorted((a, b) => b.validFrom.localeCompare(a.validFrom));
        if (countries.length === 0) {
          const text = renderTable(
            [
              { head: 'FROM', cell: ({ validFrom }) => validFrom },
              { head: 'COUNTRIES', cell: (table) => String(Object.keys(table.countries).length) },
              { head: 'FEE, USD', cell: ({ gupshupFee }) => String(gupshupFee) },
              { head: 'SOURCE', cell: ({ source }) => source, flexible: true },
            ],
            tables,
            { ...terminal, empty: 'No prices.' },
          );
          return { json: tables, text };
        }
        const holding = holdingOn(day, tables);
        const rows = countries.map((code) => rowOf(code.toUpperCase(), holding));
        const text = renderTable(
          [
            { head: 'COUNTRY', cell: ({ country }) => country },
            { head: 'MARKETING', cell: ({ marketing }) => String(marketing ?? '–') },
            { head: 'UTILITY', cell: ({ utility }) => String(utility ?? '–') },
            { head: 'AUTHENTICATION', cell: ({ authentication }) => String(authentication ?? '–') },
            { head: 'FROM', cell: ({ validFrom }) => validFrom ?? '–' },
          ],
          rows,
          { ...terminal, empty: 'No prices.' },
        );
        return { json: rows, text };
      }),
    );

  prices
    .command('remove')
    .description('remove the imported prices of that day')
    .argument('<date>', 'the day from which they hold')
    .action(
      action(async (date: string) => {
        const removed = await (await rateCards()).remove(dayOf(date), by);
        return {
          json: { removed },
          text: services.speech.t(
            removed ? 'Removed: prices from {{day}}' : 'There were no imported prices from {{day}}',
            {
              day: date,
            },
          ),
        };
      }),
    );

  async function rateCards(): Promise<RateCards> {
    const { createRateCards } = await import('../../campaigns/rate-cards');
    return createRateCards((await services.store()).prices, services.common().PRICES_FILE);
  }

  async function every(): Promise<PriceTable[]> {
    return valueOf(await (await rateCards()).tables());
  }
}

/** What a message to the country costs at most, in USD without the fee, by the newest table that names it. */
function rowOf(country: string, holding: readonly PriceTable[]): CountryRow {
  const rates = (['MARKETING', 'UTILITY', 'AUTHENTICATION'] as const).map((one) => rateOf(country, one, holding));
  const [marketing, utility, authentication] = rates.map((rate) => rate?.most);
  const from = rates.find(Boolean)?.table.validFrom;
  return {
    country,
    ...(marketing !== undefined && { marketing }),
    ...(utility !== undefined && { utility }),
    ...(authentication !== undefined && { authentication }),
    ...(from !== undefined && { validFrom: from }),
  };
}

interface CountryRow {
  country: string;
  marketing?: number;
  utility?: number;
  authentication?: number;
  validFrom?: string;
}

async function bytesOf(file: string): Promise<Buffer> {
  return readFile(file).catch((error: Error) => {
    throw refusal(refused('prices_unreadable', { path: file, detail: error.message }).refusal);
  });
}

function dayOf(given: string): string {
  const day = z.iso.date().safeParse(given);
  if (!day.success) throw new WrongUsage('expected a date such as 2026-10-01, got "{{given}}"', { given });
  return day.data;
}

function feeOf(given: string): number {
  const fee = Number(given);
  if (given.trim() === '' || !(fee >= 0 && fee <= 1))
    throw new WrongUsage('--fee: expected USD from 0 to 1, got "{{given}}"', { given });
  return fee;
}

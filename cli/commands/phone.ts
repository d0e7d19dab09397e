/** `phone normalize`: what a number as people write it is in E.164. */
import type { Command } from 'commander';
import { getCountries, type CountryCode } from 'libphonenumber-js';
import { normalisePhones, type NormalisedPhones } from '../../domain/phone';
import type { Answer, CommandContext } from '../answer';
import { WrongUsage } from '../errors';
import { renderTable } from '../table';

export function addPhone(program: Command, { terminal, services, action }: CommandContext): void {
  const phone = program.command('phone').description('Phone numbers');
  phone
    .command('normalize')
    .description('show the E.164 numbers in each text; exit 1 when a text holds none, or a piece that is none')
    .argument('<text...>', 'numbers as people write them; several in one text are all found')
    .option('--country <code>', 'two-letter country of numbers without a country code (default: DEFAULT_COUNTRY)')
    .addHelpText('after', '\nExample:\n  bobcofer phone normalize "8 (900) 123-45-67" "+49 1512 3456789" --country RU')
    .action(
      action(async (texts: string[], options: { country?: string }): Promise<Answer> => {
        const country = options.country === undefined ? services.common().DEFAULT_COUNTRY : countryOf(options.country);
        const results = texts.map((text) => normalisePhones(text, country));
        const wrong = results.flatMap(({ original, valid, invalid }) =>
          valid.length === 0 && invalid.length === 0 ? [original] : invalid,
        );
        const named = wrong.map((piece) => `"${piece}"`).join(', ');
        return {
          json: results,
          text: table(results, terminal),
          ...(wrong.length > 0 && {
            failure: `Not a phone number: ${named}. Expected one that is valid in ${country}, or + and the country code first.`,
          }),
        };
      }),
    );
}

function countryOf(code: string): CountryCode {
  const country = getCountries().find((known) => known === code.trim().toUpperCase());
  if (!country) throw new WrongUsage(`--country "${code}": expected a two-letter country code such as RU`);
  return country;
}

function table(results: NormalisedPhones[], terminal: CommandContext['terminal']): string {
  interface Row {
    original: string;
    e164: string;
    country?: string;
    mobile?: boolean;
  }
  const rows = results.flatMap(({ original, valid, invalid }): Row[] => {
    const wrong = valid.length === 0 && invalid.length === 0 ? [original] : invalid;
    return [
      ...valid.map((phone) => ({ original, ...phone })),
      ...wrong.map((piece) => ({ original: piece, e164: '-' })),
    ];
  });
  return renderTable(
    [
      { head: 'GIVEN', cell: ({ original }) => original, flexible: true },
      { head: 'E.164', cell: ({ e164 }) => e164 },
      { head: 'COUNTRY', cell: ({ country }) => country },
      { head: 'MOBILE', cell: ({ mobile }) => (mobile === undefined ? '' : mobile ? 'yes' : 'no') },
    ],
    rows,
    { ...terminal, empty: '' },
  );
}

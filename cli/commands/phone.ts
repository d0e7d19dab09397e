/** `phone normalize`: shows the E.164 form of a number as people write it, or why it is not a number. */
import type { Command } from 'commander';
import { getCountries, type CountryCode } from 'libphonenumber-js';
import { mayBeLandline } from '../../domain/phones/person';
import { normalisePhones, phoneProblem, type PhoneProblem } from '../../domain/phones/phone';
import type { Answer, CommandContext } from '../answer';
import { WrongUsage } from '../errors';
import { joined, sentence, type Sentence, type Speech } from '../speech';
import { renderTable } from '../table';

/** A number found in a text, or a piece that is not a number. */
interface Row {
  original: string;
  /** The piece of the text that is not a number. */
  piece?: string;
  e164?: string;
  country?: string;
  mobile?: boolean;
  problem?: PhoneProblem;
  /** The number's other possible reading. */
  other?: string;
}

export function addPhone(program: Command, { terminal, services, action }: CommandContext): void {
  const phone = program.command('phone').description('Phone numbers');
  phone
    .command('normalize')
    .description('show the E.164 numbers in each text; exit 1 if a text has none, or a piece that is not a number')
    .argument('<text...>', 'numbers as people write them; a text may hold several')
    .option('--country <code>', 'two-letter country for numbers without a country code (default: DEFAULT_COUNTRY)')
    .addHelpText(
      'after',
      '\nValid: operators have such numbers. Possible: the length is right, but no operator has such numbers; they are never messaged.' +
        '\n\nExample:\n  bobcofer phone normalize "8 (900) 123-45-67" "+49 1512 3456789" --country RU',
    )
    .action(
      action(async (texts: string[], options: { country?: string }): Promise<Answer> => {
        const country = options.country === undefined ? services.common().DEFAULT_COUNTRY : countryOf(options.country);
        const results = texts.map((text) => {
          const { original, valid, invalid, unclear } = normalisePhones(text, country);
          const pieces = valid.length === 0 && invalid.length === 0 ? [original] : invalid;
          const rejected = pieces.map((value) => {
            const problem = phoneProblem(value, country);
            return { value, problem, possible: problem === 'not_assigned' };
          });
          return { original, valid, invalid, rejected, ...(unclear && { unclear }) };
        });
        const wrong = results.flatMap(({ rejected }) => rejected);
        const named = wrong.map(({ value, problem }) =>
          sentence('"{{value}}" ({{problem}})', { value, problem: PROBLEMS[problem] }),
        );
        const rows = results.flatMap(({ original, valid, rejected, unclear = [] }): Row[] => [
          ...valid.map((number) => {
            const other = unclear.find(({ taken }) => taken === number.e164)?.other;
            return { original, ...number, ...(other && { other }) };
          }),
          ...rejected.map(({ value, problem }) => ({ original, piece: value, problem })),
        ]);
        return {
          json: results,
          text: table(rows, terminal),
          ...(wrong.length > 0 && {
            failure: sentence(
              'Not a phone number: {{named}}. Expected a number valid in {{country}}, or one that starts with + and the country code.',
              { named: joined(named, ', '), country },
            ),
          }),
        };
      }),
    );
}

function countryOf(code: string): CountryCode {
  const country = getCountries().find((known) => known === code.trim().toUpperCase());
  if (!country) throw new WrongUsage('--country "{{code}}": expected a two-letter country code such as RU', { code });
  return country;
}

/** Why it is none; the table and the failure say already that it is none. */
const PROBLEMS: Record<PhoneProblem, Sentence> = {
  no_number: sentence('expected digits such as +7 900 123-45-67'),
  rounded: sentence(
    'the spreadsheet has rounded the number and its last digits are lost: make the column text and enter it again',
  ),
  too_short: sentence('too few digits'),
  too_long: sentence('too many digits'),
  country_unknown: sentence('no country has this code'),
  not_assigned: sentence('the length is right, but no operator has such numbers'),
  wrong_length: sentence('wrong length for its country'),
};

function statusOf({ problem, piece, original, e164 = '', other }: Row, { t, say }: Speech): string {
  if (other !== undefined) return t('unclear: could be {{other}} too', { other });
  if (mayBeLandline(e164)) return t('valid, perhaps a landline: mobiles have a 9 after +54');
  if (problem === undefined) return t('valid');
  const which = piece === original || piece === undefined ? '' : `"${piece}": `;
  return `${which}${problem === 'not_assigned' ? t('possible, not valid') : t('no')}: ${say(PROBLEMS[problem])}`;
}

function table(rows: readonly Row[], terminal: CommandContext['terminal']): string {
  const { t } = terminal.speech;
  return renderTable(
    [
      { head: 'GIVEN', cell: ({ original }) => original, flexible: true },
      { head: 'E.164', cell: ({ e164 }) => e164 ?? '-' },
      { head: 'COUNTRY', cell: ({ country }) => country },
      { head: 'MOBILE', cell: ({ mobile }) => (mobile === undefined ? '' : mobile ? t('yes') : t('no')) },
      { head: 'STATUS', cell: (row) => statusOf(row, terminal.speech), flexible: true },
    ],
    rows,
    { ...terminal, empty: '' },
  );
}

/**
 * `npm run errors-page`: writes docs/errors.md from the catalogues. test/docs/errors-page.test.ts holds it up to date.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REFUSALS } from '../config/errors';
import refusals from '../config/locales/en/refusals.json';
import troubles from '../config/locales/en/troubles.json';
import { POLICIES, type ErrorPolicy } from '../domain/error-policy';
import { TROUBLES } from '../domain/story/trouble';

export const ERRORS_PAGE = join(__dirname, '../docs/errors.md');

/** The page as it should be, in Markdown. */
export function errorsPage(): string {
  return [
    '# Errors',
    '<!-- Made by `npm run errors-page`; do not edit. -->',
    'Every answer that is no success has a code. `--json` prints it as `error.code`; texts are in config/locales.',
    '## Refusals',
    'What a person is told "no" about, or warned of before a campaign. Catalogue: config/errors.ts.',
    table(
      ['code', 'values', 'text'],
      Object.entries(REFUSALS).map(([code, values]) => [`\`${code}\``, valuesOf(values), localeText(refusals, code)]),
    ),
    '## Troubles',
    'Why a campaign stands still or ended when Bobcofer itself says so. Catalogue: domain/story/trouble.ts.',
    table(
      ['code', 'values', 'text'],
      Object.entries(TROUBLES).map(([code, values]) => [`\`${code}\``, valuesOf(values), localeText(troubles, code)]),
    ),
    '## Codes of Gupshup and Meta',
    'What follows from a failed message. Catalogue: domain/error-policy.ts; sources: [protocols/gupshup.md](protocols/gupshup.md#error-codes). Besides, every failure counts for the breaker, whatever its code: a campaign pauses when half of at least 40 messages of the last five minutes failed.',
    table(
      ['codes', 'meaning', 'family', 'sent again', 'number', 'campaign'],
      POLICIES.map(([codes, policy]) => [
        codes.map((code) => (Array.isArray(code) ? code.join('–') : code)).join(', '),
        policy.meaning,
        policy.family,
        sentAgain(policy),
        policy.suppress ? `suppressed (${policy.suppress})` : '–',
        policy.campaign ?? '–',
      ]),
    ),
    '',
  ].join('\n\n').trimEnd() + '\n'; // prettier-ignore
}

function sentAgain({ retry, afterFix, laterWaveMs }: ErrorPolicy): string {
  if (afterFix) return 'once the cause is mended';
  if (retry)
    return `after ${retry.afterMs / 1000} s, then × ${retry.factor ?? 1}${retry.max < 100 ? `, at most ${retry.max} times` : ''}`;
  return laterWaveMs ? 'on a later day, if the campaign says so' : 'no';
}

function valuesOf(values: object): string {
  return Object.keys(values)
    .map((name) => `\`${name}\``)
    .join(', ');
}

/** For a plural, the form for many. */
function localeText(texts: Record<string, string>, code: string): string {
  return texts[code] ?? texts[`${code}_other`] ?? '';
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

if (require.main === module) writeFileSync(ERRORS_PAGE, errorsPage());

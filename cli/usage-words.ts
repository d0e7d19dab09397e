/** What Commander says of a wrong command line, in the reader's language: it knows no other than English. */
import type { Speech } from './speech';

/** Its sentences, and ours that it quotes, as patterns; `{{n}}` in ours is the pattern's group of that number. */
const SENTENCES: readonly (readonly [pattern: RegExp, english: string])[] = [
  [/^missing required argument '(.+)'$/, "missing required argument '{{1}}'"],
  [/^option '(.+)' argument missing$/, "option '{{1}}' argument missing"],
  [/^required option '(.+)' not specified$/, "required option '{{1}}' not specified"],
  [/^option '(.+)' cannot be used with option '(.+)'$/, "option '{{1}}' cannot be used with option '{{2}}'"],
  [/^option '(.+)' is given twice, and takes one value$/, "option '{{1}}' is given twice, and takes one value"],
  [/^unknown option '(.+)'$/, "unknown option '{{1}}'"],
  [/^unknown command '(.+)'$/, "unknown command '{{1}}'"],
  [
    /^too many arguments(?: for '(.+)')?\. Expected (\d+) arguments? but got (\d+)\.$/,
    "too many arguments for '{{1}}': expected {{2}}, got {{3}}",
  ],
  [/^option '(.+)' argument '(.*)' is invalid\. (.+)$/s, "option '{{1}}' argument '{{2}}' is invalid: {{3}}"],
  [
    /^command-argument value '(.*)' is invalid for argument '(.+)'\. (.+)$/s,
    "argument '{{2}}' cannot be '{{1}}': {{3}}",
  ],
  [/^Allowed choices are (.+)\.$/, 'expected one of {{1}}'],
  [/^\(Did you mean (?:one of )?(.+)\?\)$/, '(Did you mean {{1}}?)'],
  // From cli/numbers.ts and `users`.
  [/^(\S+): expected a whole number from 1\.$/, '{{1}}: expected a whole number from 1.'],
  [/^(\S+): expected a time such as 90m, 4h or 2d\.$/, '{{1}}: expected a time such as 90m, 4h or 2d.'],
  [/^(\S+): expected a number above 0\.$/, '{{1}}: expected a number above 0.'],
  [/^--replies-to: expected Telegram ids of the team\.$/, '--replies-to: expected Telegram ids of the team.'],
  [
    /^--without-countries: expected countries such as RU or Kazakhstan\.$/,
    '--without-countries: expected countries such as RU or Kazakhstan.',
  ],
  [
    /^--results: expected ascending days such as 1,7,30, or none\.$/,
    '--results: expected ascending days such as 1,7,30, or none.',
  ],
  [/^expected at most (\d+) hours$/, 'expected at most {{1}} hours'],
  [
    /^expected a Telegram id, a whole number such as 123456789; the bot tells strangers theirs$/,
    'expected a Telegram id, a whole number such as 123456789; the bot tells strangers theirs',
  ],
];

/** English sentences that are said of a wrong command line. */
export const USAGE_SENTENCES: readonly string[] = SENTENCES.map(([, english]) => english);

/** Every line of it; what no sentence is known for stays as it is. In English all of it does. */
export function usageInWords(text: string, speech: Speech): string {
  if (speech.language === 'en') return text;
  return text.replace(/[^\n]+/g, (line) => {
    const [, lead = '', rest = ''] = /^(error: )?(.*)$/s.exec(line)!;
    return `${lead && speech.t('error: ')}${said(rest, speech)}`;
  });
}

function said(line: string, speech: Speech): string {
  for (const [pattern, english] of SENTENCES) {
    const found = pattern.exec(line);
    if (!found) continue;
    // A part may be a sentence of its own, as the reason for which a value is refused.
    const parts = found.slice(1).map((part, at) => [at + 1, part === undefined ? '' : said(part, speech)] as const);
    return speech.t(english, Object.fromEntries(parts));
  }
  return line;
}

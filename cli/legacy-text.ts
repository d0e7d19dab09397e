/** What `import-legacy` prints: what each file was, what became of it, and what was left alone. */
import type { Brought } from '../legacy/bring';
import type { EnvPlan } from '../legacy/dotenv';
import type { Finds, Remainder, Understood } from '../legacy/finds';
import { explain } from '../config/errors';
import type { CommandContext } from './answer';
import { borrowed } from './borrowed';
import type { Speech } from './speech';
import { renderTable } from './table';

type Shown = Pick<CommandContext, 'terminal' | 'services'> & { dryRun: boolean };

export function legacyText(finds: Finds, env: EnvPlan, brought: Brought[], shown: Shown): string {
  const { terminal, services, dryRun } = shown;
  const { speech } = terminal;
  const { t } = speech;
  const said = (text: string): string => borrowed(text, speech);
  const table = (rows: Brought[]): string =>
    renderTable<Brought>(
      [
        { head: 'WHAT', cell: ({ kind }) => said(kind) },
        { head: 'ID', cell: ({ id }) => id },
        { head: 'NAME', cell: ({ name }) => name, flexible: true },
        { head: 'COUNT', cell: ({ count }) => count },
        { head: 'TIME', cell: ({ at }) => services.showTime(at) },
        {
          head: 'RESULT',
          cell: (row) => [said(row.result), whyOf(row, speech)].filter(Boolean).join(': '),
          flexible: true,
        },
      ],
      rows,
      { ...terminal, empty: 'Nothing to import.' },
    );
  return [
    heading(t('Understood')),
    understoodTable(finds.understood, terminal),
    heading(t('Not recognised, left alone')),
    remainderTable(finds.remainder, terminal),
    heading(t('Settings for {{file}}', { file: env.file })),
    settingsText(env, speech, dryRun),
    heading(t(dryRun ? 'Would be made' : 'Made')),
    table(brought),
    ...(dryRun ? [`\n${t('Nothing was written (--dry-run).')}`] : []),
  ].join('\n');
}

function whyOf({ why, refusals }: Brought, speech: Speech): string | undefined {
  if (refusals) return refusals.map((refusal) => explain(refusal, speech.language)).join(' ');
  return why === undefined ? undefined : borrowed(why, speech);
}

function heading(text: string): string {
  return `\n${text}\n${'─'.repeat(text.length)}`;
}

function understoodTable(understood: Understood[], terminal: Shown['terminal']): string {
  const said = (text: string): string => borrowed(text, terminal.speech);
  // Without a mapping it is a column's own name.
  const mapped = (taken: string): string => (taken.includes(' → ') ? said(taken) : taken);
  return renderTable<Understood>(
    [
      { head: 'FILE', cell: ({ file }) => file, flexible: true },
      { head: 'WHAT', cell: ({ what }) => (what === 'code' ? terminal.speech.t('not needed') : said(what)) },
      { head: 'COUNT', cell: ({ what, count }) => (what === 'code' ? '' : count) },
      { head: 'READ AS', cell: ({ taken }) => taken.map(mapped).join('; '), flexible: true },
    ],
    understood,
    { ...terminal, empty: 'Nothing in this folder is recognised.' },
  );
}

/** Enough to see what is wrong with a file; --json lists all. */
const REMAINDER_SHOWN = 50;

function remainderTable(remainder: Remainder[], terminal: Shown['terminal']): string {
  const table = renderTable<Remainder>(
    [
      { head: 'FILE', cell: ({ file }) => file, flexible: true },
      { head: 'LINE', cell: ({ line }) => line ?? '' },
      { head: 'VALUE', cell: ({ value }) => borrowed(value, terminal.speech), flexible: true },
      { head: 'WHY', cell: ({ why }) => borrowed(why, terminal.speech), flexible: true },
    ],
    remainder.slice(0, REMAINDER_SHOWN),
    { ...terminal, empty: 'Everything is recognised.' },
  );
  const rest = remainder.length - REMAINDER_SHOWN;
  return rest > 0 ? `${table}\n${terminal.speech.t('… and {{rest}} more; --json lists all.', { rest })}` : table;
}

function settingsText({ write, same, conflicts }: EnvPlan, speech: Speech, dryRun: boolean): string {
  const { t } = speech;
  const lines = [
    ...write.map(({ name, from }) =>
      t(dryRun ? '{{name}}: would be written ({{from}})' : '{{name}}: written ({{from}})', { name, from }),
    ),
    ...same.map(({ name }) => t('{{name}}: already set to the same value', { name })),
    ...conflicts.map(({ name, from, why }) =>
      t('{{name}}: not imported from {{from}}: {{why}}', { name, from, why: borrowed(why, speech) }),
    ),
  ];
  if (lines.length === 0) return t('None.');
  return [
    ...lines,
    ...(write.length > 0 && !dryRun
      ? [t('They take effect at the next start; `doctor` then shows what is still missing.')]
      : []),
  ].join('\n');
}

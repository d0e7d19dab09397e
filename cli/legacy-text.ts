/** What `import-legacy` prints: what each file was, what became of it, and what was left alone. */
import type { Brought } from '../legacy/bring';
import type { EnvPlan } from '../legacy/dotenv';
import type { Finds, Remainder, Understood } from '../legacy/finds';
import type { CommandContext } from './answer';
import { renderTable } from './table';

type Shown = Pick<CommandContext, 'terminal' | 'services'> & { dryRun: boolean };

export function legacyText(finds: Finds, env: EnvPlan, brought: Brought[], shown: Shown): string {
  const { terminal, services, dryRun } = shown;
  const table = (rows: Brought[]): string =>
    renderTable<Brought>(
      [
        { head: 'WHAT', cell: ({ kind }) => kind },
        { head: 'ID', cell: ({ id }) => id },
        { head: 'NAME', cell: ({ name }) => name, flexible: true },
        { head: 'COUNT', cell: ({ count }) => count },
        { head: 'TIME', cell: ({ at }) => services.showTime(at) },
        { head: 'RESULT', cell: ({ result, why }) => [result, why].filter(Boolean).join(': '), flexible: true },
      ],
      rows,
      { ...terminal, empty: 'Nothing to import.' },
    );
  return [
    heading('Understood'),
    understoodTable(finds.understood, terminal),
    heading('Not recognised, left alone'),
    remainderTable(finds.remainder, terminal),
    heading(`Settings for ${env.file}`),
    settingsText(env, dryRun),
    heading(dryRun ? 'Would be made' : 'Made'),
    table(brought),
    ...(dryRun ? ['\nNothing was written (--dry-run).'] : []),
  ].join('\n');
}

function heading(text: string): string {
  return `\n${text}\n${'─'.repeat(text.length)}`;
}

function understoodTable(understood: Understood[], terminal: Shown['terminal']): string {
  return renderTable<Understood>(
    [
      { head: 'FILE', cell: ({ file }) => file, flexible: true },
      { head: 'WHAT', cell: ({ what }) => (what === 'code' ? 'not needed' : what) },
      { head: 'COUNT', cell: ({ what, count }) => (what === 'code' ? '' : count) },
      { head: 'READ AS', cell: ({ taken }) => taken.join('; '), flexible: true },
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
      { head: 'VALUE', cell: ({ value }) => value, flexible: true },
      { head: 'WHY', cell: ({ why }) => why, flexible: true },
    ],
    remainder.slice(0, REMAINDER_SHOWN),
    { ...terminal, empty: 'Everything is recognised.' },
  );
  const rest = remainder.length - REMAINDER_SHOWN;
  return rest > 0 ? `${table}\n… and ${rest} more; --json lists all.` : table;
}

function settingsText({ write, same, conflicts }: EnvPlan, dryRun: boolean): string {
  const lines = [
    ...write.map(({ name, from }) => `${name}: ${dryRun ? 'would be written' : 'written'} (${from})`),
    ...same.map(({ name }) => `${name}: already set to the same value`),
    ...conflicts.map(({ name, from, why }) => `${name}: not imported from ${from}: ${why}`),
  ];
  if (lines.length === 0) return 'None.';
  return [
    ...lines,
    ...(write.length > 0 && !dryRun
      ? ['They take effect at the next start; `doctor` then shows what is still missing.']
      : []),
  ].join('\n');
}

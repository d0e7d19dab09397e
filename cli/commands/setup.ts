/** `setup`: the step before the roles start. Brings the data forward to this version, and Temporal its search attributes. */
import type { Command } from 'commander';
import type { SetupResult } from '../../store/setup';
import type { Answer, CommandContext } from '../answer';
import { refusal } from '../errors';

const AFTERWORD = `
Run it before the roles of a new version start; docker compose, the Helm chart and \`npm start\` do. Each migration runs
once, forwards; one that was cut off starts again. Take a backup first: an older version cannot read migrated data.

Example:
  bobcofer setup --check`;

export function addSetup(program: Command, { terminal, services, action }: CommandContext): void {
  program
    .command('setup')
    .description('bring the database and Temporal to what this version needs')
    .option('--check', 'only say what would be done')
    .addHelpText('after', AFTERWORD)
    .action(
      action(async ({ check = false }: { check?: boolean }): Promise<Answer> => {
        const { setUp } = await import('../../store/setup');
        const data = await setUp(await services.database(), { check, tell: (progress) => terminal.note(progress) });
        if (!data.ok) throw refusal(data.refusal);
        const searchAttributes = check ? undefined : await services.searchAttributes();
        return {
          json: { check, ...data.value, ...(searchAttributes && { searchAttributes }) },
          text: [
            check ? plan(data.value) : outcome(data.value),
            ...(searchAttributes?.trouble ? [`Temporal: ${searchAttributes.trouble}`] : []),
          ].join('\n'),
        };
      }),
    );
}

function plan({ from, to, migrations }: SetupResult): string {
  if (from === undefined) return 'The database is empty: setup would make its indexes.';
  if (migrations.length === 0) return `The data are of version ${to}, which is this one: nothing to migrate.`;
  return [`The data are of version ${from}. To version ${to}:`, ...migrations.map((what) => `  - ${what}`)].join('\n');
}

function outcome({ from, to, migrations, indexes }: SetupResult): string {
  const moved = migrations.length > 0 ? `brought from version ${from} to ${to}` : `of version ${to}`;
  return `The data are ${moved}; ${indexes} indexes are there.`;
}

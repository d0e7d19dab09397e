/** `setup`: the step before the roles start. Brings the data forward to this version, and Temporal its search attributes. */
import type { Command } from 'commander';
import type { SetupResult } from '../../store/setup';
import type { Answer, CommandContext } from '../answer';
import { borrowed } from '../borrowed';
import { refusal } from '../errors';
import type { Speech } from '../speech';

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
        const { speech } = terminal;
        const tell = (progress: string): void => terminal.note(borrowed(progress, speech));
        const { setUp } = await import('../../store/setup');
        const data = await setUp(await services.database(), { check, tell });
        if (!data.ok) throw refusal(data.refusal);
        const searchAttributes = check ? undefined : await services.searchAttributes();
        return {
          json: { check, ...data.value, ...(searchAttributes && { searchAttributes }) },
          text: [
            check ? plan(data.value, speech) : outcome(data.value, speech),
            ...(searchAttributes?.trouble ? [`Temporal: ${searchAttributes.trouble}`] : []),
          ].join('\n'),
        };
      }),
    );
}

function plan({ from, to, migrations }: SetupResult, speech: Speech): string {
  const { t } = speech;
  if (from === undefined) return t('The database is empty: setup would make its indexes.');
  if (migrations.length === 0)
    return t('The data are of version {{to}}, which is this one: nothing to migrate.', { to });
  const lines = migrations.map((what) => `  - ${borrowed(what, speech)}`);
  return [t('The data are of version {{from}}. To version {{to}}:', { from, to }), ...lines].join('\n');
}

function outcome({ from = 0, to, migrations, indexes }: SetupResult, { t }: Speech): string {
  return migrations.length > 0
    ? t('The data are brought from version {{from}} to {{to}}; {{indexes}} indexes are there.', { from, to, indexes })
    : t('The data are of version {{to}}; {{indexes}} indexes are there.', { to, indexes });
}

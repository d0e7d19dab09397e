/** `crm pipelines`, `users`, `fields`, `tags`: what amoCRM offers to choose from, as last read, with its age. */
import type { Command } from 'commander';
import type { CrmDirectory } from '../../campaigns/crm-directory';
import type { Result } from '../../config/errors';
import type { Kept } from '../../store/crm-accounts';
import type { CommandContext } from '../answer';
import { valueOf } from '../errors';
import type { Speech } from '../speech';
import { renderTable, type Column } from '../table';

/** A listing's table rows; the JSON is the directory's own list. */
interface Listing<Item, Row> {
  name: string;
  read: (directory: CrmDirectory, options: { refresh: boolean }) => Promise<Result<Kept<Item[]>>>;
  description: string;
  rows: (items: Item[]) => Row[];
  columns: Column<Row>[];
  empty: string;
}

export function addDirectory(crm: Command, { terminal, services, action }: CommandContext): void {
  function add<Item, Row>({ name, read, description, rows, columns, empty }: Listing<Item, Row>): void {
    crm
      .command(name)
      .description(`${description}, as last read from amoCRM`)
      .option('--refresh', 'read from amoCRM now')
      .addHelpText('after', `\nExample:\n  bobcofer crm ${name} --refresh`)
      .action(
        action(async ({ refresh }: { refresh?: true }) => {
          const directory = await services.directory();
          const { value, readAt } = valueOf(await read(directory, { refresh: refresh === true }));
          const table = renderTable(columns, rows(value), { ...terminal, empty });
          return { json: value, text: `${table}\n\n${ageOf(readAt, terminal.speech)}` };
        }),
      );
  }

  add({
    name: 'pipelines',
    read: (directory, options) => directory.pipelines(options),
    description: 'show the pipelines and their stages',
    rows: (pipelines) => pipelines.flatMap((pipeline) => pipeline.statuses.map((status) => ({ pipeline, status }))),
    columns: [
      { head: 'PIPELINE', cell: ({ pipeline }) => String(pipeline.id) },
      { head: 'NAME', cell: ({ pipeline }) => pipeline.name, flexible: true },
      { head: 'STATUS', cell: ({ status }) => String(status.id) },
      { head: 'STAGE', cell: ({ status }) => status.name, flexible: true },
    ],
    empty: 'amoCRM has no pipelines.',
  });
  add({
    name: 'users',
    read: (directory, options) => directory.users(options),
    description: 'show the users who can be responsible for leads',
    rows: (users) => users,
    columns: [
      { head: 'USER', cell: ({ id }) => String(id) },
      { head: 'NAME', cell: ({ name }) => name, flexible: true },
    ],
    empty: 'amoCRM has no active users.',
  });
  add({
    name: 'fields',
    read: (directory, options) => directory.fields(options),
    description: 'show the custom fields of leads and their choices',
    rows: (fields) => fields,
    columns: [
      { head: 'FIELD', cell: ({ id }) => String(id) },
      { head: 'NAME', cell: ({ name }) => name, flexible: true },
      { head: 'TYPE', cell: ({ type }) => type },
      { head: 'CHOICES', cell: ({ choices }) => choices.map(({ value }) => value).join(', '), flexible: true },
    ],
    empty: 'amoCRM has no custom fields for leads.',
  });
  add({
    name: 'tags',
    read: (directory, options) => directory.tags(options),
    description: 'show the tags of leads',
    rows: (tags) => tags,
    columns: [{ head: 'TAG', cell: (tag) => tag, flexible: true }],
    empty: 'amoCRM has no tags for leads.',
  });
}

/** Such as `Read 3 min ago.` */
function ageOf(readAt: Date, { t }: Speech): string {
  const minutes = Math.floor((Date.now() - readAt.getTime()) / 60_000);
  return minutes < 1 ? t('Read just now.') : t('Read {{minutes}} min ago; --refresh reads again.', { minutes });
}

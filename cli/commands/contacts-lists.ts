/** `contacts lists`: saved lists, listed, shown, renamed and deleted. */
import type { Command } from 'commander';
import { shownOf } from '../../domain/reading/cell';
import type { ListDocument } from '../../store/documents';
import type { Answer, CommandContext } from '../answer';
import { valueOf, WrongUsage } from '../errors';
import { wholeNumber } from '../numbers';
import { renderTable } from '../table';
import { actorText } from '../terminal';

const BY = { kind: 'cli' as const };
const SHOWN_PEOPLE = 10;

export function addContactsLists(contacts: Command, { services, terminal, action }: CommandContext): void {
  const lists = contacts
    .command('lists')
    .description('saved lists: list, show, rename, delete; a name used several times means the newest list')
    .addHelpText('after', '\nExamples:\n  bobcofer contacts lists\n  bobcofer contacts lists show guests');

  lists
    .command('list', { isDefault: true })
    .description('list saved lists, newest first')
    .option('--limit <n>', 'maximum number to show', wholeNumber('--limit'), 50)
    .action(
      action(async ({ limit }: { limit: number }): Promise<Answer> => {
        const found = await (await services.store()).lists.all(limit);
        const table = renderTable(
          [
            { head: 'ID', cell: ({ _id }) => _id },
            { head: 'NAME', cell: ({ name }) => name, flexible: true },
            { head: 'PEOPLE', cell: ({ count }) => count },
            { head: 'CREATED', cell: ({ createdAt }) => services.showTime(createdAt) },
            { head: 'COLUMNS', cell: ({ columns }) => columns.join(', '), flexible: true },
          ],
          found,
          { ...terminal, empty: 'There are no saved lists yet. Create one with: contacts import FILE --list NAME' },
        );
        return { json: found.map(documentOf), text: table };
      }),
    );

  lists
    .command('show')
    .description('show a list: when it was saved and by whom, its columns, its first people')
    .argument('<list>', 'name or id of a list')
    .option('--limit <n>', 'how many people to show', wholeNumber('--limit'), SHOWN_PEOPLE)
    .action(
      action(async (given: string, { limit }: { limit: number }): Promise<Answer> => {
        const { list, first } = valueOf(await (await services.savedLists()).find(given, limit));
        const people = first.map(({ phones, numbers = [], columns, origin }) => ({
          phone: numbers[0]?.e164 ?? phones[0] ?? '',
          origin,
          columns: Object.fromEntries(list.columns.map((name) => [name, shownOf(columns[name] ?? '')])),
        }));
        const table = renderTable(
          [
            { head: 'PHONE', cell: ({ phone }) => phone },
            ...list.columns
              .filter((name) => name !== list.phoneColumn)
              .map((name) => ({
                head: name,
                cell: ({ columns }: (typeof people)[number]) => columns[name] ?? '',
                flexible: true as const,
              })),
          ],
          people,
          { ...terminal, empty: 'Nobody is in it.' },
        );
        const { name, _id: id, count, createdAt, createdBy, phoneColumn } = list;
        const head = services.speech.t(
          'List "{{name}}" ({{id}}): {{count}} people, saved {{at}} by {{who}}; phones in column "{{column}}".',
          { name, id, count, at: services.showTime(createdAt), who: actorText(createdBy), column: phoneColumn },
        );
        return { json: { ...documentOf(list), people }, text: [head, table].join('\n') };
      }),
    );

  lists
    .command('rename')
    .description('give a list another name')
    .argument('<list>', 'name or id of a list')
    .argument('<name>', 'its new name')
    .action(
      action(async (given: string, name: string): Promise<Answer> => {
        const list = valueOf(await (await services.savedLists()).rename(given, name, BY));
        return {
          json: documentOf(list),
          text: services.speech.t('List {{id}} is now called "{{name}}".', { id: list._id, name: list.name }),
        };
      }),
    );

  lists
    .command('delete')
    .description('delete a list and its rows; its people stay contacts')
    .argument('<list>', 'name or id of a list')
    .option('--yes', 'confirm: this cannot be undone')
    .action(
      action(async (given: string, { yes }: { yes?: true }): Promise<Answer> => {
        if (!yes) throw new WrongUsage('expected --yes: a deleted list cannot be restored');
        const list = valueOf(await (await services.savedLists()).remove(given, BY));
        const { name, _id: id, count } = list;
        const text = services.speech.t('List "{{name}}" ({{id}}) is deleted: {{count}} rows.', { name, id, count });
        return { json: documentOf(list), text };
      }),
    );
}

function documentOf({ _id, ...list }: ListDocument): object {
  return { id: _id, ...list };
}

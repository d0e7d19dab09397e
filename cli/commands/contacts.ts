/** `contacts import`: a file of people as a saved list. */
import type { Command } from 'commander';
import type { CommandContext } from '../answer';
import { importList } from '../lists';

export function addContacts(program: Command, { terminal, services, action }: CommandContext): void {
  program
    .command('contacts')
    .description('Saved lists of people')
    .command('import')
    .description('save the people of a CSV file as a list; of several lists of a name the newest is meant')
    .argument('<file>', 'CSV with a column of phones: any usual encoding, comma, semicolon or tab')
    .requiredOption('--list <name>', 'the name to save it under')
    .addHelpText('after', '\nExample:\n  bobcofer contacts import clients.csv --list "autumn guests"')
    .action(
      action(async (file: string, { list: name }: { list: string }) => {
        const { list, rejected } = await importList(file, name, { services, terminal });
        const { _id: id, columns, phoneColumn, count } = list;
        return {
          json: { id, name, columns, phoneColumn, count, rejected },
          text:
            `List "${name}" (${id}): ${count} people, ${rejected.length} of them without a usable phone.\n` +
            `Phones are in column "${phoneColumn}"; columns for parameters: ${columns.join(', ')}.`,
        };
      }),
    );
}

/** `contacts search|tag|untag|export`: finds people, tags them, exports them and saves them as lists. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { contactsCsv, saveSearch } from '../../audience/contacts-out';
import type { ContactQuery } from '../../store/contact-book';
import type { Answer, CommandContext } from '../answer';
import { refusedAs, WrongUsage } from '../errors';
import { wholeNumber } from '../numbers';
import { phonesOf } from '../phones';
import { renderTable } from '../table';

interface SearchOptions {
  tag?: string;
  limit: number;
  saveAs?: string;
}

const BY = { kind: 'cli' as const };

export function addContactsSearch(contacts: Command, { services, terminal, action }: CommandContext): void {
  contacts
    .command('search')
    .description('find people by part of their number or words of their name; --save-as saves them as a list')
    .argument('[text...]', 'part of a number, or words of a name; without it: everyone')
    .option('--tag <tag>', 'only those with this tag')
    .option('--limit <n>', 'maximum number to show', wholeNumber('--limit'), 20)
    .option('--save-as <list>', 'save all matches as a list of this name')
    .addHelpText(
      'after',
      '\nExamples:\n  bobcofer contacts search 123-45\n  bobcofer contacts search anna --tag vip --save-as "vip annas"',
    )
    .action(
      action(async (words: string[], { tag, limit, saveAs }: SearchOptions): Promise<Answer> => {
        const store = await services.store();
        const query: ContactQuery = { text: words.join(' '), tag };
        const { found, count } = await store.contacts.search(query, limit);
        const list = saveAs === undefined ? undefined : await saveSearch(store, query, { name: saveAs, by: BY });
        const rows = found.map(({ _id: phone, names = [], tags = [], lastSeenAt }) => ({
          ...{ phone, name: names[0] ?? '', tags, lastSeenAt },
        }));
        const table = renderTable(
          [
            { head: 'PHONE', cell: ({ phone }) => phone },
            { head: 'NAME', cell: ({ name }) => name, flexible: true },
            { head: 'TAGS', cell: ({ tags }) => tags.join(', '), flexible: true },
            { head: 'LAST SEEN', cell: ({ lastSeenAt }) => services.showTime(lastSeenAt) },
          ],
          rows,
          { ...terminal, empty: 'No one matches.' },
        );
        const { t } = services.speech;
        return {
          json: { count, contacts: rows, ...(list && { list: { id: list._id, name: list.name, count: list.count } }) },
          text: [
            table,
            ...(count > rows.length
              ? [t('… and {{more}} more; --limit shows them', { more: count - rows.length })]
              : []),
            ...(list
              ? [t('List "{{name}}" ({{id}}): {{count}} people.', { name: list.name, id: list._id, count: list.count })]
              : []),
          ].join('\n'),
        };
      }),
    );
}

export function addContactsTag(contacts: Command, { services, action }: CommandContext): void {
  for (const name of ['tag', 'untag'] as const) {
    contacts
      .command(name)
      .description(name === 'tag' ? 'add a tag to contacts' : 'remove a tag from contacts')
      .argument('<tag>')
      .argument('<phone...>')
      .addHelpText('after', `\nExample:\n  bobcofer contacts ${name} vip +79001234567 "8 900 765-43-21"`)
      .action(
        action(async (given: string, texts: string[]): Promise<Answer> => {
          const tag = given.trim();
          if (tag === '') throw new WrongUsage('expected a tag, got an empty text');
          const phones = phonesOf(texts, services);
          const { contacts: book } = await services.store();
          // A tagged number is kept as a contact even if no file has mentioned it.
          if (name === 'tag')
            await book.met(
              phones.map((phone) => ({ phone })),
              { source: 'cli', at: new Date(), namesOnly: true },
            );
          const changed = await book.tag(phones, name === 'tag' ? { add: [tag] } : { remove: [tag] });
          return {
            json: { tag, phones, contacts: changed },
            text: services.speech.t(
              name === 'tag'
                ? 'Tagged "{{tag}}": {{changed}} of {{all}}.'
                : 'Untagged "{{tag}}": {{changed}} of {{all}}.',
              {
                ...{ tag, changed, all: phones.length },
              },
            ),
          };
        }),
      );
  }
  contacts
    .command('tags')
    .description('list all tags and how many contacts have each')
    .action(
      action(async (): Promise<Answer> => {
        const tags = await (await services.store()).contacts.tags();
        return {
          json: tags,
          text:
            tags.map(({ tag, count }) => `${tag}: ${count}`).join('\n') || services.speech.t('There are no tags yet.'),
        };
      }),
    );
}

export function addContactsExport(contacts: Command, { services, terminal, action }: CommandContext): void {
  contacts
    .command('export')
    .description('export contacts as CSV, all or only matches')
    .argument('[text...]', 'part of a number, or words of a name')
    .option('--tag <tag>', 'only those with this tag')
    .option('--out <file>', 'write to this file')
    .action(
      action(async (words: string[], { tag, out }: { tag?: string; out?: string }): Promise<Answer> => {
        if (terminal.json && out === undefined)
          throw new WrongUsage('expected --out FILE with --json: the answer must be one JSON document');
        const { contacts: book } = await services.store();
        const query: ContactQuery = { text: words.join(' '), tag };
        const csv = contactsCsv(book.stream(query), 'en');
        if (out === undefined) return { json: undefined, text: csv };
        await write(csv, out);
        const count = await book.count(query);
        return {
          json: { file: out, count },
          text: services.speech.t('{{file}}: {{count}} contacts.', { file: out, count }),
        };
      }),
    );
}

async function write(csv: AsyncIterable<string>, file: string): Promise<void> {
  try {
    await pipeline(Readable.from(csv), createWriteStream(file));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (!syscall) throw error;
    throw refusedAs('file_not_written', 'Cannot write the file "{{path}}" ({{code}}).', {
      path: file,
      code: String(code),
    });
  }
}

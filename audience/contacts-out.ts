/** Exports contacts as a file, or saves them as a list. */
import { BOM, csvText } from '../config/csv';
import type { Language } from '../config/i18n';
import type { Actor } from '../domain/story/actor';
import type { Person } from '../domain/audience';
import { shownOf } from '../domain/reading/cell';
import type { Store } from '../store/connect';
import type { ContactQuery } from '../store/contact-book';
import type { ContactDocument, ListDocument } from '../store/documents';
import { writeList } from './save';

const COLUMNS = ['phone', 'name', 'tags', 'sources', 'first_seen', 'last_seen', 'consents'];

/**
 * CSV in pieces: a heading (the same in every language, so that it can be imported again), and a row for each contact.
 */
export async function* contactsCsv(
  contacts: AsyncIterable<ContactDocument>,
  language: Language,
): AsyncGenerator<string> {
  yield BOM + csvText([COLUMNS], language);
  for await (const contact of contacts) yield csvText([rowOf(contact)], language);
}

function rowOf({
  _id,
  names = [],
  tags = [],
  sources = [],
  firstSeenAt,
  lastSeenAt,
  consents,
}: ContactDocument): string[] {
  const days = [firstSeenAt, lastSeenAt].map((at) => at?.toISOString() ?? '');
  return [
    _id,
    names[0] ?? '',
    tags.join(', '),
    sources.join(', '),
    ...days,
    consents.map(({ category }) => category).join(', '),
  ];
}

/** A saved list in pieces, as its file had it: a heading, and a row for each person, those without a usable number too. */
export async function* listCsv(
  list: Pick<ListDocument, 'columns'> | undefined,
  rows: AsyncIterable<Person>,
  language: Language,
): AsyncGenerator<string> {
  const columns = list?.columns ?? [];
  yield BOM + csvText([columns], language);
  for await (const person of rows) {
    yield csvText([columns.map((column) => shownOf(person.columns[column] ?? ''))], language);
  }
}

/** Saves the current matches as a fixed list. */
export async function saveSearch(
  store: Pick<Store, 'contacts' | 'lists'>,
  query: ContactQuery,
  { name, by }: { name: string; by: Actor },
): Promise<ListDocument> {
  return writeList(store.lists, async ({ add, finish }) => {
    let count = 0;
    for await (const contact of store.contacts.stream(query)) await add([personOf(contact, ++count)]);
    return finish({ name, columns: ['phone', 'name', 'tags'], phoneColumn: 'phone', count, createdBy: by });
  });
}

function personOf({ _id, names = [], tags = [] }: ContactDocument, line: number): Person {
  return { phones: [_id], columns: { phone: _id, name: names[0] ?? '', tags: tags.join(', ') }, origin: String(line) };
}

/**
 * Saved lists, written batch by batch: one that can be found is complete, one that is given up leaves nothing. A file of
 * people becomes a list, and its people contacts where `contacts` is given.
 */
import type { CountryCode } from 'libphonenumber-js';
import { nanoid } from 'nanoid';
import { createLane, inBatches } from '../domain/batches';
import { done, type Result } from '../config/errors';
import type { Person, PersonNumber } from '../domain/audience';
import { numbersIn } from '../domain/phones/phone';
import type { Actor } from '../domain/story/actor';
import type { ContactStore } from '../store/contacts';
import type { ListDocument } from '../store/documents';
import type { ListStore } from '../store/lists';
import type { PeopleBatch, PeopleFile } from './file';
import { nameOf } from './person-name';

/**
 * Saves an opened file's people, including lines without a usable phone, because a campaign accounts for each line.
 * `also` sees every batch after it is written. `hidden`: hidden rows, included or not. Refuses what reading refuses,
 * and then saves no list.
 */
export async function saveAsList(
  file: PeopleFile,
  { name, by, contacts }: { name: string; by: Actor; contacts?: Pick<ContactStore, 'met'> },
  lists: Pick<ListStore, 'writer'>,
  also?: (batch: PeopleBatch) => Promise<void> | void,
): Promise<Result<{ list: ListDocument; rejected: number; hidden: number }>> {
  const meeting = { source: `list:${name}`, at: new Date() };
  return writeList(lists, async ({ add, finish }) => {
    // The database writes a batch while the next one is read.
    const writing = createLane();
    const write = async (batch: PeopleBatch): Promise<void> => {
      await add(batch.people.map((person, at) => ({ ...person, numbers: batch.numbers[at]! })));
      await contacts?.met(metIn(batch), meeting);
      await also?.(batch);
    };
    const read = await file
      .read((batch) => writing.add(() => write(batch)))
      // Also when reading failed: what is being written must not outlive the list.
      .finally(() => writing.end());
    if (!read.ok) return read;
    const { columns, phoneColumn } = file;
    const { count, rejected, hidden } = read.value;
    const head = { name, columns, phoneColumn, count, createdBy: by, ...(contacts && { met: true as const }) };
    return done({ list: await finish(head), rejected, hidden });
  });
}

/** The people of a saved list become contacts, and the list says so. */
export async function meetList(
  { _id, name }: Pick<ListDocument, '_id' | 'name'>,
  {
    lists,
    contacts,
    country,
  }: { lists: Pick<ListStore, 'rows' | 'markMet'>; contacts: Pick<ContactStore, 'met'>; country: CountryCode },
): Promise<void> {
  for await (const people of inBatches(lists.rows(_id), MET_AT_ONCE)) {
    const numbers = people.map((person) => numbersIn(person, country));
    await contacts.met(metIn({ people, numbers }), { source: `list:${name}`, at: new Date() });
  }
  await lists.markMet(_id);
}

const MET_AT_ONCE = 250;

/** Gives every number of a person their name. */
function metIn({ people, numbers }: PeopleAndNumbers): { phone: string; name: string | undefined }[] {
  return people.flatMap((person, at) => {
    const name = nameOf(person);
    return numbers[at]!.map(({ e164 }) => ({ phone: e164, name }));
  });
}

interface PeopleAndNumbers {
  people: readonly Person[];
  /** Of each of them. */
  numbers: readonly (readonly PersonNumber[])[];
}

interface OpenList {
  add(people: readonly Person[]): Promise<void>;
  /** Completes the list, so that it can be found. */
  finish(head: Omit<ListDocument, '_id' | 'createdAt'>): Promise<ListDocument>;
}

/** A list not finished when `fill` returns or throws is removed again. */
export async function writeList<T>(lists: Pick<ListStore, 'writer'>, fill: (list: OpenList) => Promise<T>): Promise<T> {
  const _id = nanoid(12);
  const writer = lists.writer(_id);
  let isFinished = false;
  const finish: OpenList['finish'] = async (head) => {
    const list = { _id, ...head, createdAt: new Date() };
    await writer.finish(list);
    isFinished = true;
    return list;
  };
  try {
    return await fill({ add: writer.add, finish });
  } finally {
    if (!isFinished) await writer.discard();
  }
}

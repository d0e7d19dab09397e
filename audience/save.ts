/**
 * A file of people becomes a saved list, batch by batch: a list that can be found is complete, a bad file leaves none.
 * Its people become contacts where `contacts` is given.
 */
import { nanoid } from 'nanoid';
import { done, type Result } from '../config/errors';
import type { Actor } from '../domain/actor';
import type { ContactStore } from '../store/contacts';
import type { ListDocument } from '../store/documents';
import type { ListStore } from '../store/lists';
import type { PeopleBatch, PeopleFile } from './file';
import { nameOf } from './plan';

/**
 * Saves the people of an opened file, the lines without a usable phone too: a campaign accounts for each. `also` sees
 * every batch after it is written. Refuses what reading refuses; there is no list then.
 */
export async function saveAsList(
  file: PeopleFile,
  { name, by, contacts }: { name: string; by: Actor; contacts?: Pick<ContactStore, 'met'> },
  lists: Pick<ListStore, 'writer'>,
  also?: (batch: PeopleBatch) => Promise<void> | void,
): Promise<Result<{ list: ListDocument; rejected: number }>> {
  const _id = nanoid(12);
  const writer = lists.writer(_id);
  const meeting = { source: `list:${name}`, at: new Date() };
  try {
    const read = await file.read(async (batch) => {
      await writer.add(batch.people);
      await contacts?.met(metIn(batch), meeting);
      await also?.(batch);
    });
    if (!read.ok) {
      await writer.discard();
      return read;
    }
    const { columns, phoneColumn } = file;
    const { count, rejected } = read.value;
    const list = { _id, name, columns, phoneColumn, count, createdAt: new Date(), createdBy: by };
    await writer.finish(list);
    return done({ list, rejected });
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Every number of a person has their name. */
function metIn({ people, numbers }: PeopleBatch): { phone: string; name: string | undefined }[] {
  return people.flatMap((person, at) => {
    const name = nameOf(person);
    return numbers[at]!.map((phone) => ({ phone, name }));
  });
}

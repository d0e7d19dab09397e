/** `lists`: saved lists of people, from files or pasted numbers; the rows are in `listRows`, some hundred a document. */
import type { Db } from 'mongodb';
import type { Person } from '../domain/audience';
import { shownOf } from '../domain/reading/cell';
import type { ListDocument, ListRowsDocument } from './documents';
import type { Indexes } from './shared';

export interface ListStore {
  /** Saves a list whole. A name may be used again: the newest list of that name is meant. */
  create(head: ListDocument, people: readonly Person[]): Promise<void>;
  /** For people that come one batch after another; nothing can be found before `finish`. */
  writer(listId: string): ListWriter;
  find(idOrName: string): Promise<ListDocument | undefined>;
  /** Its people have become contacts. */
  markMet(listId: string): Promise<void>;
  /** Whether all these lists are there, and their people are contacts. */
  areMet(listIds: readonly string[]): Promise<boolean>;
  rename(listId: string, name: string): Promise<void>;
  /** Deletes it with its rows. */
  remove(listId: string): Promise<void>;
  /** Newest first. */
  all(limit: number): Promise<ListDocument[]>;
  /** The people in the order of the file. */
  rows(listId: string): AsyncIterable<Person>;
}

interface ListWriter {
  add(people: readonly Person[]): Promise<void>;
  /** The list is complete. */
  finish(head: ListDocument): Promise<void>;
  /** Takes away what was written. */
  discard(): Promise<void>;
}

/** Keeps a document far below MongoDB's 16 MB while a list of 100,000 is still a few hundred documents. */
const CHUNK = 250;
/** Of a chunk whose rows are long; in UTF-8 a character is at most three bytes of it. */
const CHUNK_CHARACTERS = 2_000_000;

/** Without a limit, MongoDB answers with as much as fits 16 MB: tens of thousands of people in memory at once. */
const CHUNKS_AT_ONCE = 4;

export const LIST_INDEXES: Indexes = {
  lists: [{ key: { name: 1, createdAt: -1 } }],
  listRows: [{ key: { listId: 1, chunk: 1 }, unique: true }],
};

export function createListStore(db: Db): ListStore {
  const lists = db.collection<ListDocument>('lists');
  const rows = db.collection<ListRowsDocument>('listRows');

  const writer: ListStore['writer'] = (listId) => {
    let chunk = 0;
    let waiting: Person[] = [];
    let characters = 0;
    const write = async (): Promise<void> => {
      if (waiting.length === 0) return;
      const people = waiting;
      [waiting, characters] = [[], 0];
      await rows.insertOne({ _id: `${listId}:${chunk}`, listId, chunk: chunk++, people });
    };
    return {
      add: async (people) => {
        for (const person of people) {
          waiting.push(person);
          characters += lengthOf(person);
          if (waiting.length >= CHUNK || characters >= CHUNK_CHARACTERS) await write();
        }
      },
      finish: async (head) => {
        await write();
        // The head last: a list that can be found is complete.
        await lists.insertOne(head);
      },
      discard: async () => void (await rows.deleteMany({ listId })),
    };
  };

  return {
    writer,
    create: async (head, people) => {
      const list = writer(head._id);
      await list.add(people);
      await list.finish(head);
    },
    find: async (idOrName) =>
      (await lists.findOne({ $or: [{ _id: idOrName }, { name: idOrName }] }, { sort: { createdAt: -1 } })) ?? undefined,
    markMet: async (listId) => void (await lists.updateOne({ _id: listId }, { $set: { met: true } })),
    areMet: async (listIds) => {
      const found = await lists.find({ _id: { $in: [...new Set(listIds)] } }, { projection: { met: 1 } }).toArray();
      return found.length === new Set(listIds).size && found.every(({ met }) => met);
    },
    rename: async (listId, name) => void (await lists.updateOne({ _id: listId }, { $set: { name } })),
    remove: async (listId) => {
      // The head first: a list that can be found is complete.
      await lists.deleteOne({ _id: listId });
      await rows.deleteMany({ listId });
    },
    all: (limit) => lists.find().sort({ createdAt: -1 }).limit(limit).toArray(),
    rows: async function* (listId) {
      const chunks = rows.find({ listId }).sort({ chunk: 1 }).batchSize(CHUNKS_AT_ONCE);
      for await (const { people } of chunks) yield* people;
    },
  };
}

function lengthOf({ phones, columns }: Person): number {
  let length = 0;
  for (const phone of phones) length += 2 * phone.length;
  for (const name in columns) length += name.length + shownOf(columns[name]!).length;
  return length;
}

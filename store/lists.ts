/** `lists`: saved lists of people, from files or pasted numbers; the rows are in `listRows`, some hundred a document. */
import type { Db } from 'mongodb';
import type { Person } from '../domain/audience';
import type { ListDocument } from './documents';

export interface ListStore {
  /** Saves a list whole. A name may be used again: the newest list of that name is meant. */
  create(head: ListDocument, people: readonly Person[]): Promise<void>;
  find(idOrName: string): Promise<ListDocument | undefined>;
  /** Newest first. */
  all(limit: number): Promise<ListDocument[]>;
  /** The people in the order of the file. */
  rows(listId: string): AsyncIterable<Person>;
}

interface RowsDocument {
  _id: string;
  listId: string;
  chunk: number;
  people: Person[];
}

/** Keeps a document far below MongoDB's 16 MB while a list of 100,000 is still a few hundred documents. */
const CHUNK = 250;

/** The collection, its indexes made. */
export async function createListStore(db: Db): Promise<ListStore> {
  const lists = db.collection<ListDocument>('lists');
  const rows = db.collection<RowsDocument>('listRows');
  await lists.createIndex({ name: 1, createdAt: -1 });
  await rows.createIndex({ listId: 1, chunk: 1 }, { unique: true });

  return {
    create: async (head, people) => {
      for (let start = 0, chunk = 0; start < people.length; start += CHUNK, chunk++) {
        await rows.insertOne({
          _id: `${head._id}:${chunk}`,
          listId: head._id,
          chunk,
          people: people.slice(start, start + CHUNK),
        });
      }
      // The head last: a list that can be found is complete.
      await lists.insertOne(head);
    },
    find: async (idOrName) =>
      (await lists.findOne({ $or: [{ _id: idOrName }, { name: idOrName }] }, { sort: { createdAt: -1 } })) ?? undefined,
    all: (limit) => lists.find().sort({ createdAt: -1 }).limit(limit).toArray(),
    rows: async function* (listId) {
      for await (const { people } of rows.find({ listId }).sort({ chunk: 1 })) yield* people;
    },
  };
}

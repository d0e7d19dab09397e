/** Writes a saved list, batch by batch: one that can be found is complete, one that is given up leaves nothing. */
import { nanoid } from 'nanoid';
import type { Person } from '../domain/audience';
import type { ListDocument } from '../store/documents';
import type { ListStore } from '../store/lists';

interface OpenList {
  add(people: readonly Person[]): Promise<void>;
  /** The list is complete, and can be found. */
  finish(head: Omit<ListDocument, '_id' | 'createdAt'>): Promise<ListDocument>;
}

/** Whatever has not been finished when `fill` returns or throws is taken away again. */
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

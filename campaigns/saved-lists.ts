/** Saved lists as the team handles them: looked at, named and deleted, except those that a campaign still needs. */
import { done, refused, type Result } from '../config/errors';
import type { Person } from '../domain/audience';
import type { Actor } from '../domain/story/actor';
import type { Store } from '../store/connect';
import type { ListDocument } from '../store/documents';
import type { SeriesService } from './contract';

/** Characters of a list's name. */
export const MAX_LIST_NAME = 80;

export interface SavedList {
  list: ListDocument;
  /** In the order of the file. */
  first: Person[];
}

export interface SavedLists {
  /** Newest first. */
  all(limit: number): Promise<ListDocument[]>;
  /** By its id, or the newest of the name; with so many of its people. */
  find(idOrName: string, people: number): Promise<Result<SavedList>>;
  /** Campaigns keep the label that they were made with. */
  rename(idOrName: string, name: string, by: Actor): Promise<Result<ListDocument>>;
  /** Deletes the list and its rows; its people stay contacts. Refuses while a campaign or a series still reads it. */
  remove(idOrName: string, by: Actor): Promise<Result<ListDocument>>;
}

/** Named in a refusal. */
const SHOWN_CAMPAIGNS = 3;

export function createSavedLists({
  store,
  series,
}: {
  store: Pick<Store, 'audit' | 'campaigns' | 'lists'>;
  /** Asked only before a list is deleted. */
  series: () => Promise<Pick<SeriesService, 'list'>>;
}): SavedLists {
  const { audit, campaigns, lists } = store;

  async function found(idOrName: string): Promise<Result<ListDocument>> {
    const list = await lists.find(idOrName);
    return list ? done(list) : refused('list_not_found', { list: idOrName });
  }

  /** Campaigns that have yet to read it: one that waits for its time, or is repeated. */
  async function neededBy({ _id }: ListDocument): Promise<Result<string[]>> {
    const using = await campaigns.withList(_id);
    const waiting = using.filter(({ state }) => state === 'scheduled' || state === 'preparing');
    if (using.length === 0) return done([]);
    const repeated = await (await series()).list();
    if (!repeated.ok) return repeated;
    const again = repeated.value.filter(({ campaignId }) => using.some((one) => one._id === campaignId));
    return done([...new Set([...waiting.map(({ spec }) => spec.name), ...again.map(({ name }) => name)])]);
  }

  return {
    all: (limit) => lists.all(limit),
    find: async (idOrName, people) => {
      const list = await found(idOrName);
      if (!list.ok) return list;
      const first: Person[] = [];
      if (people > 0) {
        for await (const person of lists.rows(list.value._id)) if (first.push(person) === people) break;
      }
      return done({ list: list.value, first });
    },
    rename: async (idOrName, given, by) => {
      const name = given.trim().replace(/\s+/g, ' ');
      const characters = Array.from(name).length;
      if (characters === 0 || characters > MAX_LIST_NAME)
        return refused('list_name_invalid', { characters, limit: MAX_LIST_NAME });
      const list = await found(idOrName);
      if (!list.ok || list.value.name === name) return list;
      await lists.rename(list.value._id, name);
      const change = { before: { list: list.value.name }, after: { list: name } };
      await audit.record({ at: new Date(), actor: by, action: 'list_renamed', ...change });
      return done({ ...list.value, name });
    },
    remove: async (idOrName, by) => {
      const list = await found(idOrName);
      if (!list.ok) return list;
      const needed = await neededBy(list.value);
      if (!needed.ok) return needed;
      if (needed.value.length > 0) {
        const named = needed.value.slice(0, SHOWN_CAMPAIGNS).map((name) => `"${name}"`);
        const more = needed.value.length > SHOWN_CAMPAIGNS ? ['…'] : [];
        return refused('list_needed', { list: list.value.name, campaigns: [...named, ...more].join(', ') });
      }
      const { _id, name, count } = list.value;
      await lists.remove(_id);
      await audit.record({ at: new Date(), actor: by, action: 'list_removed', before: { list: name, count } });
      return list;
    },
  };
}

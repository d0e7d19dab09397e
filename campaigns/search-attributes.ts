/** Registers the search attributes: an upsert of an unknown one would fail a workflow task for ever. */
import type { Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from '../config/logger';
import { SEARCH_ATTRIBUTES } from '../workflows/messages';

/** temporal.api.enums.v1.IndexedValueType */
const TYPES = { KEYWORD: 2, KEYWORD_LIST: 7 };

const BY_HAND = `Keyword (${SEARCH_ATTRIBUTES.senders.name}: KeywordList)`;

export interface SearchAttributes {
  names: string[];
  /** Those that were missing, and are there now. */
  added: string[];
  /** Why they could not be looked at or added; they may still be there. */
  trouble?: string;
}

/** Adds what is missing in the namespace. Where that is not allowed (Temporal Cloud), says which must be made by hand. */
export async function addSearchAttributes(
  connection: Pick<Connection | NativeConnection, 'operatorService'>,
  namespace: string,
): Promise<SearchAttributes> {
  const all = Object.values(SEARCH_ATTRIBUTES);
  const names = all.map(({ name }) => name);
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = all.filter(({ name }) => !(name in (customAttributes ?? {})));
    if (missing.length > 0)
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, TYPES[type]])),
      });
    return { names, added: missing.map(({ name }) => name) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const trouble = `search attributes cannot be registered (${why}): create ${names.join(', ')} in the namespace, type ${BY_HAND}`;
    return { names, added: [], trouble };
  }
}

/** The same, for a role's start: says so in the log. */
export async function registerSearchAttributes(
  connection: Pick<Connection | NativeConnection, 'operatorService'>,
  namespace: string,
  log: Logger,
): Promise<void> {
  const { names, added, trouble } = await addSearchAttributes(connection, namespace);
  if (added.length > 0) log.info({ missing: added }, 'Registered search attributes');
  if (trouble)
    log.error({ names, trouble }, `Cannot register search attributes: create them in the namespace, type ${BY_HAND}`);
}

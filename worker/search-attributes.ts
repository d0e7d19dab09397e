/** Registers the search attributes: an upsert of an unknown one would fail a workflow task for ever. */
import type { Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from '../config/logger';
import { SEARCH_ATTRIBUTES } from '../workflows/messages';

/** temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD */
const KEYWORD = 2;

/** Adds what is missing in the namespace. Where that is not allowed (Temporal Cloud), says which must be made by hand. */
export async function registerSearchAttributes(
  connection: Pick<Connection | NativeConnection, 'operatorService'>,
  namespace: string,
  log: Logger,
): Promise<void> {
  const names = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = names.filter((name) => !(name in (customAttributes ?? {})));
    if (missing.length === 0) return;
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
    });
    log.info({ missing }, 'Registered search attributes');
  } catch (err) {
    log.error({ err, names }, 'Cannot register search attributes: create them in the namespace, type Keyword');
  }
}

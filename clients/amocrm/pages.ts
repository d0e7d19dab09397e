/** Reads an amoCRM collection page by page, to its end (amocrm.md#collections). */
import type { z } from 'zod';
import { TooMuchError, type AmocrmApi } from './api';
import { crmRefused } from './error';
import { pageSchema, parseAnswer } from './schemas';

/** Page sizes to fall back to on 504. Each divides the previous one, so that page borders stay. */
const PAGE_SIZES = [250, 125, 25, 5];
/** amoCRM's maximum per page. */
export const PAGE_LIMIT = 250;

export type RowsOf = <T extends z.ZodType>(
  path: string,
  collection: string,
  schema: T,
  signal?: AbortSignal,
) => AsyncGenerator<z.output<T>>;

/** Follows `_links.next` to the end; a page that amoCRM cannot answer in time is requested again in smaller ones. */
export function createPager(api: Pick<AmocrmApi, 'get'>, baseUrl: string): RowsOf {
  return async function* rowsOf(path, collection, schema, signal) {
    const page = pageSchema(collection, schema);
    let next: URL | undefined = new URL(baseUrl + path);
    while (next) {
      const url: URL = next;
      const smaller = smallerPage(url);
      try {
        const json = await api.get(url.href, { signal, mayShrink: smaller !== undefined });
        if (json === undefined) return;
        const { rows, unreadable, next: href } = parseAnswer(page, json, url.pathname);
        // Skipping them silently would leave people out of a campaign.
        if (unreadable > 0) throw crmRefused(200, `${unreadable} of the ${collection} on a page cannot be read`);
        yield* rows;
        next = href === undefined ? undefined : withPathOf(url, href);
      } catch (error) {
        if (!(error instanceof TooMuchError)) throw error;
        next = smaller;
      }
    }
  };
}

/** The same rows with the next smaller page size; undefined when there is none. */
function smallerPage(url: URL): URL | undefined {
  const limit = Number(url.searchParams.get('limit'));
  const smaller = PAGE_SIZES.find((size) => size < limit);
  if (!limit || smaller === undefined) return undefined;
  const rowsBefore = (Number(url.searchParams.get('page') ?? 1) - 1) * limit;
  const next = new URL(url);
  next.searchParams.set('limit', String(smaller));
  next.searchParams.set('page', String(rowsBefore / smaller + 1));
  return next;
}

/** Uses only the link's path and query: its host may be http or another one, and the token goes only to our host. */
function withPathOf(base: URL, href: string): URL {
  const { pathname, search } = new URL(href, base);
  return new URL(pathname + search, base);
}

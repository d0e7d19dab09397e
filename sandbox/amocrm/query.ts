/** Reads list queries as amoCRM does: PHP-style brackets, pages from 1, at most 250 (amocrm.md#collections). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parse, stringify } from 'qs';
import { z } from 'zod';
import { href } from './context';

const MOST_PER_PAGE = 250;
const DEFAULT_PER_PAGE = 50;

export interface ListQuery {
  page: number;
  limit: number;
  with: string[];
  query?: string | undefined;
  /** Field and direction, when asked for. */
  order?: [field: string, direction: 'asc' | 'desc'] | undefined;
  filter: Record<string, unknown>;
}

const whole = (fallback: number, most: number) => z.coerce.number().int().min(1).catch(fallback).transform((n) => Math.min(n, most)); // prettier-ignore
const schema = z.object({
  page: whole(1, Number.MAX_SAFE_INTEGER),
  // Beyond 250 the real answer is not documented; the sandbox clamps.
  limit: whole(DEFAULT_PER_PAGE, MOST_PER_PAGE),
  with: z.string().catch('').transform((text) => text.split(',').map((part) => part.trim()).filter(Boolean)),
  query: z.string().optional().catch(undefined),
  order: z.record(z.string(), z.enum(['asc', 'desc'])).catch({}).transform((order) => Object.entries(order)[0]),
  filter: z.record(z.string(), z.unknown()).catch({}),
}); // prettier-ignore

/** Fastify's query parser for the amoCRM routes. */
function parseQuery(text: string): Record<string, unknown> {
  return parse(text, { arrayLimit: 1_000, parameterLimit: 5_000, depth: 5 });
}

export function readListQuery(request: FastifyRequest): ListQuery {
  return schema.parse(parseQuery(request.url.split('?')[1] ?? ''));
}

/** `filter[x][]=1`, `filter[x][0]=1` and `filter[x]=1`, all as a set of texts; undefined when not given. */
export function valuesOf(value: unknown): Set<string> | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null) return new Set([String(value)]);
  const known = sets.get(value) ?? new Set(Object.values(value).map(String));
  sets.set(value, known);
  return known;
}

/** One filter is asked for every record of the account. */
const sets = new WeakMap<object, Set<string>>();

/** `filter[x][from]` and `[to]`; either may be missing. */
export function inRange(value: unknown, number: number | null): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const { from, to } = value as { from?: string; to?: string };
  if (from === undefined && to === undefined) return true;
  if (number === null) return false;
  return number >= Number(from ?? -Infinity) && number <= Number(to ?? Infinity);
}

/** One page of `items` in the collection envelope; 204 when there is nothing on it. */
export function sendPage<T>(
  request: FastifyRequest, reply: FastifyReply, key: string, items: T[], { page, limit }: ListQuery, show: (item: T) => unknown,
): FastifyReply {
  const start = (page - 1) * limit;
  const onPage = items.slice(start, start + limit);
  if (onPage.length === 0) return reply.code(204).send();
  const [path = '', text = ''] = request.url.split('?');
  const given = parseQuery(text);
  // Brackets come encoded, as the real links have them.
  const link = (n: number) => ({
    href: href(request, `${path.replace(/^.*\/api\/v4\//, '')}?${stringify({ ...given, page: n }, { encode: true })}`),
  });
  return sendHal(reply, {
    _page: page,
    _links: {
      self: link(page),
      ...(start + limit < items.length && { next: link(page + 1) }),
      ...(page > 1 && { first: link(1), prev: link(page - 1) }),
    },
    _embedded: { [key]: onPage.map(show) },
  });
} // prettier-ignore

export function sendHal(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.header('content-type', 'application/hal+json').send(JSON.stringify(body));
}

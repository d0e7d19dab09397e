/** The tag dictionary of each entity type; making a known name gives the known tag (amocrm.md#write-back). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { tagByName, tagsOf, type AmocrmContext } from './context';
import { readListQuery, sendHal, sendPage, valuesOf } from './query';
import { readItems } from './writes';

const requestId = z.union([z.string(), z.number()]).optional();
const tagBody = z.strictObject({ name: z.string().min(1), color: z.string().nullish(), request_id: requestId });

export function registerTags(app: FastifyInstance, context: AmocrmContext): void {
  for (const entity of ['leads', 'contacts'] as const) {
    app.get(`/${entity}/tags`, async (request, reply) => {
      const query = readListQuery(request);
      const ids = valuesOf(query.filter['id']);
      const names = valuesOf(query.filter['name']);
      const tags = tagsOf(context, entity).filter(
        ({ id, name }) =>
          (ids?.has(String(id)) ?? true) && (names?.has(name) ?? true) && (!query.query || name.includes(query.query)),
      );
      return sendPage(request, reply, 'tags', tags, query, (tag) => tag);
    });
    app.post(`/${entity}/tags`, async (request, reply) => {
      const items = readItems(context, tagBody, request, reply, 'array');
      if (!items) return reply;
      const tags = items.map(({ name, request_id }) => {
        const tag = tagByName(context, entity, name);
        return { id: tag.id, name: tag.name, request_id };
      });
      return sendHal(reply, { _total_items: tags.length, _embedded: { tags } });
    });
  }
}

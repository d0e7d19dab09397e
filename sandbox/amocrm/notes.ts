/** Notes at leads and contacts, written and read again (amocrm.md#write-back). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { EntityType } from '../company/model';
import { currentUser, newId, nowSeconds, selfLink, type AmocrmContext } from './context';
import { unknownChoice } from './problems';
import { readListQuery, sendHal, sendPage, valuesOf } from './query';
import { idOf } from './reads';
import type { Note } from './state';
import { readItems } from './writes';

const requestId = z.union([z.string(), z.number()]).optional();
const noteBody = z
  .strictObject({
    entity_id: z.number().int().optional(),
    note_type: z.enum([
      'common',
      'call_in',
      'call_out',
      'service_message',
      'extended_service_message',
      'sms_in',
      'sms_out',
    ]),
    params: z.record(z.string(), z.unknown()),
    created_by: z.number().int().optional(),
    is_need_to_trigger_digital_pipeline: z.boolean().optional(),
    request_id: requestId,
  })
  .refine(({ note_type, params }) => note_type !== 'common' || typeof params['text'] === 'string', {
    path: ['params', 'text'],
    message: 'This value should not be blank.',
  });
export function registerNotes(app: FastifyInstance, context: AmocrmContext): void {
  const { state, company } = context;
  const noteView = (request: FastifyRequest, { entity, ...note }: Note) => ({
    ...note,
    account_id: company.accountId,
    _links: selfLink(request, `${entity}/${note.entity_id}/notes/${note.id}`),
  });

  for (const entity of ['leads', 'contacts'] as const) {
    const create = (request: FastifyRequest, items: z.output<typeof noteBody>[], ofEntity?: number) => {
      const notes = items.map((item, index) => {
        const entityId = ofEntity ?? item.entity_id;
        if (entityId === undefined || !company[entity].has(entityId))
          throw unknownChoice(String(item.request_id ?? index), 'entity_id');
        return { item, note: newNote(context, entity, entityId, item) };
      });
      state.value.notes.push(...notes.map(({ note }) => note));
      state.changed();
      const shown = notes.map(({ item, note }) => ({
        id: note.id,
        entity_id: note.entity_id,
        request_id: item.request_id,
        _links: selfLink(request, `${entity}/${note.entity_id}/notes/${note.id}`),
      }));
      return { _links: selfLink(request, `${entity}/notes`), _embedded: { notes: shown } };
    };

    app.post(`/${entity}/notes`, async (request, reply) => {
      const items = readItems(context, noteBody, request, reply, 'array');
      return items ? sendHal(reply, create(request, items)) : reply;
    });
    app.post(`/${entity}/:id/notes`, async (request, reply) => {
      const items = readItems(context, noteBody, request, reply, 'array');
      return items ? sendHal(reply, create(request, items, idOf(request.params))) : reply;
    });
    app.get(`/${entity}/notes`, async (request, reply) => {
      const query = readListQuery(request);
      return sendPage(request, reply, 'notes', matchingNotes(context, entity, query), query, (note) =>
        noteView(request, note),
      );
    });
    app.get(`/${entity}/:id/notes`, async (request, reply) => {
      const query = readListQuery(request);
      const notes = matchingNotes(context, entity, query).filter(({ entity_id }) => entity_id === idOf(request.params));
      return sendPage(request, reply, 'notes', notes, query, (note) => noteView(request, note));
    });
  }
}

function newNote(context: AmocrmContext, entity: EntityType, entityId: number, item: z.output<typeof noteBody>): Note {
  const user = item.created_by ?? currentUser(context);
  const now = nowSeconds();
  return {
    id: newId(context),
    entity,
    entity_id: entityId,
    created_by: user,
    updated_by: user,
    created_at: now,
    updated_at: now,
    responsible_user_id: user,
    group_id: 0,
    note_type: item.note_type,
    params: item.params,
  };
}

function matchingNotes(
  { state }: AmocrmContext,
  entity: EntityType,
  { filter: given, order }: ReturnType<typeof readListQuery>,
): Note[] {
  const filter = state.value.settings.filtersIgnored ? {} : given;
  const ids = valuesOf(filter['id']);
  const entities = valuesOf(filter['entity_id']);
  const types = valuesOf(filter['note_type']);
  const direction = order?.[0] === 'id' && order[1] === 'desc' ? -1 : 1;
  return state.value.notes
    .filter(
      (note) =>
        note.entity === entity &&
        (ids?.has(String(note.id)) ?? true) &&
        (entities?.has(String(note.entity_id)) ?? true) &&
        (types?.has(note.note_type) ?? true),
    )
    .sort((a, b) => direction * (a.id - b.id));
}

/** Notes, tasks and the tag dictionary: what is written back to the CRM and can be read again (facts/amocrm.md §9). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { EntityType } from '../company/model';
import { currentUser, newId, nowSeconds, selfLink, tagByName, tagsOf, type AmocrmContext } from './context';
import { validationProblem } from './problems';
import { readListQuery, sendHal, sendPage, valuesOf } from './query';
import { idOf } from './reads';
import type { Note, Task } from './state';
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
const taskBody = z.strictObject({
  text: z.string().min(1),
  complete_till: z.number().int(),
  task_type_id: z.union([z.literal(1), z.literal(2)]).optional(),
  entity_id: z.number().int().optional(),
  entity_type: z.enum(['leads', 'contacts', 'companies']).optional(),
  responsible_user_id: z.number().int().optional(),
  duration: z.number().int().optional(),
  request_id: requestId,
});
const taskPatch = z.strictObject({
  id: z.number().int().optional(),
  text: z.string().min(1).optional(),
  complete_till: z.number().int().optional(),
  is_completed: z.boolean().optional(),
  result: z.strictObject({ text: z.string() }).optional(),
  request_id: requestId,
});
const tagBody = z.strictObject({ name: z.string().min(1), color: z.string().nullish(), request_id: requestId });

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
      return sendPage(request, reply, 'notes', matchingNotes(state.value.notes, entity, query), query, (note) =>
        noteView(request, note),
      );
    });
    app.get(`/${entity}/:id/notes`, async (request, reply) => {
      const query = readListQuery(request);
      const notes = matchingNotes(state.value.notes, entity, query).filter(
        ({ entity_id }) => entity_id === idOf(request.params),
      );
      return sendPage(request, reply, 'notes', notes, query, (note) => noteView(request, note));
    });

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

export function registerTasks(app: FastifyInstance, context: AmocrmContext): void {
  const { state, company } = context;
  const taskView = (request: FastifyRequest, task: Task) => ({
    ...task,
    account_id: company.accountId,
    _links: selfLink(request, `tasks/${task.id}`),
  });
  const thin = (request: FastifyRequest, task: Task, request_id: string) => ({
    id: task.id,
    updated_at: task.updated_at,
    request_id,
    _links: selfLink(request, `tasks/${task.id}`),
  });

  app.post('/tasks', async (request, reply) => {
    const items = readItems(context, taskBody, request, reply, 'array');
    if (!items) return reply;
    const now = nowSeconds();
    const user = currentUser(context);
    const tasks = items.map(({ request_id, ...item }) => {
      const task: Task = {
        id: newId(context),
        created_by: user,
        updated_by: user,
        created_at: now,
        updated_at: now,
        responsible_user_id: item.responsible_user_id ?? user,
        group_id: 0,
        entity_id: item.entity_id ?? null,
        entity_type: item.entity_type ?? null,
        duration: item.duration ?? 0,
        is_completed: false,
        task_type_id: item.task_type_id ?? 1,
        text: item.text,
        result: [],
        complete_till: item.complete_till,
      };
      state.value.tasks.push(task);
      return thin(request, task, request_id);
    });
    state.changed();
    return sendHal(reply, { _links: selfLink(request, 'tasks'), _embedded: { tasks } });
  });

  app.get('/tasks', async (request, reply) => {
    const query = readListQuery(request);
    const ids = valuesOf(query.filter['id']);
    const entities = valuesOf(query.filter['entity_id']);
    const completed = valuesOf(query.filter['is_completed']);
    const tasks = state.value.tasks.filter(
      (task) =>
        (ids?.has(String(task.id)) ?? true) &&
        (entities?.has(String(task.entity_id)) ?? true) &&
        (completed?.has(task.is_completed ? '1' : '0') ?? true),
    );
    return sendPage(request, reply, 'tasks', tasks, query, (task) => taskView(request, task));
  });

  app.get('/tasks/:id', async (request, reply) => {
    const task = state.value.tasks.find(({ id }) => id === idOf(request.params));
    return task ? sendHal(reply, taskView(request, task)) : reply.code(204).send();
  });

  const change = (item: z.output<typeof taskPatch> & { request_id: string }, id: number | undefined): Task => {
    const task = state.value.tasks.find((one) => one.id === id);
    if (!task) throw unknownChoice(item.request_id, 'id');
    const { text, complete_till, is_completed, result } = item;
    Object.assign(task, {
      text: text ?? task.text,
      complete_till: complete_till ?? task.complete_till,
      is_completed: is_completed ?? task.is_completed,
      result: result ?? task.result,
      updated_at: nowSeconds(),
      updated_by: currentUser(context),
    });
    state.changed();
    return task;
  };
  app.patch('/tasks', async (request, reply) => {
    const items = readItems(context, taskPatch, request, reply, 'array');
    if (!items) return reply;
    const tasks = items.map((item) => thin(request, change(item, item.id), item.request_id));
    return sendHal(reply, { _links: selfLink(request, 'tasks'), _embedded: { tasks } });
  });
  app.patch('/tasks/:id', async (request, reply) => {
    const [item] = readItems(context, taskPatch, request, reply, 'object') ?? [];
    return item ? sendHal(reply, thin(request, change(item, idOf(request.params)), item.request_id)) : reply;
  });
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

function matchingNotes(notes: Note[], entity: EntityType, { filter, order }: ReturnType<typeof readListQuery>): Note[] {
  const ids = valuesOf(filter['id']);
  const entities = valuesOf(filter['entity_id']);
  const types = valuesOf(filter['note_type']);
  const direction = order?.[0] === 'id' && order[1] === 'desc' ? -1 : 1;
  return notes
    .filter(
      (note) =>
        note.entity === entity &&
        (ids?.has(String(note.id)) ?? true) &&
        (entities?.has(String(note.entity_id)) ?? true) &&
        (types?.has(note.note_type) ?? true),
    )
    .sort((a, b) => direction * (a.id - b.id));
}

function unknownChoice(request_id: string, path: string): Error {
  const detail = 'The value you selected is not a valid choice.';
  return validationProblem(new Map([[request_id, [{ code: 'NotSupportedChoice', path, detail }]]]));
}

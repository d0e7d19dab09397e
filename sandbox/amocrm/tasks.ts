/** Tasks: made, read, completed (amocrm.md#write-back). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { currentUser, newId, nowSeconds, selfLink, type AmocrmContext } from './context';
import { unknownChoice } from './problems';
import { readListQuery, sendHal, sendPage, valuesOf } from './query';
import { idOf } from './reads';
import type { Task } from './state';
import { readItems } from './writes';

const requestId = z.union([z.string(), z.number()]).optional();
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
    const filter = state.value.settings.filtersIgnored ? {} : query.filter;
    const ids = valuesOf(filter['id']);
    const entities = valuesOf(filter['entity_id']);
    const completed = valuesOf(filter['is_completed']);
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

/** The sandbox's amoCRM over the demo company: the API under `/amocrm/api/v4`, OAuth beside it, and the control. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Company } from '../company/model';
import type { SandboxBus } from '../contract';
import { parse } from '../control';
import { openSnapshot } from '../snapshot';
import { registerAccount } from './account';
import { nowSeconds, type AmocrmContext } from './context';
import { followMessages, moveDeals } from './deals';
import { moveDealsSchema } from './deals-schema';
import { createRateLimit } from './limits';
import { registerNotes } from './notes';
import { checkToken, issueCode, registerOAuth, SANDBOX_INTEGRATION } from './oauth';
import { Problem, sendProblem } from './problems';
import { registerReads } from './reads';
import { initialState, settingsSchema } from './state';
import { registerTags } from './tags';
import { registerTasks } from './tasks';
import { registerUpdates } from './updates';

export interface AmocrmOptions {
  home: string;
  company: Company;
  /** Tells of the messages that move deals. */
  bus: SandboxBus;
}

/** Changes from earlier runs are applied to the generated company. */
export async function mountAmocrm(app: FastifyInstance, { home, company, bus }: AmocrmOptions): Promise<void> {
  const state = openSnapshot(join(home, 'amocrm.json'), initialState);
  for (const lead of Object.values(state.value.leads)) company.leads.set(lead.id, lead);
  for (const contact of Object.values(state.value.contacts)) company.contacts.set(contact.id, contact);
  const context: AmocrmContext = { company, state };
  const refuseForRate = createRateLimit(context);

  await app.register(async (root) => {
    root.setErrorHandler((error: unknown, _request, reply) => sendProblem(reply, asProblem(error)));
    root.setNotFoundHandler((request, reply) => notFound(request.method, request.url, request.host, reply));
    root.addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', randomUUID());
      count(request.method, request.routeOptions.url ?? 'unknown');
      const refused = refuseForRate(reply);
      if (refused) return refused;
      // The token endpoint takes no token, but the block and the rate hold for it too.
      if (request.url.startsWith('/amocrm/api/')) checkToken(context, request);
      if (request.method === 'GET') await delay(state.value.settings.readDelayMs);
      return undefined;
    });
    root.addHook('onSend', async (request, reply) => {
      const { settings } = state.value;
      if (request.method === 'GET' || !request.url.startsWith('/amocrm/api/')) return;
      await delay(settings.writeDelayMs);
      if (settings.unansweredWrites === 0 || reply.statusCode >= 400) return;
      settings.unansweredWrites--;
      request.raw.socket.destroy();
    });
    root.addHook('onResponse', async (_request, reply) => {
      const { byStatus } = state.value.requests;
      byStatus[reply.statusCode] = (byStatus[reply.statusCode] ?? 0) + 1;
    });
    registerOAuth(root, context);
    await root.register(async (api) => {
      registerAccount(api, context);
      registerReads(api, context);
      registerUpdates(api, context);
      registerNotes(api, context);
      registerTags(api, context);
      registerTasks(api, context);
    }, { prefix: '/api/v4' }); // prettier-ignore
  }, { prefix: '/amocrm' }); // prettier-ignore
  registerControl(app, context);
  const stopFollowing = followMessages(context, bus);
  app.addHook('preClose', async () => {
    stopFollowing();
    await state.flush();
  });

  function count(method: string, route: string): void {
    const { requests } = state.value;
    const key = `${method} ${route.replace('/amocrm', '')}`;
    requests.total++;
    requests.byRoute[key] = (requests.byRoute[key] ?? 0) + 1;
    state.changed();
  }
}

function registerControl(app: FastifyInstance, context: AmocrmContext): void {
  const { state } = context;
  app.get('/sandbox/amocrm/settings', async () => state.value.settings);
  app.put('/sandbox/amocrm/settings', async (request) => {
    Object.assign(state.value.settings, parse(settingsSchema.partial(), request.body));
    state.changed();
    return state.value.settings;
  });
  app.get('/sandbox/amocrm/requests', async () => {
    const { requests, breaches, blocked } = state.value;
    return { ...requests, breaches, blocked };
  });
  app.delete('/sandbox/amocrm/requests', async () => {
    state.value.requests = initialState().requests;
    state.changed();
    return state.value.requests;
  });
  app.post('/sandbox/amocrm/unblock', async () => {
    state.value.blocked = false;
    state.value.breaches = 0;
    state.changed();
    return { blocked: false };
  });
  app.post('/sandbox/amocrm/delete-lead', async (request) => {
    const { id } = parse(z.strictObject({ id: z.number().int() }), request.body);
    const lead = context.company.leads.get(id);
    if (!lead) throw new Problem(404, 'Lead not found');
    Object.assign(lead, { is_deleted: true, updated_at: nowSeconds() });
    state.value.leads[id] = lead;
    state.changed();
    return { id, is_deleted: true };
  });
  app.post('/sandbox/amocrm/move-deals', async (request) => ({
    moved: moveDeals(context, parse(moveDealsSchema, request.body)),
  }));
  app.post('/sandbox/amocrm/code', async (request) => {
    const { redirectUri } = parse(z.strictObject({ redirectUri: z.url() }), request.body);
    return { ...SANDBOX_INTEGRATION, redirectUri, code: issueCode(context, redirectUri) };
  });
  app.post('/sandbox/amocrm/expire-tokens', async () => {
    state.value.accessTokens = {};
    state.changed();
    return { accessTokens: 0 };
  });
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode === 400 || statusCode === 415) return new Problem(400, 'Request data can not be empty');
  if (statusCode < 500) return new Problem(statusCode, message);
  return new Problem(500, message, { title: 'ErrInternalServer', trace_id: randomUUID() });
}

function notFound(method: string, url: string, host: string, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, new Problem(404, `Cannot ${method} https://${host}${url.replace('/amocrm', '')}`));
}

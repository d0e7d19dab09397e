/** The sandbox's Gupshup: several apps, each with its send API, its account's API, webhooks and control over a state of its own. */
import { join } from 'node:path';
import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import type { SandboxOptions } from '../contract';
import { SANDBOX_APPS } from '../credentials';
import { openSnapshot } from '../snapshot';
import { registerAccount } from './account';
import { refuse, type GupshupContext } from './context';
import { registerGupshupControl } from './control';
import { registerCreated } from './created';
import { createLives } from './lives';
import { openMessages } from './messages';
import { createSendRate } from './rate';
import { registerSends } from './send';
import { initialState } from './state';
import { registerSubscriptions } from './subscriptions';
import { templatesOfApp } from './templates';
import { createWebhooks } from './webhooks';
import { registerWhatsappControl } from './whatsapp-control';

export interface GupshupOptions extends SandboxOptions {
  nameOf: (phone: string) => string | undefined;
}

/**
 * Mounts the API under `/gupshup`, one for each app (`toOwnApp` leads a caller to that of its key), and the control under
 * `/sandbox`. Receipts still due from the last run go out.
 */
export async function mountGupshup(app: FastifyInstance, options: GupshupOptions): Promise<void> {
  const closing = new AbortController();
  const apps: GupshupContext[] = [];
  const recipientsSince = (since: number): ReadonlySet<string> =>
    new Set(apps.flatMap(({ messages }) => [...messages.recipientsSince(since)]));
  for (const index of SANDBOX_APPS.keys()) {
    const context = openApp(index, options, { recipientsSince, closing: closing.signal });
    apps.push(context);
    await app.register((api) => registerApi(api, context), { prefix: apiPrefix(index) });
    registerGupshupControl(app, index === 0 ? CONTROL : `${CONTROL}/apps/${context.sender.appName}`, context);
  }
  registerWhatsappControl(app, apps);

  for (const { lives } of apps) lives.resume();
  app.addHook('preClose', async () => {
    closing.abort();
    for (const { lives } of apps) lives.close();
    await Promise.all(apps.map(({ webhooks }) => webhooks.close()));
    for (const { state, messages } of apps) {
      await state.flush();
      messages.close();
    }
  });
}

const CONTROL = '/sandbox/gupshup';

const apiPrefix = (index: number): string => (index === 0 ? '/gupshup' : `/gupshup-${index}`);

/** The address of a call to Gupshup as it is handled: an app's key leads to the app's own part. For `rewriteUrl`. */
export function toOwnApp(url: string, key: string | string[] | undefined): string {
  const index = SANDBOX_APPS.findIndex(({ apiKey }) => apiKey === key);
  return index > 0 ? url.replace(/^\/gupshup(?=\/)/, apiPrefix(index)) : url;
}

/** An app as the last run left it. */
function openApp(
  index: number,
  { home, bus, speed, nameOf }: GupshupOptions,
  shared: Pick<GupshupContext, 'recipientsSince' | 'closing'>,
): GupshupContext {
  const { apiKey, ...sender } = SANDBOX_APPS[index]!;
  const name = index === 0 ? 'gupshup' : `gupshup-${sender.appName}`;
  const demo = templatesOfApp(index);
  const state = openSnapshot(join(home, `${name}.json`), () => initialState(speed, demo));
  // A state of an earlier version has fewer of them.
  state.value.settings = { ...initialState(speed, demo).settings, ...state.value.settings };
  const templates = [...demo, ...state.value.created.map(({ template }) => template)];
  // The speed belongs to this run; everything else is taken up from the last one.
  state.value.settings.speed = speed;
  const messages = openMessages(join(home, `${name}-messages.jsonl`));
  const webhooks = createWebhooks(
    () => state.value.subscriptions,
    () => state.value.settings.speed,
  );
  const lives = createLives({ sender, templates, messages, state, webhooks, bus, nameOf });
  return {
    ...shared,
    ...{ sender, apiKey, templates, state, messages, lives, webhooks, rate: createSendRate(), bus, nameOf },
  };
}

async function registerApi(api: FastifyInstance, context: GupshupContext): Promise<void> {
  api.removeContentTypeParser('application/json');
  await api.register(formbody);
  api.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'Not Found'));
  api.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
    const status = error.statusCode ?? 500;
    return refuse(reply, status === 415 ? 400 : status, status < 500 ? error.message : 'Internal server error.');
  });
  api.addHook('onRequest', async (request, reply) => {
    const key = request.headers['apikey'];
    if (key === context.apiKey) return undefined;
    const wrongKind = typeof key === 'string' && key.startsWith('sk_');
    return refuse(reply, 401, wrongKind ? 'Portal User Not Found With APIKey' : 'Authentication Failed');
  });
  await api.register(async (scope) => registerSends(scope, context));
  await api.register(async (scope) => registerAccount(scope, context));
  await api.register(async (scope) => registerCreated(scope, context));
  await api.register(async (scope) => registerSubscriptions(scope, context));
}

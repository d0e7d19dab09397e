/** The sandbox's Gupshup: the send API, the account's API, webhooks and the control, over one state. */
import { join } from 'node:path';
import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import type { SandboxOptions } from '../contract';
import { SANDBOX_CREDENTIALS } from '../credentials';
import { openSnapshot } from '../snapshot';
import { registerAccount } from './account';
import { refuse, type GupshupContext } from './context';
import { registerGupshupControl } from './control';
import { createLives } from './lives';
import { openMessages } from './messages';
import { createSendRate } from './rate';
import { registerSends } from './send';
import { initialState } from './state';
import { registerSubscriptions } from './subscriptions';
import { createWebhooks } from './webhooks';

export interface GupshupOptions extends SandboxOptions {
  nameOf: (phone: string) => string | undefined;
}

/** Mounts the API under `/gupshup` and the control under `/sandbox`. Receipts still due from the last run go out. */
export async function mountGupshup(app: FastifyInstance, { home, bus, speed, nameOf }: GupshupOptions): Promise<void> {
  const sender = {
    appName: SANDBOX_CREDENTIALS.GUPSHUP_APP_NAME,
    appId: SANDBOX_CREDENTIALS.GUPSHUP_APP_ID,
    source: SANDBOX_CREDENTIALS.GUPSHUP_SOURCE,
  };
  const state = openSnapshot(join(home, 'gupshup.json'), () => initialState(speed));
  // The speed belongs to this run; everything else is taken up from the last one.
  state.value.settings.speed = speed;
  const messages = openMessages(join(home, 'gupshup-messages.jsonl'));
  const webhooks = createWebhooks(
    () => state.value.subscriptions,
    () => state.value.settings.speed,
  );
  const lives = createLives({ sender, messages, state, webhooks, bus, nameOf });
  const closing = new AbortController();
  const context: GupshupContext = {
    sender, apiKey: SANDBOX_CREDENTIALS.GUPSHUP_API_KEY, state, messages, lives, webhooks, rate: createSendRate(), bus, nameOf,
    closing: closing.signal,
  }; // prettier-ignore

  await app.register(async (api) => {
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
    await api.register(async (scope) => registerSubscriptions(scope, context));
  }, { prefix: '/gupshup' }); // prettier-ignore
  registerGupshupControl(app, context);

  lives.resume();
  app.addHook('preClose', async () => {
    closing.abort();
    lives.close();
    await webhooks.close();
    await state.flush();
    messages.close();
  });
}

/** Bot API methods by which a bot gets its updates: getUpdates and the webhook (telegram.md#updates). */
import { z } from 'zod';
import { flag, integer, nested, text } from '../arguments';
import { badRequest, conflict, tooManyRequests } from '../errors';
import type { WebhookInfo } from '../types';
import { method, type Method, type Parts } from './method';

const DEFAULT_CONNECTIONS = 40;
const HTTPS_PORTS = ['', '443', '80', '88', '8443'];
const allowedUpdates = nested(z.array(z.string())).optional();

export function receivingMethods({ world, updates }: Parts): Record<string, Method> {
  const { state } = world;
  let lastSetAt = -Infinity;

  const removeWebhook = (drop: boolean | undefined): true => {
    if (drop) updates.drop();
    delete state.webhook;
    world.changed();
    return true;
  };

  return {
    getUpdates: method(
      z.strictObject({
        offset: integer.optional(),
        limit: integer.optional(),
        timeout: integer.optional(),
        allowed_updates: allowedUpdates,
      }),
      (args, { signal }) =>
        updates.poll({
          offset: args.offset ?? 0,
          limit: args.limit ?? 100,
          timeoutSeconds: args.timeout ?? 0,
          allowedUpdates: args.allowed_updates,
          signal,
        }),
    ),

    setWebhook: method(
      z.strictObject({
        url: text,
        max_connections: integer.optional(),
        allowed_updates: allowedUpdates,
        drop_pending_updates: flag.optional(),
        secret_token: text.optional(),
      }),
      (args) => {
        if (args.url === '') return removeWebhook(args.drop_pending_updates);
        checkUrl(args.url);
        const secret = args.secret_token ?? '';
        if (secret.length > 256) throw badRequest('secret token is too long');
        if (!/^[\w-]*$/.test(secret)) throw badRequest('secret token contains unallowed characters');
        if (world.now() - lastSetAt < 1000) throw tooManyRequests(1);
        lastSetAt = world.now();
        if (args.drop_pending_updates) updates.drop();
        if (args.allowed_updates) state.allowedUpdates = args.allowed_updates;
        const maxConnections = Math.min(Math.max(args.max_connections ?? DEFAULT_CONNECTIONS, 1), 100);
        state.webhook = { url: args.url, maxConnections, setAt: world.now(), ...(secret ? { secret } : {}) };
        world.changed();
        updates.interrupt(conflict('terminated by setWebhook request'));
        return true;
      },
      () => (state.webhook ? 'Webhook was set' : 'Webhook was deleted'),
    ),

    deleteWebhook: method(
      z.strictObject({ drop_pending_updates: flag.optional() }),
      (args) => removeWebhook(args.drop_pending_updates),
      () => 'Webhook was deleted',
    ),

    getWebhookInfo: method(z.strictObject({}), (): WebhookInfo => {
      const { webhook } = state;
      return {
        url: webhook?.url ?? '',
        has_custom_certificate: false,
        pending_update_count: updates.pending().length,
        ...(webhook?.lastError
          ? {
              last_error_date: Math.floor(webhook.lastError.at / 1000),
              last_error_message: webhook.lastError.message,
            }
          : {}),
        ...(webhook ? { max_connections: webhook.maxConnections } : {}),
        ...(state.allowedUpdates?.length ? { allowed_updates: state.allowedUpdates } : {}),
      };
    }),
  };
}

/** As Telegram: https on four ports. Also plain http to this machine, where the sandbox's bots run. */
function checkUrl(url: string): void {
  if (!URL.canParse(url)) throw badRequest('invalid webhook URL specified');
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return;
  if (protocol !== 'https:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  if (!HTTPS_PORTS.includes(port))
    throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
}

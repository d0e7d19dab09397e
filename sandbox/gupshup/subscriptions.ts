/** `/wa/app/{appId}/subscription`: who gets which events (gupshup.md#subscriptions, gupshup.md#webhook-transport). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refuse, type GupshupContext } from './context';
import { envelope, metaEnvelope, metadata } from './events';
import type { Subscription } from './state';

/**
 * Bits of `mode`. The real values are not documented; these give 1143 for the seven modes of the one published sample.
 */
const MODE_BITS = {
  DELIVERED: 1, READ: 2, SENT: 4, DELETED: 8, OTHERS: 16, FAILED: 32, MESSAGE: 64, TEMPLATE: 128, ACCOUNT: 256,
  BILLING: 512, ENQUEUED: 1024, FLOWS_MESSAGE: 2048, PAYMENTS: 4096, COEXISTENCE: 8192, ALL: 16_384, NONE: 0,
} as const; // prettier-ignore
type Mode = keyof typeof MODE_BITS;
const MODES = Object.keys(MODE_BITS) as [Mode, ...Mode[]];

/** Receipts, FAILED and BILLING must be asked for (gupshup.md#rules). */
const DEFAULT_MODES: Mode[] = ['MESSAGE', 'TEMPLATE', 'ACCOUNT', 'OTHERS'];
const MOST_SUBSCRIPTIONS = 5;

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const fields = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  tag: z.string().min(1),
  version: z.enum(['2', '3']).transform((text) => (text === '3' ? 3 : 2)).default(2),
  modes: z
    .string()
    .transform((text) => text.split(',').map((mode) => mode.trim().toUpperCase()))
    .pipe(z.array(z.enum(MODES)).min(1))
    .default(DEFAULT_MODES),
  doCheck: flag.default(false),
  active: flag.default(true),
  showOnUI: flag.default(false),
  meta: z.string().default('{}').transform((text, context): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'expected JSON text' });
      return z.NEVER;
    }
  }).pipe(z.object({ headers: z.record(z.string(), z.string()).default({}) })),
}); // prettier-ignore

export function registerSubscriptions(app: FastifyInstance, { sender, state, webhooks }: GupshupContext): void {
  const { value } = state;
  const path = '/wa/app/:appId/subscription';
  const find = (params: unknown): Subscription | undefined =>
    value.subscriptions.find(({ id }) => id === (params as { id: string }).id);

  /** A URL that is set is told so, and must answer 2xx when the caller wants it checked. */
  const announce = async ({ version, ...subscription }: Subscription): Promise<boolean> => {
    const v2 = envelope(sender, 'user-event', { phone: 'callbackSetPhone', type: 'sandbox-start' });
    const v3 = metaEnvelope(sender, { ...metadata(sender), statuses: [{ type: 'set-callback' }] });
    return webhooks.post(subscription, version === 3 ? v3 : v2);
  };

  app.addHook('preHandler', async (request, reply) => {
    const { appId } = request.params as { appId?: string };
    if (appId !== sender.appId) return refuse(reply, 400, 'Invalid App Details');
    return undefined;
  });

  app.post(path, async (request, reply) => {
    const form = fields.safeParse(request.body ?? {});
    if (!form.success) return refuse(reply, 400, messageOf(form.error));
    const { doCheck, meta, ...given } = form.data;
    if (value.subscriptions.length >= MOST_SUBSCRIPTIONS)
      return refuse(reply, 400, 'Maximum 5 subscriptions are allowed');
    if (value.subscriptions.some(({ tag }) => tag === given.tag)) return refuse(reply, 400, 'Duplicate component tag');
    const now = Date.now();
    const id = String(value.nextSubscription++);
    const subscription: Subscription = { ...given, id, headers: meta.headers, createdOn: now, modifiedOn: now };
    const told = announce(subscription);
    if (doCheck && !(await told)) return refuse(reply, 400, 'Invalid URL Passed');
    value.subscriptions.push(subscription);
    state.changed();
    return { status: 'success', subscription: shown(subscription) };
  });

  app.get(path, async () => ({ status: 'success', subscriptions: value.subscriptions.map(shown) }));

  app.get(`${path}/:id`, async (request, reply) => {
    const subscription = find(request.params);
    return subscription
      ? { status: 'success', subscription: shown(subscription) }
      : refuse(reply, 400, 'Invalid subscription id');
  });

  app.put(`${path}/:id`, async (request, reply) => {
    const subscription = find(request.params);
    if (!subscription) return refuse(reply, 400, 'Invalid subscription id');
    const { url, tag, version, modes, active, showOnUI } = subscription;
    const before = {
      url,
      tag,
      version: String(version),
      modes: modes.join(','),
      active: String(active),
      showOnUI: String(showOnUI),
    };
    const form = fields.safeParse({ ...before, ...(request.body as object) });
    if (!form.success) return refuse(reply, 400, messageOf(form.error));
    const { doCheck, meta, ...given } = form.data;
    const changed: Subscription = { ...subscription, ...given, modifiedOn: Date.now() };
    if (Object.keys(meta.headers).length > 0) changed.headers = meta.headers;
    const told = changed.url === url ? Promise.resolve(true) : announce(changed);
    if (doCheck && !(await told)) return refuse(reply, 400, 'Invalid URL Passed');
    Object.assign(subscription, changed);
    state.changed();
    return { status: 'success', subscription: shown(subscription) };
  });

  app.delete(`${path}/:id`, async (request, reply) => {
    const subscription = find(request.params);
    if (!subscription) return refuse(reply, 400, 'Invalid subscription id');
    value.subscriptions.splice(value.subscriptions.indexOf(subscription), 1);
    state.changed();
    return { status: 'success' };
  });

  app.delete(path, async () => {
    value.subscriptions.length = 0;
    state.changed();
    return { status: 'success' };
  });
}

function shown({ headers: _headers, ...subscription }: Subscription): Record<string, unknown> {
  const mode = subscription.modes.reduce((sum, name) => sum + MODE_BITS[name as Mode], 0);
  return { ...subscription, mode };
}

function messageOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue?.path[0] === 'url'
    ? 'Invalid URL Passed'
    : `Invalid request: ${issue?.path.join('.') || 'form'}: ${issue?.message}`;
}

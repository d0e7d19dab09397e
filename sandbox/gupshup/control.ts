/** `/sandbox/gupshup/…` and `/sandbox/whatsapp/…`: what the sandbox counted, and the levers (docs/sandbox.md). */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { accountEvent, accountEventSchema, preferenceEvent, templateStatusEvent } from './account-events';
import type { GupshupContext } from './context';
import { ENDINGS, endingOfKind } from './endings';
import { inboundEvent } from './events';
import { busiestSecond } from './rate';
import { settingsSchema } from './state';
import { DEMO_TEMPLATES } from './templates';
import { parse, refuseControl } from '../control';

const sinceQuery = z.strictObject({ since: z.coerce.number().min(0).default(0) });
const limitQuery = z.strictObject({ limit: z.coerce.number().int().positive().max(5_000).default(500) });
const faultsBody = z.strictObject({
  kind: z
    .string()
    .refine((kind) => endingOfKind(kind) !== undefined, 'expected a kind of GET /sandbox/gupshup/endings'),
  count: z.number().int().positive().default(1),
});
const statusBody = z.strictObject({
  status: z.enum(['APPROVED', 'PENDING', 'REJECTED', 'PAUSED', 'DISABLED', 'DELETED', 'IN_APPEAL']),
});
const replyBody = z.union([
  z.strictObject({ text: z.string().min(1), messageId: z.string().optional(), quote: z.boolean().default(false) }),
  z.strictObject({ button: z.string().min(1), messageId: z.string().optional() }),
]);
const preferenceBody = z.strictObject({ value: z.enum(['stop', 'resume']) });

export function registerGupshupControl(app: FastifyInstance, context: GupshupContext): void {
  const { state, messages, rate, webhooks, lives, sender, bus } = context;
  const messagesSince = (since: number) => messages.all().filter(({ acceptedAt }) => acceptedAt >= since);
  const templateOf = (id: string | undefined) => DEMO_TEMPLATES.find((template) => template.id === id);

  app.get('/sandbox/gupshup/endings', async () => ENDINGS);

  app.get('/sandbox/gupshup/messages', async (request) => {
    const { since } = parse(sinceQuery, request.query);
    return messagesSince(since).map(({ messageId, destination, kind, templateId, params, acceptedAt, state: now, code }) => ({
      messageId, destination, kind, templateId, params, acceptedAt, state: now, code,
    })); // prettier-ignore
  });

  app.get('/sandbox/gupshup/summary', async (request) => {
    const { since } = parse(sinceQuery, request.query);
    const accepted = messagesSince(since);
    const phones = new Set<string>();
    /** A failed message reached no one: sending it again does not count as a second one. */
    const arriving = new Map<string, number>();
    const states: Record<string, number> = {};
    const codes: Record<string, number> = {};
    for (const { destination, state: now, code } of accepted) {
      phones.add(destination);
      if (now !== 'failed') arriving.set(destination, (arriving.get(destination) ?? 0) + 1);
      states[now] = (states[now] ?? 0) + 1;
      if (code !== undefined) codes[code] = (codes[code] ?? 0) + 1;
    }
    return {
      accepted: accepted.length,
      distinctPhones: phones.size,
      phonesWithSeveral: [...arriving].filter(([, count]) => count > 1).map(([phone]) => phone),
      busiestSecond: busiestSecond(accepted.map(({ acceptedAt }) => acceptedAt)),
      busiestSecondRequested: busiestSecond(rate.arrivals(since)),
      states,
      codes,
      webhooks: webhooks.counts,
    };
  });

  app.get('/sandbox/gupshup/settings', async () => state.value.settings);
  app.put('/sandbox/gupshup/settings', async (request) => {
    Object.assign(state.value.settings, parse(settingsSchema.partial(), request.body));
    state.changed();
    return state.value.settings;
  });

  app.get('/sandbox/gupshup/faults', async () => state.value.faults);
  app.post('/sandbox/gupshup/faults', async (request) => {
    const { kind, count } = parse(faultsBody, request.body);
    state.value.faults.push({ kind, left: count });
    state.changed();
    return state.value.faults;
  });
  app.delete('/sandbox/gupshup/faults', async () => {
    state.value.faults.length = 0;
    state.changed();
    return state.value.faults;
  });

  app.post('/sandbox/gupshup/templates/:id/status', async (request) => {
    const template = templateOf((request.params as { id: string }).id);
    if (!template) throw refuseControl(404, 'no such template');
    const { status } = parse(statusBody, request.body);
    state.value.templates[template.id] = status;
    state.changed();
    void webhooks.deliver(templateStatusEvent(sender, template, status)).catch(() => undefined);
    return { id: template.id, name: template.name, status };
  });

  app.post('/sandbox/gupshup/events', async (request) => {
    const event = parse(accountEventSchema, request.body);
    const template = 'templateId' in event ? templateOf(event.templateId) : undefined;
    if ('templateId' in event && !template) throw refuseControl(404, 'no such template');
    void webhooks.deliver(accountEvent(sender, event, template)).catch(() => undefined);
    return { sent: event };
  });

  app.get('/sandbox/whatsapp/messages', async (request) => {
    const { limit } = parse(limitQuery, request.query);
    return messages.all().slice(-limit).map(lives.view);
  });

  app.post('/sandbox/whatsapp/:phone/reply', async (request) => {
    const { phone } = request.params as { phone: string };
    const body = parse(replyBody, request.body);
    const to = body.messageId === undefined ? messages.lastTo(phone) : messages.get(body.messageId);
    if (body.messageId !== undefined && to?.destination !== phone)
      throw refuseControl(404, 'no such message to this phone');
    const isButton = 'button' in body;
    const text = isButton ? body.button : body.text;
    const buttons = templateOf(to?.templateId)?.buttons.filter(({ type }) => type === 'QUICK_REPLY') ?? [];
    if (isButton && !buttons.some((button) => button.text === text)) {
      throw refuseControl(
        400,
        `no quick reply with this text; expected one of ${JSON.stringify(buttons.map((b) => b.text))}`,
      );
    }
    const at = Date.now();
    state.value.lastInbound[phone] = at;
    state.changed();
    const inbound = {
      id: `ABEG${randomBytes(14).toString('base64url')}`,
      phone,
      name: context.nameOf(phone) ?? phone,
      text,
      button: isButton,
      outerType: at % 2 === 0 ? ('quick_reply' as const) : ('text' as const),
      to: isButton || body.quote ? to : undefined,
      at,
    };
    if (to) {
      messages.addReply(to, text, at);
      bus.emit('whatsapp', lives.view(to));
    }
    void webhooks.deliver(inboundEvent(sender, inbound)).catch(() => undefined);
    return { id: inbound.id };
  });

  app.post('/sandbox/whatsapp/:phone/preference', async (request) => {
    const { phone } = request.params as { phone: string };
    const { value } = parse(preferenceBody, request.body);
    if (value === 'stop') state.value.stopped[phone] = true;
    else delete state.value.stopped[phone];
    state.changed();
    void webhooks.deliver(preferenceEvent(sender, phone, value)).catch(() => undefined);
    return { phone, value };
  });
}

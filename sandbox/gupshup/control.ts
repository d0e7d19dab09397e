/** `/sandbox/gupshup/…`: what the sandbox counted, and the levers, of one app (docs/sandbox.md). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { accountEvent, accountEventSchema, templateStatusEvent } from './account-events';
import type { GupshupContext } from './context';
import { ENDINGS, endingOfKind } from './endings';
import { busiestSecond } from './rate';
import { settingsSchema, TEMPLATE_FAULTS } from './state';
import { parse, refuseControl } from '../control';

const sinceQuery = z.strictObject({ since: z.coerce.number().min(0).default(0) });
const faultsBody = z.strictObject({
  kind: z
    .string()
    .refine((kind) => endingOfKind(kind) !== undefined, 'expected a kind of GET /sandbox/gupshup/endings'),
  count: z.number().int().positive().default(1),
});
const statusBody = z.strictObject({
  status: z.enum(['APPROVED', 'PENDING', 'REJECTED', 'PAUSED', 'DISABLED', 'DELETED', 'IN_APPEAL']),
});

/** One app's, under `base`. */
export function registerGupshupControl(app: FastifyInstance, base: string, context: GupshupContext): void {
  const { state, messages, rate, webhooks, sender, templates } = context;
  const messagesSince = (since: number) => messages.all().filter(({ acceptedAt }) => acceptedAt >= since);
  const templateOf = (id: string | undefined) => templates.find((template) => template.id === id);

  app.get(`${base}/endings`, async () => ENDINGS);

  app.get(`${base}/messages`, async (request) => {
    const { since } = parse(sinceQuery, request.query);
    return messagesSince(since).map(({ messageId, destination, kind, templateId, params, acceptedAt, state: now, code, plan, done }) => ({
      messageId, destination, kind, templateId, params, acceptedAt, state: now, code, receiptsLeft: plan.length - done.size,
    })); // prettier-ignore
  });

  app.get(`${base}/summary`, async (request) => {
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

  app.get(`${base}/settings`, async () => state.value.settings);
  app.put(`${base}/settings`, async (request) => {
    Object.assign(state.value.settings, parse(settingsSchema.partial(), request.body));
    state.changed();
    return state.value.settings;
  });

  app.get(`${base}/faults`, async () => state.value.faults);
  app.post(`${base}/faults`, async (request) => {
    const { kind, count } = parse(faultsBody, request.body);
    state.value.faults.push({ kind, left: count });
    state.changed();
    return state.value.faults;
  });
  app.delete(`${base}/faults`, async () => {
    state.value.faults.length = 0;
    state.changed();
    return state.value.faults;
  });

  app.post(`${base}/template-faults`, async (request) => {
    const { kind } = parse(z.strictObject({ kind: z.enum(TEMPLATE_FAULTS) }), request.body);
    state.value.templateFaults.push(kind);
    state.changed();
    return state.value.templateFaults;
  });

  app.post(`${base}/templates/:id/status`, async (request) => {
    const template = templateOf((request.params as { id: string }).id);
    if (!template) throw refuseControl(404, 'no such template');
    const { status } = parse(statusBody, request.body);
    state.value.templates[template.id] = status;
    state.changed();
    void webhooks.deliver(templateStatusEvent(sender, template, status)).catch(() => undefined);
    return { id: template.id, name: template.name, status };
  });

  app.post(`${base}/events`, async (request) => {
    const event = parse(accountEventSchema, request.body);
    const template = 'templateId' in event ? templateOf(event.templateId) : undefined;
    if ('templateId' in event && !template) throw refuseControl(404, 'no such template');
    void webhooks.deliver(accountEvent(sender, event, template)).catch(() => undefined);
    return { sent: event };
  });
}

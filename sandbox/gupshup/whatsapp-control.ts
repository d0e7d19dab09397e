/** `/sandbox/whatsapp/…`: the recipients' side, over all apps (docs/sandbox.md). */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { preferenceEvent } from './account-events';
import type { GupshupContext } from './context';
import { inboundEvent } from './events';
import type { SandboxMessage } from './messages';
import { parse, refuseControl } from '../control';

const limitQuery = z.strictObject({ limit: z.coerce.number().int().positive().max(5_000).default(500) });
const replyBody = z.union([
  z.strictObject({ text: z.string().min(1), messageId: z.string().optional(), quote: z.boolean().default(false) }),
  z.strictObject({ button: z.string().min(1), messageId: z.string().optional() }),
]);
const preferenceBody = z.strictObject({ value: z.enum(['stop', 'resume']) });

export function registerWhatsappControl(app: FastifyInstance, apps: readonly GupshupContext[]): void {
  /** The message of this id, or the last one to the phone, and the app that sent it; the first app when there is none. */
  function answered(phone: string, messageId?: string): { context: GupshupContext; to: SandboxMessage | undefined } {
    const found = apps.flatMap((context) => {
      const to = messageId === undefined ? context.messages.lastTo(phone) : context.messages.get(messageId);
      return to ? [{ context, to }] : [];
    });
    const [last] = found.toSorted((one, other) => other.to.acceptedAt - one.to.acceptedAt);
    return last ?? { context: apps[0]!, to: undefined };
  }

  app.get('/sandbox/whatsapp/messages', async (request) => {
    const { limit } = parse(limitQuery, request.query);
    const all = apps.flatMap(({ messages, lives }) => messages.all().map((message) => ({ message, lives })));
    const latest = all.toSorted((one, other) => one.message.acceptedAt - other.message.acceptedAt).slice(-limit);
    return latest.map(({ message, lives }) => lives.view(message));
  });

  app.post('/sandbox/whatsapp/:phone/reply', async (request) => {
    const { phone } = request.params as { phone: string };
    const body = parse(replyBody, request.body);
    const { context, to } = answered(phone, body.messageId);
    const { state, messages, templates, lives, webhooks, sender, bus } = context;
    if (body.messageId !== undefined && to?.destination !== phone)
      throw refuseControl(404, 'no such message to this phone');
    const isButton = 'button' in body;
    const text = isButton ? body.button : body.text;
    const template = templates.find(({ id }) => id === to?.templateId);
    const every = [...(template?.buttons ?? []), ...(template?.cards ?? []).flatMap((card) => card.buttons)];
    const buttons = every.filter(({ type }) => type === 'QUICK_REPLY');
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
    const { state, webhooks, sender } = answered(phone).context;
    if (value === 'stop') state.value.stopped[phone] = true;
    else delete state.value.stopped[phone];
    state.changed();
    void webhooks.deliver(preferenceEvent(sender, phone, value)).catch(() => undefined);
    return { phone, value };
  });
}

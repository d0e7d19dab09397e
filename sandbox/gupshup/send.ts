/** `POST /wa/api/v1/template/msg` and `/wa/api/v1/msg`: the two ways to send (gupshup.md#send). */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { refuse, type GupshupContext } from './context';
import { endingOf, endingOfKind, type Outcome } from './endings';
import { sessionForm, templateForm } from './forms';
import { GUPSHUP_FEE } from './lives';
import type { NewMessage, SandboxMessage } from './messages';
import { planReceipts } from './plan';
import { templateProblem, type Problem, type TemplateSend } from './verdict';

const WINDOW_MS = 24 * 3_600_000;
/** How long `receipt_first` waits for the receiver before it answers anyway. */
const RECEIPT_FIRST_MS = 2_000;

/** Registers both. The key has been checked before. */
export function registerSends(app: FastifyInstance, context: GupshupContext): void {
  const { state, templates } = context;

  app.post('/wa/api/v1/template/msg', async (request, reply) => {
    const form = readForm(context, templateForm, request, reply);
    if (!form) return reply;
    const send: TemplateSend = {
      source: form.source,
      destination: form.destination,
      templateId: form.template.id,
      params: form.template.params,
      message: form.message,
    };
    return finish(context, reply, {
      kind: 'template',
      destination: send.destination,
      templateId: send.templateId,
      params: send.params,
      mediaUrl: send.message?.link,
      category: templates.find(({ id }) => id === send.templateId)?.category.toLowerCase() ?? 'marketing',
      problem: templateProblem(send, { ...context, state: state.value }),
    });
  });

  app.post('/wa/api/v1/msg', async (request, reply) => {
    const form = readForm(context, sessionForm, request, reply);
    if (!form) return reply;
    const open = Date.now() - (state.value.lastInbound[form.destination] ?? 0) < WINDOW_MS;
    return finish(context, reply, {
      kind: 'session',
      destination: form.destination,
      text: form.message.text ?? form.message.caption ?? `[${form.message.type}]`,
      params: [],
      category: 'service',
      problem: open ? undefined : { code: 131047 },
    });
  });
}

/** Rate, fields, sender and destination, in this order. Answers the refusal itself. */
function readForm<T extends typeof templateForm | typeof sessionForm>(
  context: GupshupContext, schema: T, request: FastifyRequest, reply: FastifyReply,
): z.output<T> | undefined {
  if (!context.rate.admit(Date.now(), context.state.value.settings.sendsPerSecond)) {
    refuse(reply, 429, 'Too Many Requests');
    return undefined;
  }
  const form = schema.safeParse(request.body ?? {});
  if (!form.success) {
    const [issue] = form.error.issues;
    refuse(reply, 400, `Invalid request: ${issue?.path.join('.') || 'form'}: ${issue?.message}`);
    return undefined;
  }
  const { source, destination, 'src.name': name } = form.data;
  if (source !== context.sender.source || (name !== undefined && name !== context.sender.appName)) {
    refuse(reply, 400, 'Invalid App Details');
    return undefined;
  }
  if (!/^[1-9]\d{6,14}$/.test(destination)) {
    refuse(reply, 400, 'Invalid Destination');
    return undefined;
  }
  return form.data as z.output<T>;
} // prettier-ignore

type Draft = Pick<NewMessage, 'kind' | 'destination' | 'params' | 'category'> & {
  templateId?: string;
  text?: string;
  mediaUrl?: string | undefined;
  problem?: Problem | undefined;
};

/** Accepts the message, unless the phone's ending or a forced fault says otherwise, and answers. */
async function finish(context: GupshupContext, reply: FastifyReply, draft: Draft): Promise<FastifyReply> {
  const outcome = outcomeFor(context, draft.destination);
  switch (outcome?.http) {
    case 'invalid_destination':
      return refuse(reply, 400, 'Invalid Destination');
    case 'too_many_requests':
      return refuse(reply, 429, 'Too Many Requests');
    case 'coded_400':
      return reply.code(400).send({ status: 'error', code: 131049, message: 'frequency capped' });
    case 'text_500':
      return reply.code(500).type('text/plain').send('internal server error');
    case 'unavailable_503':
      return refuse(reply, 503, 'Service Unavailable');
    case 'unauthorized':
      return refuse(reply, 401, 'Authentication Failed');
    case 'accepted_with_error':
      return reply.code(202).send({ message: 'Success', status: 'error' });
    case 'reset':
      return cut(reply);
    default:
  }

  const message = accept(context, draft, outcome);
  switch (outcome?.http) {
    case 'reset_after_accept':
      return cut(reply);
    case 'no_answer':
      await pause(context, context.state.value.settings.withholdMs);
      return cut(reply);
    case 'slow':
      await pause(context, context.state.value.settings.slowMs);
      break;
    case 'receipt_first':
      await Promise.race([context.lives.sendSentNow(message), pause(context, RECEIPT_FIRST_MS)]);
      break;
    default:
  }
  return reply.code(202).send({ status: 'submitted', messageId: message.messageId });
}

/** A forced fault first, else the phone's ending; `onceThenOk` lets every second send through. */
function outcomeFor({ state }: GupshupContext, destination: string): Outcome | undefined {
  const fault = state.value.faults[0];
  if (fault) {
    fault.left--;
    if (fault.left <= 0) state.value.faults.shift();
    state.changed();
    return endingOfKind(fault.kind);
  }
  const ending = endingOf(destination);
  if (!ending?.onceThenOk) return ending;
  const attempt = (state.value.attempts[destination] ?? 0) + 1;
  state.value.attempts[destination] = attempt;
  state.changed();
  return attempt % 2 === 1 ? ending : undefined;
}

function accept(context: GupshupContext, draft: Draft, outcome: Outcome | undefined): SandboxMessage {
  const { state, messages, lives } = context;
  const { problem, mediaUrl, ...rest } = draft;
  const acceptedAt = Date.now();
  const message = messages.accept({
    ...rest,
    ...(mediaUrl !== undefined && { mediaUrl }),
    messageId: randomUUID(),
    whatsappId: `gBEG${randomBytes(14).toString('base64url')}`,
    acceptedAt,
    plan: planReceipts(
      { acceptedAt, destination: draft.destination, problem, outcome },
      state.value.settings,
      Math.random,
    ),
  });
  state.value.settings.walletBalance -= GUPSHUP_FEE;
  state.changed();
  lives.begin(message);
  return message;
}

/** Cuts the connection without an answer. */
function cut(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
  return reply;
}

async function pause({ closing }: GupshupContext, ms: number): Promise<void> {
  await delay(ms, undefined, { signal: closing }).catch(() => undefined);
}

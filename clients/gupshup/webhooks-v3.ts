/** Webhooks of version 3: Meta's envelope with Gupshup's ids in it (facts/gupshup-whatsapp.md §4.7). */
import { z } from 'zod';
import { RECEIPT_KINDS } from '../../domain/delivery';
import type { EventDraft } from './events';
import { compact, part, parts, phone, time, upperWord, word } from './fields';
import { preferenceEvents, readBilling } from './webhooks-v2';

const envelope = z.object({ entry: z.array(part) });
const changeSchema = z.object({ field: z.string().catch('unknown'), value: part });

/** The events of a v3 body; undefined when it is none. */
export function v3Events(body: unknown): EventDraft[] | undefined {
  const entries = envelope.safeParse(body).data?.entry;
  return entries?.flatMap((entry) => parts.parse(entry['changes'])).flatMap((change) => readChange(change));
}

function readChange(change: Record<string, unknown>): EventDraft[] {
  const { field, value } = changeSchema.parse(change);
  const events = [
    ...parts.parse(value['statuses']).flatMap((status) => readStatus(status)),
    ...parts.parse(value['messages']).flatMap((message) => readInbound(message)),
    ...preferenceEvents(value['user_preferences'], undefined),
    ...(field === 'billing-event' ? readBilling(value, undefined) : []),
    ...(/template/.test(field) ? readTemplate(field, value) : []),
    ...(/^account_|^phone_number_|^business_capability/.test(field) ? readAccount(field, value) : []),
  ];
  return events.length > 0 ? events : [{ kind: 'other', type: field }];
}

const statusSchema = z.object({
  id: word,
  gs_id: word,
  recipient_id: phone,
  status: z.enum(RECEIPT_KINDS),
  timestamp: time,
  // The older form has code and reason on the status itself.
  code: word,
  reason: word,
  errors: parts,
});
const errorSchema = z.object({ code: word, title: word, message: word });

function readStatus(status: Record<string, unknown>): EventDraft[] {
  const event = statusSchema.safeParse(status).data;
  // {"type":"set-callback"} only says that the address was set.
  if (!event) return [{ kind: 'other', type: word.parse(status['type']) ?? 'status' }];
  const { id, gs_id: gsId, status: receipt } = event;
  const error = errorSchema.parse(event.errors[0] ?? {});
  const idIsWhatsApp = id?.startsWith('wamid') || receipt === 'sent' || receipt === 'delivered' || receipt === 'read';
  return [
    {
      kind: 'receipt',
      receipt,
      ...compact({
        messageId: gsId ?? id,
        whatsappId: idIsWhatsApp ? id : undefined,
        destination: event.recipient_id,
        at: event.timestamp,
        code: error.code ?? event.code,
        detail: error.title ?? error.message ?? event.reason,
      }),
    },
  ];
}

const inboundSchema = z.object({
  id: z.string().min(1),
  from: phone.pipe(z.string()),
  timestamp: time,
  context: part.pipe(z.object({ gs_id: word })),
  text: part.pipe(z.object({ body: word })),
  button: part.pipe(z.object({ text: word })),
  interactive: part.pipe(z.object({ button_reply: part, list_reply: part })),
});

function readInbound(message: Record<string, unknown>): EventDraft[] {
  const event = inboundSchema.safeParse(message).data;
  if (!event) return [];
  const { interactive } = event;
  return [
    {
      kind: 'inbound',
      id: event.id,
      phone: event.from,
      ...compact({
        text: event.text.body,
        buttonText:
          event.button.text ?? word.parse(interactive.button_reply['title'] ?? interactive.list_reply['title']),
        contextMessageId: event.context.gs_id,
        at: event.timestamp,
      }),
    },
  ];
}

const templateSchema = z.object({
  event: upperWord,
  gs_template_id: word,
  message_template_id: word,
  message_template_name: word,
  message_template_language: word,
  new_quality_score: upperWord,
  new_category: upperWord,
  reason: word,
});

function readTemplate(field: string, value: Record<string, unknown>): EventDraft[] {
  const event = templateSchema.parse(value);
  return [
    {
      kind: 'template',
      event: field.includes('quality') ? 'quality' : field.includes('category') ? 'category' : 'status',
      ...compact({
        templateId: event.gs_template_id ?? event.message_template_id,
        name: event.message_template_name,
        language: event.message_template_language,
        status: event.event,
        quality: event.new_quality_score,
        category: event.new_category,
        reason: event.reason === 'NONE' ? undefined : event.reason,
      }),
    },
  ];
}

const accountSchema = z.object({ event: upperWord, current_limit: upperWord, restriction_info: parts });

function readAccount(field: string, value: Record<string, unknown>): EventDraft[] {
  const event = accountSchema.parse(value);
  const restrictions = event.restriction_info.flatMap((info) => upperWord.parse(info['restriction_type']) ?? []);
  return [
    {
      kind: 'account',
      event: field,
      ...compact({
        status: event.event,
        limit: event.current_limit,
        restrictions: restrictions.length > 0 ? restrictions : undefined,
      }),
    },
  ];
}

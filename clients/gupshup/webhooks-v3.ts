/** Webhooks of version 3: Meta's envelope with Gupshup's ids (gupshup.md#version-3). */
import { z } from 'zod';
import { RECEIPT_KINDS } from '../../domain/story/delivery';
import { personKey } from '../../domain/phones/person';
import { identityOf, type EventDraft } from './events';
import { failureIn, identityChange, receiptDraft } from './event-drafts';
import { anything, compact, lowerWord, part, parts, personIn, phone, time, upperWord, word } from './fields';
import { saidV3 } from './inbound-words';
import { preferenceEvents, readBilling } from './webhooks-v2';

const envelope = z.object({ entry: z.array(part), gs_app_id: word });
const changeSchema = z.object({ field: z.string().catch('unknown'), value: part });
const metadataSchema = part.pipe(z.object({ display_phone_number: phone }));

/** The events of a v3 body; undefined for other bodies. */
export function v3Events(body: unknown): EventDraft[] | undefined {
  const read = envelope.safeParse(body).data;
  return read?.entry
    .flatMap((entry) => parts.parse(entry['changes']))
    .flatMap((change) => readChange(change, read.gs_app_id));
}

function readChange(change: Record<string, unknown>, appId: string | undefined): EventDraft[] {
  const { field, value } = changeSchema.parse(change);
  const contacts = parts.parse(value['contacts']);
  const events = [
    ...parts.parse(value['statuses']).flatMap((status) => readStatus(status)),
    ...parts.parse(value['messages']).flatMap((message) => readInbound(message, contacts)),
    ...preferenceEvents(value['user_preferences'], undefined),
    ...(field === 'billing-event' ? readBilling({ ...value, ...part.parse(value['billing']) }, undefined) : []),
    ...(/template/.test(field) ? readTemplate(field, value) : []),
    ...(/^account_|^phone_number_|^business_capability/.test(field) ? readAccount(field, value) : []),
  ];
  if (events.length === 0) events.push({ kind: 'other', type: field });
  const origin = compact({ appId, phone: metadataSchema.parse(value['metadata']).display_phone_number });
  return Object.keys(origin).length === 0 ? events : events.map((one) => ({ ...one, origin }));
}

const statusSchema = z.object({
  id: word,
  gs_id: word,
  meta_msg_id: word,
  recipient_id: anything,
  recipient_user_id: anything,
  type: word,
  conversation: part.pipe(z.object({ origin: part.pipe(z.object({ type: word })) })),
  pricing: part.pipe(z.object({ category: word })),
  status: lowerWord.pipe(z.enum(RECEIPT_KINDS)),
  timestamp: time,
  // The older form has code and reason on the status itself.
  code: word,
  reason: word,
  errors: anything,
});

function readStatus(status: Record<string, unknown>): EventDraft[] {
  const event = statusSchema.safeParse(status).data;
  // {"type":"set-callback"} only says that the address was set.
  if (!event) return [{ kind: 'other', type: word.parse(status['type']) ?? 'status' }];
  return [
    receiptDraft({
      receipt: event.status,
      id: event.id,
      gsId: event.gs_id,
      whatsappId: event.meta_msg_id,
      kinds: [event.type, event.conversation.origin.type, event.pricing.category],
      person: personIn(event.recipient_id, event.recipient_user_id),
      at: event.timestamp,
      ...failureIn(event.errors, event),
    }),
  ];
}

const inboundSchema = z.object({
  id: word,
  from: anything,
  from_user_id: anything,
  type: word,
  timestamp: time,
  context: part.pipe(z.object({ gs_id: word, meta_msg_id: word, id: word })),
  system: part,
});

function readInbound(message: Record<string, unknown>, contacts: Record<string, unknown>[]): EventDraft[] {
  const event = inboundSchema.safeParse(message).data;
  if (!event) return [];
  const { context } = event;
  // If a body names several people, the contact with the same number or user id is theirs.
  const named = [event.from, event.from_user_id].filter((value) => value !== undefined && value !== '');
  const only = contacts.length === 1 && !isAnother(contacts[0]!, named) ? contacts[0] : undefined;
  const contact = only ?? contacts.find(({ wa_id: waId, user_id: id }) => named.includes(waId) || named.includes(id));
  const who = personIn(event.from, event.from_user_id, contact?.['wa_id'], contact?.['user_id']);
  if (event.type === 'system') return identityChange(who, event.system, event.timestamp);
  const said = saidV3(message);
  if (!said) return [];
  return [
    {
      kind: 'inbound',
      // Even a message without an id may be a STOP.
      id: event.id ?? identityOf('inbound', message),
      ...who,
      ...compact({
        name: word.parse(part.parse(contact?.['profile'])['name']),
        text: said.text,
        buttonText: said.buttonText,
        contextMessageId: context.gs_id,
        contextId: context.meta_msg_id ?? context.id ?? said.aboutId,
        at: event.timestamp,
      }),
    },
  ];
}

/** Whether the contact has a number that is not the sender's in any spelling. */
function isAnother(contact: Record<string, unknown>, sender: unknown[]): boolean {
  const [theirs, ofSender] = [personIn(contact['wa_id']).phone, personIn(...sender).phone];
  return theirs !== undefined && ofSender !== undefined && personKey(theirs) !== personKey(ofSender);
}

const templateSchema = z.object({
  event: upperWord,
  gs_template_id: word,
  message_template_id: word,
  message_template_name: word,
  message_template_language: word,
  new_quality_score: upperWord,
  new_category: upperWord,
  correct_category: upperWord,
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
        nextCategory: event.correct_category === event.new_category ? undefined : event.correct_category,
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

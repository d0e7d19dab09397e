/** Webhooks of version 2: one event in Gupshup's own envelope (gupshup.md#envelope). */
import { z } from 'zod';
import { RECEIPT_KINDS } from '../../domain/story/delivery';
import { identityOf, type EventDraft } from './events';
import { codeInWords, identityChange, receiptDraft } from './event-drafts';
import { anything, compact, lowerWord, part, parts, personIn, phone, time, upperWord, word } from './fields';
import { saidV2 } from './inbound-words';

const envelope = z.object({
  type: z.string(),
  timestamp: time,
  payload: part,
  app: word,
  appId: word,
  phone,
});

type Payload = Record<string, unknown>;
type Reader = (payload: Payload, timestamp: Date | undefined) => EventDraft[];

const READERS: Record<string, Reader> = {
  'message-event': readReceipt,
  message: readInbound,
  'template-event': readTemplate,
  'account-event': readAccount,
  'billing-event': readBilling,
  'preference-event': readPreferences,
  'user-event': readUser,
};

/** The events of a v2 body; undefined for other bodies. An event that lacks its essential fields is `other`. */
export function v2Events(body: unknown): EventDraft[] | undefined {
  const event = envelope.safeParse(body).data;
  if (!event) return undefined;
  const events = READERS[event.type]?.(event.payload, event.timestamp) ?? [];
  const origin = compact({ app: event.app, appId: event.appId, phone: event.phone });
  if (events.length === 0) events.push({ kind: 'other', ...compact({ type: event.type, at: event.timestamp }) });
  return Object.keys(origin).length === 0 ? events : events.map((one) => ({ ...one, origin }));
}

const receiptSchema = z.object({
  id: word,
  gsId: word,
  type: lowerWord.pipe(z.enum(RECEIPT_KINDS)),
  destination: anything,
  userId: anything,
  user_id: anything,
  ts: time,
  payload: part.pipe(
    z.object({ ts: time, code: word, reason: word, whatsappMessageId: word, type: word, userId: anything }),
  ),
  conversation: part.pipe(z.object({ type: word })),
  pricing: part.pipe(z.object({ category: word })),
});

function readReceipt(payload: Payload, timestamp: Date | undefined): EventDraft[] {
  const event = receiptSchema.safeParse(payload).data;
  if (!event) return [];
  const { id, gsId, type: receipt, payload: inner } = event;
  return [
    receiptDraft({
      receipt,
      id,
      gsId,
      whatsappId: inner.whatsappMessageId,
      kinds: [inner.type, event.conversation.type, event.pricing.category],
      person: personIn(event.destination, event.userId, event.user_id, inner.userId),
      at: inner.ts ?? event.ts ?? timestamp,
      code: inner.code ?? (receipt === 'failed' ? codeInWords(inner.reason) : undefined),
      detail: inner.reason,
    }),
  ];
}

const inboundSchema = z.object({
  id: word,
  source: anything,
  userId: anything,
  type: z.string(),
  payload: z.unknown(),
  sender: part,
  context: part.pipe(z.object({ gsId: word, id: word })),
});

function readInbound(payload: Payload, timestamp: Date | undefined): EventDraft[] {
  const event = inboundSchema.safeParse(payload).data;
  if (!event) return [];
  const { type, sender } = event;
  const who = personIn(sender['phone'], event.source, sender['userId'], sender['user_id'], event.userId);
  if (type === 'system') return identityChange(who, part.parse(event.payload), timestamp);
  const said = saidV2(type, event.payload);
  if (!said) return [];
  return [
    {
      kind: 'inbound',
      // Even a message without an id may be a STOP.
      id: event.id ?? identityOf('inbound', payload, timestamp),
      ...who,
      ...compact({
        name: word.parse(sender['name']),
        text: said.text,
        buttonText: said.buttonText,
        contextMessageId: event.context.gsId,
        contextId: event.context.id,
        at: timestamp,
      }),
    },
  ];
}

const templateSchema = z.object({
  // The old form of a status update has no type.
  type: z.enum(['status-update', 'category-update', 'quality-update']).default('status-update'),
  id: word,
  elementName: word,
  languageCode: word,
  status: upperWord,
  quality: upperWord,
  category: part.pipe(z.object({ current: upperWord, correct: upperWord, old: upperWord, new: upperWord })),
  rejectedReason: word,
  description: word,
});

function readTemplate(payload: Payload, timestamp: Date | undefined): EventDraft[] {
  const event = templateSchema.safeParse(payload).data;
  if (!event) return [];
  const { category } = event;
  return [
    {
      kind: 'template',
      event: event.type.replace('-update', '') as 'status' | 'category' | 'quality',
      ...compact({
        templateId: event.id,
        name: event.elementName,
        language: event.languageCode,
        status: event.status,
        quality: event.quality,
        // {current, correct} announces a change, {old, new} carries it out: until then the old one applies.
        category: category.new ?? category.current,
        nextCategory:
          category.new === undefined && category.correct !== category.current ? category.correct : undefined,
        reason: event.rejectedReason ?? event.description,
        at: timestamp,
      }),
    },
  ];
}

const accountSchema = z.object({
  type: z.string(),
  payload: part.pipe(
    z.object({
      event: upperWord,
      status: upperWord,
      currentLimit: upperWord,
      restrictionInfo: parts,
    }),
  ),
});

function readAccount(payload: Payload, timestamp: Date | undefined): EventDraft[] {
  const event = accountSchema.safeParse(payload).data;
  if (!event) return [];
  const { payload: inner } = event;
  const restrictions = inner.restrictionInfo.flatMap((info) => upperWord.parse(info['restrictionType']) ?? []);
  return [
    {
      kind: 'account',
      event: event.type.replace(/-event$/, ''),
      ...compact({
        status: inner.status ?? inner.event,
        limit: inner.currentLimit,
        restrictions: restrictions.length > 0 ? restrictions : undefined,
        at: timestamp,
      }),
    },
  ];
}

const billingSchema = z.object({
  deductions: z.object({
    // The documentation shows a string once.
    billable: z.union([z.boolean(), z.stringbool()]),
    category: word,
    model: word,
  }),
  references: part.pipe(z.object({ id: word, gsId: word, gs_id: word, destination: phone })),
});

export function readBilling(payload: Payload, timestamp: Date | undefined): EventDraft[] {
  const event = billingSchema.safeParse(payload).data;
  if (!event) return [];
  const { deductions, references } = event;
  return [
    {
      kind: 'billing',
      billable: deductions.billable,
      ...compact({
        messageId: references.gsId ?? references.gs_id,
        whatsappId: references.id,
        destination: references.destination,
        category: deductions.category,
        model: deductions.model,
        at: timestamp,
      }),
    },
  ];
}

const preferenceSchema = z.object({
  wa_id: anything,
  userId: anything,
  userid: anything,
  user_id: anything,
  category: z.string().default('marketing_messages'),
  value: lowerWord.pipe(z.enum(['stop', 'resume'])),
  timestamp: time,
});

function readPreferences(payload: Payload, timestamp: Date | undefined): EventDraft[] {
  const inner = part.parse(payload['payload']);
  return preferenceEvents(inner['user_preferences'], timestamp);
}

/** Both versions use the same list. */
export function preferenceEvents(list: unknown, timestamp: Date | undefined): EventDraft[] {
  return parts.parse(list).flatMap((entry): EventDraft[] => {
    const preference = preferenceSchema.safeParse(entry).data;
    if (!preference) return [];
    const { category, value: choice } = preference;
    const who = personIn(preference.wa_id, preference.userId, preference.userid, preference.user_id);
    return [{ kind: 'preference', ...who, category, choice, ...compact({ at: preference.timestamp ?? timestamp }) }];
  });
}

const userSchema = z.object({ type: z.string(), phone: anything, userId: anything });

function readUser(payload: Payload, timestamp: Date | undefined): EventDraft[] {
  const event = userSchema.safeParse(payload).data;
  if (!event) return [];
  // When only the webhook's address was set, "callbackSetPhone" is in the phone's place.
  const who = personIn(event.phone, event.userId);
  return [{ kind: 'user', event: event.type, ...who, ...compact({ at: timestamp }) }];
}

/** What both webhook versions have in common, each under names of its own: receipts, the codes of failures, changes of identity. */
import { z } from 'zod';
import type { ReceiptKind } from '../../domain/story/delivery';
import type { EventDraft } from './events';
import { compact, part, personIn, word } from './fields';

/** How a message that replies to a person, instead of a template, is named. */
const NO_TEMPLATE = ['session', 'service'];
/** Receipts from WhatsApp; the others come only from Gupshup. */
const OF_WHATSAPP: readonly ReceiptKind[] = ['sent', 'delivered', 'read'];

export interface ReceiptFields {
  receipt: ReceiptKind;
  id: string | undefined;
  /** Gupshup's id of the send, if it has its own field. */
  gsId: string | undefined;
  /** WhatsApp's id, if it has its own field. */
  whatsappId: string | undefined;
  /** Words for the kind of message, from all fields that have them. */
  kinds: readonly (string | undefined)[];
  person: { phone?: string; userId?: string };
  at: Date | undefined;
  code: string | undefined;
  detail: string | undefined;
}

/** gupshup.md#receipts: which id is the `messageId` of the send. */
export function receiptDraft(fields: ReceiptFields): EventDraft {
  const { receipt, id, gsId, whatsappId, kinds, person, at, code, detail } = fields;
  // Beside Gupshup's id, the other one is WhatsApp's; alone, the id of an enqueued or failed event may be either.
  const idIsWhatsApp =
    gsId === undefined
      ? id?.startsWith('wamid') || OF_WHATSAPP.includes(receipt)
      : id !== gsId && receipt !== 'enqueued';
  const isSession = kinds.some((kind) => NO_TEMPLATE.includes(kind?.toLowerCase() ?? ''));
  return {
    kind: 'receipt',
    receipt,
    ...compact({
      messageId: gsId ?? id,
      whatsappId: whatsappId ?? (idIsWhatsApp ? id : undefined),
      destination: person.phone,
      userId: person.userId,
      session: isSession ? (true as const) : undefined,
      at,
      code,
      detail,
    }),
  };
}

const error = part.pipe(z.object({ code: word, title: word, message: word }));
const errors = z
  .union([z.array(error), z.record(z.string(), z.unknown()).transform((one) => [error.parse(one)])])
  .catch([]);
/** They only say that something went wrong. */
const GENERAL = new Set(['0', '1', '2', '500', '131000', '131016']);

/** "(#131026) Message undeliverable" */
export function codeInWords(reason: string | undefined): string | undefined {
  return /\(#(\d{3,6})\)/.exec(reason ?? '')?.[1];
}

/** The most specific of several errors. `beside`: the older form has code and reason on the status itself. */
export function failureIn(
  list: unknown,
  beside: { code?: string | undefined; reason?: string | undefined },
): { code: string | undefined; detail: string | undefined } {
  const found = errors.parse(list);
  const told = found.find(({ code }) => code !== undefined && !GENERAL.has(code)) ?? found[0];
  const detail = told?.title ?? told?.message ?? beside.reason;
  return { code: told?.code ?? beside.code ?? codeInWords(detail), detail };
}

const CHANGES = /^(?:user|customer)_changed_(?:number|user_id)$/i;
/**
 * "User Anna changed from RU.1 to RU.2", if the fields do not say it. The name may be anything, so the last match
 * counts.
 */
const IN_WORDS = /^.*changed from (.+?) to (.+?)\.?$/s;

/**
 * The change that a system message reports; undefined for any other system message, which is not a reply either.
 * `before`: the message's sender, which is the old identity.
 */
export function identityChange(
  before: { phone?: string; userId?: string },
  system: Record<string, unknown>,
  at: Date | undefined,
): EventDraft[] {
  const type = word.parse(system['type']) ?? 'system';
  if (!CHANGES.test(type)) return [{ kind: 'other', type, ...compact({ at }) }];
  const [, oldInWords, newInWords] = IN_WORDS.exec(word.parse(system['body']) ?? '') ?? [];
  const is = personIn(system['new_wa_id'], system['wa_id'], system['new_user_id'], system['user_id'], newInWords);
  // Some messages name the new identity as sender.
  const named = [before.phone, before.userId].filter((name) => name !== is.phone && name !== is.userId);
  const was = personIn(...named, system['previous_user_id'], oldInWords);
  return [{ kind: 'identity', ...was, ...compact({ newPhone: is.phone, newUserId: is.userId, at }) }];
}

/** A delivery receipt from the fields that both webhook versions have, each under names of its own. */
import type { ReceiptKind } from '../../domain/story/delivery';
import type { EventDraft } from './events';
import { compact } from './fields';

/** What a message is called that answers somebody, and is no template. */
const NO_TEMPLATE = ['session', 'service'];
/** Receipts that WhatsApp gives: Gupshup alone knows of the others. */
const OF_WHATSAPP: readonly ReceiptKind[] = ['sent', 'delivered', 'read'];

export interface ReceiptFields {
  receipt: ReceiptKind;
  id: string | undefined;
  /** Gupshup's id of the send, where it stands in a field of its own. */
  gsId: string | undefined;
  /** WhatsApp's id, where it stands in a field of its own. */
  whatsappId: string | undefined;
  /** Words for the kind of message, from whichever fields have them. */
  kinds: readonly (string | undefined)[];
  person: { phone?: string; userId?: string };
  at: Date | undefined;
  code: string | undefined;
  detail: string | undefined;
}

/** gupshup.md#receipts: which id is the `messageId` of the send. */
export function receiptDraft(fields: ReceiptFields): EventDraft {
  const { receipt, id, gsId, whatsappId, kinds, person, at, code, detail } = fields;
  // Beside Gupshup's own id, the other one is WhatsApp's; alone, that of an enqueued or failed one may be either.
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

/** The webhook bodies, version 2 and 3, as Gupshup writes them (gupshup.md#webhooks). */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { PlannedReceipt, SandboxMessage } from './messages';
import { reasonOf } from './reasons';

/** Which subscription mode an event belongs to, and its two bodies. */
export interface GupshupEvent {
  mode: string;
  v2: Record<string, unknown>;
  v3: Record<string, unknown>;
}

export interface Sender {
  appName: string;
  appId: string;
  /** Own number, digits. */
  source: string;
}

const WABA_ID = '104996122399160';
const PHONE_NUMBER_ID = '106540352242922';

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** The outer object of version 2. */
export function envelope(sender: Sender, type: string, payload: unknown, at = Date.now()): Record<string, unknown> {
  return { app: sender.appName, timestamp: at, version: 2, type, payload };
}

/** The outer object of version 3. */
export function metaEnvelope(
  sender: Sender,
  value: Record<string, unknown>,
  field = 'messages',
): Record<string, unknown> {
  return {
    object: 'whatsapp_business_account',
    gs_app_id: sender.appId,
    entry: [{ id: WABA_ID, changes: [{ field, value: { messaging_product: 'whatsapp', ...value } }] }],
  };
}

export function metadata(sender: Sender): { metadata: Record<string, string> } {
  return { metadata: { display_phone_number: sender.source, phone_number_id: PHONE_NUMBER_ID } };
}

/** One receipt of a message. */
export function receiptEvent(sender: Sender, message: SandboxMessage, receipt: PlannedReceipt): GupshupEvent {
  const destination = receipt.destination ?? message.destination;
  if (receipt.kind === 'billing') return billingEvent(sender, message, receipt, destination);
  if (receipt.kind === 'mismatch') return mismatchEvent(sender, message, destination);
  const modes = { enqueued: 'ENQUEUED', sent: 'SENT', delivered: 'DELIVERED', read: 'READ', failed: 'FAILED' } as const;
  return {
    mode: modes[receipt.kind],
    v2: envelope(sender, 'message-event', v2Payload(message, receipt, destination)),
    v3: v3Receipt(sender, message, receipt, destination),
  };
}

/** Which field carries the `messageId` depends on the kind: gupshup.md#receipts. */
function v2Payload(message: SandboxMessage, receipt: PlannedReceipt, destination: string): Record<string, unknown> {
  const { kind } = receipt;
  const ownFailure = kind === 'failed' && receipt.sync;
  const ids =
    kind === 'enqueued' || ownFailure
      ? { id: message.messageId }
      : { id: message.whatsappId, ...(!receipt.withoutGsId && { gsId: message.messageId }) };
  return {
    ...ids,
    type: kind,
    destination,
    payload: v2Inner(message, receipt),
    ...(kind === 'sent' && pricing(message)),
  };
}

function v2Inner(message: SandboxMessage, receipt: PlannedReceipt): Record<string, unknown> {
  const ts = seconds(receipt.at);
  if (receipt.kind === 'enqueued') return { whatsappMessageId: message.whatsappId, type: message.kind };
  if (receipt.kind === 'failed') {
    if (receipt.withoutCode) return { ts };
    const code = receipt.code ?? 0;
    return { code: receipt.asStrings ? String(code) : code, reason: reasonOf(code) };
  }
  return { ts: receipt.asStrings ? String(ts) : ts };
}

function pricing(message: SandboxMessage): Record<string, unknown> {
  return { pricing: { policy: 'PMP', category: message.category, type: 'regular' } };
}

function v3Receipt(
  sender: Sender, message: SandboxMessage, receipt: PlannedReceipt, destination: string,
): Record<string, unknown> {
  const { kind } = receipt;
  const status: Record<string, unknown> = {
    id: kind === 'enqueued' || receipt.sync ? message.messageId : message.whatsappId,
    ...(!receipt.withoutGsId && { gs_id: message.messageId }),
    recipient_id: destination,
    status: kind,
    timestamp: kind === 'enqueued' ? receipt.at : String(seconds(receipt.at)),
  };
  if (kind === 'enqueued') status['meta_msg_id'] = message.whatsappId;
  if (kind === 'sent') {
    status['pricing'] = { billable: true, pricing_model: 'PMP', category: message.category, type: 'regular' };
  }
  if (kind === 'failed' && !receipt.withoutCode) {
    const code = receipt.code ?? 0;
    const href = 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/';
    status['errors'] = [{ code, title: reasonOf(code), href }];
  }
  return metaEnvelope(sender, { ...(kind !== 'enqueued' && metadata(sender)), statuses: [status] });
} // prettier-ignore

function billingEvent(
  sender: Sender, message: SandboxMessage, receipt: PlannedReceipt, destination: string,
): GupshupEvent {
  const deductions = { billable: true, model: 'PMP', source: 'whatsapp', type: 'regular', category: message.category };
  const references = {
    destination,
    ...(!receipt.withoutGsId && { gsId: message.messageId }),
    id: message.whatsappId,
  };
  const v3References = { destination, gs_id: message.messageId, id: message.whatsappId };
  return {
    mode: 'BILLING',
    v2: envelope(sender, 'billing-event', { deductions, references }),
    v3: metaEnvelope(sender, { billing: { deductions, references: v3References } }, 'billing-event'),
  };
} // prettier-ignore

function mismatchEvent(sender: Sender, message: SandboxMessage, destination: string): GupshupEvent {
  const payload = {
    type: 'mismatch',
    destination: message.destination,
    payload: { wa_id: destination, phone: message.destination },
  };
  const contacts = [{ input: message.destination, wa_id: destination }];
  return { mode: 'OTHERS', v2: envelope(sender, 'message-event', payload), v3: metaEnvelope(sender, { contacts }) };
}

/** A recipient's reply or tap. `button` = a quick reply of a template. */
export interface Inbound {
  id: string;
  phone: string;
  name: string;
  text: string;
  button: boolean;
  /** The outer type of a tap is documented both ways (gupshup.md#doubts). */
  outerType: 'quick_reply' | 'text';
  /** The message answered to, when it is an answer. */
  to?: SandboxMessage | undefined;
  at: number;
}

export function inboundEvent(sender: Sender, inbound: Inbound): GupshupEvent {
  const { id, phone, name, text, button, outerType, to, at } = inbound;
  const country = parsePhoneNumberFromString(`+${phone}`)?.countryCallingCode ?? '';
  const payload = {
    id,
    source: phone,
    type: button ? outerType : 'text',
    payload: button ? { text, type: 'button' } : { text },
    sender: { phone, name, country_code: country, dial_code: phone.slice(country.length) },
    ...(to && { context: { id: to.whatsappId, gsId: to.messageId } }),
  };
  const message = {
    from: phone,
    id,
    timestamp: String(seconds(at)),
    ...(button ? { type: 'button', button: { text, payload: text } } : { type: 'text', text: { body: text } }),
    ...(to && { context: { from: sender.source, gs_id: to.messageId, id: to.messageId, meta_msg_id: to.whatsappId } }),
  };
  const contacts = [{ profile: { name }, wa_id: phone }];
  return {
    mode: 'MESSAGE',
    v2: envelope(sender, 'message', payload, at),
    v3: metaEnvelope(sender, { ...metadata(sender), contacts, messages: [message] }),
  };
}

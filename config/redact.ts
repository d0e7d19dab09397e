/** What must not stand in a log: phones, tokens and message texts, by the name of their field or by how they look. */
import { withoutNumbers } from '../domain/story/number-like';

/** Fields whose values never reach a log, whatever the case of their names. Add here when a new one carries personal data or a secret. */
const PRIVATE_FIELDS: ReadonlySet<string> = new Set([
  'phone',
  'phones',
  'testphone',
  'original',
  'destination',
  'source',
  'recipient_id',
  'wa_id',
  'name',
  'text',
  'params',
  'token',
  'secret',
  'password',
  'apikey',
  'authorization',
  'body',
]);

const PHONE = /\+?\d{10,15}/g;
/** WhatsApp's id of a message has the number in it. */
const WHATSAPP_ID = /wamid\.[\w+/=-]+|\bHBg[LMNO][\w+/=-]{12,}/g;
/** In Temporal's ids of runs digits stand together by chance. */
const UUID = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i;
const BOT_TOKEN = /\d{6,}:[\w-]{20,}/g;

/** Free text (error messages, URLs) with phone numbers, however they are written, and bot tokens blanked. */
export function redactText(message: string): string {
  return message
    .replace(BOT_TOKEN, '<token>')
    .replace(WHATSAPP_ID, '<whatsapp id>')
    .split(UUID)
    .map((piece, at) => (at % 2 === 1 ? piece : withoutNumbers(piece.replace(PHONE, '<phone>'))))
    .join('');
}

/** A JSON value with everything private blanked, at any depth. */
export function redactJson(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'number') return looksLikePhone(value) ? '<phone>' : value;
  if (Array.isArray(value)) return value.map(redactJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [
      redactText(field),
      PRIVATE_FIELDS.has(field.toLowerCase()) ? '<redacted>' : redactJson(inner),
    ]),
  );
}

/** A number with a country code. Times in milliseconds have 13 digits. */
function looksLikePhone(value: number): boolean {
  return Number.isInteger(value) && value >= 1e10 && value < 1e12;
}

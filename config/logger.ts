/**
 * Structured logs (pino): JSON lines, redacted as they are written, so that no way around it is left. Phones, tokens
 * and message texts are blanked by the name of their field or by how they look.
 */
import pino, { type Logger } from 'pino';
import { withoutNumbers } from '../domain/story/number-like';

export type { Logger };

/** An error as type, message (with those of its causes) and stack. Its own fields may hold anything and stay out. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message, stack };
}

/** A logger for one role. Writes JSON lines to standard output, or to `file` (a path or a descriptor) when given. */
export function createLogger(role: string, level: string, file?: string | number): Logger {
  return pino(
    {
      level,
      base: { role },
      serializers: { err: describeError, error: describeError },
      hooks: { streamWrite: (line) => `${JSON.stringify(redactJson(JSON.parse(line)))}\n` },
    },
    file ? pino.destination({ dest: file, mkdir: true, sync: false }) : undefined,
  );
}

/**
 * Fields whose values never reach a log, whatever the case of their names. Add here when a new one carries personal
 * data or a secret.
 */
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
/** User and password in an address. */
const ACCESS = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi;

/** Free text (error messages, URLs) with phone numbers, however they are written, bot tokens, and the user and password of an address blanked. */
export function redactText(message: string): string {
  return message
    .replace(ACCESS, '$1<redacted>@')
    .replace(BOT_TOKEN, '<token>')
    .replace(WHATSAPP_ID, '<whatsapp id>')
    .split(UUID)
    .map((piece, at) => (at % 2 === 1 ? piece : withoutNumbers(piece.replace(PHONE, '<phone>'))))
    .join('');
}

/** A JSON value with everything private blanked, at any depth. */
function redactJson(value: unknown): unknown {
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

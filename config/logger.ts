/** Structured logs (pino). Phones, tokens and message texts are redacted by list, wherever they stand. */
import pino, { type Logger } from 'pino';

export type { Logger };

/** Keys whose values never reach a log. Add here when a new field carries personal data or a secret. */
const PRIVATE_KEYS = [
  'phone',
  'phones',
  'destination',
  'source',
  'recipient_id',
  'wa_id',
  'name',
  'text',
  'params',
  'token',
  'apikey',
  'authorization',
  'body',
];

const PHONE = /\+?\d{10,15}/g;
const BOT_TOKEN = /\d{6,}:[\w-]{20,}/g;

/** Free text (error messages, URLs) with phone numbers and bot tokens blanked. */
export function redactText(message: string): string {
  return message.replace(BOT_TOKEN, '<token>').replace(PHONE, '<phone>');
}

/** A logger for one role. Writes JSON lines to standard output, or to `file` (a path or a descriptor) when given. */
export function createLogger(role: string, level: string, file?: string | number): Logger {
  return pino(
    {
      level,
      base: { role },
      redact: { paths: PRIVATE_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '<redacted>' },
      serializers: {
        err: (error: unknown) => {
          const { type, message, stack } = pino.stdSerializers.err(error as Error);
          return { type, message: redactText(message), stack: redactText(stack) };
        },
      },
    },
    file ? pino.destination({ dest: file, mkdir: true, sync: false }) : undefined,
  );
}

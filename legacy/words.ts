import { createHash } from 'node:crypto';

/** How the fields of the older program's files may be called, and how values look whatever they are called. */

export const NAMES = {
  phone:
    /phone|телефон|^тел$|тел\.|mobile|моб|whats?app|ватсап|вотсап|msisdn|destination|recipient|получател|^number$|^номер$|^to$/i,
  /** Names for several people. */
  recipients:
    /^(phones?|numbers?|contacts?|recipients?|to|list|audience|clients?|users?|получатели|контакты|номера|телефоны)$/i,
  time: /^(at|when|time|date|datetime|timestamp|ts|run_?at|send_?at|sent_?at|scheduled?(_?(at|time|for))?|created(_?at)?|start(_?(at|time))?|дата.*|время.*|когда)$/i,
  day: /^(date|day|дата|день)$/i,
  hour: /^(time|hour|время|час)$/i,
  template: /template|шаблон/i,
  templateId: /^(template|шаблон)$|template_?(name|id|title)$|^(name|id)$/i,
  zone: /^(time_?zone|tz|часовой пояс)$/i,
  language: /^(template_?)?(lang|language|locale|язык)(_?code)?$/i,
  parameters: /param|variable|^vars?$|^args?$|^values?$|placeholder|параметр|переменн/i,
  status: /status|state|result|success|delivered|статус|результат|состояни/i,
  messageId: /message_?id|msg_?id|gupshup_?id|^id сообщения$/i,
  error: /error|reason|exception|detail|response|ошибк|причин|ответ/i,
  code: /^code$|_code$|http|код/i,
  person: /^(name|full_?name|first_?name|client|имя|фио|клиент)$/i,
  campaign: /campaign|batch|mailing|рассылк/i,
  pipeline: /pipeline|воронк/i,
  stage: /status_?id|stage|этап/i,
  recurring: /^(cron|repeat|interval|every|period|recurring|повтор)/i,
  done: /^(done|sent|executed|completed|finished|status|state|выполнено|статус)$/i,
} as const;

/** A bot's token: the id, a colon, 35 characters. */
export const TELEGRAM_TOKEN = /^\d{6,12}:[\w-]{30,}$/;
/** A JSON Web Token, the form of amoCRM's long-lived tokens (amocrm.md). */
export const JWT = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/;
const SECRET_NAME = /token|secret|key|password|пароль/i;

/** A place's content for display: one line, shortened, with secrets and long tokens blanked. */
export function shown(key: string | undefined, value: unknown): string {
  const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replace(/\s+/g, ' ');
  const hidden = (key !== undefined && SECRET_NAME.test(key)) || /[\w-]{30,}/.test(text);
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  const content = hidden ? `${text.length} characters` : short;
  return key === undefined ? content : `${key}: ${content}`;
}

export const TIMEOUT = /time.?out|таймаут/i;
const FAILED =
  /fail|error|undeliver|reject|invalid|exception|ошибк|не ?(отправлен|доставлен)|неуд|^(false|no|нет|0|[45]\d\d)$/;

/** A logged outcome in our terms. The older program knew at most Gupshup's answer. */
export function stateOf(word: string): 'accepted' | 'delivered' | 'read' | 'failed' | 'unknown' | undefined {
  const text = word.trim().toLowerCase();
  if (/^(read|seen|прочитан)/.test(text)) return 'read';
  if (/^(delivered|доставлен)/.test(text)) return 'delivered';
  // It may still have reached Gupshup.
  if (TIMEOUT.test(text)) return 'unknown';
  if (FAILED.test(text)) return 'failed';
  if (/^(sent|send|success|successful|ok|okay|submitted|accepted|enqueued|queued|true|yes|да|1|2\d\d)\b/.test(text)) {
    return 'accepted';
  }
  return /^(отправлен|успе)/.test(text) ? 'accepted' : undefined;
}

/** As for campaigns created here: without look-alike letters and digits. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const LENGTH = 12;

/** The same parts give the same id; different parts, practically always a different one. */
export function idOf(...parts: unknown[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return [...digest.subarray(0, LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

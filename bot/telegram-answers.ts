/** What Telegram answers instead of "done" (telegram.md#errors). */
import { TelegramError } from 'telegraf';

/** The person stopped the bot, is gone, or is not in the team any more: nothing is written to them until they come back. */
export class Unreachable extends Error {
  constructor(readonly chatId: number) {
    super('nothing may be delivered to this chat');
    this.name = 'Unreachable';
  }
}

/**
 * - `quiet`        429: nothing more for so long
 * - `same`         the message shows that already
 * - `gone`         there is no message to edit
 * - `unreachable`  the person stopped the bot, or is gone
 * - `broken`       the line broke, or a 5xx: worth another try
 */
export type Problem = { kind: 'quiet'; ms: number } | { kind: 'same' | 'gone' | 'unreachable' | 'broken' | 'other' };

/** Telegram is matched by code and a lenient part of the text: the full texts vary between servers. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Unreachable) return { kind: 'unreachable' };
  if (!(error instanceof TelegramError)) {
    return { kind: error instanceof Error && error.name === 'FetchError' ? 'broken' : 'other' };
  }
  const text = error.description.toLowerCase();
  if (error.code === 429) return { kind: 'quiet', ms: (error.parameters?.retry_after ?? 5) * 1000 };
  if (error.code === 403 || (error.code === 400 && text.includes('chat not found'))) return { kind: 'unreachable' };
  if (error.code >= 500) return { kind: 'broken' };
  if (text.includes('message is not modified')) return { kind: 'same' };
  if (/message to edit not found|message can't be edited|message_id_invalid/.test(text)) return { kind: 'gone' };
  return { kind: 'other' };
}

/** Telegram's flood limits: messages a second in all, and in one chat with a short burst. Edits count as sends. */
import { tooManyRequests } from './errors';

/** Documented "about 30 messages a second" over all chats (telegram.md#rate-limits). */
const ALL_CHATS_PER_SECOND = 30;
/** Documented "avoid more than one a second" in one chat. */
const CHAT_PER_SECOND = 1;
/** Short bursts pass; Telegram keeps the number to itself. */
const CHAT_BURST = 5;

interface Bucket {
  tokens: number;
  at: number;
}

export interface FloodLimits {
  /** Counts one message or edit. Throws 429 with the seconds to wait when the chat or the bot is over its rate. */
  take(chatId: number): void;
}

export function createFloodLimits({ now }: { now: () => number }): FloodLimits {
  const all: Bucket = { tokens: ALL_CHATS_PER_SECOND, at: now() };
  const chats = new Map<number, Bucket>();

  const refill = (bucket: Bucket, perSecond: number, burst: number): void => {
    const elapsedSeconds = Math.max(0, now() - bucket.at) / 1000;
    bucket.tokens = Math.min(burst, bucket.tokens + elapsedSeconds * perSecond);
    bucket.at = now();
  };

  return {
    take(chatId) {
      const chat = chats.get(chatId) ?? { tokens: CHAT_BURST, at: now() };
      chats.set(chatId, chat);
      refill(all, ALL_CHATS_PER_SECOND, ALL_CHATS_PER_SECOND);
      refill(chat, CHAT_PER_SECOND, CHAT_BURST);
      if (chat.tokens < 1) throw tooManyRequests(Math.ceil((1 - chat.tokens) / CHAT_PER_SECOND));
      if (all.tokens < 1) throw tooManyRequests(Math.ceil((1 - all.tokens) / ALL_CHATS_PER_SECOND));
      chat.tokens -= 1;
      all.tokens -= 1;
    },
  };
}

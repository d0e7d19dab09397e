/** Sends messages to Telegram chats from outside the bot's process, through the same Bot API. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Telegram, TelegramError } from 'telegraf';
import { splitHtml } from '../config/split-html';
import type { Settings } from '../config/settings';
import { countedTelegram } from './counted-telegram';
import { telegramOptions } from './telegram-proxy';

export interface TelegramClient {
  /**
   * Sends HTML text, a long one in several messages with the buttons under the last, whose id it resolves to. Undefined when the chat refuses messages (never started, or
   * blocked); throws otherwise. Where Telegram asks for a short silence, it waits and sends again.
   */
  send(chatId: number, html: string, buttons?: { text: string; data: string }[][]): Promise<number | undefined>;
  /** The bot that owns the token; used as health check. */
  me(signal: AbortSignal): Promise<{ username: string }>;
}

/** Longer silences are left to the caller, who may be asked to stop meanwhile. */
const SHORT_SILENCE_S = 10;
const TRIES = 4;

/** Sends again after each short silence that Telegram asks for (429 with `retry_after`: telegram.md#errors). */
async function heedingSilence<T>(send: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      const seconds = error instanceof TelegramError && error.code === 429 && error.parameters?.retry_after;
      if (!seconds || seconds > SHORT_SILENCE_S || tries === TRIES) throw error;
      await sleep(seconds * 1000);
    }
  }
}

export interface TelegramAccess {
  token: string;
  apiRoot: string;
  /** As the settings hold it; absent = straight. */
  proxy?: string | undefined;
}

export function telegramAccess(settings: Settings<'telegram'>['telegram']): TelegramAccess {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: apiRoot, TELEGRAM_PROXY: proxy } = settings;
  return { token, apiRoot, proxy };
}

export function createTelegramClient(access: TelegramAccess): TelegramClient {
  const telegram = countedTelegram(new Telegram(access.token, telegramOptions(access)));
  return {
    async send(chatId, html, buttons = []) {
      try {
        const extra = {
          parse_mode: 'HTML' as const,
          ...(buttons.length > 0 && {
            reply_markup: {
              inline_keyboard: buttons.map((row) => row.map(({ text, data }) => ({ text, callback_data: data }))),
            },
          }),
        };
        const parts = splitHtml(html);
        for (const part of parts.slice(0, -1)) {
          await heedingSilence(() => telegram.sendMessage(chatId, part, { parse_mode: 'HTML' }));
        }
        const message = await heedingSilence(() => telegram.sendMessage(chatId, parts.at(-1)!, extra));
        return message.message_id;
      } catch (error) {
        // 403: blocked, deactivated. 400: the chat was never started.
        if (error instanceof TelegramError && (error.code === 403 || error.code === 400)) return undefined;
        throw error;
      }
    },
    // Telegraf's types only know the signal of an old polyfill.
    me: (signal) => telegram.callApi('getMe', {}, { signal: signal as never }),
  };
}

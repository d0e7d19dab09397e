/** Sends messages to Telegram chats from outside the bot's process, through the same Bot API. */
import { Telegram, TelegramError } from 'telegraf';

export interface TelegramClient {
  /**
   * Sends HTML text and resolves to the message's id. Undefined when the chat refuses messages (never started, or
   * blocked); throws otherwise.
   */
  send(chatId: number, html: string, buttons?: { text: string; data: string }[][]): Promise<number | undefined>;
  /** The bot that owns the token; used as health check. */
  me(signal: AbortSignal): Promise<{ username: string }>;
}

export function createTelegramClient({ token, apiRoot }: { token: string; apiRoot: string }): TelegramClient {
  const telegram = new Telegram(token, { apiRoot });
  return {
    async send(chatId, html, buttons = []) {
      try {
        const message = await telegram.sendMessage(chatId, html, {
          parse_mode: 'HTML',
          ...(buttons.length > 0 && {
            reply_markup: {
              inline_keyboard: buttons.map((row) => row.map(({ text, data }) => ({ text, callback_data: data }))),
            },
          }),
        });
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

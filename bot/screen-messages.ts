/**
 * Screens as messages of a chat: sent, edited in place, taken back. For what happens without an update too, such as live
 * progress, where there is no `ctx`. (The worker's way to Telegram is clients/telegram.ts.)
 */
import { Input, Telegram, type MiddlewareFn } from 'telegraf';
import { keyboardFor } from '../clients/button-rights';
import { countedTelegram } from '../clients/counted-telegram';
import { downloadFile } from '../clients/telegram-proxy';
import type { Logger } from '../config/logger';
import { MESSAGE_LENGTH, splitHtml } from '../config/split-html';
import type { Role } from '../domain/roles';
import { pressedMessage, type BotContext } from './context';
import type { FloodWaits } from './middleware/flood-waits';
import type { Screen } from './screen';
import { problemOf, Unreachable } from './telegram-answers';

export interface ScreenMessages {
  /** Sends a new message; resolves to its id. Rejects with `Unreachable`, also for a chat that may not know. */
  send(chatId: number, screen: Screen): Promise<number>;
  /** The same to somebody who is not in the team: nothing of the product's may stand in it. */
  sendToStranger(chatId: number, screen: Screen): Promise<number>;
  /**
   * Edits the message in place, or sends a new one when there is none to edit. Resolves to the id that shows the
   * screen.
   */
  show(chatId: number, messageId: number | undefined, screen: Screen): Promise<number>;
  /**
   * One try, for edits that can wait: `later` while Telegram asks for silence, `gone` when there is nothing to edit.
   */
  tryEdit(chatId: number, messageId: number, screen: Screen): Promise<'done' | 'later' | 'gone'>;
  /** Takes the buttons off, now or when Telegram allows it; no harm if that cannot be done. */
  removeKeyboard(chatId: number, messageId: number): Promise<void>;
  sendFile(chatId: number, file: { fileName: string; content: Buffer; caption?: string }): Promise<void>;
  /** The bytes of an uploaded file. Rejects when it cannot be had. */
  download(fileId: string): Promise<Buffer>;
  /** Middleware: `ctx.replyWithScreen` and `ctx.showScreen`. */
  middleware: MiddlewareFn<BotContext>;
}

/** A file's link must come and its bytes flow within this time. */
const DOWNLOAD_TIMEOUT_MS = 60_000;

export interface ScreenMessagesOptions {
  /** As Telegraf made it: each call is made once. */
  telegram: Telegram;
  waits: FloodWaits;
  /** Asked before each call: a message has only the buttons that its reader may press. */
  roleOf(chatId: number): Promise<Role | undefined>;
  logger: Logger;
}

export function createScreenMessages({ telegram, waits, roleOf, logger }: ScreenMessagesOptions): ScreenMessages {
  const another = (): Telegram => countedTelegram(new Telegram(telegram.token, telegram.options));
  const patient = waits.patient(another());
  const toStrangers = waits.patient(another(), async () => true);

  const fittedTo = async (chatId: number, screen: Screen): Promise<Screen> =>
    screen.keyboard.length === 0 ? screen : { ...screen, keyboard: keyboardFor(await roleOf(chatId), screen.keyboard) };
  const sendBy = async (by: Telegram, chatId: number, screen: Screen): Promise<number> =>
    (await by.sendMessage(chatId, await lastPart(by, chatId, screen), extraOf(await fittedTo(chatId, screen))))
      .message_id;
  /** Sends all parts of a long screen but the last, which has the buttons. */
  async function lastPart(by: Telegram, chatId: number, { html }: Screen): Promise<string> {
    const parts = splitHtml(html);
    for (const part of parts.slice(0, -1)) await by.sendMessage(chatId, part, extraOf({ html: part, keyboard: [] }));
    return parts.at(-1)!;
  }
  const editBy = async (by: Telegram, chatId: number, messageId: number, screen: Screen): Promise<unknown> =>
    by.editMessageText(chatId, messageId, undefined, firstPart(screen), extraOf(await fittedTo(chatId, screen)));

  const send: ScreenMessages['send'] = (chatId, screen) => sendBy(patient, chatId, screen);
  const show: ScreenMessages['show'] = async (chatId, messageId, screen) => {
    if (messageId === undefined) return send(chatId, screen);
    try {
      await editBy(patient, chatId, messageId, screen);
      return messageId;
    } catch (error) {
      const { kind } = problemOf(error);
      if (kind === 'same') return messageId;
      if (kind === 'gone') return send(chatId, screen);
      throw error;
    }
  };

  return {
    send,
    show,
    sendToStranger: (chatId, screen) => sendBy(toStrangers, chatId, screen),
    tryEdit: async (chatId, messageId, screen) => {
      if (!(await roleOf(chatId))) throw new Unreachable(chatId);
      try {
        const edited = await waits.once(chatId, () => editBy(telegram, chatId, messageId, screen));
        return edited === 'done' ? 'done' : 'later';
      } catch (error) {
        const { kind } = problemOf(error);
        if (kind === 'same') return 'done';
        if (kind === 'gone') return 'gone';
        throw error;
      }
    },
    removeKeyboard: async (chatId, messageId) => {
      const remove = (by: Telegram): Promise<unknown> =>
        by.editMessageReplyMarkup(chatId, messageId, undefined, undefined);
      // Buttons that stay are stale, and answered as such.
      const failed = (error: unknown): void => logger.debug({ err: error }, 'could not take the buttons off a message');
      try {
        // When Telegram bears it again; nobody waits for that.
        if ((await waits.once(chatId, () => remove(telegram))) === 'quiet') remove(patient).catch(failed);
      } catch (error) {
        failed(error);
      }
    },
    sendFile: async (chatId, { fileName, content, caption }) => {
      await patient.sendChatAction(chatId, 'upload_document');
      await patient.sendDocument(chatId, Input.fromBuffer(content, fileName), caption ? { caption } : {});
    },
    download: async (fileId) => {
      const link = await telegram.getFileLink(fileId);
      return downloadFile(link, telegram.options.agent, DOWNLOAD_TIMEOUT_MS);
    },
    middleware: (ctx, next) => {
      ctx.replyWithScreen = (screen) => send(ctx.chatId, screen);
      ctx.showScreen = (screen) => show(ctx.chatId, pressedMessage(ctx), screen);
      return next();
    },
  };
}

/** A message in place has room for one: the beginning of a long screen. */
function firstPart({ html }: Screen): string {
  const parts = splitHtml(html);
  // Two characters for the sign that there is more.
  return parts.length === 1 ? html : `${splitHtml(html, MESSAGE_LENGTH - 2)[0]}\n…`;
}

/** Telegraf's types stop at Bot API 7.1 and know no button `style`; further JSON fields pass through. */
function extraOf({ keyboard }: Screen): object {
  return {
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    ...(keyboard.length > 0
      ? {
          reply_markup: {
            inline_keyboard: keyboard.map((row) =>
              row.map(({ text, data, style }) => ({ text, callback_data: data, ...(style ? { style } : {}) })),
            ),
          },
        }
      : {}),
  };
}

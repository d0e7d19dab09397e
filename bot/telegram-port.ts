/**
 * The bot's door to Telegram (the worker's is clients/telegram.ts): sending, editing, answering, files. What Telegram can
 * answer instead of "done" is settled here (telegram.md#errors, telegram.md#methods-and-limits, telegram.md#rate-limits),
 * so that the screens need not know of it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Input, TelegramError, type Telegram } from 'telegraf';
import { fetch } from 'undici';
import type { Logger } from '../config/logger';
import type { Screen } from './screen';

/**
 * The person stopped the bot, is gone, or is not in the team any more: nothing is written to them until they come back.
 */
export class Unreachable extends Error {
  constructor(readonly chatId: number) {
    super('nothing may be delivered to this chat');
    this.name = 'Unreachable';
  }
}

export interface TelegramPort {
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
  /** Stops the button's spinner, with a pop-up when `alert` is given. A late answer is no error. */
  answer(pressId: string, alert?: string): Promise<void>;
  sendFile(chatId: number, file: { fileName: string; content: Buffer; caption?: string }): Promise<void>;
  /** The bytes of an uploaded file. Rejects when it cannot be had. */
  download(fileId: string): Promise<Buffer>;
}

/** Tries for a call that met a broken connection or a 5xx, and the pause before each further one. */
const RETRY_PAUSES_MS = [500, 2000];
/** A file's link must come and its bytes flow within this time. */
const DOWNLOAD_TIMEOUT_MS = 60_000;

export interface TelegramPortOptions {
  telegram: Telegram;
  /** Whether a chat may be told anything now. Asked before each call, so that a removal holds from then on. */
  mayKnow(chatId: number): Promise<boolean>;
  logger: Logger;
  /** Ends waits for Telegram's permission when the bot stops. */
  signal?: AbortSignal;
}

export function createTelegramPort({ telegram, mayKnow, logger, signal }: TelegramPortOptions): TelegramPort {
  /** Chats that Telegram asked to leave alone, until when (epoch ms). */
  const quietUntil = new Map<number, number>();

  const waitFor = async (ms: number): Promise<void> => {
    if (ms > 0) await sleep(ms, undefined, signal ? { signal } : {});
  };

  /** Makes the call until Telegram takes it: waits out 429, tries a broken line again, names what is final. */
  async function call<T>(chatId: number, work: () => Promise<T>, mayHear = mayKnow): Promise<T> {
    for (let broken = 0; ;) {
      await waitFor((quietUntil.get(chatId) ?? 0) - Date.now());
      if (!(await mayHear(chatId))) throw new Unreachable(chatId);
      try {
        return await work();
      } catch (error) {
        const problem = problemOf(error);
        if (problem.kind === 'quiet') {
          quietUntil.set(chatId, Date.now() + problem.ms);
          logger.warn({ retryAfterMs: problem.ms }, 'Telegram asks for silence');
          continue;
        }
        if (problem.kind === 'unreachable') throw new Unreachable(chatId);
        const pause = RETRY_PAUSES_MS[broken];
        if (problem.kind !== 'broken' || pause === undefined) throw error;
        broken += 1;
        await waitFor(pause);
      }
    }
  }

  const edit = (chatId: number, messageId: number, screen: Screen): Promise<unknown> =>
    telegram.editMessageText(chatId, messageId, undefined, screen.html, extraOf(screen));

  const send = async (chatId: number, screen: Screen, mayHear = mayKnow): Promise<number> => {
    const message = await call(chatId, () => telegram.sendMessage(chatId, screen.html, extraOf(screen)), mayHear);
    return message.message_id;
  };

  return {
    send: (chatId, screen) => send(chatId, screen),
    sendToStranger: (chatId, screen) => send(chatId, screen, () => Promise.resolve(true)),
    show: async (chatId, messageId, screen) => {
      if (messageId === undefined) return send(chatId, screen);
      try {
        await call(chatId, () => edit(chatId, messageId, screen));
        return messageId;
      } catch (error) {
        const { kind } = problemOf(error);
        if (kind === 'same') return messageId;
        if (kind === 'gone') return send(chatId, screen);
        throw error;
      }
    },
    tryEdit: async (chatId, messageId, screen) => {
      if ((quietUntil.get(chatId) ?? 0) > Date.now()) return 'later';
      if (!(await mayKnow(chatId))) throw new Unreachable(chatId);
      try {
        await edit(chatId, messageId, screen);
        return 'done';
      } catch (error) {
        const problem = problemOf(error);
        if (problem.kind === 'same') return 'done';
        if (problem.kind === 'gone') return 'gone';
        if (problem.kind === 'unreachable') throw new Unreachable(chatId);
        if (problem.kind === 'quiet') quietUntil.set(chatId, Date.now() + problem.ms);
        if (problem.kind === 'quiet' || problem.kind === 'broken') return 'later';
        throw error;
      }
    },
    removeKeyboard: async (chatId, messageId) => {
      const remove = (): Promise<unknown> => telegram.editMessageReplyMarkup(chatId, messageId, undefined, undefined);
      // Buttons that stay are stale, and answered as such.
      const failed = (error: unknown): void => logger.debug({ err: error }, 'could not take the buttons off a message');
      try {
        await remove();
      } catch (error) {
        const problem = problemOf(error);
        if (problem.kind !== 'quiet') return failed(error);
        // When Telegram bears it again; nobody waits for that.
        quietUntil.set(chatId, Date.now() + problem.ms);
        call(chatId, remove).catch(failed);
      }
    },
    answer: async (pressId, alert) => {
      try {
        await telegram.answerCbQuery(pressId, alert, alert ? { show_alert: true } : {});
      } catch (error) {
        // The press is handled all the same; only the spinner turns a little longer.
        logger.debug({ err: error }, 'could not answer a button press');
      }
    },
    sendFile: async (chatId, { fileName, content, caption }) => {
      await call(chatId, () => telegram.sendChatAction(chatId, 'upload_document'));
      await call(chatId, () =>
        telegram.sendDocument(chatId, Input.fromBuffer(content, fileName), caption ? { caption } : {}),
      );
    },
    download: async (fileId) => {
      // The link holds the bot's token: it goes into no log and no message.
      const link = await telegram.getFileLink(fileId);
      const response = await fetch(link, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
      if (!response.ok) throw new Error(`Telegram's file server: expected 200, got ${response.status}`);
      return Buffer.from(await response.arrayBuffer());
    },
  };
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

type Problem = { kind: 'quiet'; ms: number } | { kind: 'same' | 'gone' | 'unreachable' | 'broken' | 'other' };

/** Telegram matches by code and a lenient part of the text: the full texts vary between servers. */
function problemOf(error: unknown): Problem {
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

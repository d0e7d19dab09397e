/** Messages that asked the team something: once there is an answer, whoever gave it, each of them shows it. */
import type { Logger } from '../config/logger';
import type { Screen } from './screen';
import type { ScreenMessages } from './screen-messages';
import { Unreachable } from './telegram-answers';
import type { Texts } from './texts';

interface AskedMessage {
  chatId: number;
  messageId: number;
}

export interface AskedMessagesOptions<T> {
  /** For the log. */
  what: string;
  messages: Pick<ScreenMessages, 'tryEdit'>;
  textsFor(chatId: number): Promise<Texts>;
  logger: Logger;
  /** What has its answer, with the messages that do not show it yet. */
  open(): Promise<readonly (T & { _id: string; messages: readonly AskedMessage[] })[]>;
  screenOf(one: T & { _id: string }, texts: Texts): Screen | Promise<Screen>;
  /** The message shows the answer, or nobody can be shown it. */
  shown(id: string, message: AskedMessage): Promise<void>;
}

export interface AskedMessages {
  /** Shows all answers; rejects when it breaks off, and the next round goes on. */
  settleAll(): Promise<void>;
  /** The same. Never rejects. */
  round(): Promise<void>;
}

export function createAskedMessages<T>(options: AskedMessagesOptions<T>): AskedMessages {
  const { what, messages, textsFor, logger, open, screenOf, shown } = options;

  async function settle(one: T & { _id: string }, message: AskedMessage): Promise<void> {
    const { chatId, messageId } = message;
    try {
      const screen = await screenOf(one, await textsFor(chatId));
      if ((await messages.tryEdit(chatId, messageId, screen)) === 'later') return;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
    await shown(one._id, message);
  }

  async function settleAll(): Promise<void> {
    for (const one of await open()) for (const message of one.messages) await settle(one, message);
  }

  return {
    settleAll,
    round: () =>
      settleAll().catch((error: unknown) =>
        logger.warn({ err: error }, `${what}: a round over their messages failed, the next one tries again`),
      ),
  };
}

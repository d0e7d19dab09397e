/** Who gets in: the team, in a private chat. Everybody else hears so once. */
import type { Update } from 'telegraf/types';
import type { Language } from '../../config/i18n';
import type { UserStore } from '../../store/users';
import { Unreachable, type TelegramPort } from '../telegram-port';
import { createTexts } from '../texts';

export interface Gate {
  /** The chat and the person, when this update is for the bot to handle. */
  admit(update: Update): Promise<{ chatId: number; userId: number } | undefined>;
}

export interface GateOptions {
  users: UserStore;
  port: TelegramPort;
  zone: string;
  language: Language;
  now(): Date;
}

export function createGate({ users, port, zone, language, now }: GateOptions): Gate {
  /** Groups and strangers have an entry of their own each (group ids are negative), so "once" holds for both. */
  async function turnAway(chatId: number, key: string, id: number, languageCode?: string): Promise<void> {
    if (!(await users.turnAway(chatId, now()))) return;
    const theirs = languageCode?.startsWith('ru') ? 'ru' : languageCode ? 'en' : language;
    await port
      .sendToStranger(chatId, { html: createTexts(theirs, zone).html(key, { id: String(id) }), keyboard: [] })
      .catch((error) => {
        if (!(error instanceof Unreachable)) throw error;
      });
  }

  return {
    admit: async (update) => {
      const event =
        'message' in update
          ? { chat: update.message.chat, from: update.message.from }
          : 'edited_message' in update
            ? { chat: update.edited_message.chat, from: update.edited_message.from }
            : 'callback_query' in update
              ? { chat: update.callback_query.message?.chat, from: update.callback_query.from }
              : 'my_chat_member' in update
                ? { chat: update.my_chat_member.chat, from: update.my_chat_member.from }
                : undefined;
      if (!event?.chat || !event.from) return undefined;
      const { chat, from } = event;
      if (chat.type === 'private' && (await users.isMember(from.id))) return { chatId: chat.id, userId: from.id };
      if ('callback_query' in update) await port.answer(update.callback_query.id);
      else if (chat.type === 'group' || chat.type === 'supergroup') {
        await turnAway(chat.id, 'refusedGroup', from.id, from.language_code);
      } else if ('message' in update) await turnAway(chat.id, 'refusedStranger', from.id, from.language_code);
      return undefined;
    },
  };
}

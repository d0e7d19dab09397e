/**
 * Admits only the team, in private chats; others are told so once. Telegraf's `acl` uses a fixed list of ids, while our
 * team is in the database, and a removed person is out from the next update on.
 */
import type { MiddlewareFn } from 'telegraf';
import type { Language } from '../../config/i18n';
import type { UserStore } from '../../store/users';
import { answerPress, type BotContext } from '../context';
import type { ScreenMessages } from '../screen-messages';
import { Unreachable } from '../telegram-answers';
import { createTexts } from '../texts';

export interface TeamOnlyOptions {
  users: UserStore;
  messages: Pick<ScreenMessages, 'sendToStranger'>;
  zone: string;
  language: Language;
  now(): Date;
}

/** Puts the chat, the person and their texts into the context. */
export function teamOnly({ users, messages, zone, language, now }: TeamOnlyOptions): MiddlewareFn<BotContext> {
  /** Groups and strangers have an entry of their own each (group ids are negative), so "once" holds for both. */
  async function turnAway(chatId: number, key: string, id: number, languageCode?: string): Promise<void> {
    if (!(await users.turnAway(chatId, now()))) return;
    const theirs = languageCode?.startsWith('ru') ? 'ru' : languageCode ? 'en' : language;
    await messages
      .sendToStranger(chatId, { html: createTexts(theirs, zone).html(key, { id: String(id) }), keyboard: [] })
      .catch((error) => {
        if (!(error instanceof Unreachable)) throw error;
      });
  }

  return async (ctx, next) => {
    const { chat, from } = ctx;
    if (!chat || !from) return;
    if (chat.type !== 'private' || !(await users.isMember(from.id))) {
      if (ctx.callbackQuery) await answerPress(ctx);
      else if (chat.type === 'group' || chat.type === 'supergroup') {
        await turnAway(chat.id, 'refusedGroup', from.id, from.language_code);
      } else if (ctx.message) await turnAway(chat.id, 'refusedStranger', from.id, from.language_code);
      return;
    }
    const user = (await users.find(from.id)) ?? { _id: from.id };
    ctx.chatId = chat.id;
    ctx.user = user;
    ctx.actor = { kind: 'telegram', id: user._id };
    ctx.texts = createTexts(user.language ?? language, zone);
    await next();
  };
}

/** Who stopped the bot is left in peace until they write again. */
export function reachability({ users, now }: Pick<TeamOnlyOptions, 'users' | 'now'>): MiddlewareFn<BotContext> {
  return async (ctx, next) => {
    const { myChatMember, user } = ctx;
    if (myChatMember?.new_chat_member.status === 'kicked') {
      return users.update(user._id, { unreachableSince: now() });
    }
    if (myChatMember || user.unreachableSince) await users.markReachable(user._id);
    if (!myChatMember) await next();
  };
}

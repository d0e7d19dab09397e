/**
 * Admits only the team, in private chats; others are told so once. Telegraf's `acl` uses a fixed list of ids, while our
 * team is in the database, and a removed person is out from the next update on.
 */
import type { MiddlewareFn } from 'telegraf';
import type { Language } from '../../config/i18n';
import type { Join } from '../../store/joining';
import type { UserDocument, UserStore } from '../../store/users';
import { answerPress, type BotContext } from '../context';
import type { ScreenMessages } from '../screen-messages';
import { Unreachable } from '../telegram-answers';
import { createTexts, type Texts } from '../texts';
import { readAhead } from './head-start';

export interface TeamOnlyOptions {
  users: UserStore;
  /** Lets a person in by the code of an invitation. */
  join: Join;
  messages: Pick<ScreenMessages, 'sendToStranger'>;
  zone: string;
  language: Language;
  now(): Date;
}

/** Puts the chat, the person and their texts into the context. */
export function teamOnly({ users, join, messages, zone, language, now }: TeamOnlyOptions): MiddlewareFn<BotContext> {
  /** Groups and strangers have an entry of their own each (group ids are negative), so "once" holds for both. */
  async function turnAway(chatId: number, key: string, id: number, languageCode?: string): Promise<void> {
    if (await users.turnAway(chatId, now())) await say(chatId, theirsOf(languageCode).html(key, { id: String(id) }));
  }

  const refuseLink = (chatId: number, languageCode?: string): Promise<void> =>
    say(chatId, theirsOf(languageCode).html('team.linkEnded'));

  const theirsOf = (languageCode?: string): Texts =>
    createTexts(languageCode?.startsWith('ru') ? 'ru' : languageCode ? 'en' : language, zone);

  async function say(chatId: number, html: string): Promise<void> {
    try {
      await messages.sendToStranger(chatId, { html, keyboard: [] });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }

  return async (ctx, next) => {
    const { chat, from } = ctx;
    if (!chat || !from) return;
    const found = chat.type === 'private' ? (readAhead(ctx, 'user') ?? users.find(from.id)) : undefined;
    let user: UserDocument | undefined = await found;
    const code = chat.type === 'private' && !user?.member ? invitationOf(ctx) : undefined;
    const joining = code === undefined ? undefined : await join(code, from.id, now());
    if (joining?.kind === 'joined') {
      user = await users.find(from.id);
      ctx.isNew = true;
    }
    if (!user?.member) {
      // A link that was good once is answered each time: it is no way to make the bot talk to strangers.
      if (joining?.kind === 'ended') return refuseLink(chat.id, from.language_code);
      if (ctx.callbackQuery) await answerPress(ctx);
      else if (chat.type === 'group' || chat.type === 'supergroup') {
        await turnAway(chat.id, 'refusedGroup', from.id, from.language_code);
      } else if (ctx.message) await turnAway(chat.id, 'refusedStranger', from.id, from.language_code);
      return;
    }
    ctx.chatId = chat.id;
    ctx.user = user;
    ctx.role = user.member.role;
    const name = [from.first_name, from.last_name].filter(Boolean).join(' ');
    if (user.name !== name || !user.seenAt) await users.seen(from.id, name, now());
    user.name = name;
    ctx.actor = { kind: 'telegram', id: user._id };
    ctx.texts = createTexts(user.language ?? language, zone);
    await next();
  };
}

/** The code of `/start <code>`, which is what a deep link sends. */
function invitationOf({ message }: BotContext): string | undefined {
  return message && 'text' in message ? /^\/start ([\w-]+)$/i.exec(message.text.trim())?.[1] : undefined;
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

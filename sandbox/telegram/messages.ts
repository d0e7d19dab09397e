/**
 * The chats' messages: how the bot sends, edits, copies and deletes, under Telegram's rules (telegram.md#errors,
 * telegram.md#methods-and-limits).
 */
import { badRequest } from './errors';
import type { FloodLimits } from './limits';
import type { Markup } from './markup';
import { botAsSender, chatChanged, chatOf, findChat, findOpenChat } from './state';
import type { ChatRecord, StoredMessage, World } from './state';
import type { Message } from './types';

/** The bot may delete a message this long. */
const DELETABLE_MS = 48 * 3600_000;

/** The parts of a message that the sender decides. */
export type Content = {
  [
    K in
      | 'text'
      | 'entities'
      | 'document'
      | 'photo'
      | 'caption'
      | 'caption_entities'
      | 'link_preview_options'
      | 'media_group_id'
      | 'forward_origin'
      | 'has_protected_content'
      | 'pinned_message'
  ]?: Message[K] | undefined;
};

export interface SendOptions {
  markup?: Markup;
  replyTo?: { messageId: number; optional: boolean } | undefined;
  /** Items of one album count once. */
  alreadyCounted?: boolean;
}

export interface Messages {
  send(chatId: number | string, content: Content, options?: SendOptions): Message;
  /** `change` gets the message as it is and gives the fields to replace; a keyboard not given goes. */
  edit(chatId: number | string, messageId: number, change: (now: Message) => Content, markup: Markup): Message;
  /** Throws 400 when it is not there or too old. */
  delete(chatId: number | string, messageId: number): void;
  find(chatId: number | string, messageId: number, missing: string): StoredMessage;
}

/** Adds a message to the chat with the next id. Fields that are undefined are left out, as the API does. */
export function append(
  chat: ChatRecord,
  stored: Omit<StoredMessage, 'message'>,
  message: Content & Pick<Message, 'from' | 'chat' | 'date' | 'reply_to_message' | 'reply_markup'>,
): StoredMessage {
  const { from, chat: inChat, ...rest } = message;
  const defined = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const entry: StoredMessage = {
    ...stored,
    message: { message_id: chat.nextMessageId++, from, chat: inChat, ...defined } as Message,
  };
  chat.messages.push(entry);
  return entry;
}

export function createMessages({ world, limits }: { world: World; limits: FloodLimits }): Messages {
  const find: Messages['find'] = (chatId, messageId, missing) => {
    const found = findChat(world, chatId).chat.messages.find((entry) => entry.message.message_id === messageId);
    if (!found) throw badRequest(missing);
    return found;
  };

  return {
    find,

    send(chatId, content, { markup = {}, replyTo, alreadyCounted } = {}) {
      const { person, chat } = findOpenChat(world, chatId);
      const target = replyTo && chat.messages.find((entry) => entry.message.message_id === replyTo.messageId);
      if (replyTo && !target && !replyTo.optional) throw badRequest('message to be replied not found');
      if (!alreadyCounted) limits.take(person.id);
      if (markup.reply) chat.replyKeyboard = markup.reply;
      const { message } = append(
        chat,
        { fromBot: true, ...(markup.onPhoneKeyboard ? { hasReplyKeyboard: true } : {}) },
        {
          from: botAsSender(world),
          chat: chatOf(person),
          date: Math.floor(world.now() / 1000),
          ...content,
          ...(target ? { reply_to_message: withoutReply(target.message) } : {}),
          ...(markup.inline ? { reply_markup: markup.inline } : {}),
        },
      );
      chatChanged(world, person.id);
      return message;
    },

    edit(chatId, messageId, change, markup) {
      const { person } = findOpenChat(world, chatId);
      const entry = find(chatId, messageId, 'message to edit not found');
      if (!entry.fromBot || entry.hasReplyKeyboard || entry.message.forward_origin) {
        throw badRequest("message can't be edited");
      }
      const { reply_markup: keyboard, ...before } = entry.message;
      const after = { ...before, ...change(entry.message) };
      if (same(before, after) && same(keyboard, markup.inline)) {
        throw badRequest(
          'message is not modified: specified new message content and reply markup are exactly the same ' +
            'as a current content and reply markup of the message',
        );
      }
      limits.take(person.id);
      const edited = { ...after, edit_date: Math.floor(world.now() / 1000) };
      entry.message = Object.fromEntries(
        Object.entries({ ...edited, reply_markup: markup.inline }).filter(([, value]) => value !== undefined),
      ) as unknown as Message;
      chatChanged(world, person.id);
      return entry.message;
    },

    delete(chatId, messageId) {
      const { person, chat } = findChat(world, chatId);
      const entry = find(chatId, messageId, 'message to delete not found');
      if (world.now() - entry.message.date * 1000 > DELETABLE_MS) throw badRequest("message can't be deleted");
      chat.messages = chat.messages.filter((other) => other !== entry);
      if (chat.pinnedId === messageId) delete chat.pinnedId;
      chatChanged(world, person.id);
    },
  };
}

/** A message inside another carries no reply of its own. */
export function withoutReply(message: Message): Message {
  const copy = { ...message };
  delete copy.reply_to_message;
  return copy;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

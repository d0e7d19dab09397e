/** A person's actions in the chat: write, upload, press, block. They reach the bot only as updates. */
import { formatText, typedText, MAX_TEXT_LENGTH } from './text';
import { asDocument, asPhoto, type Files, type Upload } from './files';
import { append, withoutReply } from './messages';
import { chatChanged, chatOf, personAsUser } from './state';
import type { CallbackRecord, ChatRecord, Person, World } from './state';
import type { ChatMember, Message } from './types';
import type { UpdateQueue } from './updates';

/** Presses are kept this long for the page to show their answers. */
const KEPT_CALLBACKS = 200;

/** The action is impossible in the app: unknown person, no such button. */
export class CannotDo extends Error {}

export interface People {
  /** `replyTo`: the message of the chat that they reply to. */
  write(userId: number, text: string, replyTo?: number): Message[];
  /** `albumId`: several files that are sent together share it. */
  upload(
    userId: number,
    upload: Upload,
    as: 'document' | 'photo',
    more?: { caption?: string | undefined; albumId?: string | undefined },
  ): Promise<Message>;
  /** A message's text, or a file's caption. */
  rewrite(userId: number, messageId: number, text: string): Message;
  /** Presses an inline button, named by its data or its text. */
  press(
    userId: number,
    messageId: number,
    button: { data?: string | undefined; text?: string | undefined },
  ): CallbackRecord;
  setBlocked(userId: number, blocked: boolean): void;
}

export function createPeople(deps: { world: World; updates: UpdateQueue; files: Files }): People {
  const { world, updates, files } = deps;

  const find = (userId: number): Person => {
    const person = world.state.people[String(userId)];
    if (!person) throw new CannotDo(`No user ${userId}; create one with POST /sandbox/telegram/users`);
    return person;
  };

  const openChat = (userId: number): { person: Person; chat: ChatRecord } => {
    const person = find(userId);
    if (person.blockedBot) throw new CannotDo(`User ${userId} has blocked the bot; unblock it first`);
    const chat = (world.state.chats[String(userId)] ??= { nextMessageId: 1, messages: [] });
    return { person, chat };
  };

  const say = (userId: number, content: Partial<Message>): Message => {
    const { person, chat } = openChat(userId);
    const entry = append(
      chat,
      { fromBot: false },
      { from: personAsUser(person), chat: chatOf(person), date: seconds(world), ...content },
    );
    const updateId = updates.push({ message: entry.message });
    if (updateId !== undefined) entry.updateId = updateId;
    chatChanged(world, userId);
    return entry.message;
  };

  return {
    // The apps cut a long text into several messages.
    write: (userId, text, replyTo) => {
      const quoted = openChat(userId).chat.messages.find(({ message }) => message.message_id === replyTo)?.message;
      if (replyTo !== undefined && !quoted) throw new CannotDo(`No message ${replyTo} in the chat of user ${userId}`);
      return pieces(text).map((piece) => {
        const formatted = typedText(piece);
        return say(userId, {
          ...(quoted && { reply_to_message: quoted }),
          text: formatted.text,
          ...(formatted.entities.length ? { entities: formatted.entities } : {}),
        });
      });
    },

    async upload(userId, upload, as, { caption, albumId } = {}) {
      openChat(userId);
      const file = await files.save(as, upload);
      const words = caption ? formatText({ text: caption }, 'caption') : undefined;
      return say(userId, {
        ...(as === 'photo' ? { photo: asPhoto(file) } : { document: asDocument(file) }),
        ...(albumId ? { media_group_id: albumId } : {}),
        ...(words?.text ? { caption: words.text } : {}),
        ...(words?.entities.length ? { caption_entities: words.entities } : {}),
      });
    },

    rewrite(userId, messageId, text) {
      const entry = openChat(userId).chat.messages.find((m) => m.message.message_id === messageId && !m.fromBot);
      if (!entry?.message.text && !entry?.message.document && !entry?.message.photo)
        throw new CannotDo(`No text message or file ${messageId} of user ${userId}`);
      const formatted = typedText(text);
      const isCaption = entry.message.text === undefined;
      const edited = isCaption ? { caption: formatted.text } : formatted;
      entry.message = { ...entry.message, edit_date: seconds(world), ...edited };
      if (formatted.entities.length === 0) delete entry.message.entities;
      updates.push({ edited_message: entry.message });
      chatChanged(world, userId);
      return entry.message;
    },

    press(userId, messageId, wanted) {
      const { person, chat } = openChat(userId);
      const message = chat.messages.find((entry) => entry.message.message_id === messageId)?.message;
      const buttons = message?.reply_markup?.inline_keyboard.flat() ?? [];
      const button = buttons.find((b) =>
        wanted.data === undefined ? b.text === wanted.text : b.callback_data === wanted.data,
      );
      if (!message || !button?.callback_data) {
        const there = buttons.map((b) => `"${b.text}"`).join(', ') || 'none';
        throw new CannotDo(`Message ${messageId} has no such button to press; its buttons: ${there}`);
      }
      const id = String(21_474_836_480_000_000n + BigInt(world.state.nextCallbackId++));
      const record: CallbackRecord = { id, userId, messageId, data: button.callback_data, at: world.now() };
      world.state.callbacks = [...world.state.callbacks, record].slice(-KEPT_CALLBACKS);
      updates.push({
        callback_query: {
          id,
          from: personAsUser(person),
          message: withoutReply(message),
          chat_instance: `-${userId}${world.bot.id}`,
          data: button.callback_data,
        },
      });
      chatChanged(world, userId);
      return record;
    },

    setBlocked(userId, blocked) {
      const person = find(userId);
      if (person.blockedBot === blocked) return;
      person.blockedBot = blocked;
      updates.push({
        my_chat_member: {
          chat: chatOf(person),
          from: personAsUser(person),
          date: seconds(world),
          old_chat_member: membership(world, !blocked),
          new_chat_member: membership(world, blocked),
        },
      });
      chatChanged(world, userId);
    },
  };
}

function membership({ bot }: World, blocked: boolean): ChatMember {
  const user = { id: bot.id, is_bot: true, first_name: bot.first_name, username: bot.username };
  return blocked ? { status: 'kicked', user, until_date: 0 } : { status: 'member', user };
}

function seconds(world: World): number {
  return Math.floor(world.now() / 1000);
}

function pieces(text: string): string[] {
  const trimmed = text.trim();
  const count = Math.ceil(trimmed.length / MAX_TEXT_LENGTH);
  return Array.from({ length: count }, (_, n) => trimmed.slice(n * MAX_TEXT_LENGTH, (n + 1) * MAX_TEXT_LENGTH));
}

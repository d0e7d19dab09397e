/** State of the Telegram sandbox across restarts, and common queries on it. */
import type { SandboxBus } from '../contract';
import { badRequest, forbidden } from './errors';
import type { BotCommand, BotUser, Chat, Message, Update, User } from './types';

/** A person who may write to the bot. */
export interface Person extends User {
  is_bot: false;
  blockedBot: boolean;
}

/** A message as Telegram's server keeps it: the Bot API object and what the API does not show of it. */
export interface StoredMessage {
  message: Message;
  fromBot: boolean;
  /** The update that carried it to the bot. */
  updateId?: number;
  /** Sent with a keyboard that replaces the phone's own: such a message cannot be edited. */
  hasReplyKeyboard?: true;
  /** The bot's reaction. */
  reaction?: string;
}

export interface ChatRecord {
  nextMessageId: number;
  messages: StoredMessage[];
  pinnedId?: number;
  /** Rows of button texts shown in place of the phone's keyboard. */
  replyKeyboard?: string[][];
}

export interface FileRecord {
  fileId: string;
  uniqueId: string;
  kind: 'document' | 'photo';
  path: string;
  name: string;
  mime: string;
  size: number;
  width?: number;
  height?: number;
}

export interface CallbackRecord {
  id: string;
  userId: number;
  messageId: number;
  data: string;
  at: number;
  answer?: { text?: string; showAlert: boolean; url?: string };
}

export interface Webhook {
  url: string;
  secret?: string;
  maxConnections: number;
  setAt: number;
  lastError?: { at: number; message: string };
}

export interface TelegramState {
  /** How far the sandbox's clock was moved ahead of the machine's. */
  clockAheadMs: number;
  nextUpdateId: number;
  nextCallbackId: number;
  nextFileNumber: number;
  people: Record<string, Person>;
  chats: Record<string, ChatRecord>;
  updates: { update: Update; at: number }[];
  /** Absent until a call names them: then the default set goes out. */
  allowedUpdates?: string[];
  webhook?: Webhook;
  files: Record<string, FileRecord>;
  callbacks: CallbackRecord[];
  /** Key: scope and language, see commands.ts. */
  commands: Record<string, BotCommand[]>;
  /** Key: name, description or short_description, then a language code or nothing. */
  profile: Record<string, string>;
}

export function initialState(people: readonly User[]): TelegramState {
  return {
    clockAheadMs: 0,
    nextUpdateId: 100_001,
    nextCallbackId: 1,
    nextFileNumber: 0,
    people: Object.fromEntries(people.map((person) => [person.id, { ...person, is_bot: false, blockedBot: false }])),
    chats: {},
    updates: [],
    files: {},
    callbacks: [],
    commands: {},
    profile: {},
  };
}

/** The context of every part of the Telegram sandbox. */
export interface World {
  state: TelegramState;
  /** The state changed: it will be written. */
  changed: () => void;
  bus: SandboxBus;
  bot: BotUser;
  /** Milliseconds on the sandbox's clock, which the control API can move ahead. */
  now: () => number;
}

/** The bot as it appears in messages, without getMe's extra fields. */
export function botAsSender({ bot }: World): User {
  return { id: bot.id, is_bot: true, first_name: bot.first_name, username: bot.username };
}

export function personAsUser(person: Person): User {
  const user: User & Partial<Person> = { ...person };
  delete user.blockedBot;
  return user;
}

export function chatOf(person: Person): Chat {
  return {
    id: person.id,
    type: 'private',
    first_name: person.first_name,
    ...(person.last_name ? { last_name: person.last_name } : {}),
    ...(person.username ? { username: person.username } : {}),
  };
}

/** The chat the bot asks for. Throws 400 when the person never wrote to the bot. */
export function findChat(world: World, chatId: number | string): { person: Person; chat: ChatRecord } {
  if (chatId === '') throw badRequest('chat_id is empty');
  const person = world.state.people[String(chatId)];
  const chat = world.state.chats[String(chatId)];
  if (!person || !chat) throw badRequest('chat not found');
  return { person, chat };
}

/** Like `findChat`, for a call that would reach the person. Throws 403 when they blocked the bot. */
export function findOpenChat(world: World, chatId: number | string): { person: Person; chat: ChatRecord } {
  const found = findChat(world, chatId);
  if (found.person.blockedBot) throw forbidden('bot was blocked by the user');
  return found;
}

/** Tells the page that a chat looks different, and keeps the state. */
export function chatChanged(world: World, chatId: number): void {
  world.changed();
  world.bus.emit('telegram', { chatId });
}

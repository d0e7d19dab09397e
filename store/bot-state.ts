/**
 * What the bot keeps over a restart: `sessions`, where each conversation stands, and `notices`, messages that offer to
 * resume.
 */
import type { Db } from 'mongodb';
import type { Indexes } from './shared';

/** `sessions` */
export interface SessionStore {
  get(key: string): Promise<unknown>;
  /** `value` must be JSON-like. */
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

/** A conversation without activity for this long is forgotten, seconds. */
const KEEP_SECONDS = 90 * 86_400;

export const SESSION_INDEXES: Indexes = { sessions: [{ key: { updatedAt: 1 }, expireAfterSeconds: KEEP_SECONDS }] };

export function createSessionStore(db: Db): SessionStore {
  const sessions = db.collection<{ _id: string; value: unknown; updatedAt: Date }>('sessions');

  return {
    get: async (key) => (await sessions.findOne({ _id: key }))?.value,
    set: async (key, value) =>
      void (await sessions.replaceOne({ _id: key }, { value, updatedAt: new Date() }, { upsert: true })),
    delete: async (key) => void (await sessions.deleteOne({ _id: key })),
  };
}

/** A Telegram message that offers to resume a paused campaign, for as long as it offers it. */
interface Notice {
  campaignId: string;
  chatId: number;
  messageId: number;
}

/** `notices` */
export interface NoticeStore {
  add(notice: Notice): Promise<void>;
  all(): Promise<Notice[]>;
  /** Removes it: the caller that gets true changes the message. */
  take(notice: Pick<Notice, 'chatId' | 'messageId'>): Promise<boolean>;
}

interface NoticeDocument extends Notice {
  /** `<chat>:<message>`. */
  _id: string;
}

const idOf = ({ chatId, messageId }: Pick<Notice, 'chatId' | 'messageId'>): string => `${chatId}:${messageId}`;

export function createNoticeStore(db: Db): NoticeStore {
  const notices = db.collection<NoticeDocument>('notices');
  return {
    add: async (notice) => void (await notices.replaceOne({ _id: idOf(notice) }, notice, { upsert: true })),
    all: async () =>
      (await notices.find().toArray()).map(({ campaignId, chatId, messageId }) => ({ campaignId, chatId, messageId })),
    take: async (notice) => (await notices.deleteOne({ _id: idOf(notice) })).deletedCount === 1,
  };
}

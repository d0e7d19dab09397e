/** `notices`: messages in Telegram that offer to resume a campaign which stands still, for as long as they offer it. */
import type { Db } from 'mongodb';

interface Notice {
  campaignId: string;
  chatId: number;
  messageId: number;
}

export interface NoticeStore {
  add(notice: Notice): Promise<void>;
  all(): Promise<Notice[]>;
  /** Takes it away: whoever gets true is the one who changes the message. */
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

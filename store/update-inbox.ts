/**
 * `updates`: what Telegram has sent to the bot and the bot has not dealt with yet. An update is kept before Telegram hears
 * that it was taken, so that a bot that dies in the middle goes on with it when it starts again. `_id` = Telegram's.
 */
import type { Db } from 'mongodb';
import { insertNew, type Indexes } from './shared';

export interface UpdateInbox {
  /** Keeps it, durably. False when it was kept before: it is being dealt with, or was. */
  keep(update: { update_id: number }): Promise<boolean>;
  /** It has been dealt with: what it said is forgotten, that it came is remembered for a day. */
  done(updateId: number): Promise<void>;
  /**
   * What has not been dealt with, in the order in which it came, now taken up by this bot; to ask again changes nothing.
   * One that was taken up by so many before, and each time outlived the bot, is given up: it may be what kills it.
   */
  left(bot: string): Promise<{ update: { update_id: number }; at: Date }[]>;
}

interface UpdateDocument {
  _id: number;
  at: Date;
  /** As JSON: its keys may be anything. Absent once it is done. */
  update?: string;
  /** The bots that have taken it up when they started. */
  takers?: string[];
}

/** Telegram keeps an update no longer. */
const KEEP_SECONDS = 86_400;
const MOST_TAKEN_UP = 3;

export const UPDATE_INDEXES: Indexes = { updates: [{ key: { at: 1 }, expireAfterSeconds: KEEP_SECONDS }] };

export function createUpdateInbox(db: Db): UpdateInbox {
  const updates = db.collection<UpdateDocument>('updates');

  return {
    keep: async (update) => {
      const document = { _id: update.update_id, at: new Date(), update: JSON.stringify(update) };
      return (await insertNew(updates, [document])).size === 0;
    },
    done: async (_id) => void (await updates.updateOne({ _id }, { $unset: { update: 1 } })),
    left: async (bot) => {
      const open = { update: { $exists: true } };
      const killers = { ...open, [`takers.${MOST_TAKEN_UP - 1}`]: { $exists: true }, takers: { $ne: bot } };
      await updates.updateMany(killers, { $unset: { update: 1 } });
      await updates.updateMany(open, { $addToSet: { takers: bot } });
      const found = await updates.find(open).sort({ _id: 1 }).toArray();
      return found.map(({ update, at }) => ({ update: JSON.parse(update!) as { update_id: number }, at }));
    },
  };
}

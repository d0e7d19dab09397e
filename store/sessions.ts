/** `sessions`: where each Telegram conversation stands, so that a restart of the bot loses nothing. */
import type { Db } from 'mongodb';

export interface SessionStore {
  get(key: string): Promise<unknown>;
  /** `value` must be JSON-like. */
  set(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

/** A conversation that nobody went on with for this long is forgotten, seconds. */
const KEEP_SECONDS = 90 * 86_400;

/** The collection, its indexes made. */
export async function createSessionStore(db: Db): Promise<SessionStore> {
  const sessions = db.collection<{ _id: string; value: unknown; updatedAt: Date }>('sessions');
  await sessions.createIndex({ updatedAt: 1 }, { expireAfterSeconds: KEEP_SECONDS });

  return {
    get: async (key) => (await sessions.findOne({ _id: key }))?.value,
    set: async (key, value) =>
      void (await sessions.replaceOne({ _id: key }, { value, updatedAt: new Date() }, { upsert: true })),
    delete: async (key) => void (await sessions.deleteOne({ _id: key })),
  };
}

/** `templates`: the list as last read from Gupshup, a set for each sender. */
import type { Db } from 'mongodb';
import type { Template, TemplateStatus } from '../domain/template';
import type { TemplateDocument } from './documents';

export interface TemplateStore {
  /** Replaces what is known of the sender's templates. */
  replace(sender: string, templates: readonly Template[], now: Date): Promise<void>;
  list(sender: string): Promise<{ templates: Template[]; syncedAt?: Date }>;
  setStatus(sender: string, id: string, status: TemplateStatus): Promise<void>;
}

/** The collection, its indexes made. */
export async function createTemplateStore(db: Db): Promise<TemplateStore> {
  const templates = db.collection<TemplateDocument>('templates');
  await templates.createIndex({ sender: 1, name: 1 });

  return {
    replace: async (sender, list, now) => {
      if (list.length > 0) {
        await templates.bulkWrite(
          list.map((template) => ({
            replaceOne: {
              filter: { _id: `${sender}:${template.id}` },
              replacement: { ...template, sender, syncedAt: now },
              upsert: true,
            },
          })),
        );
      }
      // By name, not by age: of two readings at once the older one must not make the newer one delete everything.
      await templates.deleteMany({ sender, _id: { $nin: list.map(({ id }) => `${sender}:${id}`) } });
    },
    list: async (sender) => {
      const found = await templates.find({ sender }).sort({ name: 1, language: 1 }).toArray();
      const syncedAt = found[0]?.syncedAt;
      return {
        templates: found.map(({ _id, sender: _sender, syncedAt: _at, ...template }) => template),
        ...(syncedAt ? { syncedAt } : {}),
      };
    },
    setStatus: async (sender, id, status) =>
      void (await templates.updateOne({ _id: `${sender}:${id}` }, { $set: { status } })),
  };
}

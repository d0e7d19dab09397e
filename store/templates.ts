/** `templates`: the list as last read from Gupshup, a set for each sender. */
import type { Db } from 'mongodb';
import { latestTimeOf } from '../domain/event-time';
import type { Template } from '../domain/templates/template';
import type { TemplateDocument } from './documents';
import type { Indexes } from './shared';

export interface TemplateStore {
  /** Replaces what is known of the sender's templates. */
  replace(sender: string, templates: readonly Template[], now: Date): Promise<void>;
  /** `stale` when there is a template that is not in it. */
  list(sender: string): Promise<{ templates: Template[]; syncedAt?: Date; stale?: true }>;
  /** Those of the sender that an event means, as they are known now. */
  meant(sender: string, which: TemplateReference): Promise<TemplateDocument[]>;
  /**
   * Writes what an event says of a template, unless something newer is known. Answers with the ids of the templates it
   * means: none when it is new, and then the list is stale. Events of webhooks of version 3 may name it by Meta's
   * id, so that name and language count too.
   */
  change(sender: string, which: TemplateReference, change: TemplateChange, at: Date): Promise<string[]>;
}

/** What an event names a template by. */
interface TemplateReference {
  id?: string;
  name?: string;
  language?: string;
}

export type TemplateChange = Partial<Pick<Template, 'status' | 'quality' | 'category' | 'reason'>>;

export const TEMPLATE_INDEXES: Indexes = { templates: [{ key: { sender: 1, name: 1 } }] };

export function createTemplateStore(db: Db): TemplateStore {
  const templates = db.collection<TemplateDocument>('templates');

  async function meant(sender: string, { id, name, language }: TemplateReference): Promise<TemplateDocument[]> {
    const names = [...(id ? [{ _id: `${sender}:${id}` }] : []), ...(name && language ? [{ name, language }] : [])];
    return names.length > 0 ? templates.find({ sender, $or: names }).toArray() : [];
  }

  return {
    meant,
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
        templates: found.map(
          ({ _id, sender: _sender, syncedAt: _at, changedAt: _changed, stale: _stale, ...template }) => template,
        ),
        ...(syncedAt ? { syncedAt } : {}),
        ...(found.some(({ stale }) => stale) ? { stale: true } : {}),
      };
    },
    change: async (sender, which, change, at) => {
      const { id, name, language } = which;
      if (!id && !(name && language)) return [];
      const known = await meant(sender, which);
      if (known.length === 0) await templates.updateMany({ sender }, { $set: { stale: true } });
      const isApproved = change.status === 'APPROVED';
      for (const { _id } of known) {
        await templates.updateOne(
          {
            _id,
            syncedAt: { $lte: latestTimeOf(at) },
            $or: [{ changedAt: { $exists: false } }, { changedAt: { $lte: at } }],
          },
          { $set: { ...change, changedAt: at }, ...(isApproved && { $unset: { reason: 1 } }) },
        );
      }
      return known.map((one) => one.id);
    },
  };
}

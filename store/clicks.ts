/**
 * `clicks`: each press of a tracked link, appended; how many people pressed and when first is counted when it is asked
 * for. `linkKeys`: the key of the links' codes, made once and the same for every role. Neither holds a number or a name.
 */
import { randomBytes } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import type { Indexes } from './shared';

export interface Click {
  campaignId: string;
  /** The delivery's number. */
  n: number;
  at: Date;
}

interface LinkKeyDocument {
  _id: 'current';
  /** 16 bytes in base64. */
  key: string;
}

/** What came of one delivery's link. */
interface Clicked {
  n: number;
  firstAt: Date;
  count: number;
}

export interface ClickStore {
  /** Keeps presses; those of one call are one write. */
  add(clicks: readonly Click[]): Promise<void>;
  /** Of each delivery whose link was pressed. */
  ofCampaign(campaignId: string): AsyncIterable<Clicked>;
  /** Which of these deliveries' links were pressed. */
  among(campaignId: string, ns: readonly number[]): Promise<Set<number>>;
  /** How many people have pressed, and how often together. */
  count(campaignId: string): Promise<{ people: number; clicks: number }>;
  /** The key of the codes, 16 bytes; made when it is first asked for. */
  key(): Promise<Buffer>;
}

export const CLICK_INDEXES: Indexes = { clicks: [{ key: { campaignId: 1, n: 1 } }] };

const KEY_BYTES = 16;

export function createClickStore(db: Db): ClickStore {
  const clicks: Collection<Click> = db.collection('clicks');
  const keys = db.collection<LinkKeyDocument>('linkKeys');

  const byDelivery = (campaignId: string) =>
    clicks.aggregate<{ _id: number; firstAt: Date; count: number }>([
      { $match: { campaignId } },
      { $group: { _id: '$n', firstAt: { $min: '$at' }, count: { $sum: 1 } } },
    ]);

  async function* ofCampaign(campaignId: string): AsyncGenerator<Clicked> {
    for await (const { _id, firstAt, count } of byDelivery(campaignId)) yield { n: _id, firstAt, count };
  }

  return {
    add: async (added) => {
      if (added.length > 0)
        await clicks.insertMany(
          added.map((one) => ({ ...one })),
          { ordered: false },
        );
    },
    ofCampaign,
    among: async (campaignId, ns) => new Set(await clicks.distinct('n', { campaignId, n: { $in: [...ns] } })),
    count: async (campaignId) => {
      const sum = { people: 0, clicks: 0 };
      for await (const { count } of ofCampaign(campaignId)) {
        sum.people += 1;
        sum.clicks += count;
      }
      return sum;
    },
    key: async () => {
      const _id = 'current' as const;
      const found =
        (await keys.findOne({ _id })) ??
        (await keys.findOneAndUpdate(
          { _id },
          { $setOnInsert: { key: randomBytes(KEY_BYTES).toString('base64') } },
          { upsert: true, returnDocument: 'after' },
        ));
      if (!found) throw new Error('linkKeys: the key of the tracked links could not be made');
      return Buffer.from(found.key, 'base64');
    },
  };
}

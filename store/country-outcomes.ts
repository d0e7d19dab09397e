/**
 * `countryOutcomes`: of each campaign that has ended how many messages to which country arrived, one small document. They
 * are counted once, so that what is expected of the next campaign needs no look at the deliveries, which grow for ever.
 */
import type { Db } from 'mongodb';
import { type CountryOutcome, createCountryOutcomes } from '../domain/country-delivery';
import { createCountryOf } from '../domain/phones/phone-country';
import { ofCampaign } from './delivery-lookups';
import type { CampaignDocument, DeliveryDocument } from './documents';
import type { Indexes } from './shared';

interface OutcomeDocument {
  /** The campaign. */
  _id: string;
  endedAt: Date;
  outcomes: CountryOutcome[];
}

export interface CountryOutcomeStore {
  /**
   * Counts campaigns that ended in `from` ≤ t < `to` and are not counted yet, tests left out. Answers with how many. Safe to
   * repeat, and beside another process.
   */
  count(range: { from: Date; to: Date }, stop?: AbortSignal): Promise<number>;
  /** Of campaigns that have ended since, as far as they are counted. */
  since(at: Date): Promise<CountryOutcome[][]>;
}

export const COUNTRY_OUTCOME_INDEXES: Indexes = { countryOutcomes: [{ key: { endedAt: -1 } }] };

export function createCountryOutcomeStore(db: Db): CountryOutcomeStore {
  const outcomes = db.collection<OutcomeDocument>('countryOutcomes');
  const campaigns = db.collection<CampaignDocument>('campaigns');
  const deliveries = db.collection<DeliveryDocument>('deliveries');

  async function countOne({ _id, endedAt }: Pick<CampaignDocument, '_id' | 'endedAt'>): Promise<void> {
    const sums = createCountryOutcomes(createCountryOf());
    const found = deliveries.find(ofCampaign(_id), { projection: { state: 1, phone: 1 } }).batchSize(1_000);
    for await (const delivery of found) sums.add(delivery);
    await outcomes.replaceOne({ _id }, { endedAt: endedAt!, outcomes: sums.outcomes() }, { upsert: true });
  }

  return {
    count: async ({ from, to }, stop) => {
      const ended = await campaigns
        .find(
          // Without their numbers nothing can be said of their countries.
          { endedAt: { $gte: from, $lt: to }, test: false, forgottenAt: { $exists: false } },
          { projection: { endedAt: 1 } },
        )
        .toArray();
      if (ended.length === 0) return 0;
      const counted = new Set(
        (await outcomes.find({ endedAt: { $gte: from } }, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id),
      );
      let count = 0;
      for (const campaign of ended) {
        if (stop?.aborted || counted.has(campaign._id)) continue;
        // Every worker begins a round at its start: what another has counted meanwhile is not read again.
        if (await outcomes.findOne({ _id: campaign._id }, { projection: { _id: 1 } })) continue;
        await countOne(campaign);
        count++;
      }
      return count;
    },
    since: async (at) =>
      (await outcomes.find({ endedAt: { $gte: at } }, { projection: { outcomes: 1 } }).toArray()).map(
        (one) => one.outcomes,
      ),
  };
}

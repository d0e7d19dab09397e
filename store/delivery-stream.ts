/** All deliveries of a campaign, in the order of their numbers without an index on the number, or as they lie. */
import type { Collection } from 'mongodb';
import { ofCampaign } from './delivery-lookups';
import { type DeliveryDocument, deliveryId } from './documents';

/** So many at once (store/shared.ts), and so many pages that are being read while one is worked on. */
const PAGE = 100;
const AHEAD = 4;

export interface StreamOptions {
  states?: readonly string[];
  /** Costs the database a third. */
  inAnyOrder?: boolean;
}

export interface DeliveryStream extends AsyncIterable<DeliveryDocument> {
  toArray(): Promise<DeliveryDocument[]>;
}

/**
 * Memory for a few pages, whatever the campaign's size. Numbers have no gaps: the first page without a delivery is the
 * end.
 */
export function streamDeliveries(
  deliveries: Collection<DeliveryDocument>,
  campaignId: string,
  { states, inAnyOrder = false }: StreamOptions = {},
): DeliveryStream {
  const page = async (first: number): Promise<DeliveryDocument[]> => {
    const ids = Array.from({ length: PAGE }, (_, at) => deliveryId(campaignId, first + at));
    const found = await deliveries.find({ _id: { $in: ids } }).toArray();
    return found.sort((one, other) => one.n - other.n);
  };

  async function* all(): AsyncGenerator<DeliveryDocument> {
    const coming: Promise<DeliveryDocument[]>[] = [];
    for (let first = 0; ; first += PAGE) {
      const next = page(first);
      // If the reader stops early, or its work fails, nobody waits for this page.
      next.catch(() => undefined);
      coming.push(next);
      if (coming.length < AHEAD) continue;
      const found = await coming.shift()!;
      if (found.length === 0) return;
      for (const delivery of found) if (!states || states.includes(delivery.state)) yield delivery;
    }
  }

  if (inAnyOrder) {
    const ofStates = states ? { state: { $in: states as DeliveryDocument['state'][] } } : {};
    return deliveries.find({ ...ofCampaign(campaignId), ...ofStates }).batchSize(1_000);
  }
  return {
    [Symbol.asyncIterator]: all,
    toArray: async () => {
      const found: DeliveryDocument[] = [];
      for await (const delivery of all()) found.push(delivery);
      return found;
    },
  };
}

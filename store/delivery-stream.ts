/** All deliveries of a campaign in the order of their numbers, without an index on the number. */
import type { Collection } from 'mongodb';
import { type DeliveryDocument, deliveryId } from './documents';

/** So many at once. A gap in the numbers as long as this would end the stream; the freezing leaves none. */
const PAGE = 1_000;

export interface DeliveryStream extends AsyncIterable<DeliveryDocument> {
  toArray(): Promise<DeliveryDocument[]>;
}

/** The next page is read while one is worked on: memory for two of them, whatever the campaign's size. */
export function streamDeliveries(
  deliveries: Collection<DeliveryDocument>,
  campaignId: string,
  states?: readonly string[],
): DeliveryStream {
  const page = async (first: number): Promise<DeliveryDocument[]> => {
    const ids = Array.from({ length: PAGE }, (_, at) => deliveryId(campaignId, first + at));
    const found = await deliveries
      .find({ _id: { $in: ids } })
      .batchSize(PAGE)
      .toArray();
    return found.sort((one, other) => one.n - other.n);
  };

  async function* all(): AsyncGenerator<DeliveryDocument> {
    let next = page(0);
    for (let first = PAGE; ; first += PAGE) {
      const found = await next;
      if (found.length === 0) return;
      next = page(first);
      // If the reader stops early, or its work fails, nobody waits for this page.
      next.catch(() => undefined);
      for (const delivery of found) if (!states || states.includes(delivery.state)) yield delivery;
    }
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

/** People of an earlier campaign: as its deliveries say, and who of them pressed a link. */
import type { Person } from '../domain/audience';
import type { DeliveryDocument } from '../store/documents';
import type { AudienceServices } from './sources';

/** The person of a delivery, with the values they were sent as columns p1, p2 …. */
export function personOf({ phone, name, params, origin }: DeliveryDocument): Person {
  const values = params.map((value, index) => [`p${index + 1}`, value]);
  return {
    phones: phone === undefined ? [] : [phone],
    columns: { ...(name && { name }), ...Object.fromEntries(values) },
    origin,
  };
}

/** The numbers of those of the deliveries whose person pressed a tracked link. */
export async function pressedAmong(
  campaignId: string,
  deliveries: readonly DeliveryDocument[],
  clicks: AudienceServices['clicks'],
): Promise<Set<number>> {
  if (!clicks) throw new Error('an audience by clicks: expected the store of clicks, got none');
  const ns = deliveries.map(({ n }) => n);
  return ns.length > 0 ? clicks.among(campaignId, ns) : new Set();
}

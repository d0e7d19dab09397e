/** Opens what a campaign names as its audience: the people, one after another. */
import type { AmocrmClient } from '../clients/amocrm/client';
import type { AudienceSource, Person } from '../domain/audience';
import type { DeliveryStore } from '../store/deliveries';

export interface AudienceServices {
  crm: Pick<AmocrmClient, 'people'>;
  lists: {
    /** The people of a saved list, in the order of the file. */
    rows(listId: string): AsyncIterable<Person>;
  };
  /** Deliveries of earlier campaigns. */
  deliveries: Pick<DeliveryStore, 'stream'>;
}

/** The people of a source, in a stable order. The stream throws what the service behind it throws. */
export function openAudience(
  source: AudienceSource,
  { crm, lists, deliveries }: AudienceServices,
  signal?: AbortSignal,
): AsyncIterable<Person> {
  switch (source.kind) {
    case 'crm':
      return crm.people(source.pipelineId, source.statusId, signal);
    case 'list':
      return lists.rows(source.listId);
    case 'phones':
      return typedIn(source.phones);
    case 'outcome':
      return ofOutcome(source, deliveries);
  }
}

// An async generator like the other sources, although nothing is waited for.
async function* typedIn(phones: readonly string[]): AsyncGenerator<Person> {
  for (const [index, phone] of phones.entries()) yield { phones: [phone], columns: {}, origin: String(index + 1) };
}

async function* ofOutcome(
  { campaignId, states, codes, families }: Extract<AudienceSource, { kind: 'outcome' }>,
  deliveries: AudienceServices['deliveries'],
): AsyncGenerator<Person> {
  for await (const delivery of deliveries.stream(campaignId, { states })) {
    if (codes && !codes.includes(delivery.code ?? '')) continue;
    if (families && !families.includes(delivery.family ?? '')) continue;
    const params = delivery.params.map((value, index) => [`p${index + 1}`, value]);
    const columns = { ...(delivery.name && { name: delivery.name }), ...Object.fromEntries(params) };
    yield { phones: delivery.phone ? [delivery.phone] : [], columns, origin: delivery.origin };
  }
}

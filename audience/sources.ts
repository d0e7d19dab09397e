/** Opens what a campaign names as its audience: the people, one after another. */
import type { AmocrmClient } from '../clients/amocrm/client';
import type { AudienceSource, Person } from '../domain/audience';

export interface AudienceServices {
  crm: Pick<AmocrmClient, 'people'>;
  lists: {
    /** The people of a saved list, in the order of the file. */
    rows(listId: string): AsyncIterable<Person>;
  };
}

/** The people of a source, in a stable order. The stream throws what the service behind it throws. */
export function openAudience(
  source: AudienceSource,
  { crm, lists }: AudienceServices,
  signal?: AbortSignal,
): AsyncIterable<Person> {
  switch (source.kind) {
    case 'crm':
      return crm.people(source.pipelineId, source.statusId, signal);
    case 'list':
      return lists.rows(source.listId);
    case 'phones':
      return typedIn(source.phones);
  }
}

// An async generator like the other sources, although nothing is waited for.
async function* typedIn(phones: readonly string[]): AsyncGenerator<Person> {
  for (const [index, phone] of phones.entries()) yield { phones: [phone], columns: {}, origin: String(index + 1) };
}

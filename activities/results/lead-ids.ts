/** Which CRM lead a person of an audience is: by the CRM itself, by a list's column, or by the campaign before. */
import { crmLead, sourceOf, type AudienceSource, type SimpleSource } from '../../domain/audience';
import { leadColumn } from '../../domain/reading/lead-column';
import { shownOf } from '../../domain/reading/cell';
import type { Store } from '../../store/connect';

/** Audiences of outcomes of audiences of outcomes: further back nobody looks. */
const MOST_STEPS = 10;

/** The lead of a delivery's origin; undefined for people who have none. Reads each list once, keeping a number a row. */
export function createLeadIds(
  store: Pick<Store, 'campaigns' | 'lists'>,
): (audience: AudienceSource, origin: string) => Promise<number | undefined> {
  const lists = new Map<string, Map<string, number>>();
  const audiences = new Map<string, AudienceSource | undefined>();

  async function ofList(listId: string): Promise<Map<string, number>> {
    const known = lists.get(listId);
    if (known) return known;
    const leads = new Map<string, number>();
    const column = leadColumn((await store.lists.find(listId))?.columns ?? []);
    if (column !== undefined) {
      for await (const { columns, origin } of store.lists.rows(listId)) {
        const lead = leadNumber(shownOf(columns[column] ?? ''));
        if (lead !== undefined) leads.set(origin, lead);
      }
    }
    lists.set(listId, leads);
    return leads;
  }

  async function audienceOf(campaignId: string): Promise<AudienceSource | undefined> {
    if (!audiences.has(campaignId)) audiences.set(campaignId, (await store.campaigns.find(campaignId))?.spec.audience);
    return audiences.get(campaignId);
  }

  async function inSource(source: SimpleSource, origin: string, steps: number): Promise<number | undefined> {
    switch (source.kind) {
      case 'crm':
        return crmLead({ source, origin });
      case 'list':
        return (await ofList(source.listId)).get(origin);
      case 'follow_up':
      case 'outcome': {
        const before = steps > 0 ? await audienceOf(source.campaignId) : undefined;
        return before && find(before, origin, steps - 1);
      }
      case 'phones':
        return undefined;
    }
  }

  const find = (audience: AudienceSource, given: string, steps: number): Promise<number | undefined> => {
    const { source, origin } = sourceOf(audience, given);
    return inSource(source, origin, steps);
  };
  return (audience, origin) => find(audience, origin, MOST_STEPS);
}

/** `24100001`, also as spreadsheets write it; undefined for anything else. */
function leadNumber(text: string): number | undefined {
  const plain = text.replace(/[\s\u00a0]/g, '').replace(/[.,]0+$/, '');
  return /^[1-9]\d{0,14}$/.test(plain) ? Number(plain) : undefined;
}

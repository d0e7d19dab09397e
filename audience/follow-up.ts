/** The people of a campaign's follow-up: all whom the campaign reached, with the reason of those who leave. */
import { inBatches } from '../domain/batches';
import { crmLead, sourceOf, type FollowUpSource, type LeadStage, type Person } from '../domain/audience';
import { leaves } from '../domain/follow-ups';
import { personKey } from '../domain/phones/person';
import type { CampaignDocument, DeliveryDocument } from '../store/documents';
import { personOf, pressedAmong } from './earlier';
import type { AudienceServices } from './sources';

type Services = Pick<AudienceServices, 'deliveries' | 'replies' | 'clicks' | 'campaigns' | 'crm'>;

const BATCH = 500;
/** A message that arrived: whether it is read is another question. */
const REACHED = ['delivered', 'read'] as const;

/**
 * In the order of the campaign, with the values they were sent as columns p1, p2 …, each with the reason if they leave.
 * Its control group was never reached, so it is not among them. Throws what the CRM throws.
 */
export async function* followUpPeople(
  { campaignId, to, earlier }: FollowUpSource,
  services: Services,
  signal?: AbortSignal,
): AsyncGenerator<Person> {
  const { deliveries, replies, campaigns } = services;
  const campaign = await campaigns?.find(campaignId);
  if (!campaign) throw new Error(`follow-up: campaign ${campaignId} is not in the store`);
  const ids = [campaignId, ...earlier];
  const actedLater = await actedIn(earlier, to, services);
  for await (const batch of inBatches(deliveries.stream(campaignId, { states: [...REACHED] }), BATCH)) {
    const phones = batch.flatMap(({ phone }) => phone ?? []);
    const answered = new Set<string>();
    if (phones.length > 0) {
      for (const id of ids) for (const phone of await replies.answered(id, phones)) answered.add(phone);
    }
    const pressed = to === 'not_clicked' ? await pressedAmong(campaignId, batch, services.clicks) : new Set<number>();
    const stages = await stagesNow(campaign, batch, services, signal);
    for (const delivery of batch) {
      const { n, state, phone } = delivery;
      const isPerson = phone !== undefined;
      const acted =
        (to === 'not_read' && state === 'read') || pressed.has(n) || (isPerson && actedLater.has(personKey(phone)));
      const lead = stages?.of(delivery);
      const skip = leaves({ replied: isPerson && answered.has(phone), acted, ...(lead && { lead }) });
      yield { ...personOf(delivery), ...(skip && { skip }) };
    }
  }
}

/** Who has read, or pressed a link of, one of the earlier steps: a key for each person. */
async function actedIn(earlier: readonly string[], to: FollowUpSource['to'], services: Services): Promise<Set<string>> {
  const people = new Set<string>();
  if (to === 'not_replied') return people;
  const states = to === 'not_read' ? (['read'] as const) : (['accepted', 'sent', ...REACHED, 'unknown'] as const);
  for (const id of earlier) {
    for await (const batch of inBatches(services.deliveries.stream(id, { states: [...states] }), BATCH)) {
      const pressed = to === 'not_clicked' ? await pressedAmong(id, batch, services.clicks) : undefined;
      for (const { n, phone } of batch) if (phone && (!pressed || pressed.has(n))) people.add(personKey(phone));
    }
  }
  return people;
}

/** Where these people's leads stood and stand; undefined when none of them comes from the CRM. */
async function stagesNow(
  campaign: CampaignDocument,
  batch: readonly DeliveryDocument[],
  { crm }: Services,
  signal?: AbortSignal,
): Promise<
  | { of(delivery: DeliveryDocument): { then: LeadStage | undefined; now: LeadStage | undefined } | undefined }
  | undefined
> {
  const leadOf = ({ origin }: DeliveryDocument): number | undefined =>
    crmLead(sourceOf(campaign.spec.audience, origin));
  const ids = [...new Set(batch.flatMap((delivery) => leadOf(delivery) ?? []))];
  if (ids.length === 0) return undefined;
  if (!crm.leadsById) throw new Error('a follow-up of CRM leads: expected the CRM, got none');
  const leads = await crm.leadsById(ids, signal);
  return {
    of: (delivery) => {
      const id = leadOf(delivery);
      return id === undefined ? undefined : { then: delivery.stage, now: leads.get(id) };
    },
  };
}

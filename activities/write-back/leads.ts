/** A campaign's outcome for each CRM lead it came from. */
import { inBatches } from '../../domain/batches';
import { crmLead, sourceOf } from '../../domain/audience';
import type { DeliveryState } from '../../domain/story/delivery';
import { furtherOf } from '../../domain/story/write-back';
import type { CampaignDocument, DeliveryDocument } from '../../store/documents';
import type { Store } from '../../store/connect';

export interface LeadOutcome {
  leadId: number;
  /** The furthest state of its deliveries. */
  state: DeliveryState;
  /** The code of a failure. */
  code?: string;
  detail?: string;
  /** When the message was sent. */
  at?: Date;
  /** The person has replied, and not to opt out. */
  replied: boolean;
  /** The stage in which the campaign found it; absent if the audience named none. */
  stage?: { pipelineId: number; statusId: number };
}

const BATCH = 500;

/**
 * By lead. If another lead with the same number was messaged instead, this lead has that outcome. Keeps one entry per
 * lead in memory.
 */
export async function leadOutcomes(
  store: Pick<Store, 'deliveries' | 'replies'>,
  campaign: CampaignDocument,
): Promise<Map<number, LeadOutcome>> {
  const leads = new Map<number, LeadOutcome>();
  const byOrigin = new Map<string, LeadOutcome>();
  const doubles: { lead: LeadOutcome; first: string }[] = [];
  for await (const batch of inBatches(store.deliveries.stream(campaign._id, { inAnyOrder: true }), BATCH)) {
    const phones = batch.flatMap(({ phone }) => phone ?? []);
    const answered = await store.replies.answered(campaign._id, phones, { withoutChoice: true });
    for (const delivery of batch) {
      const lead = leadOf(campaign, delivery, answered);
      if (!lead) continue;
      byOrigin.set(delivery.origin, lead);
      if (delivery.skipReason === 'duplicate' && delivery.detail) doubles.push({ lead, first: delivery.detail });
      leads.set(lead.leadId, merged(lead, leads.get(lead.leadId)));
    }
  }
  for (const { lead, first } of doubles) {
    const same = byOrigin.get(first);
    if (same) leads.set(lead.leadId, merged({ ...same, ...own(lead) }, leads.get(lead.leadId)));
  }
  return leads;
}

/** Undefined for people who do not come from the CRM. */
function leadOf(
  campaign: CampaignDocument,
  { origin: given, state, code, detail, phone, acceptedAt, claimedAt }: DeliveryDocument,
  answered: ReadonlySet<string>,
): LeadOutcome | undefined {
  const { source, origin } = sourceOf(campaign.spec.audience, given);
  const leadId = crmLead({ source, origin });
  if (source.kind !== 'crm' || leadId === undefined) return undefined;
  const { pipelineId, statusId } = source;
  const at = acceptedAt ?? claimedAt;
  return {
    leadId,
    state,
    ...(state === 'failed' && { ...(code && { code }), ...(detail && { detail }) }),
    ...(at && { at }),
    replied: phone !== undefined && answered.has(phone),
    ...(pipelineId !== undefined && statusId !== undefined && { stage: { pipelineId, statusId } }),
  };
}

/** The lead's own facts, even if another lead has the same number. */
function own({ leadId, stage }: LeadOutcome): Pick<LeadOutcome, 'leadId' | 'stage'> {
  return { leadId, ...(stage && { stage }) };
}

function merged(one: LeadOutcome, other: LeadOutcome | undefined): LeadOutcome {
  if (!other) return one;
  const further = furtherOf(one.state, other.state) === one.state ? one : other;
  return { ...further, replied: one.replied || other.replied };
}

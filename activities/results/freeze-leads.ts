/**
 * Keeps where each lead of a campaign stands when its people are frozen, and in which group. Without it nobody could say
 * later what has moved.
 */
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { AmocrmClient } from '../../clients/amocrm/client';
import { redactText } from '../../config/logger';
import { batchesOf } from '../../domain/batches';
import { resultsInput, type LeadState } from '../../domain/results';
import type { Store } from '../../store/connect';
import type { CampaignDocument, DeliveryDocument } from '../../store/documents';
import { resultLeadId, type ResultLead } from '../../store/results';
import { createLeadIds } from './lead-ids';

export interface FreezeLeadsDependencies {
  store: Pick<Store, 'campaigns' | 'deliveries' | 'lists' | 'results'>;
  crm: Pick<AmocrmClient, 'visitLeads'>;
}

const KEPT_AT_ONCE = 500;
const HEARTBEAT_EVERY_MS = 5_000;

/**
 * Does nothing for a campaign that asks for no results. If amoCRM does not say where the leads are, the campaign goes on
 * all the same: the report then says so. A repeated attempt starts over.
 */
export function createFreezeLeads({ store, crm }: FreezeLeadsDependencies) {
  async function keepLeads(campaign: CampaignDocument, days: number[]): Promise<void> {
    const { _id: id } = campaign;
    const state = (await store.campaigns.find(id))?.state ?? 'gone';
    // A suspended attempt that goes on after another one would take where leads are now for where they were.
    if (state !== 'preparing')
      throw new Error(`campaign ${id}: cannot keep its leads: expected state preparing, got ${state}`);
    await store.results.clear(id);
    const { leads, mixed } = await dividedLeads(store, campaign);
    const [states, failed] = await statesOf([...leads.keys()], crm);
    const kept = [...leads.values()].map((lead): ResultLead => {
      const before = states.get(lead.leadId);
      return { ...lead, ...(before && { before }) };
    });
    for (const part of batchesOf(kept, KEPT_AT_ONCE)) {
      cancellationSignal().throwIfAborted();
      await store.results.keepLeads(part);
    }
    const head = { _id: id, days, frozenAt: new Date(), leads: kept.length, mixed };
    await store.results.begin({ ...head, ...(failed !== undefined && { failed }) });
  }

  return async (campaign: CampaignDocument): Promise<void> => {
    const { spec } = campaign;
    if (!spec.results || !resultsInput(campaign).results) return;
    // amoCRM may keep it waiting for longer than a heartbeat may.
    const beat = setInterval(() => heartbeat(0), HEARTBEAT_EVERY_MS);
    try {
      await keepLeads(campaign, spec.results.days);
    } finally {
      clearInterval(beat);
    }
  };
}

/**
 * The leads of those who are to be written to or are held back, each with its group. A lead whose number another lead had
 * first belongs to that person; one with people in both groups to neither.
 */
async function dividedLeads(
  store: FreezeLeadsDependencies['store'],
  { _id: campaignId, spec }: CampaignDocument,
): Promise<{ leads: Map<number, ResultLead>; mixed: number }> {
  const leadOf = createLeadIds(store);
  const leads = new Map<number, ResultLead>();
  const mixed = new Set<number>();
  const people = new Map<string, Pick<ResultLead, 'n' | 'group' | 'variant'>>();
  const doubles: { leadId: number; first: string }[] = [];
  const add = (leadId: number, person: Pick<ResultLead, 'n' | 'group' | 'variant'>): void => {
    const known = leads.get(leadId);
    if (known && known.group !== person.group) mixed.add(leadId);
    if (!known) leads.set(leadId, { _id: resultLeadId(campaignId, leadId), campaignId, leadId, ...person });
  };
  for await (const delivery of store.deliveries.stream(campaignId)) {
    const leadId = await leadOf(spec.audience, delivery.origin);
    if (leadId === undefined) continue;
    if (delivery.skipReason === 'duplicate' && delivery.detail) doubles.push({ leadId, first: delivery.detail });
    const group = groupOf(delivery);
    if (!group) continue;
    const { n, variant } = delivery;
    const person = { n, group, ...(group === 'written' && variant !== undefined && { variant }) };
    people.set(delivery.origin, person);
    add(leadId, person);
  }
  for (const { leadId, first } of doubles) {
    const person = people.get(first);
    if (person) add(leadId, person);
  }
  for (const leadId of mixed) leads.delete(leadId);
  return { leads, mixed: mixed.size };
}

/** As the people were divided, whatever becomes of the message; undefined for those who are in neither group. */
function groupOf({ state, skipReason }: DeliveryDocument): ResultLead['group'] | undefined {
  if (state !== 'skipped') return 'written';
  return skipReason === 'control' ? 'control' : undefined;
}

async function statesOf(
  ids: readonly number[],
  crm: FreezeLeadsDependencies['crm'],
): Promise<[states: Map<number, LeadState>, failed?: string]> {
  const states = new Map<number, LeadState>();
  try {
    await crm.visitLeads(
      ids,
      ({ id, pipelineId, statusId, price }) => void states.set(id, { pipelineId, statusId, price }),
      cancellationSignal(),
    );
    return [states];
  } catch (error) {
    cancellationSignal().throwIfAborted();
    return [states, redactText((error as Error).message)];
  }
}

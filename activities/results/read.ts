/**
 * Reads a campaign's leads again in the CRM, counts them and keeps the reading. The reading is written whole, in one
 * write at the end: an attempt that dies leaves nothing, and the next one starts over.
 */
import { ApplicationFailure, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { AmocrmClient } from '../../clients/amocrm/client';
import { atPoint } from '../../config/crash-points';
import { resultReadings } from '../../config/metrics';
import { createResultCount, leadFate, type LeadState } from '../../domain/results';
import { ASKED_FOR, nextReading } from '../../domain/story/results';
import type { Store } from '../../store/connect';
import type { ResultLead } from '../../store/results';
import type { ResultsActivities } from '../contract';

export interface ResultsDependencies {
  store: Pick<Store, 'campaigns' | 'results'>;
  crm: Pick<AmocrmClient, 'account' | 'pipelines' | 'visitLeads'>;
}

/** Keeps the activity alive while it waits for its turn or for amoCRM (ms). */
const HEARTBEAT_EVERY_MS = 3_000;

export function createResultsActivities({ store, crm }: ResultsDependencies): ResultsActivities {
  async function read(campaignId: string, day: number, known: number): Promise<{ people: number }> {
    const signal = cancellationSignal();
    const leads: ResultLead[] = [];
    for await (const lead of store.results.leads(campaignId)) leads.push(lead);
    // Forgotten since the reading was due: zeros would look like a result.
    if (leads.length === 0 && known > 0)
      throw ApplicationFailure.nonRetryable(`campaign ${campaignId}: its leads are forgotten`, 'Forgotten');
    const { currency } = await crm.account();
    const stages = new Map(
      (await crm.pipelines()).map(({ id, statuses }) => [id, statuses.map((status) => status.id)] as const),
    );
    const now = new Map<number, LeadState>();
    await atPoint('results-read', () =>
      crm.visitLeads(
        leads.map(({ leadId }) => leadId),
        ({ id, pipelineId, statusId, price }) => void now.set(id, { pipelineId, statusId, price }),
        signal,
      ),
    );
    const readAt = new Date();
    const count = createResultCount();
    for (const { leadId, n, group, variant, before } of leads) {
      const state = now.get(leadId);
      const fate = leadFate(before, state, (pipelineId) => stages.get(pipelineId));
      count.add({ person: n, group, ...(variant !== undefined && { variant }), fate, price: state?.price ?? 0 });
    }
    const cells = count.cells();
    // An attempt that was replaced while it stood still must write nothing more.
    signal.throwIfAborted();
    await atPoint('results-kept', () => store.results.keep({ campaignId, day, readAt, currency, cells }));
    resultReadings.inc({ outcome: 'read' });
    return { people: cells.reduce((sum, { people }) => sum + people, 0) };
  }

  return {
    async nextReading({ campaignId }) {
      const [campaign, head] = await Promise.all([store.campaigns.find(campaignId), store.results.find(campaignId)]);
      if (!campaign?.endedAt || !head) return undefined;
      const read = (await store.results.readings(campaignId)).map(({ day }) => day);
      const done = [...read, ...(head.missed ?? [])];
      const next = nextReading({ days: head.days, done, endedAt: campaign.endedAt }, Date.now());
      // Of the forgotten nothing says any more whose leads they were.
      const missed = campaign.forgottenAt ? head.days.filter((one) => !done.includes(one)) : (next?.missed ?? []);
      if (missed.length > 0) await store.results.miss(campaignId, missed);
      if (!next || campaign.forgottenAt) {
        await store.results.close(campaignId);
        return undefined;
      }
      return { day: next.day, at: next.at };
    },

    async readResults({ campaignId, day }) {
      const head = await store.results.find(campaignId);
      if (!head) return { people: 0 };
      const beat = setInterval(() => heartbeat(), HEARTBEAT_EVERY_MS);
      try {
        return await read(campaignId, day, head.leads);
      } finally {
        clearInterval(beat);
      }
    },

    async giveUpReading({ campaignId, day }) {
      resultReadings.inc({ outcome: 'given_up' });
      if (day !== ASKED_FOR) await store.results.miss(campaignId, [day]);
    },
  };
}

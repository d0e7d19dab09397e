/** The CRM of a road as an admin sees it, and campaigns to its leads that have ended. */
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import type { DeliveryDocument } from '../../store/documents';
import { resultLeadId } from '../../store/results';
import { call, type Answer, type Loose } from '../sandbox/sandbox-support';
import { sampleCampaign } from '../report/sample';
import { phoneOf } from '../store/support';
import type { Road } from '../support/road';

/** A stage with more than two hundred leads. */
export const STAGE = { pipelineId: 7_041_001, statusId: 58_200_003 };

export interface RoadCrm {
  lead(id: number): Promise<Loose>;
  /** All of STAGE, by id. */
  stage(): Promise<Loose[]>;
  /** All there are. */
  all(): Promise<Loose[]>;
  notes(): Promise<Loose[]>;
  tasks(): Promise<Loose[]>;
  patch(id: number, change: object): Promise<Answer>;
}

/** amoCRM of the road's sandbox, as an admin sees it. */
export function crmOf(road: Road): RoadCrm {
  const base = `${road.sandbox.url}/amocrm/api/v4`;
  const headers = { authorization: `Bearer ${SANDBOX_CREDENTIALS.AMOCRM_TOKEN}` };
  const all = async (path: string, key: string): Promise<Loose[]> => {
    const rows: Loose[] = [];
    for (let page = 1; ; page++) {
      const { status, body } = await call(`${base}/${path}${path.includes('?') ? '&' : '?'}limit=250&page=${page}`, 'GET', undefined, headers); // prettier-ignore
      if (status === 204) return rows;
      rows.push(...body._embedded[key]);
    }
  };
  return {
    lead: async (id: number): Promise<Loose> => (await call(`${base}/leads/${id}`, 'GET', undefined, headers)).body,
    stage: (): Promise<Loose[]> =>
      all(
        `leads?filter[statuses][0][pipeline_id]=${STAGE.pipelineId}&filter[statuses][0][status_id]=${STAGE.statusId}&order[id]=asc`,
        'leads',
      ),
    all: (): Promise<Loose[]> => all('leads?order[id]=asc', 'leads'),
    notes: (): Promise<Loose[]> => all('leads/notes', 'notes'),
    tasks: (): Promise<Loose[]> => all('tasks', 'tasks'),
    patch: (id: number, change: object) => call(`${base}/leads/${id}`, 'PATCH', change, headers),
  };
}

type Outcome = Partial<DeliveryDocument> & Pick<DeliveryDocument, 'state' | 'origin'>;

/** A campaign to leads of the stage that has ended so. */
export async function ended(road: Road, id: string, outcomes: Outcome[]): Promise<void> {
  await road.store.campaigns.insert(
    sampleCampaign({ _id: id, spec: { name: 'Осень', audience: { kind: 'crm', ...STAGE }, audienceLabel: 'stage' } }),
  );
  const acceptedAt = new Date('2026-11-20T09:00:00Z');
  await road.store.deliveries.keep(
    outcomes.map((outcome, n) => ({
      _id: `${id}:${n}`, campaignId: id, n, attempts: 1, params: [],
      ...(outcome.skipReason !== 'duplicate' && { phone: phoneOf(n) }), acceptedAt, ...outcome,
    })),
  ); // prettier-ignore
}

/** The leads of an ended campaign as if its people had been frozen when they stood one stage before. */
export async function keptLeads(road: Road, campaignId: string, leads: readonly number[]): Promise<void> {
  const before = { ...STAGE, statusId: STAGE.statusId - 1, price: 0 };
  await road.store.results.keepLeads(
    leads.map((leadId, n) => ({
      _id: resultLeadId(campaignId, leadId),
      ...{ campaignId, leadId, n, group: 'written' as const, before },
    })),
  );
  await road.store.results.begin({ _id: campaignId, days: [1], frozenAt: new Date(), leads: leads.length, mixed: 0 });
}

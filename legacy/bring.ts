/** Carries out an import proposal. Existing entries are left alone, so a second import changes nothing. */
import type { CampaignDraft, CampaignService } from '../campaigns/contract';
import { explain, type Refusal } from '../config/errors';
import type { Store } from '../store/connect';
import type { PastCampaign } from './past-campaigns';
import type { PlannedCampaign, PlannedList, Proposal } from './propose';

/** The result of one part of the proposal. */
export interface Brought {
  kind: 'list' | 'scheduled' | 'draft' | 'history';
  id: string;
  name: string;
  /** People, or past messages. */
  count: number;
  at?: Date;
  result: 'planned' | 'new' | 'already there' | 'refused' | 'waits';
  why?: string;
  /** What `why` says, for readers of another language. */
  refusals?: readonly Refusal[];
}

export interface BringServices {
  store: Pick<Store, 'lists' | 'campaigns' | 'deliveries'>;
  campaigns: Pick<CampaignService, 'preflight' | 'create' | 'start'>;
}

/** The proposal unchanged, for a dry run. */
export function planned({ lists, campaigns, past }: Proposal): Brought[] {
  return [
    ...lists.map((list) => ofList(list, 'planned')),
    ...campaigns.map((campaign) => ofCampaign(campaign, lists, { result: 'planned' })),
    ...past.map((one) => ofPast(one, 'planned', one.deliveries.length)),
  ];
}

/** Lists come first, because campaigns refer to them. `waits`: why no campaign can be created now, if so. */
export async function bring(
  { lists, campaigns, past }: Proposal,
  services: BringServices,
  waits: string | undefined,
): Promise<Brought[]> {
  const brought: Brought[] = [];
  for (const list of lists) brought.push(await bringList(list, services));
  for (const campaign of campaigns) {
    const outcome = waits ? ({ result: 'waits', why: waits } as const) : await bringCampaign(campaign, services);
    brought.push(ofCampaign(campaign, lists, outcome));
  }
  for (const one of past) brought.push(await bringPast(one, services));
  return brought;
}

async function bringList(list: PlannedList, { store }: BringServices): Promise<Brought> {
  const { id, name, columns, phoneColumn, rows } = list;
  if (await store.lists.find(id)) return ofList(list, 'already there');
  // Remains of an import that was killed.
  await store.lists.writer(id).discard();
  const head = { _id: id, name, columns, phoneColumn, count: rows.length };
  await store.lists.create({ ...head, createdAt: new Date(), createdBy: { kind: 'cli' } }, rows);
  return ofList(list, 'new');
}

type Outcome = Pick<Brought, 'result' | 'why' | 'refusals'>;

async function bringCampaign(planned: PlannedCampaign, { store, campaigns }: BringServices): Promise<Outcome> {
  const { id, name, template, parameters, audience, at } = planned;
  const present = await store.campaigns.find(id);
  if (present && (present.state !== 'draft' || !at)) return { result: 'already there' };
  const draft: CampaignDraft = {
    ...{ name, template, parameters, createdBy: { kind: 'cli' } },
    audience: audience.kind === 'list' ? { kind: 'list', listId: audience.listId } : audience,
    audienceLabel: audience.kind === 'list' ? audience.label : `${audience.pipelineId}:${audience.statusId}`,
  };
  const preflight = await campaigns.preflight(draft);
  if (!preflight.ok) return no([preflight.refusal]);
  if (preflight.value.blocking.length > 0) return no(preflight.value.blocking);
  const created = await campaigns.create(draft, { id });
  if (!created.ok) return no([created.refusal]);
  const started = at ? await campaigns.start(id, { at }) : created;
  return started.ok ? { result: 'new' } : no([started.refusal]);
}

function no(refusals: readonly Refusal[]): Outcome {
  return { result: 'refused', why: refusals.map((refusal) => explain(refusal, 'en')).join(' '), refusals };
}

/** A log that has grown since the last import adds its new entries to that day's campaign. */
async function bringPast(past: PastCampaign, { store }: BringServices): Promise<Brought> {
  const { campaign, deliveries } = past;
  const present = await store.campaigns.find(campaign._id);
  const known = new Set<string | undefined>();
  let next = 0;
  for await (const { phone, n } of store.deliveries.stream(campaign._id)) {
    known.add(phone);
    next = Math.max(next, n + 1);
  }
  const missing = deliveries.filter(({ phone }) => !known.has(phone));
  const numbered = missing.map((delivery, index) => {
    const n = next + index;
    return { ...delivery, n, _id: `${campaign._id}:${n}` };
  });
  await store.deliveries.keep(numbered);
  // The campaign comes last: a campaign that can be found is complete.
  if (!present) await store.campaigns.insert(campaign);
  return ofPast(past, present && missing.length === 0 ? 'already there' : 'new', missing.length);
}

function ofList({ id, name, rows }: PlannedList, result: Brought['result']): Brought {
  return { kind: 'list', id, name, count: rows.length, result };
}

function ofCampaign(
  { id, name, at, audience }: PlannedCampaign,
  lists: readonly PlannedList[],
  outcome: Outcome,
): Brought {
  const list = audience.kind === 'list' ? lists.find((one) => one.id === audience.listId) : undefined;
  const count = list?.rows.length ?? 0;
  return { kind: at ? 'scheduled' : 'draft', id, name, count, ...(at && { at }), ...outcome };
}

function ofPast({ campaign }: PastCampaign, result: Brought['result'], count: number): Brought {
  const { _id: id, spec, startedAt } = campaign;
  return { kind: 'history', id, name: spec.name, count, ...(startedAt && { at: startedAt }), result };
}

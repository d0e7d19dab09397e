/** A campaign with follow-ups as one thing: what the campaign and each step came to, and all together, nobody counted twice. */
import { chainFunnelStep, chainTotal } from '../domain/chain-funnel';
import { costsTogether } from '../domain/cost';
import type { Chain } from '../domain/follow-ups';
import { personKey } from '../domain/phones/person';
import type { Store } from '../store/connect';
import type { CampaignDocument, DeliveryDocument } from '../store/documents';
import type { ChainCounts, ChainReport, ChainReportStep, ReportData } from './data';

interface ChainSource {
  chains: Pick<Store['chains'], 'ofCampaign'>;
  deliveries: Pick<Store['deliveries'], 'stream'>;
  clicks: Pick<Store['clicks'], 'ofCampaign'>;
  replies: Pick<Store['replies'], 'countPeople'>;
}

/** Undefined for a campaign without follow-ups. `own`: its report; `report`: makes that of a step's campaign. */
export async function chainReport(
  source: ChainSource,
  campaign: CampaignDocument,
  own: ReportData,
  report: (campaign: CampaignDocument) => Promise<ReportData>,
): Promise<ChainReport | undefined> {
  const { chain, _id: id } = campaign;
  if (!chain) return undefined;
  const made = new Map((await source.chains.ofCampaign(id)).map((one) => [one._id, one]));
  const steps: ChainReportStep[] = [];
  for (const [index, { afterMs, to, content, campaignId }] of chain.steps.entries()) {
    const one = campaignId === undefined ? undefined : made.get(campaignId);
    steps.push({
      ...{ step: index + 1, template: content.name, afterMs, to },
      ...(one && { campaign: { id: one._id, state: one.state }, counts: countsOf(await report(one)) }),
    });
  }
  const first = countsOf(own);
  const all = [first, ...steps.flatMap(({ counts }) => counts ?? [])];
  const begun = chain.steps.flatMap(({ campaignId }) => made.get(campaignId ?? '') ?? []);
  const isKnown = [campaign, ...begun].every(({ forgottenAt }) => forgottenAt === undefined);
  const spent = costsTogether(all.map((one) => one.spent));
  const { state, dueAt } = standing(campaign, chain);
  return {
    state,
    ...(chain.reason && { reason: chain.reason }),
    ...(dueAt && { dueAt }),
    campaign: first,
    steps,
    ...(isKnown && { people: await peopleOf(source, first, [id, ...begun.map(({ _id }) => _id)]) }),
    messages: chainTotal(all),
    ...(spent && { spent }),
  };
}

/** A report made at the campaign's end comes before its follow-ups have said that their time runs. */
function standing({ state, endedAt }: CampaignDocument, chain: Chain): Pick<Chain, 'state' | 'dueAt'> {
  const [next] = chain.steps;
  return chain.state === 'waiting' && state === 'completed' && endedAt && next
    ? { state: 'counting', dueAt: new Date(endedAt.getTime() + next.afterMs) }
    : chain;
}

function countsOf({ ledger, skips, replied, clicked, cost }: ReportData): ChainCounts {
  const reasons = Object.fromEntries(skips.map(({ reason, count }) => [reason, count]));
  return {
    ...chainFunnelStep({ ledger, skips: reasons, failures: {} }, replied),
    ...(clicked && { clicked: clicked.people }),
    ...(cost && { spent: cost.spent }),
  };
}

/**
 * Steps go only to whom the campaign's own message reached, so that no more people are sent to or reached than by it.
 * Holds a key for each person who read or pressed a step, as many as the steps have at most.
 */
async function peopleOf(
  source: ChainSource,
  first: ChainCounts,
  [id, ...steps]: [string, ...string[]],
): Promise<NonNullable<ChainReport['people']>> {
  const { deliveries, replies } = source;
  const pressedFirst = await pressedIn(source, id);
  const [readers, pressers] = [new Set<string>(), new Set<string>()];
  for (const step of steps) {
    const pressed = await pressedIn(source, step);
    const looked = { inAnyOrder: true, ...(pressed.size === 0 && { states: ['read'] }) };
    for await (const { n, phone, state } of deliveries.stream(step, looked)) {
      if (phone === undefined) continue;
      if (state === 'read') readers.add(personKey(phone));
      if (pressed.has(n)) pressers.add(personKey(phone));
    }
  }
  let { read } = first;
  let clicked = pressedFirst.size;
  if (readers.size + pressers.size > 0) {
    const isAmong = (people: ReadonlySet<string>, { phone }: DeliveryDocument): boolean =>
      phone !== undefined && people.has(personKey(phone));
    const looked = { inAnyOrder: true, ...(pressers.size === 0 && { states: ['delivered'] }) };
    for await (const delivery of deliveries.stream(id, looked)) {
      if (delivery.state === 'delivered' && isAmong(readers, delivery)) read += 1;
      if (!pressedFirst.has(delivery.n) && delivery.state !== 'skipped' && isAmong(pressers, delivery)) clicked += 1;
    }
  }
  const { sent, delivered } = first;
  const counts = { sent, delivered, read, replied: await replies.countPeople(id, ...steps) };
  return clicked > 0 || first.clicked !== undefined ? { ...counts, clicked } : counts;
}

/** Whose links were pressed, by their numbers. */
async function pressedIn({ clicks }: ChainSource, campaignId: string): Promise<ReadonlySet<number>> {
  const pressed = new Set<number>();
  for await (const { n } of clicks.ofCampaign(campaignId)) pressed.add(n);
  return pressed;
}

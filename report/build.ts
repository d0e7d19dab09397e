/** Builds reports from the store. Each is counted in one pass over the deliveries, so that its parts always add up. */
import { done, refused, type Result } from '../config/errors';
import { sourceOf } from '../domain/audience';
import { senderNames, sendersAside } from '../domain/campaign-senders';
import { costsTogether, estimateCost, spentCost, type PriceTable } from '../domain/cost';
import { linkPositions } from '../domain/links';
import { repliesSummary } from '../domain/replies';
import { optionsInForce } from '../domain/story/pace';
import type { CampaignDocument } from '../store/documents';
import type { Store } from '../store/connect';
import { chainReport } from './chain';
import { costOfStep, costPer, type CostPer } from './cost-per';
import type { RangeReportData, ReportCost, ReportData, ReportedCampaign } from './data';
import { withFollowUpCosts } from './follow-up-costs';
import { createGroupTally, createSenderTally, type GroupTally } from './groups';
import { rangeResults } from './range-results';
import { resultsOf } from './results';
import { createTally, type Tally } from './tally';
import { createVariantTally } from './variants';

/** The parts of the store that a report needs. */
export interface ReportSource {
  campaigns: Pick<Store['campaigns'], 'find' | 'startedBetween'>;
  deliveries: Pick<Store['deliveries'], 'stream'>;
  clicks: Pick<Store['clicks'], 'ofCampaign'>;
  replies: Pick<Store['replies'], 'countPeople' | 'answered'>;
  chains: Pick<Store['chains'], 'ofCampaign'>;
  openReplies: Pick<Store['openReplies'], 'ofCampaign'>;
  replyEffects: Pick<Store['replyEffects'], 'counts'>;
  writeBacks: Pick<Store['writeBacks'], 'find' | 'counts'>;
  results: Pick<Store['results'], 'find' | 'readings' | 'sharedLeads'>;
}

export interface BuildOptions {
  /** Without them the report names no cost. */
  prices?: readonly PriceTable[] | undefined;
  /** False for a form that shows deliveries only: what came of the leads of a range is left out. */
  results?: boolean;
}

/** The report of one campaign in any state. Takes about 3 s for 100,000 deliveries. */
export async function buildReport(
  source: ReportSource,
  campaignId: string,
  options: BuildOptions = {},
): Promise<Result<ReportData>> {
  const campaign = await source.campaigns.find(campaignId);
  if (!campaign) return refused('campaign_not_found', { id: campaignId });
  const report = await reportOf(source, campaign, options);
  const followUps: ReportData[] = [];
  const chain = await chainReport(source, campaign, report, async (step) => {
    const made = await reportOf(source, step, options);
    followUps.push(made);
    return made;
  });
  return done({ ...withFollowUpCosts(report, followUps), ...(chain && { chain }) });
}

/** Campaigns started in `from` ≤ t < `to`, perhaps only those with one template. `timezone` says what a day is. */
export interface ReportRange {
  from: Date;
  to: Date;
  template?: string | undefined;
  timezone: string;
}

/** The campaigns of the range, individually and in total; single sends are campaigns of one, tests are left out. */
export async function buildRangeReport(
  source: ReportSource,
  { timezone, template, ...range }: ReportRange,
  options: BuildOptions = {},
): Promise<RangeReportData> {
  const together = { tally: createTally(), groups: createGroupTally(timezone) };
  const reports: ReportData[] = [];
  const chained = new Set<string>();
  for (const campaign of await source.campaigns.startedBetween(range)) {
    if (template !== undefined && campaign.template.name !== template) continue;
    reports.push(await reportOf(source, campaign, options, together));
    if (campaign.chain) chained.add(campaign._id);
  }
  const campaigns: ReportData[] = [];
  for (const report of reports) {
    const { id } = report.campaign;
    const isAsked = chained.has(id) && report.cost && report.results && report.results.readings.length > 0;
    campaigns.push(withFollowUpCosts(report, isAsked ? await followUpsOf(source, id, options, reports) : []));
  }
  const replied = campaigns.reduce((sum, one) => sum + one.replied, 0);
  const estimated = costsTogether(campaigns.map(({ cost }) => cost?.estimated));
  const outcome = together.tally.outcome(replied);
  const spent = costsTogether(campaigns.map(({ cost }) => cost?.spent));
  const results = options.results === false ? undefined : await rangeResults(source, campaigns, timezone);
  return {
    ...range,
    ...(template !== undefined && { template }),
    campaigns,
    ...together.groups.outcome(),
    ...outcome,
    ...(estimated &&
      spent && {
        cost: { estimated, spent },
        costPer: [...costPer(spent, { ledger: outcome.ledger, replied }), ...costPerSome(campaigns)],
      }),
    ...(results && { results }),
    countedAt: new Date(),
  };
}

/** Those that have begun, also after the range or with another template; `known`: reports that are made already. */
async function followUpsOf(
  source: ReportSource,
  campaignId: string,
  options: BuildOptions,
  known: readonly ReportData[],
): Promise<ReportData[]> {
  const found: ReportData[] = [];
  for (const step of await source.chains.ofCampaign(campaignId)) {
    if (!step.startedAt) continue;
    found.push(known.find(({ campaign }) => campaign.id === step._id) ?? (await reportOf(source, step, options)));
  }
  return found;
}

/** Clicks and sales are counted of some campaigns only: for these, what just these cost. */
function costPerSome(campaigns: readonly ReportData[]): CostPer[] {
  return (['clicked', 'won'] as const).flatMap((step) => {
    const counted = campaigns.flatMap(({ cost, clicked, results }) => {
      if (step === 'clicked') return clicked ? [{ count: clicked.people, spent: cost?.spent, followUps: 0 }] : [];
      const latest = results?.readings.at(-1);
      return latest ? [{ count: latest.written.won, spent: latest.spent, followUps: latest.followUps ?? 0 }] : [];
    });
    const count = counted.reduce((sum, one) => sum + one.count, 0);
    const followUps = counted.reduce((sum, one) => sum + one.followUps, 0);
    const spent = costsTogether(counted.map((one) => one.spent));
    const each = spent ? costOfStep(step, count, spent) : [];
    return each.map((one) => ({ ...one, ...(followUps > 0 && { followUps }) }));
  });
}

async function reportOf(
  source: ReportSource,
  campaign: CampaignDocument,
  { prices }: BuildOptions,
  together?: { tally: Tally; groups: GroupTally },
): Promise<ReportData> {
  const tally = createTally();
  const senders = createSenderTally();
  const clicks = linkPositions(campaign.spec) && (await clicksOf(source, campaign._id));
  const variants = createVariantTally(campaign, source.replies, {
    prices,
    day: dayOf(campaign),
    ...(clicks && { clicked: clicks.who }),
  });
  for await (const found of source.deliveries.stream(campaign._id, { inAnyOrder: true })) {
    const { source, origin } = sourceOf(campaign.spec.audience, found.origin);
    const delivery = { ...found, origin };
    tally.add(delivery, source.kind);
    senders.add(found);
    await variants?.add(found);
    together?.tally.add(delivery, source.kind);
    together?.groups.add(delivery, campaign);
  }
  const replied = await source.replies.countPeople(campaign._id);
  together?.groups.addReplied(campaign, replied);
  const dealtWith = repliesSummary(await source.openReplies.ofCampaign(campaign._id));
  const replyEffects = campaign.spec.onReply && (await source.replyEffects.counts(campaign._id));
  const ordered = await source.writeBacks.find(campaign._id);
  const writeBack = ordered && {
    counts: await source.writeBacks.counts(campaign._id),
    ...(ordered.endedAt && { endedAt: ordered.endedAt }),
    ...(ordered.brokenOff && { brokenOff: ordered.brokenOff }),
  };
  const results = await resultsOf(source, campaign);
  const bySender = senders.outcome();
  const cost = prices && costOf(tally, campaign, prices);
  const outcome = tally.outcome(replied);
  return {
    campaign: reported(campaign),
    ...outcome,
    ...(cost && { cost, costPer: costPer(cost.spent, { ledger: outcome.ledger, replied, clicked: clicks?.who.size }) }),
    ...(results && { results }),
    ...(dealtWith.people > 0 && { replies: dealtWith }),
    ...(replyEffects && Object.keys(replyEffects).length > 0 && { replyEffects }),
    ...(clicks && { clicked: { people: clicks.who.size, clicks: clicks.count } }),
    ...(writeBack && { writeBack }),
    ...(bySender.length > 0 && { bySender }),
    ...(await variants?.outcome()),
    ...(campaign.winner && { winner: campaign.winner }),
    countedAt: new Date(),
  };
}

/** The deliveries whose links were pressed, and how often together. */
async function clicksOf(
  { clicks }: Pick<ReportSource, 'clicks'>,
  campaignId: string,
): Promise<{ who: ReadonlySet<number>; count: number }> {
  const who = new Set<number>();
  let count = 0;
  for await (const one of clicks.ofCampaign(campaignId)) {
    who.add(one.n);
    count += one.count;
  }
  return { who, count };
}

function reported(campaign: CampaignDocument): ReportedCampaign {
  const { _id: id, spec, template, state, stateReason, createdBy } = campaign;
  const { createdAt, startedAt, endedAt } = campaign;
  const aside = sendersAside(campaign).map(({ sender, trouble, asideSince: since }) => ({
    ...{ sender, trouble },
    ...(since && { since }),
  }));
  return {
    id,
    name: spec.name,
    template: template.name,
    category: template.category,
    language: template.language,
    audienceLabel: spec.audienceLabel,
    options: optionsInForce(campaign),
    sender: senderNames(campaign),
    ...(aside.length > 0 && { aside }),
    ...(campaign.canaryLook && { canaryLook: campaign.canaryLook }),
    state,
    ...(stateReason && { stateReason }),
    createdBy,
    createdAt,
    ...(startedAt && { startedAt }),
    ...(endedAt && { endedAt }),
  };
}

/** The day whose prices hold for it, in UTC. */
function dayOf({ startedAt, createdAt }: CampaignDocument): string {
  return (startedAt ?? createdAt).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** By the prices of the day it started; undefined when they do not cover its countries. */
function costOf(tally: Tally, campaign: CampaignDocument, prices: readonly PriceTable[]): ReportCost | undefined {
  const { template } = campaign;
  const day = dayOf(campaign);
  const estimated = estimateCost(tally.recipients.meant, template.category, prices, day);
  const spent = spentCost(tally.recipients.delivered, tally.acceptedOnly(), template.category, prices, day);
  return estimated && spent && { estimated, spent };
}

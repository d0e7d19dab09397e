/** Assembles a campaign's current status: its stored facts, its counts, and what it waits for. */
import { GOING_ON, hasEnded } from '../domain/story/campaign';
import { optionsInForce, paceNow, rateUnder } from '../domain/story/pace';
import { hoursAsked } from '../domain/times/sending-hours';
import type { Chain } from '../domain/follow-ups';
import { hasLeads } from '../domain/audience';
import { waitsFor } from '../domain/standing-aside';
import { linkPositions } from '../domain/links';
import { campaignCap, campaignSenders, senderNames, sendersAside } from '../domain/campaign-senders';
import { capOf, type Senders } from '../clients/gupshup/senders';
import type { NoWorker, WorkerPresence } from '../store/heartbeats';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { CampaignStatus } from './contract';
import { opensAgain } from './hours';

/** The counts are at most this old (ms); older ones are counted again and stored for the next caller. */
type StatusOf = (campaign: CampaignDocument, freshMs: number) => Promise<CampaignStatus>;

export function createStatusOf({
  store,
  senders,
  workerPresence,
}: {
  store: Pick<Store, 'campaigns' | 'deliveries' | 'senders' | 'users'>;
  senders: Pick<Senders, 'all' | 'find'>;
  /** Default: a worker is assumed to be alive. */
  workerPresence?: WorkerPresence | undefined;
}): StatusOf {
  /** Undefined while a worker has one of its senders. */
  async function nobodyFor(campaign: CampaignDocument): Promise<NoWorker | undefined> {
    let first: NoWorker | undefined;
    for (const { sender } of campaignSenders(campaign)) {
      const nobody = await workerPresence?.(sender);
      if (!nobody) return undefined;
      first ??= nobody;
    }
    return first;
  }

  async function slowedOf(campaign: CampaignDocument): Promise<NonNullable<CampaignStatus['slowed']>> {
    const looks = campaignSenders(campaign).map(async ({ sender }) => {
      const { slowed } = await store.senders.look(sender);
      return slowed ? [{ sender, perSecond: slowed.perSecond, cap: slowed.cap }] : [];
    });
    return (await Promise.all(looks)).flat();
  }

  return async (campaign, freshMs) => {
    const ageMs = campaign.countedAt ? Date.now() - campaign.countedAt.getTime() : Infinity;
    let counts = campaign.counts;
    const isOld = !counts || ageMs > bearable(freshMs, counts.ledger.total);
    if (!counts || isOld) {
      counts = await store.deliveries.ledger(campaign._id);
      await store.campaigns.keepCounts(campaign._id, counts, new Date());
    }
    const { _id: id, spec, state, stateReason, test, createdAt, startedAt, endedAt, roomWait } = campaign;
    const waiting = (state === 'running' || state === 'settling') && counts.ledger.queued > 0;
    const opensAt = waiting ? opensAgain(hoursAsked(spec), new Date()) : undefined;
    const isRetrying = state === 'settling' && counts.ledger.queued > 0;
    const [noWorker, nextRetryAt, stateBy, slowed] = await Promise.all([
      GOING_ON.includes(state) ? nobodyFor(campaign) : undefined,
      isRetrying ? store.deliveries.nextDue(id) : undefined,
      stateReason && 'by' in stateReason ? memberName(stateReason.by, store.users) : undefined,
      waiting ? slowedOf(campaign) : [],
    ]);
    const cap = campaignCap(campaign, (sender) => capOf(sender, senders));
    const aside = sendersAside(campaign).map(({ sender, trouble, asideSince: since }) => ({
      ...{ sender, trouble },
      ...(since && { since }),
      waitsFor: waitsFor(trouble),
    }));
    return {
      id,
      name: spec.name,
      ...optionsInForce(campaign),
      state,
      ...counts,
      ...(stateReason && { stateReason }),
      stateChangedAt: campaign.stateChangedAt,
      ...(stateBy && { stateBy }),
      ...(campaign.cancelAskedAt && !hasEnded(state) && { cancelling: true as const }),
      template: campaign.template.name,
      audienceLabel: spec.audienceLabel,
      ...(hasLeads(spec.audience) && { hasLeads: true as const }),
      ...(campaign.winner && { winnerTest: campaign.winner }),
      ...(linkPositions(spec) && { countsClicks: true as const }),
      sender: senderNames(campaign),
      capPerSecond: cap,
      ratePerSecond: rateUnder(cap, paceNow(campaign).ratePerSecond),
      ...(aside.length > 0 && !hasEnded(state) && { aside }),
      ...(slowed.length > 0 && { slowed }),
      ...(campaign.canaryLook && { canaryLook: campaign.canaryLook }),
      ...(campaign.scheduledAt && { scheduledAt: campaign.scheduledAt }),
      ...(opensAt && { opensAt }),
      ...(nextRetryAt && { nextRetryAt }),
      ...(waiting && roomWait && roomWait.until.getTime() > Date.now() && { waitsForRoom: roomWait }),
      ...(noWorker && { noWorker }),
      ...(campaign.chain && { chain: chainFacts(campaign.chain) }),
      ...(campaign.followUpOf && {
        followUpOf: { campaignId: campaign.followUpOf.campaignId, step: campaign.followUpOf.step + 1 },
      }),
      createdAt,
      ...(startedAt && { startedAt }),
      ...(endedAt && { endedAt }),
      test,
      ledgerAgeMs: isOld ? 0 : ageMs,
    };
  };
}

/** The name of whoever gave a command, if it was one of the team (`telegram:<id>`). */
export async function memberName(by: string, users: Pick<Store['users'], 'find'>): Promise<string | undefined> {
  const [, id] = /^telegram:(\d+)$/.exec(by) ?? [];
  return id === undefined ? undefined : (await users.find(Number(id)))?.name;
}

function chainFacts({ state, step, steps, dueAt, reason }: Chain): NonNullable<CampaignStatus['chain']> {
  return {
    ...{ state, steps: steps.length },
    ...(step < steps.length && { next: step + 1 }),
    ...(dueAt && { dueAt }),
    ...(reason && { reason }),
  };
}

/** Ten times what counting a delivery costs SecantusDB (ms): glances may take a tenth of the database. */
const BEARABLE_MS_EACH = 0.15;
/** No card is older (ms). */
const MOST_AGE_MS = 15_000;

/** A glance at a large campaign counts it less often; who asks for fresh counts gets them. */
function bearable(freshMs: number, total: number): number {
  return freshMs === 0 ? 0 : Math.max(freshMs, Math.min(total * BEARABLE_MS_EACH, MOST_AGE_MS));
}

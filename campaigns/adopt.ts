/** Restarts the database's active campaigns in this Temporal, after Temporal was moved or emptied. */
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { done, type Result } from '../config/errors';
import { optionsInput } from '../domain/campaign-input';
import { campaignCap, senderInput, sendersAside } from '../domain/campaign-senders';
import { GOING_ON, type CampaignState } from '../domain/story/campaign';
import { paceNow, rateUnder } from '../domain/story/pace';
import type { SettleLimits } from '../domain/story/settling';
import { adoptTemporal } from '../store/binding';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { campaign as campaignWorkflow } from '../workflows/campaign';
import { CAMPAIGN_WORKFLOW, campaignWorkflowId, type CampaignInput } from '../workflows/messages';
import { startOptions } from '../workflows/start-options';
import { startChain } from './follow-ups';
import { ANSWER_TIMEOUT_MS, describeWorkflow, factsOf, unreachable } from './temporal-calls';

export interface Adopted {
  id: string;
  name: string;
  state: CampaignState;
  /** False: this Temporal knows its workflow, so it was left alone. */
  started: boolean;
}

export interface AdoptOptions {
  store: Pick<Store, 'campaigns' | 'chains' | 'deliveries' | 'meta'>;
  temporal: Client;
  /** A sender's cap in messages per second. */
  capOf: (sender: string) => number;
  /** IANA zone of the times shown in the Temporal UI. */
  timezone: string;
  settle: SettleLimits;
}

const MOST_CAMPAIGNS = 100_000;

/**
 * From now on the database belongs to this Temporal. Safe to repeat, and beside workers of the former Temporal: claims
 * persist, so no one gets a second message.
 */
export async function adoptCampaigns(options: AdoptOptions): Promise<Result<Adopted[]>> {
  const { store, temporal } = options;
  try {
    const ours = await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () =>
      adoptTemporal(store.meta, temporal.connection, temporal.options.namespace),
    );
    if (!ours.ok) return ours;
    // First: a campaign that starts anew from its beginning would begin its own, and finds this one.
    for (const campaign of await store.chains.open()) {
      const { state, reason } = campaign.chain!;
      await startChain(temporal, campaign, state === 'paused' ? reason : undefined);
    }
    const adopted: Adopted[] = [];
    for (const campaign of await store.campaigns.list({ limit: MOST_CAMPAIGNS, states: GOING_ON, tests: true })) {
      const started =
        !(await describeWorkflow(temporal, campaignWorkflowId(campaign._id))) && (await startAnew(campaign, options));
      adopted.push({ id: campaign._id, name: campaign.spec.name, state: campaign.state, started });
    }
    return done(adopted);
  } catch (error) {
    const refusal = unreachable(error);
    if (refusal) return refusal;
    throw error;
  }
}

async function startAnew(campaign: CampaignDocument, options: AdoptOptions): Promise<boolean> {
  const { scheduledAt, startedAt, test } = campaign;
  const { lateStart } = campaign.spec;
  const input: CampaignInput = {
    campaignId: campaign._id,
    ...senderInput(campaign),
    ...(test && { first: true as const }),
    ratePerSecond: rateUnder(campaignCap(campaign, options.capOf), paceNow(campaign).ratePerSecond),
    settle: options.settle,
    ...optionsInput(campaign),
  };
  if (startedAt === undefined) {
    // Not started yet: starts at its time, or late according to its policy.
    const startAt = (scheduledAt ?? campaign.createdAt).getTime();
    Object.assign(input, { startAt, ...(lateStart && { lateStart }) });
  } else if (campaign.state !== 'preparing') input.carried = await whereItStood(campaign, options);
  try {
    await options.temporal.workflow.start<typeof campaignWorkflow>(
      CAMPAIGN_WORKFLOW,
      startOptions(input, factsOf(campaign, options.timezone)),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** From the first waiting delivery; those after it that have had their turn are recognised by their state. */
async function whereItStood(
  campaign: CampaignDocument,
  { store }: AdoptOptions,
): Promise<NonNullable<CampaignInput['carried']>> {
  const { _id: id, spec, state, stateReason, recorded, winner } = campaign;
  const { sendable, next } = await store.deliveries.place(id);
  const now = Date.now();
  return {
    state,
    ...(stateReason && { reason: stateReason }),
    sendable,
    next: next ?? sendable,
    ...(state === 'settling' && { settling: { sinceMs: now, changedMs: now, awaiting: -1, polls: 0 } }),
    // What was settled is written down once more: the worker may have died over it.
    ...(winner && {
      winner: { test: winner.test, ...(winner.settled && { chosen: { variant: winner.settled.variant } }) },
    }),
    ...(spec.canary && (next ?? sendable) > spec.canary.people && { canary: 'passed' as const }),
    ...asideOf(campaign),
    taken: [],
    order: Math.max(0, ...Object.values(recorded ?? {})),
  };
}

/** Who stands aside; where none of its senders can send, the one that failed last has paused it instead. */
function asideOf(campaign: CampaignDocument): Pick<NonNullable<CampaignInput['carried']>, 'bySender' | 'lastOut'> {
  const aside = sendersAside(campaign).toSorted((a, b) => timeOf(a.asideSince) - timeOf(b.asideSince));
  const last = aside.length === campaign.senders?.length ? aside.pop() : undefined;
  return {
    ...(aside.length > 0 && {
      bySender: Object.fromEntries(aside.map(({ sender }) => [sender, { isAside: true as const }])),
    }),
    ...(last && { lastOut: last.sender }),
  };
}

function timeOf(at: Date | undefined): number {
  return at?.getTime() ?? 0;
}

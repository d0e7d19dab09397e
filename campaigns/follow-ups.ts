/** A campaign's follow-ups as one thing: seen, edited, paused, resumed and cancelled. */
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { customAlphabet } from 'nanoid';
import { setTimeout as sleep } from 'node:timers/promises';
import { done, refusalOf, refused, type Refusal, type Refused, type Result } from '../config/errors';
import { readOption } from '../domain/campaign-spec';
import {
  followUpColumns,
  saysOther,
  type Chain,
  type ChainStep,
  type FollowUp,
  type StepFacts,
} from '../domain/follow-ups';
import { actorName, type Actor } from '../domain/story/actor';
import { commandFits, hasEnded } from '../domain/story/campaign';
import {
  followUpsWorkflowId,
  FOLLOW_UPS_WORKFLOW,
  OPEN_CHAINS,
  type ChainCommand,
  type ChainProgress,
  type ChainReason,
  type FollowUpsInput,
} from '../domain/story/follow-ups';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { followUps } from '../workflows/follow-ups';
import {
  CAMPAIGNS_QUEUE,
  campaignWorkflowId,
  cancelChainUpdate,
  chainProgressQuery,
  editChainUpdate,
  pauseChainUpdate,
  REFUSED,
  resumeChainUpdate,
} from '../workflows/messages';
import type { CampaignService, CampaignStatus, FollowUpService, FollowUpsStatus } from './contract';
import { noteChange } from './journal';
import { memberName } from './status';
import { ANSWER_TIMEOUT_MS, describeWorkflow, startOnce, unreachable } from './temporal-calls';

export interface FollowUpsDependencies extends Pick<CampaignService, 'command'> {
  store: Pick<Store, 'audit' | 'campaigns' | 'chains' | 'users'>;
  temporal: Client;
  statusOf(campaign: CampaignDocument): Promise<CampaignStatus>;
  /** The step as it is to be stored, or what is wrong with it. */
  check(campaign: CampaignDocument, asked: FollowUp, step: number): Promise<{ step?: ChainStep; problems: Refusal[] }>;
}

/** A chain begins so soon (ms) after its campaign was started. */
const BEGINS_WITHIN_MS = 10_000;
const BEGINS_LOOK_MS = 200;
/** A workflow that ended so has not carried its chain out; it answers queries all the same. */
const BROKEN_OFF: readonly string[] = ['TERMINATED', 'FAILED', 'TIMED_OUT'];

type Chained = CampaignDocument & { chain: Chain };

const newEdit = customAlphabet('23456789abcdefghjkmnpqrstuvwxyz', 8);

export function createFollowUps({
  store,
  temporal,
  statusOf,
  check,
  command: commandCampaign,
}: FollowUpsDependencies): FollowUpService {
  const handleOf = (id: string): WorkflowHandle<typeof followUps> =>
    temporal.workflow.getHandle<typeof followUps>(followUpsWorkflowId(id));

  /** A step's campaign leads to the chain that it belongs to. */
  async function chainOf(id: string): Promise<Result<Chained>> {
    const asked = await store.campaigns.find(id);
    const campaign = asked?.followUpOf ? await store.campaigns.find(asked.followUpOf.campaignId) : asked;
    if (!campaign) return refused('campaign_not_found', { id });
    return campaign.chain ? done(campaign as Chained) : refused('follow_ups_none', { id });
  }

  /** Undefined when Temporal knows no chain of the campaign. Refused when it does not answer. */
  async function toTemporal<T>(
    campaign: Chained,
    command: ChainCommand | 'look',
    ask: () => Promise<T>,
    until = Date.now() + BEGINS_WITHIN_MS,
  ): Promise<Result<T | undefined>> {
    const {
      _id: id,
      chain: { state },
    } = campaign;
    try {
      return done(await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, ask));
    } catch (error) {
      const { cause } = error as { cause?: unknown };
      if (error instanceof WorkflowUpdateFailedError && cause instanceof ApplicationFailure && cause.type === REFUSED) {
        const { state: now, step } = cause.details?.[0] as { state: string; step?: number };
        return step === undefined
          ? refused('follow_ups_state', { command, state: now })
          : refused('follow_up_begun', { id, step: step + 1 });
      }
      // Its campaign was started a moment ago, and has not begun it.
      if (error instanceof WorkflowNotFoundError && command !== 'look' && isYoung(campaign) && Date.now() < until) {
        await sleep(BEGINS_LOOK_MS);
        return toTemporal(campaign, command, ask, until);
      }
      if (error instanceof WorkflowNotFoundError)
        return command === 'look' ? done(undefined) : refused('follow_ups_state', { command, state });
      const refusal = unreachable(error);
      if (refusal) return refusal;
      throw error;
    }
  }

  async function shown(campaign: Chained): Promise<FollowUpsStatus> {
    const { _id: id, spec, chain, sender, state: campaignState } = campaign;
    const isOpen = OPEN_CHAINS.includes(chain.state) && campaignState !== 'draft';
    // At once: without Temporal each takes its time, and what was recorded last is shown.
    const [lost, asked] = isOpen
      ? await Promise.all([
          isLost(campaign),
          toTemporal(campaign, 'look', () => handleOf(id).query(chainProgressQuery)),
        ])
      : [false, done(undefined)];
    const progress: ChainProgress | undefined = asked.ok && !lost ? asked.value : undefined;
    const { state, reason, step, dueAt } = progress ?? { ...chain, dueAt: chain.dueAt?.getTime() };
    const canEdit = progress && OPEN_CHAINS.includes(state) && progress.editable < chain.steps.length;
    const reasonBy = reason && 'by' in reason ? await memberName(reason.by, store.users) : undefined;
    const steps = await Promise.all(
      chain.steps.map(async ({ to, afterMs, template, parameters, mediaUrl, content, campaignId, editedAt }, index) => {
        const made = campaignId === undefined ? undefined : await store.campaigns.find(campaignId);
        return {
          step: index + 1,
          ...{ to, afterMs, template, parameters },
          ...(mediaUrl !== undefined && { mediaUrl }),
          content,
          ...(editedAt && { editedAt }),
          ...(made && { campaign: await statusOf(made) }),
        };
      }),
    );
    return {
      id,
      name: spec.name,
      state,
      ...(reason && { reason }),
      ...(reasonBy && { reasonBy }),
      ...(step < chain.steps.length && { next: step + 1 }),
      ...(dueAt !== undefined && { dueAt: new Date(dueAt) }),
      ...(lost && { lost: true as const }),
      ...(campaignState === 'draft' && { draft: true as const }),
      ...(canEdit && { editable: progress.editable + 1 }),
      sender,
      columns: followUpColumns(spec),
      steps,
    };
  }

  async function find(id: string): Promise<Result<FollowUpsStatus>> {
    const found = await chainOf(id);
    return found.ok ? done(await shown(found.value)) : found;
  }

  /** The campaign of the step that is under way, if one is. One whose workflow has just begun is stored as a draft still. */
  async function underWay(
    { chain }: Chained,
    until = Date.now() + BEGINS_WITHIN_MS,
  ): Promise<CampaignDocument | undefined> {
    const id = chain.steps[chain.step]?.campaignId;
    const campaign = id === undefined ? undefined : await store.campaigns.find(id);
    if (!campaign || hasEnded(campaign.state)) return undefined;
    if (campaign.state !== 'draft') return campaign;
    if (Date.now() > until || !(await describeWorkflow(temporal, campaignWorkflowId(campaign._id)))) return undefined;
    await sleep(BEGINS_LOOK_MS);
    return underWay({ chain } as Chained, until);
  }

  async function give(
    id: string,
    command: 'pause' | 'resume' | 'cancel',
    { by, updateId }: { by: Actor; updateId?: string },
  ): Promise<Result<FollowUpsStatus>> {
    const found = await chainOf(id);
    if (!found.ok) return found;
    const campaign = found.value;
    if (campaign.state === 'draft') return refused('follow_ups_draft', { id: campaign._id });
    const update = { pause: pauseChainUpdate, resume: resumeChainUpdate, cancel: cancelChainUpdate }[command];
    const options = { ...(updateId && { updateId }), args: [{ by: actorName(by) }] as [{ by: string }] };
    const given = await toTemporal(campaign, command, () => handleOf(campaign._id).executeUpdate(update, options));
    if (!given.ok && given.refusal.code !== 'follow_ups_state') return given;
    const lost = !given.ok && (await isLost(campaign));
    if (lost && command === 'pause') return given;
    // Where it stood.
    if (lost && command === 'resume') await startChain(temporal, campaign);
    if (lost && command === 'cancel') {
      const { step } = campaign.chain;
      await store.chains.record(
        campaign._id,
        { state: 'cancelled', step, reason: { by: actorName(by) } },
        Math.max(Date.now(), (campaign.chain.order ?? 0) + 1),
      );
    }
    // The chain may be where the command leads, and its step not: what failed for that is tried again.
    const obeyed = await toStep(campaign._id, command, by);
    if (obeyed && !obeyed.ok) return obeyed;
    return given.ok || lost || obeyed ? find(id) : given;
  }

  /** The step that is under way is part of the whole; it may have begun just now. Undefined: none that the command fits. */
  async function toStep(
    id: string,
    command: 'pause' | 'resume' | 'cancel',
    by: Actor,
  ): Promise<Result<unknown> | undefined> {
    const now = await chainOf(id);
    const step = now.ok ? await underWay(now.value) : undefined;
    if (!step || !commandFits(command, step.state)) return undefined;
    const obeyed = await commandCampaign(step._id, { command, by });
    // What it has become meanwhile the command is no longer for.
    return !obeyed.ok && obeyed.refusal.code === 'campaign_state' ? undefined : obeyed;
  }

  /** It is open, and nothing carries it out: Temporal was emptied, or its workflow was terminated, say. */
  async function isLost(campaign: Chained): Promise<boolean> {
    if (!OPEN_CHAINS.includes(campaign.chain.state) || isYoung(campaign)) return false;
    const asked = await toTemporal(campaign, 'look', () =>
      describeWorkflow(temporal, followUpsWorkflowId(campaign._id)),
    );
    return asked.ok && (asked.value === undefined || BROKEN_OFF.includes(asked.value.status.name));
  }

  async function edit(
    id: string,
    { step: number, by, ...change }: { step: number; by: Actor } & Partial<FollowUp>,
  ): Promise<Result<FollowUpsStatus>> {
    const found = await chainOf(id);
    if (!found.ok) return found;
    const campaign = found.value;
    const before = campaign.chain.steps[number - 1];
    if (!before)
      return refused('follow_up_none', { id: campaign._id, step: number, steps: campaign.chain.steps.length });
    if (campaign.state === 'draft') return refused('follow_ups_draft', { id: campaign._id });
    // A file is one template's: another one brings its own, or needs none.
    const { mediaUrl, ...rest } = before;
    const asked = asSpec({ ...rest, ...(!change.template && mediaUrl !== undefined && { mediaUrl }), ...change });
    const read = readOption('followUps', [asked]);
    if ('problem' in read) return { ok: false, refusal: refusalOf(read.problem) };
    const { step, problems } = await check(campaign, asked, number - 1);
    if (problems[0] || !step) return { ok: false, refusal: problems[0]! };
    const key = newEdit();
    const rewritten = saysOther(before, step) ? { rewritten: [...(before.rewritten ?? []), by] } : {};
    await store.chains.keepEdit(campaign._id, key, { ...step, ...rewritten, editedAt: new Date() });
    const input = { by: actorName(by), step: number - 1, edit: key, afterMs: asked.afterMs };
    const given = await toTemporal(campaign, 'edit', () =>
      handleOf(campaign._id).executeUpdate(editChainUpdate, { args: [input] }),
    );
    // One without an answer may still be carried out.
    if (!given.ok && given.refusal.code !== 'temporal_unreachable') await store.chains.dropEdit(campaign._id, key);
    return given.ok ? find(id) : (given as Refused);
  }

  /** Carries a command out and notes in the journal what it has changed. */
  async function noted(
    id: string,
    command: ChainCommand,
    by: Actor,
    carry: () => Promise<Result<FollowUpsStatus>>,
  ): Promise<Result<FollowUpsStatus>> {
    const before = await chainOf(id);
    const outcome = await carry();
    // A refusal may come from the step alone: the chain has changed all the same.
    const after = outcome.ok ? outcome.value : await chainOf(id).then((now) => (now.ok ? now.value.chain : undefined));
    if (!before.ok || !after || by.kind === 'system') return outcome;
    const entry = { actor: by, what: `follow-ups ${command}`, campaignId: before.value._id };
    // It has been carried out: a database that is away now does not undo that.
    await noteChange(store.audit, entry, factsOf(before.value.chain), factsOf(after)).catch(() => undefined);
    return outcome;
  }

  return {
    find,
    pause: (id, given) => noted(id, 'pause', given.by, () => give(id, 'pause', given)),
    resume: (id, given) => noted(id, 'resume', given.by, () => give(id, 'resume', given)),
    cancel: (id, given) => noted(id, 'cancel', given.by, () => give(id, 'cancel', given)),
    edit: (id, change) => noted(id, 'edit', change.by, () => edit(id, change)),
  };
}

/** What commands change. No text that somebody typed. */
function factsOf({
  state,
  steps,
}: Pick<FollowUpsStatus, 'state'> & { steps: readonly Edited[] }): Record<string, unknown> {
  const facts = steps.map(({ afterMs, to, content, editedAt }, index): [string, StepFacts] => [
    `step ${index + 1}`,
    { afterMs, to, template: content.name, ...(editedAt && { editedAt: editedAt.toISOString() }) },
  ]);
  return { state, ...Object.fromEntries(facts) };
}

type Edited = Pick<ChainStep, 'afterMs' | 'to' | 'content' | 'editedAt'>;

/** It may not have been begun yet. */
function isYoung({ chain: { order }, stateChangedAt }: Chained): boolean {
  return order === undefined && Date.now() - stateChangedAt.getTime() < BEGINS_WITHIN_MS;
}

/** The part of a step that a spec has. */
function asSpec({ to, afterMs, template, parameters, mediaUrl }: FollowUp): FollowUp {
  return { to, afterMs, template, parameters, ...(mediaUrl !== undefined && { mediaUrl }) };
}

/**
 * Begins a chain that this Temporal does not know, or whose workflow broke off, where it stood: at the step that is under
 * way, or the next one; `paused`: it stays so. Once. Throws what Temporal's client throws.
 */
export async function startChain(
  temporal: Client,
  { _id: campaignId, chain }: Pick<CampaignDocument, '_id' | 'chain'>,
  paused?: ChainReason,
): Promise<void> {
  const { steps = [], step = 0 } = chain ?? {};
  const afterMs = steps.map((one) => one.afterMs);
  const input: FollowUpsInput = { campaignId, afterMs, from: step, ...(paused && { paused }) };
  await startOnce<typeof followUps>(temporal, FOLLOW_UPS_WORKFLOW, {
    workflowId: followUpsWorkflowId(campaignId),
    taskQueue: CAMPAIGNS_QUEUE,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    args: [input],
    staticSummary: `follow-ups of campaign ${campaignId}`,
  });
}

/**
 * The campaign lifecycle service: creates, starts and commands campaigns, and turns Temporal's errors into refusals.
 */
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { customAlphabet } from 'nanoid';
import type { CountryCode } from 'libphonenumber-js';
import type { OptOutWords } from '../domain/opt-outs/opt-out-words';
import type { ContactRules } from '../audience/exclusions';
import type { AudienceServices } from '../audience/sources';
import type { PlannerDependencies } from '../audience/planner';
import { capOf, type Senders } from '../clients/gupshup/senders';
import type { MediaChecker } from '../clients/media';
import { done, refused, type Refusal, type Refused, type Result } from '../config/errors';
import type { Logger } from '../config/logger';
import { logCommand, logState } from '../config/story-log';
import type { ApprovalRules } from '../domain/approval';
import { hasLeads } from '../domain/audience';
import { actorName, type Actor } from '../domain/story/actor';
import { commandFits, hasEnded } from '../domain/story/campaign';
import {
  campaignCap,
  campaignSender,
  campaignSenders,
  senderInput,
  senderNames,
  specNow,
  withShares,
  type CampaignSender,
} from '../domain/campaign-senders';
import { optionsInput } from '../domain/campaign-input';
import type { ChainStep, FollowUp } from '../domain/follow-ups';
import { campaignSpec } from '../domain/campaign-spec';
import { DEFAULT_LATE_START } from '../domain/story/late-start';
import { paceNow, rateUnder } from '../domain/story/pace';
import { presentTemplate } from '../domain/templates/present-template';
import { needsMedia, type Template } from '../domain/templates/template';
import type { SettleLimits } from '../domain/story/settling';
import type { WorkerPresence } from '../store/heartbeats';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { campaign as campaignWorkflow } from '../workflows/campaign';
import { CAMPAIGN_WORKFLOW, type CampaignInput } from '../workflows/messages';
import { startOptions } from '../workflows/start-options';
import { createApprovals } from './approval';
import { createRetry } from './retry';
import type { Catalogue } from './catalogue';
import { createCommander, type Command, type Commanding } from './commander';
import type { CampaignDraft, CampaignService, CampaignStatus, CommandRequest } from './contract';
import { checkedStep } from './draft-follow-ups';
import { createFollowUps } from './follow-ups';
import { balanceOf, draftSenders, templateCopies } from './draft-senders';
import { hoursOf, hoursOfSender, type HoursByDefault } from './hours';
import { createJournaled } from './journal';
import { mediaLinkRefusal, mediaOf, mediaStartRefusal, type MediaLinkDependencies, uploadedElsewhere } from './media';
import type { MoneyDependencies } from './money';
import { checkDraft, preflight, type PreflightDependencies } from './preflight';
import { createReconciler } from './reconcile';
import { createSendOne } from './send-one';
import { senderNamed } from './sender-named';
import { createStatusOf } from './status';
import { winnerRefusal } from './winner';
import { ANSWER_TIMEOUT_MS, factsOf, unreachable } from './temporal-calls';

export interface CampaignServiceDependencies extends Omit<MoneyDependencies, 'wallet'>, HoursByDefault {
  store: Store;
  temporal: Client;
  catalogue: Catalogue;
  audience: AudienceServices;
  senders: Senders;
  country: CountryCode;
  /** The zone that decides on which day a moment in a column falls; default UTC. */
  timezone?: string;
  contactRules: ContactRules;
  /** Opt-out words in addition to those understood anyway; default: none. */
  optOutWords?: OptOutWords;
  settle: SettleLimits;
  /** Whether a worker is alive; default: not checked. */
  workerPresence?: WorkerPresence;
  /** Refused if the Temporal is not the database's; default: not checked. */
  belongs?: () => Promise<Result<unknown>>;
  /** Checks media links; default: over the network. */
  media?: MediaChecker;
  /** Somebody's first campaign to so many people asks for their number to be typed; default: none does. */
  largeSend?: number;
  /** Where tracked links are opened, without a slash at its end; default: there are none. */
  linksUrl?: string;
  /** On which days after its end the leads of a campaign from the CRM are read that does not say; default: on none. */
  resultDays?: number[];
  /** Which campaigns need a second person's yes; default: none. */
  approval?: ApprovalRules;
  /** Hears of every command; default: nobody does. */
  log?: Pick<Logger, 'info'>;
}

/** Without look-alike letters and digits: ids are read aloud and typed. */
const newId = customAlphabet('23456789abcdefghjkmnpqrstuvwxyz', 8);

/** Comes first in the order of what a campaign's workflow records. */
const BEFORE_ALL = 1;
/** Maximum age of the shown counts of a running campaign (ms). */
const COUNTS_FRESH_MS = 2_000;
/** The same in lists, where every campaign would be counted. */
const LIST_FRESH_MS = 15_000;
/** How long the answer to a cancel waits for the end (ms). */
const CANCEL_LOOK_MS = 4_000;
/** How often the end is looked for by who waits for it (ms). */
const WAIT_LOOK_MS = { first: 125, most: 1_000 };

export function createCampaignService(dependencies: CampaignServiceDependencies): CampaignService {
  const { store, temporal, senders, country, settle, timezone = 'UTC', log } = dependencies;

  const commander = createCommander({ store, temporal, log });
  const reconciler = createReconciler({ store, temporal });
  const approvals = createApprovals({
    store,
    rules: dependencies.approval,
    look: async (draft, person) => {
      const meant = forDraft(draft);
      return meant.ok ? preflight(draft, meant.value, { person }) : meant;
    },
    command: (id, request) => journaledCommand(id, request),
  });
  const journaled = createJournaled(store);
  const journaledCommand: CampaignService['command'] = (id, request) =>
    journaled(id, { what: `campaign ${request.command}`, by: request.by }, () => command(id, request));
  const journaledStart: CampaignService['start'] = (id, options = {}) =>
    journaled(id, { what: 'campaign start', by: options.by }, () => start(id, options));
  const statusOf = createStatusOf({ store, senders, workerPresence: dependencies.workerPresence });

  /** What a draft is checked against: the wallets and caps of the senders that it names, the hours of the first. */
  function forDraft(draft: Pick<CampaignDraft, 'sender' | 'alsoFrom'>): Result<PreflightDependencies> {
    const found = draftSenders(draft, senders);
    if (!found.ok) return found;
    const [first, ...others] = found.value;
    return done({
      ...dependencies,
      sender: first.app,
      alsoFrom: others.map(({ app }) => app),
      sendsPerSecond: found.value.reduce((sum, { sendsPerSecond }) => sum + sendsPerSecond, 0),
      hours: hoursOfSender(first, dependencies.hours, timezone),
      wallet: () => balanceOf(found.value),
    });
  }

  /** A step (0-based) of a stored campaign as it is to be; its time is counted from now. */
  async function checkStep(
    campaign: CampaignDocument,
    asked: FollowUp,
    step: number,
  ): Promise<{ step?: ChainStep; problems: Refusal[] }> {
    const meant = forDraft(specNow(campaign));
    if (!meant.ok) return { problems: [meant.refusal] };
    const before = (campaign.chain?.steps ?? []).slice(0, step);
    return checkedStep({ asked, at: new Date(Date.now() + asked.afterMs), before }, campaign.spec, meant.value);
  }

  const capOfOne = (sender: string): number => capOf(sender, senders);

  /** What a campaign's media link is checked against. */
  function forCampaign(campaign: CampaignDocument): MediaLinkDependencies & PlannerDependencies {
    return { ...dependencies, sendsPerSecond: campaignCap(campaign, capOfOne) };
  }

  async function status(id: string, freshMs = COUNTS_FRESH_MS): Promise<Result<CampaignStatus>> {
    const campaign = await store.campaigns.find(id);
    return campaign ? done(await statusOf(campaign, freshMs)) : refused('campaign_not_found', { id });
  }

  async function create(
    draft: CampaignDraft,
    { id = newId(), commandId }: { id?: string; commandId?: string } = {},
  ): Promise<Result<{ id: string }>> {
    if (await store.campaigns.find(id)) return done({ id });
    const meant = forDraft(draft);
    if (!meant.ok) return meant;
    const checked = await checkDraft(draft, meant.value);
    if (!checked.ok) return checked;
    const { template, copies, variants, steps } = checked.value;
    const now = new Date();
    const { createdBy, test = false, single, ...asked } = draft;
    // A campaign's preflight warns of it; a single send is shown none.
    if (single && asked.mediaUrl && !needsMedia(template))
      return refused('media_not_taken', { template: template.name });
    await store.campaigns.insert({
      _id: id,
      // Complete and as the schema parses it: later changes of settings do not change what was asked for today.
      spec: {
        ...campaignSpec.parse(asked),
        hours: hoursOf(draft, meant.value, template.category) ?? 'any',
        lateStart: draft.lateStart ?? DEFAULT_LATE_START,
        ...resultsByDefault(draft, dependencies.resultDays),
        ...((draft.controlPercent !== undefined || draft.variants) && { splitKey: draft.splitKey ?? draft.name }),
      },
      test,
      ...(single && { single }),
      state: 'draft',
      stateChangedAt: now,
      template,
      sender: meant.value.sender,
      ...(variants.length > 0 && { variants }),
      ...(steps.length > 0 && { chain: { steps, state: 'waiting' as const, step: 0 } }),
      ...(copies.length > 1 && { senders: withShares(copies, capOfOne) }),
      createdBy,
      ...(commandId && { commandId }),
      createdAt: now,
      watchers: [],
    });
    logState(log, id, { to: 'draft', reason: { by: actorName(createdBy) } });
    return done({ id });
  }

  async function start(id: string, { at, by }: { at?: Date; by?: Actor } = {}): Promise<Result<CampaignStatus>> {
    const campaign = await store.campaigns.find(id);
    if (!campaign) return refused('campaign_not_found', { id });
    if (campaign.state !== 'draft') return done(await statusOf(campaign, COUNTS_FRESH_MS));
    const started = await startDraft(campaign, { at, by });
    const refusal = started.ok ? undefined : started.refusal.code;
    const values = at && { values: { at: at.toISOString() } };
    logCommand(log, id, { command: 'start', by: actorName(by ?? campaign.createdBy), refusal, ...values });
    return started;
  }

  async function startDraft(
    campaign: CampaignDocument,
    { at, by }: { at: Date | undefined; by: Actor | undefined },
  ): Promise<Result<CampaignStatus>> {
    const { _id: id } = campaign;
    if (at && at.getTime() <= Date.now()) return refused('time_past', { value: at.toISOString() });
    const link = await mediaStartRefusal(campaign, at ?? new Date(), forCampaign(campaign));
    if (link) return { ok: false, refusal: link };
    // Of one that starts now, the worker asks once its audience is frozen.
    const asked = at ? await approvals.askEarly(campaign, by ?? campaign.createdBy, at) : undefined;
    if (asked && !asked.ok) return asked;
    // Also without a time: an outage may have refused an earlier start after it was stored.
    if (at || campaign.scheduledAt) await store.campaigns.setSchedule(id, at);
    const { lateStart } = campaign.spec;
    const input: CampaignInput = {
      campaignId: id,
      ...senderInput(campaign),
      ...(campaign.test && { first: true as const }),
      ...(at && { startAt: at.getTime(), ...(lateStart && { lateStart }) }),
      ratePerSecond: rateUnder(campaignCap(campaign, capOfOne), paceNow(campaign).ratePerSecond),
      settle,
      ...optionsInput(campaign),
    };
    try {
      const ours = await dependencies.belongs?.();
      if (ours && !ours.ok) return ours;
      await temporal.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () =>
        temporal.workflow.start<typeof campaignWorkflow>(CAMPAIGN_WORKFLOW, {
          ...startOptions(input, factsOf(campaign, timezone)),
          // A second press finds the first.
          workflowIdConflictPolicy: 'USE_EXISTING',
        }),
      );
    } catch (error) {
      // It has run and ended since the store was read.
      if (error instanceof WorkflowExecutionAlreadyStartedError) return status(id);
      const refusal = unreachable(error);
      if (refusal) return refusal;
      throw error;
    }
    // The workflow records it too; this only lets the answer show it already. Refused if the campaign is further on.
    const first = at ? 'scheduled' : 'preparing';
    if (await store.campaigns.move(id, first, { order: BEFORE_ALL })) logState(log, id, { from: 'draft', to: first });
    return status(id);
  }

  async function command(
    id: string,
    request: CommandRequest & { by: Actor; updateId?: string },
  ): Promise<Result<CampaignStatus>> {
    const campaign = await store.campaigns.find(id);
    if (!campaign) return refused('campaign_not_found', { id });
    if (campaign.state === 'draft' && !commandFits(request.command, 'draft')) {
      return refused('campaign_state', { command: request.command, state: 'draft' });
    }
    if (request.command === 'reschedule') {
      const refusal = await mediaStartRefusal(campaign, request.at, forCampaign(campaign));
      if (refusal) return { ok: false, refusal };
    }
    if (request.command === 'resume') {
      const refusal = (await approvals.resumeRefusal(campaign)) ?? (await stillStopped(campaign));
      if (refusal) return refusal;
    }
    if (request.command === 'chooseWinner') {
      const refusal = winnerRefusal(campaign, request.variant);
      if (refusal) return refusal;
    }
    if (request.command === 'back') {
      const refusal = await backRefusal(campaign, request.sender);
      if (refusal) return refusal;
    }
    const given = request.command === 'move' ? await moved(campaign, request) : done(request);
    if (!given.ok) return given;
    const answer = await commander.give(campaign, given.value);
    if (!answer.ok) {
      // Refused by a workflow that no longer exists: correct the state in MongoDB.
      if (answer.refusal.code === 'campaign_state') await setRight(campaign);
      return answer;
    }
    if (request.command === 'cancel') {
      await store.campaigns.setCancelAsked(id, new Date());
      await untilEnded(id);
    }
    return status(id, 0);
  }

  /** A move with what its workflow must know of the senders; refused if one of them cannot send the template. */
  async function moved(
    campaign: CampaignDocument,
    { senders: apps, ...request }: Extract<CommandRequest, { command: 'move' }> & Commanding,
  ): Promise<Result<Command & Commanding>> {
    const { command } = request;
    // Before Gupshup is asked.
    if (!commandFits(command, campaign.state)) return refused('campaign_state', { command, state: campaign.state });
    if (campaign.variants) return refused('variants_not_moved', {});
    const [sender, ...alsoFrom] = apps;
    const found = draftSenders({ ...(sender !== undefined && { sender }), alsoFrom }, senders);
    if (!found.ok) return found;
    const names = found.value.map(({ app }) => app);
    const elsewhere = uploadedElsewhere(campaign.spec.mediaUrl, names);
    if (elsewhere) return { ok: false, refusal: elsewhere };
    const { copies, problems } = await templateCopies(campaign.template, names, dependencies.catalogue, {
      refresh: true,
    });
    if (problems[0]) return { ok: false, refusal: problems[0] };
    const cap = found.value.reduce((sum, { sendsPerSecond }) => sum + sendsPerSecond, 0);
    const ratePerSecond = rateUnder(cap, paceNow(campaign).ratePerSecond);
    return done({ ...request, command, senders: withShares(copies, capOfOne), ratePerSecond });
  }

  /** Checks the templates and the link of a campaign to be resumed, while something is left to send. */
  async function stillStopped(campaign: CampaignDocument): Promise<Refused | undefined> {
    const { queued, sending } = (await store.deliveries.ledger(campaign._id)).ledger;
    if (queued + sending === 0) return undefined;
    const link = mediaLinkRefusal(mediaOf(campaign), { start: new Date(), people: queued }, forCampaign(campaign));
    if (link) return { ok: false, refusal: link };
    let first: Refused | undefined;
    for (const one of campaignSenders(campaign)) {
      const refusal = await stillStoppedAt(one, campaign);
      // The others stand aside.
      if (!refusal) return variantStopped(one.sender, campaign);
      first ??= refusal;
    }
    return first;
  }

  /** Whether a sender cannot be brought back into the campaign: it would stand aside again at its next send. */
  async function backRefusal(campaign: CampaignDocument, app: string): Promise<Refused | undefined> {
    const one = campaignSender(campaign, app);
    if (!one) return refused('sender_not_of_campaign', { sender: app, senders: senderNames(campaign) });
    if (!one.trouble || !commandFits('back', campaign.state)) return undefined;
    return (await stillStoppedAt(one, campaign)) ?? variantStopped(app, campaign);
  }

  /** Whether a further variant cannot be sent from there: without it nothing would be compared. */
  async function variantStopped(sender: string, { _id: id, variants }: CampaignDocument): Promise<Refused | undefined> {
    const read = variants && (await dependencies.catalogue.templates({ sender }));
    if (!read?.ok) return undefined;
    const now = variants!.map(({ template, copies }) => {
      const templateId = copies.find((copy) => copy.sender === sender)?.templateId ?? template.id;
      return presentTemplate({ ...template, id: templateId }, read.value.templates);
    });
    const kept = variants!.map(({ template, copies }, index) => {
      const present = now[index]!;
      if (present.kind !== 'same') return { template, copies };
      const renamed = copies.map((copy) =>
        copy.sender === sender ? { sender, templateId: present.template.id } : copy,
      );
      return { template, copies: renamed };
    });
    for (const [index, { template }] of variants!.entries()) {
      const present = now[index]!;
      if (present.kind === 'changed') return refused('template_changed', { template: template.name });
      if (present.kind === 'same' && present.template.status !== 'APPROVED')
        return refused('template_still', { template: template.name, status: present.template.status });
    }
    await store.campaigns.setVariants(id, kept);
    return undefined;
  }

  async function stillStoppedAt(
    { sender, templateId }: CampaignSender,
    campaign: CampaignDocument,
  ): Promise<Refused | undefined> {
    const known = senderNamed(sender, senders);
    if (!known.ok) return known;
    const template = { ...campaign.template, id: templateId };
    const read = await dependencies.catalogue.templates({ refresh: true, sender });
    // Gupshup does not answer: the next send will show the problem.
    if (!read.ok) return undefined;
    const present = presentTemplate(template, read.value.templates);
    if (present.kind === 'changed') return refused('template_changed', { template: template.name });
    // A template missing from the list may be new to it: the next send will show the problem.
    if (present.kind === 'gone') return undefined;
    const { template: now } = present;
    if (now.status !== 'APPROVED') return refused('template_still', { template: template.name, status: now.status });
    // Created again word for word: the rest goes out under the new id.
    if (now.id !== templateId) await store.campaigns.setCopy(campaign._id, sender, now);
    return undefined;
  }

  /** The template of a campaign that is resent: under another id if it was created again word for word. */
  async function templateNow({ template, sender }: CampaignDocument): Promise<Result<Template>> {
    const read = await dependencies.catalogue.templates({ sender });
    if (!read.ok) return read;
    const present = presentTemplate(template, read.value.templates);
    if (present.kind === 'same') return done(present.template);
    return present.kind === 'changed'
      ? refused('template_changed', { template: template.name })
      : refused('template_not_found', { template: template.name });
  }

  /**
   * Has a campaign closed whose workflow no longer exists. If Temporal does not answer now, a worker asks again later.
   */
  async function setRight(campaign: CampaignDocument): Promise<void> {
    const wasGone = await reconciler.check(campaign).catch(() => false);
    if (wasGone) await untilEnded(campaign._id);
  }

  /**
   * A cancel is accepted at once and takes effect with the last send in flight; waits long enough for the answer to
   * show it.
   */
  async function untilEnded(id: string): Promise<void> {
    for (const startedAt = Date.now(); Date.now() - startedAt < CANCEL_LOOK_MS; await sleep(100)) {
      const campaign = await store.campaigns.find(id);
      if (!campaign || hasEnded(campaign.state)) return;
    }
  }

  async function wait(
    id: string,
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: (status: CampaignStatus) => void } = {},
  ): Promise<Result<CampaignStatus>> {
    for (let pauseMs = WAIT_LOOK_MS.first; ; pauseMs = Math.min(2 * pauseMs, WAIT_LOOK_MS.most)) {
      const present = await status(id, 900);
      if (!present.ok) return present;
      onProgress?.(present.value);
      if (hasEnded(present.value.state)) return status(id, 0);
      await sleep(pauseMs, undefined, signal && { signal });
    }
  }

  return {
    approvals: approvals.service,
    followUps: createFollowUps({
      store,
      temporal,
      command: journaledCommand,
      statusOf: (campaign) => statusOf(campaign, COUNTS_FRESH_MS),
      check: checkStep,
    }),
    preflight: async (draft, { search } = {}) => {
      const meant = forDraft(draft);
      return meant.ok ? preflight(draft, meant.value, search ? { search } : {}) : meant;
    },
    create,
    start: journaledStart,
    command: journaledCommand,
    async status(id, { fresh = false } = {}) {
      const campaign = fresh && (await store.campaigns.find(id));
      if (campaign) await setRight(campaign);
      return status(id, fresh ? 0 : COUNTS_FRESH_MS);
    },
    list: async ({ limit = 20, states } = {}) => {
      const campaigns = await store.campaigns.list({ limit, ...(states && { states }) });
      return Promise.all(
        campaigns.map((campaign) => statusOf(campaign, hasEnded(campaign.state) ? Infinity : LIST_FRESH_MS)),
      );
    },
    wait,
    ...createRetry({
      store,
      audience: dependencies.audience,
      commander,
      create,
      start,
      templateNow,
      linkRefusal: (campaign) => mediaLinkRefusal(mediaOf(campaign), { start: new Date() }, forCampaign(campaign)),
    }),
    sendOne: createSendOne({ store, country, create, start, command }),
  };
}

function resultsByDefault(
  { results, audience, single, test }: CampaignDraft,
  days: number[] | undefined,
): Pick<CampaignDraft, 'results'> {
  return results || !days || single || test || !hasLeads(audience) ? {} : { results: { days } };
}

/** What a chain of follow-ups does outside of its workflow: looks, makes a step's campaign, records where it stands. */
import { ApplicationFailure } from '@temporalio/activity';
import { capOf, type Senders } from '../clients/gupshup/senders';
import { atPoint } from '../config/crash-points';
import { followUpsStarted } from '../config/metrics';
import { campaignSenders, withShares } from '../domain/campaign-senders';
import type { CampaignSpec } from '../domain/campaign-spec';
import { stepCampaignId, stepName, type Chain } from '../domain/follow-ups';
import { actorName } from '../domain/story/actor';
import { hasEnded } from '../domain/story/campaign';
import { DEFAULT_LATE_START } from '../domain/story/late-start';
import { paceNow } from '../domain/story/pace';
import type { SettleLimits } from '../domain/story/settling';
import { openingAt } from '../domain/times/sending-hours';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { FollowUpActivities } from './contract';
import { madeCampaign } from './made-campaign';

export interface FollowUpDependencies {
  store: Pick<Store, 'alerts' | 'campaigns' | 'chains'>;
  senders: Senders;
  settle: SettleLimits;
  /** IANA zone of times in the Temporal UI; default UTC. */
  timezone?: string;
}

type Chained = CampaignDocument & { chain: Chain };

export function createFollowUpActivities(dependencies: FollowUpDependencies): FollowUpActivities {
  const { store, senders, settle, timezone = 'UTC' } = dependencies;

  async function chainOf(campaignId: string): Promise<Chained> {
    const campaign = await store.campaigns.find(campaignId);
    if (campaign?.chain) return campaign as Chained;
    const lack = campaign ? 'has no follow-ups in the database' : 'is not in the store';
    throw ApplicationFailure.nonRetryable(`campaign ${campaignId} ${lack}`, 'CampaignMissing');
  }

  /** The campaign that was made for the step last, and the id of the next one. */
  async function lastOf({ _id, chain }: Chained, step: number): Promise<{ id: string; made?: CampaignDocument }> {
    const { tries = 0 } = chain.steps[step]!;
    const id = stepCampaignId(_id, step, tries);
    const made = await store.campaigns.find(id);
    return { id, ...(made && { made }) };
  }

  /** The step's campaign as it is to be: from the campaign's own senders, as far as they have the step's template. */
  function stepOf(campaign: Chained, step: number, id: string): CampaignDocument {
    const { chain, spec, createdBy, _id } = campaign;
    const { to, template, parameters, mediaUrl, content, copies, hours } = chain.steps[step]!;
    const going = new Set(campaignSenders(campaign).map(({ sender }) => sender));
    const present = copies.filter(({ sender }) => going.has(sender));
    const from = withShares(present.length > 0 ? present : copies, (sender) => capOf(sender, senders));
    const earlier = chain.steps.slice(0, step).flatMap(({ campaignId }) => campaignId ?? []);
    const { ratePerSecond } = paceNow(campaign);
    const own: CampaignSpec = {
      name: stepName(spec.name, step),
      template,
      audience: { kind: 'follow_up', campaignId: _id, to, earlier },
      audienceLabel: spec.name,
      parameters,
      ...(mediaUrl !== undefined && { mediaUrl }),
      sender: from[0]!.sender,
      ...(from.length > 1 && { alsoFrom: from.slice(1).map(({ sender }) => sender) }),
      hours,
      ...(ratePerSecond !== undefined && { pace: { ratePerSecond } }),
      lateStart: spec.lateStart ?? DEFAULT_LATE_START,
      ...(spec.repliesTo && { repliesTo: spec.repliesTo }),
      ...(spec.onReply && { onReply: spec.onReply }),
    };
    const now = new Date();
    return {
      _id: id,
      followUpOf: { campaignId: _id, step },
      spec: own,
      test: false,
      state: 'draft',
      stateChangedAt: now,
      template: { ...content, id: from[0]!.templateId },
      sender: from[0]!.sender,
      ...(from.length > 1 && { senders: from }),
      createdBy,
      createdAt: now,
      watchers: [],
    };
  }

  /** The team is told by the loop that tells alerts. A pause is everybody's, an end that of whoever made or watches it. */
  async function raise(campaignId: string, kind: 'chainPaused' | 'chainEnded', order: number): Promise<void> {
    const campaign = await store.campaigns.find(campaignId);
    if (!campaign || campaign.test) return;
    const { createdBy, watchers } = campaign;
    const concerned = new Set(watchers.map(({ chatId }) => chatId));
    if (createdBy.kind === 'telegram') concerned.add(createdBy.id);
    if (kind === 'chainEnded' && concerned.size === 0) return;
    await store.alerts.raise({
      kind,
      subject: campaignId,
      condition: { is: new Date(order).toISOString(), at: new Date(order) },
      data: { campaignId },
      ...(kind === 'chainEnded' && { to: [...concerned] }),
    });
  }

  return {
    async lookAtStep({ campaignId, step }) {
      const campaign = step < 0 ? await store.campaigns.find(campaignId) : undefined;
      const looked = step < 0 ? campaign : (await lastOf(await chainOf(campaignId), step)).made;
      if (!looked)
        throw ApplicationFailure.nonRetryable(`campaign ${campaignId}: step ${step} is gone`, 'CampaignMissing');
      const { state, endedAt, stateChangedAt, counts } = looked;
      return {
        state,
        total: counts?.ledger.total ?? 0,
        ...(hasEnded(state) && { endedAt: (endedAt ?? stateChangedAt).getTime() }),
      };
    },

    async stepHours({ campaignId, step }) {
      const { hours } = (await chainOf(campaignId)).chain.steps[step]!;
      // On the recipients' clocks each send looks for itself.
      if (hours === 'any' || hours.zone === 'recipient') return {};
      const opening = openingAt(new Date(), hours, [hours.timezone]);
      return opening.open || !opening.opensAt ? {} : { opensAt: opening.opensAt.getTime() };
    },

    async createStep({ campaignId, step }) {
      let campaign = await chainOf(campaignId);
      let { id, made } = await lastOf(campaign, step);
      // It ended before anybody was in it: nobody can get the step twice.
      if (made && hasEnded(made.state) && (made.counts?.ledger.total ?? 0) === 0) {
        await store.chains.setTries(campaignId, step, (campaign.chain.steps[step]!.tries ?? 0) + 1);
        campaign = await chainOf(campaignId);
        ({ id, made } = await lastOf(campaign, step));
      }
      if (!made) {
        const campaignOfStep = stepOf(campaign, step, id);
        await atPoint('follow-up', () => store.campaigns.insert(campaignOfStep));
        made = (await store.campaigns.find(id))!;
        followUpsStarted.inc();
      }
      await store.chains.setCampaign(campaignId, step, id);
      if (made.state !== 'draft') return { begun: true };
      return madeCampaign(made, { senders, settle, timezone, createdBy: actorName(made.createdBy) });
    },

    async recordChain({ campaignId, order, dueAt, ...stands }) {
      await store.chains.record(
        campaignId,
        { ...stands, ...(dueAt !== undefined && { dueAt: new Date(dueAt) }) },
        order,
      );
      const { state, reason } = stands;
      const event =
        state === 'completed'
          ? 'chainEnded'
          : reason && 'why' in reason && state === 'paused'
            ? 'chainPaused'
            : undefined;
      if (event) await raise(campaignId, event, order);
    },

    async takeEdit({ campaignId, step, edit }) {
      await store.chains.takeEdit(campaignId, step, edit);
    },
  };
}

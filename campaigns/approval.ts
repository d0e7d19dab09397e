/** A second person's yes or no to a campaign, and the question for one that is to start later. */
import { done, refused, type Refused, type Result } from '../config/errors';
import { approvalReasons, askedFor, asksForApproval, printsOf, type ApprovalRules } from '../domain/approval';
import { specNow } from '../domain/campaign-senders';
import type { Actor } from '../domain/story/actor';
import { hasEnded } from '../domain/story/campaign';
import type { Store } from '../store/connect';
import type { ApprovalDocument } from '../store/approvals';
import type { CampaignDocument } from '../store/documents';
import type { ApprovalService, CampaignDraft, CampaignService, Preflight } from './contract';

export interface ApprovalDependencies extends Pick<CampaignService, 'command'> {
  store: Pick<Store, 'approvals' | 'campaigns'>;
  rules: ApprovalRules | undefined;
  /** Reads the audience as the campaign would; `person` gets each sendable number. */
  look(draft: CampaignDraft, person: (phone: string) => void): Promise<Result<Preflight>>;
}

export interface Approvals {
  service: ApprovalService;
  /** Before a campaign that starts later: the question is put now, so that the answer is there in time. */
  askEarly(campaign: CampaignDocument, by: Actor, startAt: Date): Promise<Result<void>>;
  /** Why the campaign must not go on by a mere command. */
  resumeRefusal(campaign: CampaignDocument): Promise<Refused | undefined>;
}

/** The reason of a pause that only a yes ends. */
const NEEDED = 'approval_needed';

export function createApprovals({ store, rules, look, command }: ApprovalDependencies): Approvals {
  const { approvals, campaigns } = store;
  const carryOut = carryOutApproval({ store, command });

  /** Refused for whoever made or started the campaign, for the console, and once the question is no more. */
  async function question(id: string, round: string, by: Actor): Promise<Result<ApprovalDocument>> {
    const one = await approvals.find(id);
    if (!one || one.round !== round) return refused('approval_gone', { id });
    // The console knows no names: it could be the very person who made the campaign.
    if (by.kind !== 'telegram' || one.makers.includes(by.id)) return refused('approval_own', {});
    if (one.state !== 'asked' || one.endsAt.getTime() <= Date.now())
      return refused('approval_settled', { approval: one.state });
    return done(one);
  }

  async function approve(id: string, { round, by }: { round: string; by: Actor }): Promise<Result<ApprovalDocument>> {
    const open = await question(id, round, by);
    if (!open.ok) return open;
    const campaign = await campaigns.find(id);
    if (!campaign || hasEnded(campaign.state)) return refused('approval_gone', { id });
    if (askedFor(campaign.spec, campaign.template) !== open.value.askedFor) return refused('approval_changed', { id });
    if (!(await approvals.decide(open.value, 'approved', { by, at: new Date() })))
      return refused('approval_settled', { approval: open.value.state });
    await carryOut(id);
    return done((await approvals.find(id)) ?? open.value);
  }

  async function refuse(
    id: string,
    { round, by, reason }: { round: string; by: Actor; reason: string },
  ): Promise<Result<ApprovalDocument>> {
    const open = await question(id, round, by);
    if (!open.ok) return open;
    const decision = { by, at: new Date(), reason };
    if (!(await approvals.decide(open.value, 'refused', decision)))
      return refused('approval_settled', { approval: open.value.state });
    await carryOut(id);
    return done((await approvals.find(id)) ?? open.value);
  }

  return {
    service: {
      approve,
      refuse,
      carryOut,
      find: (id) => approvals.find(id),
      open: () => approvals.open(MOST_SHOWN),
    },

    askEarly: async (campaign, by, startAt) => {
      if (!rules || !asksForApproval(rules) || campaign.test) return done(undefined);
      const { _id, createdBy, template } = campaign;
      const spec = specNow(campaign);
      const phones: string[] = [];
      const found = await look({ ...spec, createdBy }, (phone) => void phones.push(phone));
      if (!found.ok) return found;
      const { total, sendable, skips, wholeCost, secondsToSend } = found.value;
      const followUps = (found.value.followUps ?? []).map(({ content }) => content.category);
      // With follow-ups only what all may cost counts.
      const cost = followUps.length > 0 ? wholeCost : found.value.cost;
      const { category } = found.value.template;
      const reasons = approvalReasons({ people: sendable, cost, categories: [category, ...followUps] }, rules);
      if (reasons.length === 0) return done(undefined);
      await approvals.ask({
        _id,
        askedAt: new Date(),
        // Nobody has answered by the start: it is asked again there, with who the people are then.
        endsAt: new Date(startAt.getTime() + rules.withinMs),
        makers: [...new Set([createdBy, by].flatMap((one) => (one.kind === 'telegram' ? [one.id] : [])))],
        facts: {
          people: sendable,
          total,
          skips,
          category,
          ...(followUps.length > 0 && { followUps }),
          ...(cost && { cost }),
          seconds: secondsToSend,
          reasons,
        },
        askedFor: askedFor(campaign.spec, template),
        people: printsOf(phones, _id),
      });
      return done(undefined);
    },

    resumeRefusal: async (campaign) => {
      const one = await approvals.find(campaign._id);
      if (!one || one.state === 'approved') return undefined;
      // Asked early, and it has not come to its start: what it waits for now is something else.
      if (reasonOf(campaign) !== NEEDED && campaign.startedAt === undefined) return undefined;
      return refused('approval_needed', { people: one.facts.people });
    },
  };
}

const MOST_SHOWN = 100;

/**
 * Resumes or cancels the campaign as the answer says; true once there is nothing left to do. What cannot be done now, a
 * worker does later. Safe to repeat.
 */
export function carryOutApproval({
  store: { approvals, campaigns },
  command,
}: {
  store: Pick<Store, 'approvals' | 'campaigns'>;
  command(...given: Parameters<CampaignService['command']>): Promise<{ ok: boolean }>;
}): (id: string) => Promise<boolean> {
  return async (id) => {
    const [one, campaign] = await Promise.all([approvals.find(id), campaigns.find(id)]);
    if (!one || one.state === 'asked') return false;
    const by = one.decision?.by ?? { kind: 'system' as const };
    if (!campaign || hasEnded(campaign.state)) return true;
    const waits = campaign.state === 'paused' && reasonOf(campaign) === NEEDED;
    if (one.state === 'approved') return !waits || (await command(id, { command: 'resume', by })).ok;
    return campaign.state === 'draft' || (await command(id, { command: 'cancel', by })).ok;
  };
}

function reasonOf({ stateReason }: CampaignDocument): string | undefined {
  return stateReason && 'error' in stateReason ? stateReason.error.code : undefined;
}

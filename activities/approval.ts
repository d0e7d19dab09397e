/** Whether a campaign whose audience is frozen must wait for a second person's yes; if so, the question is put. */
import { heartbeat } from '@temporalio/activity';
import { capOf, type Senders } from '../clients/gupshup/senders';
import { allPrices } from '../config/prices';
import {
  approvalReasons,
  askedFor,
  asksForApproval,
  newcomers,
  printsOf,
  type ApprovalRules,
} from '../domain/approval';
import { campaignCap } from '../domain/campaign-senders';
import { estimateAll, type CostEstimate } from '../domain/cost';
import type { ChainStep } from '../domain/follow-ups';
import { createCountryCounter } from '../domain/phones/phone-country';
import type { Actor } from '../domain/story/actor';
import { trouble, type Trouble } from '../domain/story/trouble';
import { wordsOf } from '../domain/templates/present-template';
import type { Template, TemplateCategory } from '../domain/templates/template';
import { sendingSeconds } from '../domain/times/finish';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';

export interface ApprovalCheckDependencies {
  store: Pick<Store, 'approvals' | 'campaigns' | 'deliveries' | 'prices'>;
  /** Absent: no campaign needs a yes. */
  approval?: ApprovalRules;
  pricesFile?: string | undefined;
  senders: Senders;
}

/** The reason to wait, or undefined. Safe to repeat. */
type ApprovalCheck = (campaign: CampaignDocument, template: Template) => Promise<Trouble | undefined>;

export function createApprovalCheck(dependencies: ApprovalCheckDependencies): ApprovalCheck {
  const { store, approval: rules, pricesFile, senders } = dependencies;

  async function costOf(
    countries: ReadonlyMap<string, number>,
    categories: readonly TemplateCategory[],
  ): Promise<CostEstimate | undefined> {
    const prices = await allPrices(store.prices, pricesFile);
    if (!prices.ok) return undefined;
    return estimateAll(countries, categories, prices.value, new Date().toISOString().slice(0, 10));
  }

  /** Of one that is a follow-up. */
  async function stepOf({ followUpOf }: CampaignDocument): Promise<ChainStep | undefined> {
    const root = followUpOf && (await store.campaigns.find(followUpOf.campaignId));
    return root?.chain?.steps[followUpOf!.step];
  }

  return async (campaign, template) => {
    const { _id, spec, createdBy, test } = campaign;
    if (!rules || !asksForApproval(rules) || test) return undefined;
    const step = await stepOf(campaign);
    // As it was when the campaign had its yes, or needed none: it was asked for with it.
    if (step && !step.rewritten && isAsAsked(step.content, template)) return undefined;
    const countries = createCountryCounter();
    const phones: string[] = [];
    for await (const { phone } of store.deliveries.stream(_id, { states: ['queued'], inAnyOrder: true })) {
      if (phone === undefined) continue;
      phones.push(phone);
      countries.add(phone);
      if (phones.length % 1000 === 0) heartbeat(phones.length);
    }
    const { category } = template;
    const followUps = (campaign.chain?.steps ?? []).map(({ content }) => content.category);
    const cost = await costOf(countries.counts, [category, ...followUps]);
    const reasons = approvalReasons({ people: phones.length, cost, categories: [category, ...followUps] }, rules);
    if (reasons.length === 0) return undefined;

    // As it was stored: the present one says the same, or the campaign would have failed.
    const asked = askedFor(spec, campaign.template);
    const people = printsOf(phones, _id);
    const before = await store.approvals.find(_id);
    const isSame = before?.askedFor === asked && before.facts.category === category;
    const fresh = before?.people ? newcomers(people, Buffer.from(bytesOf(before.people))) : phones.length;
    if (before?.state === 'approved' && isSame && fresh === 0) {
      await store.approvals.forgetPeople(_id);
      return undefined;
    }
    const now = new Date();
    const { skips, ledger } = await store.deliveries.ledger(_id);
    await store.approvals.ask({
      _id,
      askedAt: now,
      endsAt: new Date(now.getTime() + rules.withinMs),
      makers: [...new Set([...(before?.makers ?? []), ...membersIn([createdBy, ...(step?.rewritten ?? [])])])],
      facts: {
        people: phones.length,
        total: ledger.total,
        skips,
        category,
        ...(followUps.length > 0 && { followUps }),
        ...(cost && { cost }),
        seconds: sendingSeconds(
          phones.length,
          spec.pace ?? {},
          campaignCap(campaign, (sender) => capOf(sender, senders)),
        ),
        reasons,
      },
      askedFor: asked,
      ...(before?.state === 'approved' && { again: { newcomers: isSame ? fresh : 0 } }),
    });
    return trouble('approval_needed', { people: phones.length });
  };
}

const membersIn = (actors: readonly Actor[]): number[] =>
  actors.flatMap((one) => (one.kind === 'telegram' ? [one.id] : []));

const bytesOf = (kept: Buffer | { buffer: Uint8Array }): Uint8Array => (Buffer.isBuffer(kept) ? kept : kept.buffer);

/** A template may be edited at Meta under its name and id. */
function isAsAsked(asked: Template, present: Template): boolean {
  return asked.category === present.category && wordsOf(asked) === wordsOf(present);
}

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
import { estimateCost, type CostEstimate } from '../domain/cost';
import { createCountryCounter } from '../domain/phones/phone-country';
import { trouble, type Trouble } from '../domain/story/trouble';
import type { Template } from '../domain/templates/template';
import { sendingSeconds } from '../domain/times/finish';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';

export interface ApprovalCheckDependencies {
  store: Pick<Store, 'approvals' | 'deliveries' | 'prices'>;
  /** Absent: no campaign needs a yes. */
  approval?: ApprovalRules;
  pricesFile?: string | undefined;
  senders: Senders;
}

/** The reason to wait, or undefined. Safe to repeat. */
type ApprovalCheck = (campaign: CampaignDocument, template: Template) => Promise<Trouble | undefined>;

export function createApprovalCheck(dependencies: ApprovalCheckDependencies): ApprovalCheck {
  const { store, approval: rules, pricesFile, senders } = dependencies;

  async function costOf(countries: ReadonlyMap<string, number>, template: Template): Promise<CostEstimate | undefined> {
    const prices = await allPrices(store.prices, pricesFile);
    if (!prices.ok) return undefined;
    return estimateCost(countries, template.category, prices.value, new Date().toISOString().slice(0, 10));
  }

  return async (campaign, template) => {
    const { _id, spec, createdBy, test } = campaign;
    if (!rules || !asksForApproval(rules) || test) return undefined;
    const countries = createCountryCounter();
    const phones: string[] = [];
    for await (const { phone } of store.deliveries.stream(_id, { states: ['queued'], inAnyOrder: true })) {
      if (phone === undefined) continue;
      phones.push(phone);
      countries.add(phone);
      if (phones.length % 1000 === 0) heartbeat(phones.length);
    }
    const cost = await costOf(countries.counts, template);
    const { category } = template;
    const reasons = approvalReasons({ people: phones.length, cost, category }, rules);
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
      makers: [...new Set([...(before?.makers ?? []), ...(createdBy.kind === 'telegram' ? [createdBy.id] : [])])],
      facts: {
        people: phones.length,
        total: ledger.total,
        skips,
        category,
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

const bytesOf = (kept: Buffer | { buffer: Uint8Array }): Uint8Array => (Buffer.isBuffer(kept) ? kept : kept.buffer);

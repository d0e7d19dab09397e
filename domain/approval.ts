/** Which campaigns need the yes of a second person, and what such a yes is for. */
import { createHash } from 'node:crypto';
import type { CampaignSpec } from './campaign-spec';
import type { CostEstimate } from './cost';
import { personKey } from './phones/person';
import type { Template, TemplateCategory } from './templates/template';

/** What the settings ask for; a campaign that fulfils one of the first three needs a yes. */
export interface ApprovalRules {
  /** More people than this. */
  people?: number;
  /** May cost more than this (USD). */
  cost?: number;
  categories: readonly TemplateCategory[];
  /** How long a question stands before the campaign is cancelled (ms). */
  withinMs: number;
}

const APPROVAL_REASONS = ['people', 'cost', 'category'] as const;
export type ApprovalReason = (typeof APPROVAL_REASONS)[number];

/** Whether any campaign could need a yes. */
export function asksForApproval({ people, cost, categories }: ApprovalRules): boolean {
  return people !== undefined || cost !== undefined || categories.length > 0;
}

/** Why this one needs a yes, with all of its messages; none: it does not. A cost that nobody can estimate is not taken for a small one. */
export function approvalReasons(
  {
    people,
    cost,
    categories,
  }: { people: number; cost: CostEstimate | undefined; categories: readonly TemplateCategory[] },
  rules: ApprovalRules,
): ApprovalReason[] {
  if (people === 0) return [];
  // A category that Meta has not named counts as marketing, as for prices.
  const named = categories.map((category) => (category === 'UNKNOWN' ? 'MARKETING' : category));
  const applies: Record<ApprovalReason, boolean> = {
    people: rules.people !== undefined && people > rules.people,
    cost: rules.cost !== undefined && (cost?.to ?? Infinity) > rules.cost,
    category: named.some((category) => rules.categories.includes(category)),
  };
  return APPROVAL_REASONS.filter((reason) => applies[reason]);
}

/** The same for campaigns that ask for the same with the same words: the spec and what the template says. */
export function askedFor(spec: CampaignSpec, { name, language, header, body, footer, buttons }: Template): string {
  const words = { name, language, header, body, footer, buttons };
  return createHash('sha256')
    .update(JSON.stringify([spec, words]))
    .digest('base64url');
}

/** Bytes that stand for a person: among a million the chance of a mistaken one is below 10⁻⁸. */
const PRINT_BYTES = 6;

/** The people of a campaign, as prints that fit this campaign only; 6 bytes each, sorted. */
export function printsOf(phones: Iterable<string>, campaignId: string): Buffer {
  const prints = [...phones].map((phone) => printOf(phone, campaignId)).sort(Buffer.compare);
  return Buffer.concat(prints);
}

/** How many of `present` are not in `approved`. */
export function newcomers(present: Buffer, approved: Buffer): number {
  let count = 0;
  let at = 0;
  for (let n = 0; n < present.length; n += PRINT_BYTES) {
    const one = present.subarray(n, n + PRINT_BYTES);
    while (at < approved.length && Buffer.compare(approved.subarray(at, at + PRINT_BYTES), one) < 0) at += PRINT_BYTES;
    if (at >= approved.length || !approved.subarray(at, at + PRINT_BYTES).equals(one)) count++;
  }
  return count;
}

function printOf(phone: string, campaignId: string): Buffer {
  return createHash('sha256')
    .update(`${campaignId}/${personKey(phone)}`)
    .digest()
    .subarray(0, PRINT_BYTES);
}

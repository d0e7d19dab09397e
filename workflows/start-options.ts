/** The start options of a campaign's workflow, whether an admin or a series starts it. */
import { TypedSearchAttributes } from '@temporalio/common';
import { withoutNumbers } from '../domain/story/number-like';
import { namesOf, severalOf, sharesOf } from '../domain/story/sender-share';
import { CAMPAIGNS_QUEUE, campaignWorkflowId, SEARCH_ATTRIBUTES, type CampaignInput } from './messages';

/** What the Temporal UI shows about a campaign. It names no person. */
export interface CampaignFacts {
  name: string;
  template: { name: string; language: string; category: string };
  audienceLabel: string;
  /** Its other options in words (config/spec-text.ts). */
  asked?: string[];
  /** As `actorName` writes it. */
  createdBy: string;
}

interface StartOptions {
  workflowId: string;
  /** One campaign id never runs twice. */
  workflowIdReusePolicy: 'REJECT_DUPLICATE';
  taskQueue: string;
  args: [CampaignInput];
  staticSummary: string;
  staticDetails: string;
  typedSearchAttributes: TypedSearchAttributes;
}

export function startOptions(input: CampaignInput, facts: CampaignFacts): StartOptions {
  const { createdBy } = facts;
  const { language, category } = facts.template;
  // Admins type the name, and a file name may contain a person's number: Temporal stores neither unmasked.
  const name = withoutNumbers(facts.name);
  const template = withoutNumbers(facts.template.name);
  const audienceLabel = withoutNumbers(facts.audienceLabel);
  const { startAt } = input;
  const senders = sharesOf(input);
  const sender = namesOf(senders);
  const several = severalOf(senders);
  return {
    workflowId: campaignWorkflowId(input.campaignId),
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    taskQueue: CAMPAIGNS_QUEUE,
    args: [input],
    staticSummary: `${name}: ${template}`,
    staticDetails: [
      `**${name}**`,
      `- template: ${template} (${language}, ${category})`,
      `- audience: ${audienceLabel}`,
      `- sender: ${sender}`,
      ...(facts.asked ?? []).map((line) => `- ${line}`),
      `- created by ${createdBy}${startAt === undefined ? '' : `, to start at ${new Date(startAt).toISOString()}`}`,
    ].join('\n'),
    typedSearchAttributes: new TypedSearchAttributes([
      { key: SEARCH_ATTRIBUTES.state, value: startAt === undefined ? 'preparing' : 'scheduled' },
      { key: SEARCH_ATTRIBUTES.name, value: name },
      { key: SEARCH_ATTRIBUTES.template, value: template },
      { key: SEARCH_ATTRIBUTES.sender, value: sender },
      ...(several ? [{ key: SEARCH_ATTRIBUTES.senders, value: several }] : []),
      { key: SEARCH_ATTRIBUTES.createdBy, value: createdBy },
    ]),
  };
}

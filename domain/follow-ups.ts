/** Follow-ups of a campaign: what a step says, and who leaves before it. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LOST_STATUS, WON_STATUS, type LeadStage } from './audience';
import type { CampaignSpec, FollowUpSpec, SendingHours } from './campaign-spec';
import { nameWithEnd } from './campaign-name';
import type { CampaignSender } from './campaign-senders';
import type { Actor } from './story/actor';
import type { SkipReason } from './story/delivery';
import { FOLLOW_UP_TO, OPEN_CHAINS, type ChainReason, type ChainState } from './story/follow-ups';
import { wordsOf } from './templates/present-template';
import type { Template } from './templates/template';

export type FollowUp = FollowUpSpec;

/** A step in force: as asked for, or as it was edited since. */
export interface ChainStep extends FollowUp {
  /** The step's template as it was when it was chosen, and each sender's copy of it. */
  content: Template;
  copies: Pick<CampaignSender, 'sender' | 'templateId'>[];
  /** Its sending hours, which follow its template's category where nobody has chosen any. */
  hours: SendingHours | 'any';
  /** When an admin last edited it. */
  editedAt?: Date;
  /** It says something else since, by these: what was approved with the campaign does not cover it. */
  rewritten?: Actor[];
  /** The campaign that carries it out, once it has begun. */
  campaignId?: string;
  /** Campaigns of earlier tries that ended before anybody was in them. */
  tries?: number;
}

/** The follow-ups of a stored campaign: facts of its run. */
export interface Chain {
  steps: ChainStep[];
  state: ChainState;
  reason?: ChainReason;
  /** The step that comes next or is under way, 0-based. */
  step: number;
  dueAt?: Date;
  /** Edits that the chain's workflow has not taken yet, by their ids. */
  edits?: Record<string, Partial<ChainStep>>;
  /** The order of what the workflow has recorded last. */
  order?: number;
}

/** What the journal keeps of a step: no text that somebody typed. `editedAt` (ISO): its words may have changed alone. */
export type StepFacts = z.infer<typeof stepFacts>;
const stepFacts = z.object({
  afterMs: z.number(),
  to: z.enum(FOLLOW_UP_TO),
  template: z.string(),
  editedAt: z.string().optional(),
});

/** Of a fact of the journal that is a step's; undefined for another one, and for what earlier versions kept of a step: a sentence. */
export function stepFactsIn(value: unknown): StepFacts | undefined {
  return stepFacts.safeParse(value).data;
}

/** What a stored campaign's workflow is told of them: integers only. Nothing where they are over before it begins. */
export function chainInput({ chain }: { chain?: Chain }): { followUps?: number[] } {
  return chain && OPEN_CHAINS.includes(chain.state) ? { followUps: chain.steps.map(({ afterMs }) => afterMs) } : {};
}

/** Whether an edit has changed what a step says: its words, what fills them, its file, its category. */
export function saysOther(before: ChainStep, now: ChainStep): boolean {
  const said = ({ content, parameters, mediaUrl }: ChainStep): string =>
    JSON.stringify([content.name, content.language, content.category, wordsOf(content), parameters, mediaUrl]);
  return said(before) !== said(now);
}

/** The same steps from their beginning, for a campaign that repeats another. */
export function chainAnew({ chain }: { chain?: Chain }): { chain?: Chain } {
  if (!chain) return {};
  const steps = chain.steps.map(({ campaignId: _campaign, tries: _tries, rewritten: _rewritten, ...step }) => step);
  return { chain: { steps, state: 'waiting', step: 0 } };
}

/** What a step's parameters may be filled with: of a person a campaign keeps the name and what it filled in. */
export function followUpColumns({
  parameters,
  variants = [],
}: Pick<CampaignSpec, 'parameters' | 'variants'>): string[] {
  const count = Math.max(parameters.length, ...variants.map((one) => one.parameters.length));
  return ['name', ...Array.from({ length: count }, (_, index) => `p${index + 1}`)];
}

/** Whether a step that is under way or to come, or an edit of one, sends this template from the app. */
export function stepToComeSends({ chain }: { chain?: Chain }, app: string, templateId: string): boolean {
  if (!chain || !OPEN_CHAINS.includes(chain.state)) return false;
  return [...chain.steps.slice(chain.step), ...Object.values(chain.edits ?? {})].some(({ copies = [] }) =>
    copies.some((copy) => copy.sender === app && copy.templateId === templateId),
  );
}

const ID_LENGTH = 12;

/** The id of the campaign that carries out a step: one for each try, however often it is made. `step` is 0-based. */
export function stepCampaignId(campaignId: string, step: number, tries = 0): string {
  return createHash('sha256').update(`follow-up/${campaignId}/${step}/${tries}`).digest('hex').slice(0, ID_LENGTH);
}

/** Read in every language. */
export function stepName(name: string, step: number): string {
  return nameWithEnd(name, ` ↪${step + 1}`);
}

/** What is known of a person when a step begins. */
export interface SinceThen {
  /** Has answered the campaign or one of its earlier steps. */
  replied: boolean;
  /** Has done what the step waits for: read, answered or pressed. */
  acted: boolean;
  /** The stage of the lead they come from, when the campaign found it and now; absent = no lead, or not known. */
  lead?: { then: LeadStage | undefined; now: LeadStage | undefined };
}

type LeaveReason = Extract<SkipReason, 'replied' | 'lead_moved' | 'acted'>;

/** Why a person gets no further step; undefined when they do. `detail` holds no personal data. */
export function leaves({ replied, acted, lead }: SinceThen): { reason: LeaveReason; detail?: string } | undefined {
  if (replied) return { reason: 'replied' };
  const detail = lead && movedHow(lead);
  if (detail) return { reason: 'lead_moved', detail };
  return acted ? { reason: 'acted' } : undefined;
}

function movedHow({ then, now }: NonNullable<SinceThen['lead']>): 'won' | 'lost' | 'stage' | 'gone' | undefined {
  if (!now) return 'gone';
  if (then && then.pipelineId === now.pipelineId && then.statusId === now.statusId) return undefined;
  if (now.statusId === WON_STATUS) return 'won';
  if (now.statusId === LOST_STATUS) return 'lost';
  return then ? 'stage' : undefined;
}

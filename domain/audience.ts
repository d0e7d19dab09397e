/** Who a campaign is for: where people come from, what is known about each, and what fills the parameters. */

import type { Cell } from './reading/cell';
import type { DeliveryState, SkipReason } from './story/delivery';
import type { FollowUpTo } from './story/follow-ups';
import type { ParameterTransform } from './reading/transforms';

/** Selects CRM leads; every condition given must hold. Days and moments are ISO 8601. */
export interface CrmFilter {
  pipelineId?: number;
  /** Only with `pipelineId`: the ids 142 and 143 exist in every pipeline. */
  statusId?: number;
  /** Names; a lead needs any one of them. */
  tags?: string[];
  responsibleUserIds?: number[];
  createdFrom?: string;
  createdTo?: string;
  updatedFrom?: string;
  updatedTo?: string;
  /** A lead field (by id) that equals the text, ignoring case. */
  field?: { id: number; value: string };
  /**
   * `all` = every number of every contact of the lead, each a separate delivery; default: the best number of the main
   * contact.
   */
  phones?: 'main' | 'all';
}

/**
 * One source of people. Files and pasted numbers are saved as a list first, so that the audience outlives the process
 * that read them.
 */
export type SimpleSource =
  | ({ kind: 'crm' } & CrmFilter)
  | { kind: 'list'; listId: string }
  | { kind: 'phones'; phones: string[] }
  /** People of an earlier campaign with this outcome, with the parameters they had as columns p1, p2 … */
  | ({ kind: 'outcome'; campaignId: string } & OutcomeFilter)
  /**
   * All whom a campaign has reached, for one of its follow-ups. Who has left since, or has done what the step waits for
   * (`to`), is marked with the reason. `earlier`: the campaigns of the steps before.
   */
  | { kind: 'follow_up'; campaignId: string; to: FollowUpTo; earlier: string[] };

/** The people of a follow-up. */
export type FollowUpSource = Extract<SimpleSource, { kind: 'follow_up' }>;

/** The people of an earlier campaign with a given outcome. */
export type OutcomeSource = Extract<SimpleSource, { kind: 'outcome' }>;

/** One source, or several in order, minus everyone who is also in an excluded one. */
export type AudienceSource = SimpleSource | { kind: 'combined'; include: SimpleSource[]; exclude: SimpleSource[] };

/** A source and its name in messages. */
export interface NamedSource {
  source: SimpleSource;
  label: string;
}

interface ChosenSources {
  include: readonly NamedSource[];
  exclude: readonly NamedSource[];
}

/** The people of the chosen sources minus those of the excluded ones. A single source stays as it is. */
export function audienceOf({ include, exclude }: ChosenSources): AudienceSource {
  const [first] = include;
  if (first && include.length === 1 && exclude.length === 0) return first.source;
  return {
    kind: 'combined',
    include: include.map(({ source }) => source),
    exclude: exclude.map(({ source }) => source),
  };
}

/** `Sales / Offer + guests.csv − “Autumn”: got it` */
export function audienceLabelOf({ include, exclude }: ChosenSources): string {
  const added = include.map(({ label }) => label).join(' + ');
  return [added, ...exclude.map(({ label }) => label)].join(' − ');
}

/** The sources of an audience: included and excluded. */
export function sourcesIn(audience: AudienceSource): Record<'include' | 'exclude', SimpleSource[]> {
  return audience.kind === 'combined' ? audience : { include: [audience], exclude: [] };
}

/** True if the audience includes CRM leads, so that the outcome can be written back. */
export function hasLeads(audience: AudienceSource): boolean {
  return sourcesIn(audience).include.some(({ kind }) => kind === 'crm');
}

/**
 * Selects deliveries of an earlier campaign; every condition given must hold. The campaign's control group is never
 * among the included people, and always among the excluded ones: a campaign to the rest of a list must not reach it.
 */
interface OutcomeFilter {
  states: DeliveryState[];
  codes?: string[];
  families?: string[];
  /** Only those who have not answered the campaign. */
  unanswered?: true;
  /** Only those who have, or have not, pressed a tracked link. */
  clicked?: 'yes' | 'no';
}

/** The outcomes of an earlier campaign that an admin can choose. */
export const OUTCOME_NAMES = [
  'failed_temporarily',
  'undelivered',
  'unread',
  'not_replied',
  'clicked',
  'not_clicked',
  'reached',
] as const;
export type OutcomeName = (typeof OUTCOME_NAMES)[number];

/**
 * A send without an answer (`unknown`) may have arrived. Only `reached` counts it, because `reached` serves to exclude
 * people.
 */
const OUTCOMES: Record<OutcomeName, OutcomeFilter> = {
  /** Failed for a temporary reason. */
  failed_temporarily: { states: ['failed'], families: ['temporary', 'rate'] },
  /** Failed, or sent without proof of arrival. */
  undelivered: { states: ['accepted', 'sent', 'failed'] },
  /** Arrived, not read. */
  unread: { states: ['delivered'] },
  /** Arrived, read or not, but not answered. */
  not_replied: { states: ['delivered', 'read'], unanswered: true },
  /** Has pressed a tracked link, whatever the receipts say. */
  clicked: { states: ['accepted', 'sent', 'delivered', 'read', 'unknown'], clicked: 'yes' },
  /** Arrived, read or not, but no tracked link was pressed. */
  not_clicked: { states: ['delivered', 'read'], clicked: 'no' },
  /** Has the message, may have it, or is about to get it. */
  reached: { states: ['queued', 'sending', 'accepted', 'sent', 'delivered', 'read', 'unknown'] },
};

/** The outcomes that a campaign can have: clicks only where its links are counted. */
export function outcomesOf(campaign: { countsClicks?: true }): OutcomeName[] {
  return OUTCOME_NAMES.filter((name) => campaign.countsClicks || OUTCOMES[name].clicked === undefined);
}

/** The people of an earlier campaign with this outcome. */
export function outcomeSource(campaignId: string, name: OutcomeName): OutcomeSource {
  return { kind: 'outcome', campaignId, ...OUTCOMES[name] };
}

/** In a combined audience a person's origin also names the source: `2:17` is the 17th person of the second source. */
export function originIn(place: number, origin: string): string {
  return `${place}:${origin}`;
}

/** The source a person comes from, and the position there. */
export function sourceOf(audience: AudienceSource, origin: string): { source: SimpleSource; origin: string } {
  if (audience.kind !== 'combined') return { source: audience, origin };
  const cut = origin.indexOf(':');
  return { source: audience.include[Number(origin.slice(0, cut)) - 1]!, origin: origin.slice(cut + 1) };
}

/** The CRM lead that a person comes from; undefined for people of another source, and for an origin that was erased. */
export function crmLead({ source, origin }: ReturnType<typeof sourceOf>): number | undefined {
  // `<lead>`, or `<lead>/<contact>…` where each number of a lead is a person.
  const id = source?.kind === 'crm' ? /^(\d+)(?:\/|$)/.exec(origin)?.[1] : undefined;
  return id === undefined ? undefined : Number(id);
}

/** The lead's page in the CRM at `crmUrl`. */
export function leadPage(crmUrl: string, lead: number): string {
  return `${crmUrl.replace(/\/+$/, '')}/leads/detail/${lead}`;
}

/** A number of a person as it was read once, when the person came in. */
export interface PersonNumber {
  e164: string;
  /** True also where mobile and landline numbers cannot be told apart. */
  mobile: boolean;
  /** Which of the person's `phones` it stood in; absent for the first. */
  at?: number;
  /** E.164: the text could be this number too. */
  otherwise?: string;
}

/** One person as the source gives it, before any cleaning. */
export interface Person {
  /** As given, main number first; may be malformed or empty. */
  phones: string[];
  /** What the phones were read as when a list took them in; absent = nobody has read them yet. */
  numbers?: PersonNumber[];
  /** Values for parameters: CSV columns, or CRM fields such as name, first_name, lead_name, lead_price. */
  columns: Record<string, Cell>;
  /** The position in the source: line of the file (1-based) or lead id of the CRM. */
  origin: string;
  /** The lead's stage when it was read; absent for people who do not come from the CRM. */
  stage?: LeadStage;
  /** Gets nothing for this reason, whatever else holds. */
  skip?: { reason: SkipReason; detail?: string };
}

/** Where a lead stands in the CRM. */
export interface LeadStage {
  pipelineId: number;
  statusId: number;
}

/** The closed stages, the same in every pipeline (amocrm.md#pipelines). */
export const WON_STATUS = 142;
export const LOST_STATUS = 143;

/**
 * Where a parameter's value comes from: one text for everyone, or a column with its transformations in order. The
 * fallback is used unchanged when the value is empty or a transformation cannot read it.
 */
export type ParameterSource =
  | { kind: 'text'; value: string }
  | { kind: 'column'; column: string; fallback?: string; transform?: ParameterTransform[] }
  /** The end of a button's URL on our own domain: a code for each person; whoever presses is counted and led to `target`. */
  | { kind: 'link'; target: string };

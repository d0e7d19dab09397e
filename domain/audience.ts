/** Who a campaign is for: where people come from, what is known of each, and what fills the parameters. */

import type { Cell } from './reading/cell';
import type { DeliveryState } from './story/delivery';
import type { ParameterTransform } from './reading/transforms';

/** Which leads of the CRM are meant; each condition that is there must hold. Days and moments are ISO 8601. */
export interface CrmFilter {
  pipelineId?: number;
  /** Only with `pipelineId`: the ids 142 and 143 stand in every pipeline. */
  statusId?: number;
  /** Names; a lead with any of them. */
  tags?: string[];
  responsibleUserIds?: number[];
  createdFrom?: string;
  createdTo?: string;
  updatedFrom?: string;
  updatedTo?: string;
  /** A field of the lead (by id) that equals the text, case aside. */
  field?: { id: number; value: string };
  /** `all` = every number of every contact of the lead, each a delivery of its own; default: the best one of the main contact. */
  phones?: 'main' | 'all';
}

/** One place that people come from. Files and pasted numbers become a list first, so that the audience survives the process that read them. */
export type SimpleSource =
  | ({ kind: 'crm' } & CrmFilter)
  | { kind: 'list'; listId: string }
  | { kind: 'phones'; phones: string[] }
  /** Those of an earlier campaign whose deliveries ended so, with the parameters they had: columns p1, p2 … */
  | ({ kind: 'outcome'; campaignId: string } & OutcomeFilter);

/** The people of an earlier campaign for whom it ended so. */
export type OutcomeSource = Extract<SimpleSource, { kind: 'outcome' }>;

/** One source, or the people of several, in their order, but for everybody who also stands in an excluded one. */
export type AudienceSource = SimpleSource | { kind: 'combined'; include: SimpleSource[]; exclude: SimpleSource[] };

/** A source and what it is called in messages. */
export interface NamedSource {
  source: SimpleSource;
  label: string;
}

interface ChosenSources {
  include: readonly NamedSource[];
  exclude: readonly NamedSource[];
}

/** The people of the chosen sources without those of the excluded ones. A source alone is an audience as it is. */
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

/** The sources of an audience: whose people are meant, and whose are left out. */
export function sourcesIn(audience: AudienceSource): Record<'include' | 'exclude', SimpleSource[]> {
  return audience.kind === 'combined' ? audience : { include: [audience], exclude: [] };
}

/** People of the CRM are meant: there are leads to write the outcome to. */
export function hasLeads(audience: AudienceSource): boolean {
  return sourcesIn(audience).include.some(({ kind }) => kind === 'crm');
}

/** Which deliveries of an earlier campaign are meant; each condition that is there must hold. */
interface OutcomeFilter {
  states: DeliveryState[];
  codes?: string[];
  families?: string[];
  /** Only those who have not answered the campaign. */
  unanswered?: true;
}

/** What an admin may call the outcome of an earlier campaign. */
export const OUTCOME_NAMES = ['failed_temporarily', 'undelivered', 'unread', 'not_replied', 'reached'] as const;
export type OutcomeName = (typeof OUTCOME_NAMES)[number];

/** A send without an answer (`unknown`) may have arrived: only `reached` counts it, which is there to exclude people. */
const OUTCOMES: Record<OutcomeName, OutcomeFilter> = {
  /** Failed for a reason that passes. */
  failed_temporarily: { states: ['failed'], families: ['temporary', 'rate'] },
  /** Failed, or sent and not seen to arrive. */
  undelivered: { states: ['accepted', 'sent', 'failed'] },
  /** Arrived, not read. */
  unread: { states: ['delivered'] },
  /** Arrived, read or not, and never answered. */
  not_replied: { states: ['delivered', 'read'], unanswered: true },
  /** Has the message, may have it, or is about to get it. */
  reached: { states: ['queued', 'sending', 'accepted', 'sent', 'delivered', 'read', 'unknown'] },
};

/** The people of an earlier campaign for whom it ended so. */
export function outcomeSource(campaignId: string, name: OutcomeName): OutcomeSource {
  return { kind: 'outcome', campaignId, ...OUTCOMES[name] };
}

/** In a combined audience the origin of a person names its source too: `2:17` is the 17th of the second one. */
export function originIn(place: number, origin: string): string {
  return `${place}:${origin}`;
}

/** The source that a person of an audience comes from, and where it stands in that source. */
export function sourceOf(audience: AudienceSource, origin: string): { source: SimpleSource; origin: string } {
  if (audience.kind !== 'combined') return { source: audience, origin };
  const cut = origin.indexOf(':');
  return { source: audience.include[Number(origin.slice(0, cut)) - 1]!, origin: origin.slice(cut + 1) };
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

/** One person as a source gives it, before any cleaning. */
export interface Person {
  /** As given, main number first; may be dirty or empty. */
  phones: string[];
  /** What the phones were read as when a list took them in; absent = nobody has read them yet. */
  numbers?: PersonNumber[];
  /** Values that parameters may take: CSV columns, or CRM fields such as name, first_name, lead_name, lead_price. */
  columns: Record<string, Cell>;
  /** Where it stands in the source: line of the file (1-based), lead id of the CRM. */
  origin: string;
}

/**
 * Where a parameter's value comes from: the same text for all, or a column of each person, with what is made of it in
 * turn. The fallback stands in as it is for a value that is empty or cannot be read as a transform wants.
 */
export type ParameterSource =
  | { kind: 'text'; value: string }
  | { kind: 'column'; column: string; fallback?: string; transform?: ParameterTransform[] };

/** Who a campaign is for: where people come from, what is known of each, and what fills the parameters. */

import type { DeliveryState } from './delivery';

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

/** Files and pasted numbers become a list first, so that the audience survives the process that read them. */
export type AudienceSource =
  | { kind: 'crm'; pipelineId: number; statusId: number }
  | { kind: 'list'; listId: string }
  | { kind: 'phones'; phones: string[] }
  /** Those of an earlier campaign whose deliveries ended so, with the parameters they had: columns p1, p2 … */
  | { kind: 'outcome'; campaignId: string; states: DeliveryState[]; codes?: string[]; families?: string[] };

/** One person as a source gives it, before any cleaning. */
export interface Person {
  /** As given, main number first; may be dirty or empty. */
  phones: string[];
  /** Values that parameters may take: CSV columns, or CRM fields such as name, first_name, lead_name, lead_price. */
  columns: Record<string, string>;
  /** Where it stands in the source: line of the file (1-based), lead id of the CRM. */
  origin: string;
}

/** Where a parameter's value comes from: the same text for all, or a column of each person. */
export type ParameterSource = { kind: 'text'; value: string } | { kind: 'column'; column: string; fallback?: string };

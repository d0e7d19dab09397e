/** What we take from amoCRM: pipelines, leads, contacts and their custom fields. */

export interface Pipeline {
  id: number;
  name: string;
  /** In the order of the funnel. 142 (won) and 143 (lost) have the same id in every pipeline. */
  statuses: { id: number; name: string }[];
}

export interface CrmField {
  name: string;
  /** PHONE, EMAIL, …; absent for fields of the account's own. */
  code: string | undefined;
  values: string[];
}

export interface Lead {
  id: number;
  name: string;
  price: number;
  pipelineId: number;
  statusId: number;
  /** The main one first. */
  contactIds: number[];
  fields: CrmField[];
}

export interface Contact {
  id: number;
  name: string;
  firstName: string;
  lastName: string;
  /** As typed into the CRM. */
  phones: string[];
  fields: CrmField[];
}

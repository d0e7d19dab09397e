/** What we use of amoCRM: pipelines, leads, contacts, their custom fields, and the choices of pickers. */

export interface Pipeline {
  id: number;
  name: string;
  /** In the order of the funnel. 142 (won) and 143 (lost) have the same id in every pipeline. */
  statuses: PipelineStatus[];
}

interface PipelineStatus {
  id: number;
  name: string;
  /** `#rrggbb`, the stage's colour in the CRM, if any. */
  color?: string;
}

export interface CrmUser {
  id: number;
  name: string;
}

/** A custom field of leads. */
export interface CrmFieldDefinition {
  id: number;
  name: string;
  /** `text`, `select`, … (amocrm.md#account-and-fields). */
  type: string;
  /** For fields with fixed choices; otherwise empty. */
  choices: { id: number; value: string }[];
}

export interface CrmField {
  id: number;
  name: string;
  /** PHONE, EMAIL, …; absent for the account's own fields. */
  code: string | undefined;
  values: string[];
}

export interface Lead {
  id: number;
  name: string;
  price: number;
  pipelineId: number;
  statusId: number;
  responsibleUserId: number;
  /** Unix seconds; absent if the CRM names none. */
  createdAt: number | undefined;
  updatedAt: number | undefined;
  /** Their names. */
  tags: string[];
  /** The main one first. */
  contactIds: number[];
  fields: CrmField[];
}

/** The existing contacts, the main one first. */
export interface LeadWithContacts {
  lead: Lead;
  contacts: Contact[];
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

/** The demo company's records, with amoCRM's own field names so that they go out as they are (amocrm.md#pipelines). */

interface Status {
  id: number;
  name: string;
  sort: number;
  is_editable: boolean;
  pipeline_id: number;
  color: string;
  /** 1 = incoming («Неразобранное»). */
  type: 0 | 1;
  account_id: number;
}

export interface Pipeline {
  id: number;
  name: string;
  sort: number;
  is_main: boolean;
  is_unsorted_on: boolean;
  is_archive: boolean;
  account_id: number;
  statuses: Status[];
}

interface FieldValue {
  value: string | number | boolean;
  enum_id?: number;
  enum_code?: string | null;
}

export interface FieldValues {
  field_id: number;
  field_name: string;
  field_code: string | null;
  field_type: string;
  values: FieldValue[];
}

export interface CustomField {
  id: number;
  name: string;
  type: string;
  code: string | null;
  sort: number;
  entity_type: EntityType;
  enums: { id: number; value: string; sort: number }[] | null;
  is_predefined: boolean;
}

export type EntityType = 'leads' | 'contacts';

export interface Tag {
  id: number;
  name: string;
  color: string | null;
}

export interface Lead {
  id: number;
  name: string;
  price: number;
  responsible_user_id: number;
  status_id: number;
  pipeline_id: number;
  loss_reason_id: number | null;
  created_by: number;
  updated_by: number;
  /** Unix seconds, as all times of amoCRM. */
  created_at: number;
  updated_at: number;
  closed_at: number | null;
  closest_task_at: number | null;
  is_deleted: boolean;
  custom_fields_values: FieldValues[] | null;
  tags: Tag[];
  contacts: { id: number; is_main: boolean }[];
}

export interface Contact {
  id: number;
  name: string;
  first_name: string;
  last_name: string;
  responsible_user_id: number;
  created_by: number;
  updated_by: number;
  created_at: number;
  updated_at: number;
  closest_task_at: number | null;
  is_deleted: boolean;
  is_unsorted: boolean;
  custom_fields_values: FieldValues[] | null;
  tags: Tag[];
}

export interface User {
  id: number;
  name: string;
  email: string;
  is_admin: boolean;
}

export interface Company {
  accountId: number;
  name: string;
  users: User[];
  pipelines: Pipeline[];
  customFields: CustomField[];
  leads: Map<number, Lead>;
  contacts: Map<number, Contact>;
  leadTags: Tag[];
  contactTags: Tag[];
}

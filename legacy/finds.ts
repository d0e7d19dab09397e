/** What was found in the older program's folder: everything in the product's words, and what nobody understood. */
import type { ParameterSource, Person } from '../domain/audience';

/** A place in the folder. */
interface Place {
  /** Path within the folder. */
  file: string;
  /** 1-based; absent when the whole file is meant. */
  line?: number;
}

/** What a file was taken for. A file may be several things. */
export interface Understood {
  file: string;
  what: 'settings' | 'admins' | 'people' | 'parameters' | 'jobs' | 'history' | 'code';
  count: number;
  /** Which field was taken for what, such as `access_token → AMOCRM_TOKEN`. */
  taken: string[];
}

/** Left alone, and why. */
export interface Remainder extends Place {
  /** What stands there, shortened; nothing secret. */
  value: string;
  why: string;
}

export interface FoundSetting extends Place {
  name: string;
  value: string;
}

export interface FoundPeople {
  file: string;
  /** What the list is to be called. */
  name: string;
  columns: string[];
  phoneColumn: string;
  rows: Person[];
}

/** What the messages of a template were filled with. */
export interface FoundParameters extends Place {
  template: string;
  parameters: ParameterSource[];
}

/** Whom a job was for. `named`: a list or file that is found elsewhere in the folder. */
export type Recipients =
  | { kind: 'people'; people: Pick<FoundPeople, 'columns' | 'phoneColumn' | 'rows'> }
  | { kind: 'named'; name: string }
  | { kind: 'crm'; pipelineId: number; statusId: number };

/** A sending that was still to come. */
export interface FoundJob extends Place {
  at: Date;
  name?: string;
  template: string;
  recipients: Recipients;
  /** Absent: those that data.json has for the template. */
  parameters?: ParameterSource[];
}

/** One message of the past. */
export interface FoundSend extends Place {
  line: number;
  /** E.164 */
  phone: string;
  original: string;
  at?: Date;
  /** Of `at` only the day is known. */
  dayOnly?: true;
  template?: string;
  /** The campaign or batch, where the log names one. */
  campaign?: string;
  name?: string;
  state: 'accepted' | 'delivered' | 'read' | 'failed' | 'unknown';
  messageId?: string;
  code?: string;
  detail?: string;
}

/** Everything of a folder. */
export interface Finds {
  understood: Understood[];
  remainder: Remainder[];
  settings: FoundSetting[];
  /** Telegram ids of those who may do everything. */
  admins: number[];
  people: FoundPeople[];
  parameters: FoundParameters[];
  jobs: FoundJob[];
  sends: FoundSend[];
}

export function nothingFound(): Finds {
  return { understood: [], remainder: [], settings: [], admins: [], people: [], parameters: [], jobs: [], sends: [] };
}

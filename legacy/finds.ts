/** What was found in the older program's folder, in the product's terms, and what was not recognised. */
import type { ParameterSource, Person } from '../domain/audience';
import { plain, type Located } from './located';
import { shown } from './words';

/** A place in the folder. */
interface Place {
  /** Path relative to the folder. */
  file: string;
  /** 1-based; absent when the whole file is meant. */
  line?: number;
}

/** What a file was recognised as; it may be several things. */
export interface Understood {
  file: string;
  what: 'settings' | 'admins' | 'people' | 'parameters' | 'jobs' | 'history' | 'code';
  count: number;
  /** How fields were mapped, such as `access_token → AMOCRM_TOKEN`. */
  taken: string[];
}

/** Left alone, with the reason. */
export interface Remainder extends Place {
  /** Of a key that is left out wherever it stands: the key. */
  key?: string;
  /** The content, shortened and without secrets. */
  value: string;
  why: string;
}

export interface FoundSetting extends Place {
  name: string;
  value: string;
}

export interface FoundPeople {
  file: string;
  /** The list's future name. */
  name: string;
  columns: string[];
  phoneColumn: string;
  rows: Person[];
}

/** The parameters of a template's messages. */
export interface FoundParameters extends Place {
  template: string;
  parameters: ParameterSource[];
}

/** A job's recipients. `named`: a list or file elsewhere in the folder. */
export type Recipients =
  | { kind: 'people'; people: Pick<FoundPeople, 'columns' | 'phoneColumn' | 'rows'> }
  | { kind: 'named'; name: string }
  | { kind: 'crm'; pipelineId: number; statusId: number };

/** A scheduled send that was still to come. */
export interface FoundJob extends Place {
  at: Date;
  name?: string;
  template: string;
  recipients: Recipients;
  /** Absent: those that data.json has for the template. */
  parameters?: ParameterSource[];
}

/** One past message. */
export interface FoundSend extends Place {
  line: number;
  /** E.164 */
  phone: string;
  original: string;
  at?: Date;
  /** Only the day of `at` is known. */
  dayOnly?: true;
  template?: string;
  /** The campaign or batch, if the log names one. */
  campaign?: string;
  name?: string;
  state: 'accepted' | 'delivered' | 'read' | 'failed' | 'unknown';
  messageId?: string;
  code?: string;
  detail?: string;
}

/** Everything found in a folder. */
export interface Finds {
  understood: Understood[];
  remainder: Remainder[];
  settings: FoundSetting[];
  /** Telegram ids of full admins. */
  admins: number[];
  people: FoundPeople[];
  parameters: FoundParameters[];
  jobs: FoundJob[];
  sends: FoundSend[];
}

/** Lists keys of a file that are left out, each once. */
export function leaveOut(
  finds: Finds,
  file: string,
  entries: readonly [key: string, value: Located][],
  why: string,
): void {
  const seen = new Set<string>();
  for (const [key, value] of entries) {
    if (seen.has(key)) continue;
    seen.add(key);
    const isListed = finds.remainder.some((one) => one.file === file && one.key === key && one.why === why);
    if (!isListed) finds.remainder.push({ file, line: value.line, key, value: shown(key, plain(value)), why });
  }
}

export function nothingFound(): Finds {
  return { understood: [], remainder: [], settings: [], admins: [], people: [], parameters: [], jobs: [], sends: [] };
}

/** State that the sandbox's amoCRM keeps across restarts: settings, tokens, and changes to the demo company. */
import { z } from 'zod';
import { dealsSchema } from './deals-schema';
import type { Contact, EntityType, Lead, Tag } from '../company/model';

/** Settable with `PUT /sandbox/amocrm/settings`. */
export const settingsSchema = z.strictObject({
  /** Token bucket of the integration; it holds as many as come in a second. */
  requestsPerSecond: z.number().positive(),
  /** The form of a rate refusal; `both` = alternating. */
  tooManyAs: z.enum(['json', 'html', 'both']),
  /** `retry_after` of the JSON refusal, seconds. */
  retryAfterSeconds: z.number().int().positive(),
  /** After this many refusals for rate every call gets 403, until the control unblocks. */
  blockAfterBreaches: z.number().int().positive(),
  /** The account whose filters do nothing: everything comes back. */
  filtersIgnored: z.boolean(),
  /** Reads take this long, milliseconds. */
  readDelayMs: z.number().int().min(0),
  /** This many writes are applied but not answered: the connection is cut. */
  unansweredWrites: z.number().int().min(0),
  /** Writes are answered this long after they are applied, milliseconds. */
  writeDelayMs: z.number().int().min(0),
  /** The token endpoint answers this long after it has spent the token, milliseconds. */
  tokenDelayMs: z.number().int().min(0),
  /** Writes of more items than this get 504 and are not applied. */
  gatewayTimeoutOver: z.number().int().positive(),
  /** Where the authorization page sends the admin back to: the redirect address registered with the integration. */
  redirectUri: z.url(),
  /** What a message does to the deals of its person; null = nothing. */
  deals: dealsSchema,
  /** Lifetime of access tokens, seconds. */
  accessTokenSeconds: z.number().int().positive(),
});
type AmocrmSettings = z.infer<typeof settingsSchema>;

/** The fields common to all amoCRM records. */
interface Authored {
  id: number;
  created_by: number;
  updated_by: number;
  created_at: number;
  updated_at: number;
  responsible_user_id: number;
  group_id: number;
}

export interface Note extends Authored {
  entity: EntityType;
  entity_id: number;
  note_type: string;
  params: Record<string, unknown>;
}

export interface Task extends Authored {
  entity_id: number | null;
  entity_type: string | null;
  duration: number;
  is_completed: boolean;
  task_type_id: number;
  text: string;
  result: { text: string } | [];
  complete_till: number;
}

export interface AmocrmState {
  settings: AmocrmSettings;
  breaches: number;
  blocked: boolean;
  /** Requests by route and by status, since the first start. */
  requests: { total: number; byRoute: Record<string, number>; byStatus: Record<string, number> };
  /** OAuth: authorization codes, live access and refresh tokens. Times are Unix ms. */
  codes: Record<string, { redirectUri: string; expiresAt: number }>;
  accessTokens: Record<string, { expiresAt: number }>;
  refreshTokens: Record<string, { redirectUri: string; expiresAt: number }>;
  /** Changed records by id: they stand over the generated ones. */
  leads: Record<string, Lead>;
  contacts: Record<string, Contact>;
  newTags: Record<EntityType, Tag[]>;
  notes: Note[];
  tasks: Task[];
  nextId: number;
}

export function initialState(): AmocrmState {
  return {
    settings: {
      requestsPerSecond: 7,
      tooManyAs: 'both',
      retryAfterSeconds: 1,
      blockAfterBreaches: 200,
      filtersIgnored: false,
      readDelayMs: 0,
      unansweredWrites: 0,
      writeDelayMs: 0,
      tokenDelayMs: 0,
      gatewayTimeoutOver: 250,
      redirectUri: 'http://127.0.0.1:8080/oauth/amocrm',
      deals: null,
      accessTokenSeconds: 86_400,
    },
    breaches: 0,
    blocked: false,
    requests: { total: 0, byRoute: {}, byStatus: {} },
    codes: {},
    accessTokens: {},
    refreshTokens: {},
    leads: {},
    contacts: {},
    newTags: { leads: [], contacts: [] },
    notes: [],
    tasks: [],
    nextId: 76_787_983,
  };
}

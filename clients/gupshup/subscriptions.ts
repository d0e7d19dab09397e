/** Gupshup's webhook subscriptions (gupshup.md#subscriptions): at most 5 per app, each with a unique tag. */
import { z } from 'zod';
import type { HttpClient } from '../http';

/** The events we need; new apps get none of them by default (rule 5). */
export const WANTED_MODES = [
  'ENQUEUED',
  'SENT',
  'DELIVERED',
  'READ',
  'FAILED',
  'MESSAGE',
  'TEMPLATE',
  'ACCOUNT',
  'BILLING',
  'OTHERS',
] as const;

interface Subscription {
  id: string;
  url: string;
  tag: string;
  /** 2 or 3: the format of the webhooks. If both are active, each event comes twice. */
  version: number;
  modes: string[];
  active: boolean;
}

interface SubscriptionDraft {
  url: string;
  /** Unique within the app. */
  tag: string;
  version?: 2 | 3;
  modes?: readonly string[];
  active?: boolean;
  /** Headers that Gupshup then sends with every webhook. */
  headers?: Record<string, string>;
}

/** The address that Gupshup must call. */
export function callbackUrl(publicUrl: string, secret: string): string {
  return `${publicUrl}/webhooks/gupshup/${secret}`;
}

/** All throw the errors of clients/http.ts. */
export interface Subscriptions {
  list(): Promise<Subscription[]>;
  create(draft: SubscriptionDraft): Promise<Subscription>;
  update(id: string, draft: SubscriptionDraft): Promise<Subscription>;
  delete(id: string): Promise<void>;
}

const subscriptionSchema = z.object({
  id: z.coerce.string(),
  url: z.string().catch(''),
  tag: z.string().catch(''),
  version: z.coerce.number().catch(2),
  modes: z.array(z.string()).catch([]),
  active: z.boolean().catch(true),
});
const oneSchema = z.object({ subscription: subscriptionSchema });
const listSchema = z.object({ subscriptions: z.array(subscriptionSchema).catch([]) });

export function createSubscriptions(http: HttpClient, appPath: string): Subscriptions {
  const path = `${appPath}/subscription`;
  return {
    async list() {
      const { json } = await http.request({ method: 'GET', path });
      return listSchema.parse(json).subscriptions;
    },
    async create(draft) {
      const { json } = await http.request({ method: 'POST', path, form: formOf(draft) });
      return oneSchema.parse(json).subscription;
    },
    async update(id, draft) {
      const { json } = await http.request({
        method: 'PUT',
        path: `${path}/${encodeURIComponent(id)}`,
        form: formOf(draft),
      });
      return oneSchema.parse(json).subscription;
    },
    async delete(id) {
      await http.request({ method: 'DELETE', path: `${path}/${encodeURIComponent(id)}` });
    },
  };
}

function formOf(draft: SubscriptionDraft): Record<string, string> {
  return {
    url: draft.url,
    tag: draft.tag,
    version: String(draft.version ?? 2),
    modes: (draft.modes ?? WANTED_MODES).join(','),
    active: String(draft.active ?? true),
    ...(draft.headers && { meta: JSON.stringify({ headers: draft.headers }) }),
  };
}

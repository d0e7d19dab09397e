/**
 * Parses Gupshup's webhook bodies, versions 2 and 3, into events. Never throws: what is not recognised becomes `other`.
 */
import { createHash } from 'node:crypto';
import { identityOf, type EventDraft, type WebhookEvent } from './events';
import { v2Events } from './webhooks-v2';
import { v3Events } from './webhooks-v3';

/**
 * All events of one body, given as text. `receivedAt` replaces a missing time and is not part of an identity. A body of
 * the other Gupshup product (rule 10), or anything unknown, is one `other`.
 */
export function parseWebhook(text: string, receivedAt: Date = new Date()): WebhookEvent[] {
  const drafts = draftsOf(text);
  const events: EventDraft[] = drafts.length > 0 ? drafts : [{ kind: 'other', type: 'unknown' }];
  const body = fingerprintOf(text);
  return events.map((event, index) => ({
    ...event,
    at: happenedAt(event, receivedAt),
    identity: identity(event, body, index),
  }));
}

/** A body's fingerprint: the same for every repeat of it. */
export function fingerprintOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 32);
}

/** What people say about themselves. The later of two counts, so a message from next year would win until then. */
const SAID: readonly EventDraft['kind'][] = ['inbound', 'preference', 'user', 'identity'];
/** Clocks differ by minutes. */
const AHEAD_MS = 10 * 60_000;

function happenedAt({ at, kind }: EventDraft, receivedAt: Date): Date {
  if (!at) return receivedAt;
  return SAID.includes(kind) && at.getTime() > receivedAt.getTime() + AHEAD_MS ? receivedAt : at;
}

function draftsOf(text: string): EventDraft[] {
  try {
    const body = JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
    // Proxies may join several bodies into one, or wrap a body in a text.
    const bodies = [typeof body === 'string' ? (JSON.parse(body) as unknown) : body].flat();
    return bodies.flatMap((one) => v3Events(one) ?? v2Events(one) ?? []);
  } catch {
    // Not JSON, or nested too deeply.
    return [];
  }
}

/**
 * Receipts and inbound messages are identified by ids, kind, second and code, which both versions give; the others by
 * the whole body, because they have no id.
 */
function identity(event: EventDraft, body: string, index: number): string {
  if (event.kind === 'receipt' && event.messageId !== undefined) {
    const second = event.at ? Math.floor(event.at.getTime() / 1000) : '';
    return identityOf('receipt', event.receipt, event.messageId, second, event.code ?? '');
  }
  if (event.kind === 'inbound') return identityOf('inbound', event.id);
  return identityOf(event.kind, index, body);
}

/**
 * Delivery of updates to the bot's webhook: in order for each chat and kind, side by side else, again until it is
 * taken.
 */
import { request } from 'undici';
import type { Webhook, World } from './state';
import type { Update } from './types';
import type { UpdateQueue } from './updates';

const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 60_000;
const ANSWER_MS = 60_000;
const MAX_RETRY_AFTER_MS = 3600_000;

export interface WebhookDelivery {
  /** Sends what is due. Called on each new update and when the webhook is set. */
  pump(): void;
  stop(): Promise<void>;
}

export interface WebhookDeps {
  world: World;
  updates: UpdateQueue;
  /** Runs the call that a bot may put into its answer; its result is dropped. */
  execute: (method: string, values: Record<string, unknown>) => Promise<unknown>;
}

export function createWebhookDelivery({ world, updates, execute }: WebhookDeps): WebhookDelivery {
  const inFlight = new Map<string, Promise<void>>();
  const retries = new Map<number, { failures: number; timer?: NodeJS.Timeout }>();
  const closing = new AbortController();

  const deliver = async (webhook: Webhook, update: Update): Promise<void> => {
    const failed = (message: string, retryAfterMs?: number): void => {
      const failures = (retries.get(update.update_id)?.failures ?? 0) + 1;
      // Once again at once, then after 2 s, 4 s, 8 s …
      const backoff = failures === 1 ? 0 : Math.min(FIRST_RETRY_MS * 2 ** (failures - 2), LAST_RETRY_MS);
      const entry: { failures: number; timer?: NodeJS.Timeout } = { failures };
      entry.timer = setTimeout(() => {
        delete entry.timer;
        pump();
      }, retryAfterMs ?? backoff);
      retries.set(update.update_id, entry);
      if (world.state.webhook === webhook) webhook.lastError = { at: world.now(), message };
      world.changed();
    };
    try {
      const response = await request(webhook.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(webhook.secret ? { 'x-telegram-bot-api-secret-token': webhook.secret } : {}),
        },
        body: JSON.stringify(update),
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      const answer = await response.body.text();
      if (response.statusCode < 200 || response.statusCode > 299) {
        const seconds = Number(response.headers['retry-after']);
        const waitMs = seconds > 0 ? Math.min(seconds * 1000, MAX_RETRY_AFTER_MS) : undefined;
        failed(`Wrong response from the webhook: ${response.statusCode} ${response.statusText}`.trim(), waitMs);
        return;
      }
      retries.delete(update.update_id);
      updates.confirm(update.update_id);
      await executeAnswer(answer, execute);
    } catch (error) {
      if (!closing.signal.aborted) failed(error instanceof Error ? error.message : 'Connection failed');
    }
  };

  const pump = (): void => {
    const { webhook } = world.state;
    if (!webhook || closing.signal.aborted) return;
    const heldBack = new Set(inFlight.keys());
    for (const update of updates.pending()) {
      if (inFlight.size >= webhook.maxConnections) return;
      const queue = queueOf(update);
      if (heldBack.has(queue)) continue;
      // A failing update holds back the later ones of its queue.
      heldBack.add(queue);
      if (retries.get(update.update_id)?.timer) continue;
      const delivery = deliver(webhook, update).finally(() => {
        inFlight.delete(queue);
        pump();
      });
      inFlight.set(queue, delivery);
    }
  };

  updates.onPush(pump);
  return {
    pump,
    async stop() {
      closing.abort();
      for (const { timer } of retries.values()) clearTimeout(timer);
      await Promise.all(inFlight.values());
    },
  };
}

/** Telegram keeps one queue for each chat (or user) and kind of update. */
function queueOf(update: Update): string {
  const [kind = ''] = Object.keys(update).filter((key) => key !== 'update_id');
  const message = update.message ?? update.edited_message ?? update.callback_query?.message ?? update.my_chat_member;
  return `${kind}:${message?.chat.id}`;
}

async function executeAnswer(answer: string, execute: WebhookDeps['execute']): Promise<void> {
  let call: unknown;
  try {
    call = JSON.parse(answer);
  } catch {
    return;
  }
  if (typeof call !== 'object' || call === null || !('method' in call)) return;
  const { method, ...values } = call as Record<string, unknown>;
  await execute(String(method), values).catch(() => undefined);
}

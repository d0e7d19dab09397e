/**
 * Sends events to the subscribed URLs: bounded concurrency, 10 s for a 2xx, then again with growing pauses
 * (gupshup.md#webhook-transport).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { GupshupEvent } from './events';
import type { Subscription } from './state';

/** Gupshup counts an answer after this as a failure. */
const ANSWER_LIMIT_MS = 10_000;
/** Requests at a time to one receiver. The real number is not known. */
const CONNECTIONS = 20;
/** The real number and pauses are not documented: 1 s, 2 s, 4 s … at most a minute, divided by speed. */
const TRIES = 12;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export interface Webhooks {
  /** Resolves once every subscriber of the event's mode has taken it or was given up; rejects when closed before. */
  deliver(event: GupshupEvent): Promise<void>;
  /** One try. True when the URL answers 2xx within the limit. */
  post(subscription: Pick<Subscription, 'url' | 'headers'>, body: unknown): Promise<boolean>;
  /** Tries so far and how many were answered 2xx. */
  counts: { tried: number; taken: number; givenUp: number };
  close(): Promise<void>;
}

export function createWebhooks(subscriptions: () => readonly Subscription[], speed: () => number): Webhooks {
  const agent = new Agent({ connections: CONNECTIONS, headersTimeout: ANSWER_LIMIT_MS, bodyTimeout: ANSWER_LIMIT_MS });
  const closing = new AbortController();
  const counts = { tried: 0, taken: 0, givenUp: 0 };

  const post: Webhooks['post'] = async ({ url, headers }, body) => {
    counts.tried++;
    try {
      const response = await request(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(body),
        dispatcher: agent,
      });
      await response.body.dump();
      const taken = response.statusCode >= 200 && response.statusCode < 300;
      if (taken) counts.taken++;
      return taken;
    } catch {
      return false;
    }
  };

  const deliverTo = async (subscription: Subscription, event: GupshupEvent): Promise<void> => {
    const body = subscription.version === 3 ? event.v3 : event.v2;
    for (let tried = 1; ; tried++) {
      if (await post(subscription, body)) return;
      if (tried === TRIES || !subscriptions().includes(subscription)) break;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (tried - 1), LONGEST_PAUSE_MS) / speed();
      await delay(pause, undefined, { signal: closing.signal });
    }
    counts.givenUp++;
  };

  return {
    async deliver(event) {
      closing.signal.throwIfAborted();
      const wanted = subscriptions().filter(
        ({ active, modes }) => active && (modes.includes('ALL') || modes.includes(event.mode)),
      );
      await Promise.all(wanted.map((subscription) => deliverTo(subscription, event)));
      closing.signal.throwIfAborted();
    },
    post,
    counts,
    async close() {
      closing.abort();
      await agent.destroy();
    },
  };
}

/**
 * Every call that goes to a chat waits out Telegram's 429, tries a broken line again, and is made only while the chat may
 * be told anything. Telegraf makes each call once and throws whatever comes of it; it has no hook around a call, so
 * `callApi`, through which all of its methods go, is wrapped.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { MiddlewareFn, Telegram } from 'telegraf';
import type { Logger } from '../../config/logger';
import type { BotContext } from '../context';
import { problemOf, Unreachable } from '../telegram-answers';

export interface FloodWaits {
  /** For `ctx.telegram`, which Telegraf makes anew for each update. */
  middleware: MiddlewareFn<BotContext>;
  /** The same client; from now on its calls are patient. `mayHear` decides instead of `mayKnow`. They reject with `Unreachable`. */
  patient(telegram: Telegram, mayHear?: (chatId: number) => Promise<boolean>): Telegram;
  /**
   * One try of a call that can wait: `quiet` while Telegram asks for silence in this chat, or would soon because of it;
   * `broken` if the line broke.
   */
  once(chatId: number, call: () => Promise<unknown>): Promise<'done' | 'quiet' | 'broken'>;
}

/** Messages and edits that one chat bears: so many a second, and so many at once after a pause. */
export interface ChatBudget {
  perSecond: number;
  burst: number;
}

/** Telegram keeps the real numbers to itself (telegram.md#rate-limits). */
const BUDGET: ChatBudget = { perSecond: 1, burst: 5 };
/** Calls that can wait leave so many for the answers to presses. */
const RESERVE = 2;

/** The pause before each further try of a call that met a broken connection or a 5xx. */
const RETRY_PAUSES_MS = [500, 2000];
/** Silence is remembered for so many chats: more than a team has. */
const MOST_CHATS = 10_000;

export interface FloodWaitsOptions {
  /** Whether a chat may be told anything now. Asked before each call, so that a removal holds from then on. */
  mayKnow(chatId: number): Promise<boolean>;
  logger: Logger;
  budget?: ChatBudget;
  /** Ends the waits when the bot stops. */
  signal: AbortSignal;
}

export function createFloodWaits({ mayKnow, logger, signal, budget = BUDGET }: FloodWaitsOptions): FloodWaits {
  /** Chats that Telegram asked to leave alone; each entry lives as long as it asked. */
  const quiet = new LRUCache<number, true>({ max: MOST_CHATS });

  /** What is left of each chat's budget, and since when (epoch ms). */
  const left = new LRUCache<number, { calls: number; at: number }>({ max: MOST_CHATS });

  function leftIn(chatId: number): number {
    const known = left.get(chatId);
    if (!known) return budget.burst;
    return Math.min(budget.burst, known.calls + ((Date.now() - known.at) / 1000) * budget.perSecond);
  }

  const spend = (chatId: number): unknown =>
    left.set(chatId, { calls: Math.max(0, leftIn(chatId) - 1), at: Date.now() });

  const waitFor = async (ms: number): Promise<void> => {
    if (ms > 0) await sleep(ms, undefined, { signal });
  };

  /** What came of a try, remembered; rethrown when no further try can help. */
  function heed(error: unknown, chatId: number): 'quiet' | 'broken' {
    const problem = problemOf(error);
    if (problem.kind === 'unreachable') throw new Unreachable(chatId);
    if (problem.kind === 'quiet') {
      quiet.set(chatId, true, { ttl: problem.ms });
      logger.warn({ retryAfterMs: problem.ms }, 'Telegram asks for silence');
    } else if (problem.kind !== 'broken') throw error;
    return problem.kind;
  }

  async function insist<T>(chatId: number, call: () => Promise<T>, mayHear: typeof mayKnow): Promise<T> {
    for (let broken = 0; ;) {
      await waitFor(quiet.getRemainingTTL(chatId));
      if (!(await mayHear(chatId))) throw new Unreachable(chatId);
      spend(chatId);
      try {
        return await call();
      } catch (error) {
        if (heed(error, chatId) === 'quiet') continue;
        const pause = RETRY_PAUSES_MS[broken];
        if (pause === undefined) throw error;
        broken += 1;
        await waitFor(pause);
      }
    }
  }

  const patient: FloodWaits['patient'] = (telegram, mayHear = mayKnow) => {
    const callApi = telegram.callApi.bind(telegram);
    const waiting: typeof telegram.callApi = (method, payload, ...rest) => {
      const call = (): ReturnType<typeof callApi<typeof method>> => callApi(method, payload, ...rest);
      const { chat_id: chatId } = payload as { chat_id?: unknown };
      return typeof chatId === 'number' ? insist(chatId, call, mayHear) : call();
    };
    telegram.callApi = waiting;
    return telegram;
  };

  return {
    patient,
    middleware: (ctx, next) => {
      patient(ctx.telegram);
      return next();
    },
    once: async (chatId, call) => {
      if (quiet.has(chatId) || leftIn(chatId) < RESERVE + 1) return 'quiet';
      spend(chatId);
      try {
        await call();
        return 'done';
      } catch (error) {
        return heed(error, chatId);
      }
    },
  };
}

/** Whether Telegram's updates still come: Telegraf tries again in silence, for as long as it takes. */
import type { Telegraf } from 'telegraf';

export interface PollingWatch {
  /** The question for updates is open or was answered a moment ago. */
  isAlive(): boolean;
}

/** Telegram answers within 50 s when nothing happens; a longer silence is a connection that died without a word. */
const SILENT_AFTER_MS = 75_000;
/** A question that is open so long was taken: what fails, fails sooner. */
const TAKEN_AFTER_MS = 10_000;

/** Looks over the shoulder of a Telegraf that polls, or will. */
export function watchPolling({ telegram }: Pick<Telegraf, 'telegram'>, now: () => number = Date.now): PollingWatch {
  const callApi = telegram.callApi.bind(telegram);
  /** Before the first question nothing is known, such as while Telegram cannot be reached at the start. */
  let askedAt: number | undefined;
  let isOpen = false;
  let hasFailed = false;
  const watched: typeof telegram.callApi = async (method, ...rest) => {
    if (method !== 'getUpdates') return callApi(method, ...rest);
    askedAt = now();
    isOpen = true;
    try {
      const updates = await callApi(method, ...rest);
      hasFailed = false;
      return updates;
    } catch (error) {
      hasFailed = true;
      throw error;
    } finally {
      isOpen = false;
    }
  };
  telegram.callApi = watched;
  return {
    isAlive: () => {
      if (askedAt === undefined) return false;
      const silentMs = now() - askedAt;
      return silentMs < SILENT_AFTER_MS && (!hasFailed || (isOpen && silentMs > TAKEN_AFTER_MS));
    },
  };
}

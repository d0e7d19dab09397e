/** Polls Telegram until told to stop, through whatever Telegraf gives up on, and knows whether updates still come (telegram.md#telegraf). */
import { setTimeout as sleep } from 'node:timers/promises';
import { TelegramError, type Telegraf } from 'telegraf';
import { LANGUAGES, translate, type Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import { commandList } from './commands';
import type { BotContext } from './context';

const AGAIN_MS = 5000;

/** What the bot handles. */
export const ALLOWED_UPDATES = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;

export interface LaunchOptions {
  telegraf: Telegraf<BotContext>;
  log: Logger;
  /** Called each time the polling begins. */
  ready: () => void;
  stop: AbortSignal;
  /** Pause before polling again after another bot instance took over, or Telegram could not be reached. */
  againMs?: number;
}

/** Resolves when stopped; rejects with a sentence when Telegram refuses the token. */
export async function pollTelegram(options: LaunchOptions): Promise<void> {
  const { telegraf, log, ready, stop, againMs = AGAIN_MS } = options;
  let polling: Promise<void> | undefined;
  const halt = (): void => {
    try {
      telegraf.stop();
    } catch {
      // Launched but not polling yet: there is nothing to stop for a moment.
      if (polling) setTimeout(halt, 50);
    }
  };
  stop.addEventListener('abort', halt, { once: true });
  while (!stop.aborted) {
    try {
      polling = telegraf.launch({ allowedUpdates: [...ALLOWED_UPDATES] }, () => {
        void announceCommands(telegraf, log);
        ready();
      });
      await polling;
    } catch (error) {
      if (stop.aborted) return;
      const refused = refusedToken(error);
      if (refused) throw refused;
      const conflict = error instanceof TelegramError && error.code === 409;
      if (conflict && error.description.includes('ebhook')) {
        await untilWebhookGone(options);
        continue;
      }
      log.warn(
        { err: error },
        conflict ? 'Another instance polls with this token: trying again' : 'Polling failed: trying again',
      );
      await sleep(againMs, undefined, { signal: stop }).catch(() => undefined);
    } finally {
      polling = undefined;
    }
  }
}

/**
 * A webhook that stood before this process began is a leftover, and Telegraf's launch removes it. One that comes later is
 * another instance's, which has the updates now: to remove it would take them from each other in turn.
 */
async function untilWebhookGone({ telegraf, log, stop, againMs = AGAIN_MS }: LaunchOptions): Promise<void> {
  log.error(
    'Another instance takes the updates of this token by webhook: waiting until its webhook is gone. Stop that one and start this one again, which removes the webhook; or stop this one.',
  );
  while (!stop.aborted) {
    await sleep(againMs, undefined, { signal: stop }).catch(() => undefined);
    const isGone = await telegraf.telegram.getWebhookInfo().then(
      ({ url }) => !url,
      () => false,
    );
    if (isGone) return;
  }
}

/** In words, when Telegram does not know the token. */
export function refusedToken(error: unknown): Error | undefined {
  if (!(error instanceof TelegramError) || (error.code !== 401 && error.code !== 404)) return undefined;
  return new Error(
    'Telegram refuses TELEGRAM_BOT_TOKEN: expected a token that @BotFather gave for this bot. Check the setting.',
  );
}

/** The menu beside the text field, and what stands in the empty chat above Start. Everything works without them. */
export async function announceCommands({ telegram }: Telegraf<BotContext>, log: Logger): Promise<void> {
  try {
    await telegram.setMyCommands(commandList('en'));
    await introduce(telegram, 'en');
    for (const language of LANGUAGES) {
      await telegram.setMyCommands(commandList(language), { language_code: language });
      await introduce(telegram, language, language);
    }
  } catch (error) {
    log.warn({ err: error }, 'Cannot set the command menu in Telegram');
  }
}

/** Without `code`: for everybody whose language has no words of its own. */
async function introduce(telegram: Telegraf['telegram'], language: Language, code?: string): Promise<void> {
  await telegram.setMyDescription(translate(language, 'bot.profile.description'), code);
  await telegram.setMyShortDescription(translate(language, 'bot.profile.about'), code);
}

/** Whether Telegram's updates still come: Telegraf tries again in silence, for as long as it takes. */
export interface PollingWatch {
  /** The question for updates is open or was answered a moment ago. */
  isAlive(): boolean;
}

/** Telegram answers within 50 s when nothing happens; a longer silence is a connection that died without a word. */
const SILENT_AFTER_MS = 75_000;
/** A poll open this long was accepted: failures come sooner. */
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

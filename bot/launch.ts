/** Polls Telegram until told to stop, through whatever Telegraf gives up on (telegram.md#telegraf). */
import { setTimeout as sleep } from 'node:timers/promises';
import { TelegramError, type Telegraf } from 'telegraf';
import { LANGUAGES } from '../config/i18n';
import type { Logger } from '../config/logger';
import { commandList } from './commands';
import type { BotContext } from './context';

/** Pause before polling again after another bot instance took over, or Telegram could not be reached. */
const AGAIN_MS = 5000;

export interface LaunchOptions {
  telegraf: Telegraf<BotContext>;
  log: Logger;
  /** Called each time the polling begins. */
  ready: () => void;
  stop: AbortSignal;
}

/** Resolves when stopped; rejects with a sentence when Telegram refuses the token. */
export async function pollTelegram({ telegraf, log, ready, stop }: LaunchOptions): Promise<void> {
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
      polling = telegraf.launch(
        { allowedUpdates: ['message', 'edited_message', 'callback_query', 'my_chat_member'] },
        () => {
          void announceCommands(telegraf, log);
          ready();
        },
      );
      await polling;
    } catch (error) {
      if (stop.aborted) return;
      if (error instanceof TelegramError && (error.code === 401 || error.code === 404)) {
        throw new Error(
          'Telegram refuses TELEGRAM_BOT_TOKEN: expected a token that @BotFather gave for this bot. Check the setting.',
        );
      }
      const conflict = error instanceof TelegramError && error.code === 409;
      log.warn(
        { err: error },
        conflict ? 'another instance polls with this token; trying again' : 'polling broke off; trying again',
      );
      await sleep(AGAIN_MS, undefined, { signal: stop }).catch(() => undefined);
    } finally {
      polling = undefined;
    }
  }
}

/** The menu beside the text field. Without it everything works all the same. */
async function announceCommands({ telegram }: Telegraf<BotContext>, log: Logger): Promise<void> {
  try {
    await telegram.setMyCommands(commandList('en'));
    for (const language of LANGUAGES) {
      await telegram.setMyCommands(commandList(language), { language_code: language });
    }
  } catch (error) {
    log.warn({ err: error }, 'could not announce the commands');
  }
}

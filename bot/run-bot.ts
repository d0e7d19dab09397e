/** Joins the bot's parts and runs them until the role is told to stop. */
import { Telegraf } from 'telegraf';
import { watchBinding } from '../store/binding';
import { keepBeating } from '../store/heartbeats';
import { countedTelegram } from '../clients/counted-telegram';
import { createTelegramClient, telegramAccess } from '../clients/telegram';
import { telegramOptions } from '../clients/telegram-proxy';
import { connectCampaignServices, measureState } from '../campaigns/from-settings';
import type { Role } from '../config/role';
import { syncTeam } from '../store/users';
import { createBot } from './bot';
import type { BotContext } from './context';
import { pollTelegram, watchPolling } from './polling';
import { runWatchman } from './watchman';
import { serveWebhook } from './webhook';
import { wireServices } from './services/wire';

export async function runBot(role: Role<'telegram' | 'gupshup' | 'amocrm' | 'temporal' | 'mongodb'>): Promise<void> {
  const { settings, log, ready, stop } = role;
  const access = telegramAccess(settings.telegram);
  const telegram = createTelegramClient(access);
  const services = await connectCampaignServices(settings, log);
  measureState(services, log);
  await syncTeam(services.store.users, settings.telegram.ADMIN_IDS, log);
  // Updates are only taken into a queue: no handler is long (telegram.md#telegraf).
  const telegraf = new Telegraf<BotContext>(access.token, {
    handlerTimeout: Infinity,
    telegram: { ...telegramOptions(access), webhookReply: false },
  });
  countedTelegram(telegraf.telegram);
  const polling = watchPolling(telegraf);
  const bot = createBot({
    telegraf,
    services: wireServices(services, settings),
    zone: settings.DEFAULT_TIMEZONE,
    language: settings.DEFAULT_LANGUAGE,
    logger: log,
  });
  const { TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET: secret } = settings.telegram;
  const { TELEGRAM_WEBHOOK_HOST: host, TELEGRAM_WEBHOOK_PORT: port } = settings.telegram;
  const isReady = (comesIn: () => boolean): void => {
    void bot.takeUp();
    ready(async () => {
      if (!comesIn()) throw new Error('Telegram gives no updates');
      await services.store.ping();
    });
  };
  const takeUpdates = (): Promise<void> =>
    url && secret
      ? serveWebhook({ telegraf, url, secret, host, port, log, stop, ready: isReady })
      : pollTelegram({ telegraf, log, stop, ready: () => isReady(() => polling.isAlive()) });
  try {
    bot.start();
    await Promise.all([
      takeUpdates(),
      watchBinding(services.binding, stop),
      runWatchman(
        {
          ...{ store: services.store, telegram, language: settings.DEFAULT_LANGUAGE, log },
          ...{ onAway: bot.databaseAway, onBack: bot.databaseBack },
        },
        stop,
      ),
      keepBeating(services.store, { role: 'bot', senders: services.senders.all.map(({ app }) => app), stop }),
    ]);
  } finally {
    // What was taken is handled to its end; Telegram will not send it again.
    await bot.stop();
    await services.close();
  }
}

/**
 * Telegram's updates by webhook, beside polling (polling.ts): a server of the bot's own that takes what carries the secret
 * token (telegram.md#updates). It answers once an update is kept or dealt with; Telegram sends anything else again.
 * Now and then it looks whether Telegram still knows its address: a bot that polls with the same token has taken it away.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { TelegramError, type Telegraf } from 'telegraf';
import type { Update } from 'telegraf/types';
import { z } from 'zod';
import type { Logger } from '../config/logger';
import type { BotContext } from './context';
import { ALLOWED_UPDATES, announceCommands, refusedToken } from './polling';

interface WebhookOptions {
  telegraf: Telegraf<BotContext>;
  /** Where Telegram reaches this server from outside: https, with any path. */
  url: string;
  /** Sent with every update; 1 to 256 of A-Z a-z 0-9 _ -. */
  secret: string;
  host: string;
  port: number;
  log: Logger;
  /** Called when Telegram knows the address; `comesIn` says whether it still does. */
  ready: (comesIn: () => boolean) => void;
  /** Between two looks at what address Telegram knows. */
  lookMs?: number;
  stop: AbortSignal;
}

const SECRET_HEADER = 'x-telegram-bot-api-secret-token';
/** Updates are a few KB; the longest text has 4,096 characters, with as many entities. */
const BODY_LIMIT = 1024 * 1024;
const AGAIN_MS = 5_000;
const LOOK_MS = 60_000;

const updateSchema = z.looseObject({ update_id: z.number().int().nonnegative() });

/** Serves until stopped; what is being taken is finished. Rejects with a sentence when Telegram refuses token or address. */
export async function serveWebhook(options: WebhookOptions): Promise<void> {
  const { telegraf, host, port, log, stop } = options;
  const server = createServer(options);
  try {
    telegraf.botInfo ??= await untilAnswered(() => telegraf.telegram.getMe(), log, stop);
    const address = await server.listen({ host, port });
    log.info({ address }, 'Listening for Telegram');
    await untilAnswered(() => announce(options), log, stop);
    if (stop.aborted) return;
    void announceCommands(telegraf, log);
    await keepAnnounced(options);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    await server.close();
  }
}

function createServer({ telegraf, url, secret, log }: WebhookOptions): FastifyInstance {
  const server = Fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: 'idle' });
  // Neither path nor body of what is refused goes anywhere.
  server.setNotFoundHandler((_request, reply) => reply.code(404).send());
  server.setErrorHandler<Error & { statusCode?: number }>((err, _request, reply) => {
    const { statusCode = 500 } = err;
    if (statusCode >= 500) log.error({ err }, 'Cannot take an update: Telegram sends it again');
    return reply.code(statusCode).send();
  });
  server.post(new URL(url).pathname, async (request, reply) => {
    if (!isSame(request.headers[SECRET_HEADER], secret)) return reply.code(404).send();
    const update = updateSchema.safeParse(request.body);
    // Sent again it would be the same.
    if (!update.success) return reply.code(200).send();
    await telegraf.handleUpdate(update.data as unknown as Update);
    return reply.code(200).send();
  });
  return server;
}

/** In constant time, whatever the lengths. */
function isSame(given: string | string[] | undefined, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(secret));
}

async function announce({ telegraf, url, secret }: WebhookOptions): Promise<void> {
  await telegraf.telegram.setWebhook(url, { secret_token: secret, allowed_updates: [...ALLOWED_UPDATES] });
}

/** Until stopped. The address of another bot is left alone: two that take it from each other would lose both's updates. */
async function keepAnnounced(options: WebhookOptions): Promise<void> {
  const { telegraf, url, log, ready, stop, lookMs = LOOK_MS } = options;
  let isOurs = true;
  ready(() => isOurs);
  while (!stop.aborted) {
    await sleep(lookMs, undefined, { signal: stop });
    const known = await untilAnswered(() => telegraf.telegram.getWebhookInfo(), log, stop);
    isOurs = known.url === url;
    if (known.url === '') {
      log.warn('Another instance polls with this token and has removed the webhook: setting it again. Stop that one.');
      await untilAnswered(() => announce(options), log, stop);
      isOurs = true;
    } else if (!isOurs) {
      log.error(
        'Telegram sends the updates of this token to another address: another instance has set its own. Stop one of them.',
      );
    }
  }
}

/** Again for as long as Telegram is away; what it refuses ends it. */
async function untilAnswered<T>(ask: () => Promise<T>, log: Logger, stop: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof TelegramError && error.code < 500 && error.code !== 429) {
        throw refusedToken(error) ?? new Error(`Telegram refuses TELEGRAM_WEBHOOK_URL: ${error.description}`);
      }
      log.warn({ err: error }, 'Telegram does not answer: trying again');
      await sleep(AGAIN_MS, undefined, { signal: stop });
    }
  }
}

/** By webhook and by polling: one way at a time has the updates, whatever was set before and whoever runs by mistake. */
import { Telegraf } from 'telegraf';
import type { BotContext } from '../../bot/context';
import { pollTelegram } from '../../bot/polling';
import { serveWebhook } from '../../bot/webhook';
import { createLogger } from '../../config/logger';
import { ADMIN, startTelegram, TOKEN, type TestTelegram } from '../sandbox/telegram-support';
import { freePort } from '../support/health';
import { waitFor } from '../support/servers';

const log = createLogger('test', 'silent');
const stops: { stop: AbortController; ended: Promise<void> }[] = [];
let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTelegram();
  await telegram.opened();
});
afterEach(async () => {
  for (const { stop } of stops) stop.abort();
  await Promise.all(stops.splice(0).map(({ ended }) => ended));
  await telegram.stop();
});

interface Running {
  got: string[];
  readyTimes: () => number;
  comesIn: () => boolean;
}

function run(
  way: (common: Parameters<typeof pollTelegram>[0]) => Promise<void>,
): Running & { telegraf: Telegraf<BotContext> } {
  const telegraf = new Telegraf<BotContext>(TOKEN, { telegram: { apiRoot: telegram.url, webhookReply: false } });
  const got: string[] = [];
  telegraf.on('text', (ctx) => void got.push(ctx.message.text));
  const stop = new AbortController();
  let times = 0;
  let comesIn = (): boolean => true;
  const ready = (check: () => boolean = comesIn): void => {
    times++;
    comesIn = check;
  };
  const ended = way({ telegraf, log, stop: stop.signal, ready, againMs: 100 });
  stops.push({ stop, ended });
  return { telegraf, got, readyTimes: () => times, comesIn: () => comesIn() };
}

const poll = (): Running => run(pollTelegram);
async function serve(lookMs = 100): Promise<Running & { url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/telegram`;
  const running = run((common) =>
    serveWebhook({ ...common, url, secret: 'a-secret-of-at-least-16', host: '127.0.0.1', port, lookMs }),
  );
  await waitFor(() => running.readyTimes() > 0, { what: 'the webhook to be announced', limitMs: 30_000 });
  return { ...running, url };
}

const known = async (): Promise<string> => (await telegram.done<{ url: string }>('getWebhookInfo')).url;
async function write(text: string): Promise<void> {
  await telegram.control(`/chats/${ADMIN}/message`, { text });
}

test('a bot that polls removes the webhook that stands from before', async () => {
  await telegram.done('setWebhook', { url: 'http://127.0.0.1:9/left-over' });
  const polling = poll();
  await write('hello');
  await waitFor(() => polling.got.includes('hello'), { what: 'the message', limitMs: 30_000 });
  expect(await known()).toBe('');
});

test('of two by mistake, one each way, the webhook keeps the updates, and the other has them once it is gone', async () => {
  const webhook = await serve(1_500);
  // Telegram takes one address a second.
  await telegram.later(2);
  const polling = poll();
  // Telegraf calls back before it removes the webhook.
  await waitFor(async () => (await known()) === '', { what: 'the other to take over', limitMs: 30_000 });
  await waitFor(async () => (await known()) === webhook.url, { what: 'the webhook to be set again', limitMs: 30_000 });
  await write('one');
  await waitFor(() => webhook.got.includes('one') || polling.got.includes('one'), {
    what: 'the message',
    limitMs: 30_000,
  });
  await write('two');
  await waitFor(() => webhook.got.includes('two'), { what: 'the webhook to have the next', limitMs: 30_000 });
  expect(polling.got).not.toContain('two');
  expect(webhook.comesIn()).toBe(true);

  stops[0]!.stop.abort();
  await telegram.done('deleteWebhook');
  await write('three');
  await waitFor(() => polling.got.includes('three'), { what: 'the other to take over', limitMs: 30_000 });
});

test('the address of another bot is left alone, and this one is not ready', async () => {
  const webhook = await serve();
  await telegram.later(2);
  const another = 'http://127.0.0.1:9/another';
  await telegram.done('setWebhook', { url: another });
  await waitFor(() => !webhook.comesIn(), { what: 'it to notice', limitMs: 30_000 });
  expect(await known()).toBe(another);
});

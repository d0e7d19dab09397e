/** The bot as a process: ready, talking, told to stop; and what it says when it cannot start. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startProxy } from '../clients/proxies';
import { ADMIN, startTelegram, TOKEN, type TestTelegram } from '../sandbox/telegram-support';
import { linkTo } from '../store/mongo-link';
import { askHealth, freePort, untilReadyz } from '../support/health';
import { nodeArguments } from '../support/programs';
import { testMongo, testTemporalAddress, waitFor } from '../support/servers';

const ROOT = resolve(__dirname, '../..');

let telegram: TestTelegram;
let mongo: Awaited<ReturnType<typeof testMongo>>;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  [telegram, mongo, folder] = await Promise.all([
    startTelegram(),
    testMongo(),
    mkdtemp(join(tmpdir(), 'bobcofer-bot-')),
  ]);
});
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});
afterAll(async () => {
  await telegram.stop();
  await mongo.close();
  await rm(folder, { recursive: true });
});

interface Started {
  child: ChildProcess;
  readyFile: string;
  output(): string;
  ended(): Promise<number | null>;
}

function startBot(settings: Record<string, string> = {}): Started {
  const readyFile = join(folder, `ready-${children.length}-${Date.now()}`);
  const child = spawn(process.execPath, nodeArguments('bot/main.ts'), {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      BOBCOFER_HOME: folder,
      READY_FILE: readyFile,
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: telegram.url,
      ADMIN_IDS: String(ADMIN),
      GUPSHUP_API_KEY: 'key',
      GUPSHUP_APP_NAME: 'DemoApp',
      GUPSHUP_APP_ID: 'app',
      GUPSHUP_SOURCE: '79000000000',
      GUPSHUP_BASE_URL: 'http://127.0.0.1:9',
      AMOCRM_BASE_URL: 'http://127.0.0.1:9',
      AMOCRM_TOKEN: 'token',
      TEMPORAL_ADDRESS: testTemporalAddress(),
      MONGODB_URI: mongo.uri,
      ...settings,
    },
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, readyFile, output: () => output, ended: () => exit };
}

const messageCount = async (): Promise<number> =>
  (await telegram.control<{ messages: { from?: { is_bot: boolean } }[] }>(`/chats/${ADMIN}`)).messages.filter(
    ({ from }) => from?.is_bot,
  ).length;
const lastText = async (): Promise<string | undefined> =>
  (await telegram.control<{ messages: { text?: string }[] }>(`/chats/${ADMIN}`)).messages.at(-1)?.text;

it('says when it is ready, answers, and ends cleanly when told to stop', async () => {
  const bot = startBot();
  await waitFor(() => existsSync(bot.readyFile), { what: 'the ready file', limitMs: 20_000 });
  await telegram.opened();
  await waitFor(async () => (await lastText())?.includes('Рассылки WhatsApp'), { what: 'the greeting' });

  // The services behind it do not answer: a sentence, and the bot lives on.
  await telegram.control(`/chats/${ADMIN}/message`, { text: '/templates' });
  await waitFor(async () => (await lastText())?.includes('Gupshup не отвечает'), {
    what: 'the refusal',
    limitMs: 20_000,
  });

  bot.child.kill('SIGTERM');
  expect(await bot.ended()).toBe(0);
  expect(existsSync(bot.readyFile)).toBe(false);
  expect(bot.output()).not.toContain(TOKEN);
}, 60_000);

it('is ready while Telegram gives updates and MongoDB answers, and lives all along', async () => {
  const mongodb = await linkTo(mongo.uri);
  const lines = await linkTo(telegram.url);
  const port = await freePort();
  const settings = {
    MONGODB_URI: mongodb.uri,
    TELEGRAM_API_ROOT: lines.uri.replace(/\/$/, ''),
    HEALTH_PORT: String(port),
  };
  const bot = startBot(settings);
  try {
    await untilReadyz(port, 200, 'it has come up');
    for (const [name, link] of Object.entries({ Telegram: lines, MongoDB: mongodb })) {
      link.cut();
      await untilReadyz(port, 503, `${name} is away`);
      expect(await askHealth(port, '/healthz')).toBe(200);
      link.mend();
      await untilReadyz(port, 200, `${name} is back`);
    }
    bot.child.kill('SIGTERM');
    expect(await bot.ended()).toBe(0);
    expect(await askHealth(port, '/healthz')).toBe(0);
  } finally {
    await Promise.all([mongodb.close(), lines.close()]);
  }
}, 120_000);

describe.each(['polling', 'webhook'] as const)('by %s', (way) => {
  const secret = 'a-secret-of-at-least-16';

  async function settingsOf(): Promise<{ settings: Record<string, string>; url: string }> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/telegram`;
    if (way === 'polling') return { settings: {}, url };
    const settings = {
      TELEGRAM_WEBHOOK_URL: url,
      TELEGRAM_WEBHOOK_SECRET: secret,
      TELEGRAM_WEBHOOK_HOST: '127.0.0.1',
      TELEGRAM_WEBHOOK_PORT: String(port),
    };
    return { settings, url };
  }

  it('a press in whose middle the bot is killed is carried out by the next bot, once', async () => {
    // Gupshup takes the question and never answers.
    const hanging = createServer((_request, response) => void response.on('close', () => undefined));
    let asked = 0;
    hanging.on('request', () => asked++);
    await new Promise<void>((ready) => hanging.listen(0, '127.0.0.1', ready));
    const { settings, url } = await settingsOf();
    const GUPSHUP_BASE_URL = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
    const first = startBot({ ...settings, GUPSHUP_BASE_URL });
    try {
      await waitFor(() => existsSync(first.readyFile), { what: 'the first bot', limitMs: 30_000 });
      await telegram.control(`/chats/${ADMIN}/message`, { text: '/templates' });
      await waitFor(() => asked > 0, { what: 'the bot to be in the middle of it', limitMs: 20_000 });
      const pending = async (): Promise<number> =>
        (await telegram.control<{ pendingUpdates: number }>('')).pendingUpdates;
      await waitFor(async () => (await pending()) === 0, { what: 'Telegram to hear that it was taken' });
      first.child.kill('SIGKILL');
      await first.ended();
      const before = await messageCount();

      const second = startBot(settings);
      await waitFor(async () => (await lastText())?.includes('Gupshup не отвечает'), {
        what: 'the answer',
        limitMs: 30_000,
      });
      if (way === 'webhook') {
        const post = (token: string): Promise<Response> =>
          fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': token },
            body: JSON.stringify({ update_id: 1, message: { text: '/help' } }),
          });
        expect((await post('a-secret-that-is-not-it')).status).toBe(404);
        expect((await telegram.done<{ url: string }>('getWebhookInfo')).url).toBe(url);
      }
      await telegram.control(`/chats/${ADMIN}/message`, { text: '/language' });
      await waitFor(async () => (await lastText())?.includes('Язык?'), { what: 'the bot to go on' });
      expect(await messageCount()).toBe(before + 2);
      second.child.kill('SIGTERM');
      expect(await second.ended()).toBe(0);
    } finally {
      hanging.closeAllConnections();
      hanging.close();
    }
  }, 120_000);
});

it('speaks to Telegram through a proxy alone, and says when that does not lead there', async () => {
  const proxy = await startProxy({
    scheme: 'socks5',
    port: Number(new URL(telegram.url).port),
    access: 'anna:hunter2',
  });
  const settings = {
    TELEGRAM_API_ROOT: 'http://telegram.invalid',
    TELEGRAM_PROXY: `socks5://anna:hunter2@${proxy.host}`,
  };
  try {
    const bot = startBot(settings);
    await waitFor(() => existsSync(bot.readyFile), { what: 'the ready file', limitMs: 30_000 });
    const before = await messageCount();
    await telegram.control(`/chats/${ADMIN}/message`, { text: '/help' });
    await waitFor(async () => (await messageCount()) > before, { what: 'the answer', limitMs: 30_000 });
    expect(new Set(proxy.asked)).toEqual(new Set(['telegram.invalid:80']));
    bot.child.kill('SIGTERM');
    expect(await bot.ended()).toBe(0);

    const wrong = startBot({ ...settings, TELEGRAM_PROXY: `socks5://anna:wrong-one@${proxy.host}` });
    await waitFor(() => wrong.output().includes('refuses user and password'), {
      what: 'it to say so',
      limitMs: 30_000,
    });
    wrong.child.kill('SIGTERM');
    expect(await wrong.ended()).toBe(0);
    expect(bot.output() + wrong.output()).not.toMatch(/hunter2|wrong-one/);
  } finally {
    await proxy.close();
  }
}, 120_000);

it('ends with a sentence when Telegram refuses the token', async () => {
  const bot = startBot({ TELEGRAM_BOT_TOKEN: '7000000001:another-token-that-is-well-formed-but-wrong' });
  expect(await bot.ended()).toBe(1);
  expect(bot.output()).toContain('Telegram refuses TELEGRAM_BOT_TOKEN');
});

it('lists every wrong setting', async () => {
  const bot = startBot({ ADMIN_IDS: 'anna', TELEGRAM_BOT_TOKEN: '' });
  expect(await bot.ended()).toBe(1);
  expect(bot.output()).toMatch(/TELEGRAM_BOT_TOKEN: is missing[^]*ADMIN_IDS: expected Telegram ids/);
});

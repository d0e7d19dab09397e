/** A live message while MongoDB is away: it promises no end, and goes on by itself when it is back. A real bot process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ADMIN, startTelegram, TOKEN } from '../sandbox/telegram-support';
import { keepBeating } from '../../store/heartbeats';
import { accept, campaignDocument, freeze, startStore } from '../store/support';
import { linkTo } from '../store/mongo-link';
import { nodeArguments } from '../support/programs';
import { testTemporalAddress, waitFor } from '../support/servers';

test('the time of the end gives way to a sentence, once a message, and comes back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bobcofer-away-'));
  const [telegram, own] = await Promise.all([startTelegram(), startStore()]);
  const link = await linkTo(own.uri);
  const stop = new AbortController();
  const worker = keepBeating(own.store, { role: 'worker', senders: ['DemoApp'], stop: stop.signal });
  const child = spawn(process.execPath, nodeArguments('bot/main.ts'), {
    env: {
      ...{ PATH: process.env['PATH'], BOBCOFER_HOME: folder, LOG_LEVEL: 'fatal', HEALTH_PORT: '0' },
      ...{ TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.url, ADMIN_IDS: String(ADMIN) },
      ...{ GUPSHUP_API_KEY: 'key', GUPSHUP_APP_NAME: 'DemoApp', GUPSHUP_APP_ID: 'app', GUPSHUP_SOURCE: '79000000000' },
      ...{ GUPSHUP_BASE_URL: 'http://127.0.0.1:9', DEFAULT_LANGUAGE: 'en' },
      ...{ TEMPORAL_ADDRESS: testTemporalAddress(), MONGODB_URI: link.uri },
    },
    stdio: 'inherit',
  });
  const ended = once(child, 'exit');
  let done = 0;
  const moving = setInterval(() => void accept(own.store, 'live', done++, `m${done}`).catch(() => undefined), 300);
  try {
    const { message_id: messageId } = await telegram.opened().then(() => telegram.say('live'));
    await own.store.campaigns.insert(campaignDocument('live', { state: 'running' }));
    await freeze(own.store, 'live', 10_000);
    await own.store.campaigns.addWatcher('live', { chatId: ADMIN, messageId });
    const shows = (words: RegExp): Promise<unknown> =>
      waitFor(
        async () => {
          const { messages } = await telegram.control<{ messages: { message_id: number; text?: string }[] }>(
            `/chats/${ADMIN}`,
          );
          const { text = '' } = messages.find((one) => one.message_id === messageId) ?? {};
          return words.test(text) && text;
        },
        { what: `the message to show ${words.source}`, limitMs: 60_000 },
      );
    await shows(/\/s \(cap.*all sent by about/);
    link.cut();
    // Words that come meanwhile end nothing: what is read ahead for them fails, and nobody waits for it yet.
    await telegram.control(`/chats/${ADMIN}/message`, { text: '/help' });
    expect(await shows(/The database does not answer: these numbers are from /)).not.toMatch(/all sent by/);
    link.mend();
    expect(await shows(/\/s \(cap.*all sent by about/)).not.toContain('does not answer');
    expect(child.exitCode).toBeNull();
  } finally {
    clearInterval(moving);
    stop.abort();
    child.kill('SIGKILL');
    await Promise.all([worker, ended]);
    await link.close();
    await Promise.all([own.close(), telegram.stop()]);
    rmSync(folder, { recursive: true });
  }
}, 180_000);

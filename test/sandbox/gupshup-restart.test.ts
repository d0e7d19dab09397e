/** What the sandbox has accepted survives SIGKILL, and receipts still due go out after the next start. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { nodeArguments } from '../support/programs';
import { call, send, startReceiver, startSandbox, subscribe, temporaryHome, until } from './sandbox-support';

const ROOT = join(__dirname, '../..');
const children: ChildProcess[] = [];
afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

/** The sandbox as `npm start` runs it: a process of its own. */
async function spawnSandbox(home: string, speed: number): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, nodeArguments('sandbox/main.ts'), {
    cwd: ROOT,
    env: { ...process.env, SANDBOX_HOME: home, SANDBOX_PORT: '0', SANDBOX_SPEED: String(speed), LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url) return { url, child };
  }
  throw new Error('The sandbox ended before it was ready');
}

test('SIGKILL in the middle: every answered message is counted, and gets its receipts after the next start', async () => {
  const home = temporaryHome();
  const receiver = await startReceiver();
  // So slow that no receipt is due before the kill.
  const first = await spawnSandbox(home, 1);
  await subscribe(first, receiver.url);
  await call(`${first.url}/sandbox/gupshup/settings`, 'PUT', { sendsPerSecond: 1000 });
  const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => send(first, String(79_161_110_000 + n))));
  const ids = answers.map(({ body }) => body.messageId as string);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  // A line torn by the kill must not spoil the rest, nor the next one.
  appendFileSync(join(home, 'gupshup-messages.jsonl'), '{"accepted":{"messageId":"torn');

  const second = await startSandbox({ home, speed: 1000 });
  try {
    const messages = (await call(`${second.url}/sandbox/gupshup/messages`)).body;
    expect(messages.map(({ messageId }: { messageId: string }) => messageId).sort()).toEqual([...ids].sort());
    ids.push((await send(second, '79161112000')).body.messageId);
    // Receipts were planned at the first run's speed; they come when they were due.
    await until(
      'all delivered',
      async () => {
        const { states } = (await call(`${second.url}/sandbox/gupshup/summary`)).body;
        return (states.delivered ?? 0) + (states.read ?? 0) === 31;
      },
      40_000,
    );
    await second.close();
    const third = await startSandbox({ home });
    expect((await call(`${third.url}/sandbox/gupshup/summary`)).body.accepted).toBe(31);
    await third.close();
  } finally {
    await second.close();
    await receiver.close();
  }
}, 60_000);

test('a clean stop keeps settings, subscriptions and template states', async () => {
  const home = temporaryHome();
  const receiver = await startReceiver();
  const first = await startSandbox({ home });
  await subscribe(first, receiver.url);
  await call(`${first.url}/sandbox/gupshup/settings`, 'PUT', { sendsPerSecond: 33 });
  const id = '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1003';
  await call(`${first.url}/sandbox/gupshup/templates/${id}/status`, 'POST', { status: 'PAUSED' });
  await first.close();

  const second = await startSandbox({ home, speed: 7 });
  try {
    expect((await call(`${second.url}/sandbox/gupshup/settings`)).body).toMatchObject({ sendsPerSecond: 33, speed: 7 });
    await send(second, '79160000105');
    const failed = await until('132015 by webhook', () =>
      receiver.bodies.find(({ payload }) => payload.payload?.code === 132015),
    );
    expect(failed.payload.destination).toBe('79160000105');
  } finally {
    await second.close();
    await receiver.close();
  }
});

test('a webhook not taken before a clean stop comes after the next start', async () => {
  const home = temporaryHome();
  const receiver = await startReceiver();
  receiver.status = 503;
  const first = await startSandbox({ home });
  await subscribe(first, receiver.url);
  await send(first, '79160000911');
  await until('a refused receipt', () => receiver.bodies.some(({ payload }) => payload.type === 'sent'));
  await first.close();
  receiver.status = 200;
  receiver.bodies.length = 0;
  const second = await startSandbox({ home });
  try {
    await until('the receipt again', () => receiver.bodies.some(({ payload }) => payload.type === 'sent'));
  } finally {
    await second.close();
    await receiver.close();
  }
});

test('wrong settings are listed together, without a stack trace', async () => {
  const child = spawn(process.execPath, nodeArguments('sandbox/main.ts'), {
    cwd: ROOT,
    env: { ...process.env, SANDBOX_HOME: temporaryHome(), SANDBOX_PORT: 'http', SANDBOX_SPEED: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(text).toMatch(/Wrong settings:\n {2}SANDBOX_PORT: .+\n {2}SANDBOX_SPEED: /);
  expect(text).not.toContain(' at ');
});

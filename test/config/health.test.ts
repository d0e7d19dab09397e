/** A role's health port: who gets which, and what it says of the work behind it. */
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { serveHealth, type HealthOptions, type HealthServer } from '../../config/health';
import { createLogger } from '../../config/logger';

const open: (HealthServer | Server)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function serve(changes: Partial<HealthOptions> = {}): Promise<HealthServer> {
  const log = createLogger('test', 'silent');
  const check = async (): Promise<void> => undefined;
  const server = await serveHealth({
    role: 'stub',
    host: '127.0.0.1',
    port: 0,
    check,
    metrics: async () => '',
    log,
    ...changes,
  });
  open.push(server);
  return server;
}

async function takePort(wanted = 0): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const status = async (url: string): Promise<number> => (await fetch(url)).status;

test('a given port that another process has is said, with what to do', async () => {
  const port = await takePort();
  await expect(serve({ port })).rejects.toThrow(
    `HEALTH_PORT: 127.0.0.1:${port} is taken by another process, perhaps another role of this machine. Give each its own, or 0 for any free one.`,
  );
});

test('a second worker of a machine comes up without a setting', async () => {
  const first = await serve({ role: 'worker', port: undefined });
  const second = await serve({ role: 'worker', port: undefined });
  expect(second.url).not.toBe(first.url);
  expect(await status(`${second.url}/readyz`)).toBe(200);
});

test('it lives while it cannot work; the log is told of each change once, and nothing before it first was ready', async () => {
  const said: string[] = [];
  const keep = (_: object | string, text?: string): void => void said.push(text ?? String(_));
  const log = { ...createLogger('test', 'silent'), warn: keep, info: keep } as never;
  let trouble: string | undefined = 'starting';
  const { url } = await serve({
    log,
    check: async () => {
      if (trouble) throw new Error(`mongodb://user:password@host ${trouble}`);
    },
  });
  const ask = async (): Promise<[number, string]> => {
    const answer = await fetch(`${url}/readyz`);
    return [answer.status, await answer.text()];
  };
  expect(await ask()).toEqual([503, '{"status":"not ready"}']);
  expect(said).toEqual([]);
  trouble = undefined;
  expect(await ask()).toEqual([200, '{"status":"ready"}']);
  trouble = 'away';
  expect(await ask()).toEqual([503, '{"status":"not ready"}']);
  expect(await ask()).toEqual([503, '{"status":"not ready"}']);
  expect(await status(`${url}/healthz`)).toBe(200);
  trouble = undefined;
  await ask();
  expect(said).toEqual(['Not ready: /readyz answers 503', 'Ready again']);
  expect([await status(`${url}/metrics`), await status(`${url}/else`)]).toEqual([200, 404]);
});

test('a check without an answer is a no, soon', async () => {
  const { url } = await serve({ check: () => new Promise(() => undefined) });
  expect(await status(`${url}/readyz`)).toBe(503);
});

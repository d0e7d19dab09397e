/** The sandbox serves this machine only: another name (DNS rebinding) and another page's origin are refused. */
import { request } from 'node:http';
import { startSandbox, temporaryHome } from './sandbox-support';
import { createSandbox, type Sandbox } from '../../sandbox/main';

let sandbox: Sandbox;
let port: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  port = new URL(sandbox.url).port;
});
afterAll(() => sandbox?.close());

function statusOf(path: string, headers: Record<string, string>, method = 'GET', url = sandbox.url): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(`${url}${path}`, { method, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
    call.on('error', reject);
    call.end();
  });
}

test.each([
  ['127.0.0.1', 200],
  ['localhost', 200],
  ['LOCALHOST', 200],
  ['[::1]', 200],
  ['evil.example', 421],
  ['127.0.0.1.evil.example', 421],
  ['localhost.evil.example', 421],
  ['169.254.169.254', 421],
])('under the name %s the answer is %i', async (name, status) => {
  expect(await statusOf('/healthz', { host: `${name}:${port}` })).toBe(status);
  expect(await statusOf('/', { host: `${name}:${port}` })).toBe(status);
});

test.each([
  ['its own', () => `http://127.0.0.1:${port}`, 200],
  ['another port', () => 'http://127.0.0.1:1', 403],
  ['another site', () => 'https://evil.example', 403],
  ['a file or a sandboxed frame', () => 'null', 403],
])('of a page whose origin is %s', async (_which, origin, status) => {
  const headers = { host: `127.0.0.1:${port}`, origin: origin() };
  expect(await statusOf('/sandbox/telegram', headers)).toBe(status);
  // Also what would change something.
  if (status === 403) expect(await statusOf('/sandbox/telegram/faults', headers, 'POST')).toBe(403);
});

test('in a container it also answers to the name that it is given', async () => {
  const named = await createSandbox({ home: temporaryHome(), names: ['sandbox'] });
  try {
    expect(await statusOf('/healthz', { host: 'sandbox:8090' }, 'GET', named.url)).toBe(200);
    expect(await statusOf('/healthz', { host: 'other:8090' }, 'GET', named.url)).toBe(421);
  } finally {
    await named.close();
  }
});

/** What a role's process says of its health. */
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { waitFor } from './servers';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The status of an answer; 0 = nobody answers. */
export const askHealth = (port: number, path: '/healthz' | '/readyz' | '/metrics'): Promise<number> =>
  fetch(`http://127.0.0.1:${port}${path}`).then(
    (response) => response.status,
    () => 0,
  );

export const untilReadyz = (port: number, status: number, what: string): Promise<unknown> =>
  waitFor(async () => (await askHealth(port, '/readyz')) === status, {
    what: `/readyz ${status}: ${what}`,
    limitMs: 60_000,
  });

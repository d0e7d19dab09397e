/** What a role's process says of its health. */
import { waitFor } from './servers';

export { freePort } from '../../local/servers/ports';

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

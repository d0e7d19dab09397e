/** Tables of senders for tests. */
import { SANDBOX_APPS } from '../../sandbox/credentials';
import { createGupshupClient, type GupshupClient } from '../../clients/gupshup/client';
import { sendersFrom, type Senders } from '../../clients/gupshup/senders';

/** One sender with this client. */
export function oneSender(gupshup: GupshupClient, app = 'DemoApp', sendsPerSecond = 20): Senders {
  const identity = { app, appId: 'id', apiKey: 'key', source: '79990000000', baseUrl: 'http://127.0.0.1:1' };
  return sendersFrom([{ ...identity, sendsPerSecond, isDefault: true, gupshup }]);
}

/** So many apps of a sandbox, the first of them the default. */
export function sendersOfSandbox(
  sandboxUrl: string,
  count: number,
  { sendsPerSecond, timeoutMs }: { sendsPerSecond: number; timeoutMs: number },
): Senders {
  const apps = SANDBOX_APPS.slice(0, count).map(({ appName: app, ...rest }, index) => {
    const sender = { ...rest, app, baseUrl: `${sandboxUrl}/gupshup`, sendsPerSecond, isDefault: index === 0 };
    return { ...sender, gupshup: createGupshupClient({ ...sender, appName: app, timeoutMs }) };
  });
  return sendersFrom(apps);
}

/** Tables of senders for tests. */
import type { GupshupClient } from '../../clients/gupshup/client';
import { sendersFrom, type Senders } from '../../clients/gupshup/senders';

/** One sender with this client. */
export function oneSender(gupshup: GupshupClient, app = 'DemoApp', sendsPerSecond = 20): Senders {
  const identity = { app, appId: 'id', apiKey: 'key', source: '79990000000', baseUrl: 'http://127.0.0.1:1' };
  return sendersFrom([{ ...identity, sendsPerSecond, isDefault: true, gupshup }]);
}

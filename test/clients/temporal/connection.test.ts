/** TLS to Temporal: in front of the tests' server stands one that speaks TLS, as own clusters and Temporal Cloud do. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { NativeConnection } from '@temporalio/worker';
import { connectTemporal } from '../../../campaigns/temporal';
import { temporalAccess, type TemporalSettings } from '../../../clients/temporal/connection';
import { readSettings } from '../../../config/settings';
import { testTemporalAddress } from '../../support/servers';
import { quietRuntime } from '../../support/time-skipping';

const file = (name: string): string => readFileSync(join(__dirname, '../../fixtures/tls', name), 'utf8');
const [host = '', port = ''] = testTemporalAddress().split(':');
let server: Server;
let address: string;

beforeAll(async () => {
  quietRuntime();
  const own = { key: file('server.key'), cert: file('server.pem'), ca: file('ca.pem') };
  server = createServer({ ...own, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] }, (socket) => {
    const inner = connect(Number(port), host);
    for (const one of [socket, inner]) one.on('error', () => undefined);
    socket.pipe(inner).pipe(socket);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

function settings(changes: Record<string, string | undefined> = {}): TemporalSettings {
  const all: Record<string, string | undefined> = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_TLS_CA: file('ca.pem'),
    TEMPORAL_TLS_CERT: file('client.pem'),
    TEMPORAL_TLS_KEY: file('client.key'),
    TEMPORAL_TLS_SERVER_NAME: 'temporal.test',
    ...changes,
  };
  return readSettings(['temporal'], all).temporal;
}

test('client and worker come in with the certificates of the settings', async () => {
  const client = await connectTemporal(settings());
  expect(await client.connection.workflowService.getSystemInfo({})).toHaveProperty('serverVersion');
  await client.connection.close();
  const native = await NativeConnection.connect(temporalAccess(settings()));
  expect(await native.workflowService.getSystemInfo({})).toHaveProperty('serverVersion');
  await native.close();
});

test.each([
  ['no client certificate', { TEMPORAL_TLS_CERT: undefined, TEMPORAL_TLS_KEY: undefined }],
  ['no authority that has signed the server', { TEMPORAL_TLS_CA: undefined }],
  ['another name than the server has', { TEMPORAL_TLS_SERVER_NAME: 'elsewhere.test' }],
  ['no TLS', { TEMPORAL_TLS: 'off' }],
])('with %s nobody comes in, and it is said where', async (_what, changes) => {
  await expect(NativeConnection.connect(temporalAccess(settings(changes)))).rejects.toThrow();
});

test.each([
  ['nothing', {}, undefined],
  ['an API key', { TEMPORAL_API_KEY: 'key' }, {}],
  ['TLS alone', { TEMPORAL_TLS: 'on' }, {}],
  ['a CA', { TEMPORAL_TLS_CA: file('ca.pem') }, { serverRootCACertificate: expect.any(Uint8Array) as Uint8Array }],
  ['an API key without TLS, for a proxy', { TEMPORAL_API_KEY: 'key', TEMPORAL_TLS: 'off' }, undefined],
] as const)('%s makes the connection what is meant', (_what, changes, tls) => {
  const bare = { TEMPORAL_TLS_CA: undefined, TEMPORAL_TLS_CERT: undefined, TEMPORAL_TLS_KEY: undefined, TEMPORAL_TLS_SERVER_NAME: undefined }; // prettier-ignore
  expect(temporalAccess(settings({ ...bare, ...changes })).tls).toEqual(tls);
});

/** The codec server, as the Temporal UI and `temporal --codec-endpoint` ask it. */
import { defaultPayloadConverter } from '@temporalio/common';
import { createEncryption } from '../../clients/temporal/encryption';
import { createCodecServer } from '../../codec/server';
import { readEncryptionKeys } from '../../config/encryption-keys';
import { createLogger } from '../../config/logger';

const TOKEN = 'the-token-of-the-codec-server';
const UI = 'http://127.0.0.1:8233';
const codec = createEncryption(readEncryptionKeys(`one:${Buffer.alloc(32, 7).toString('base64')}`)!);
let server: ReturnType<typeof createCodecServer>;
let url: string;
let encrypted: string;

beforeEach(async () => {
  server = createCodecServer({ codec, token: TOKEN, uiOrigin: UI, log: createLogger('test', 'silent') });
  url = await server.listen({ host: '127.0.0.1', port: 0 });
  const [payload] = await codec.encode([defaultPayloadConverter.toPayload({ campaignId: 'spring' })!]);
  const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64');
  const metadata = Object.entries(payload!.metadata ?? {}).map(([name, value]) => [name, text(value)]);
  encrypted = JSON.stringify({
    payloads: [{ metadata: Object.fromEntries(metadata) as object, data: text(payload!.data) }],
  });
});
afterEach(() => server.close());

function decode(headers: Record<string, string>, body = encrypted): Promise<Response> {
  return fetch(`${url}/decode`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
}

async function decoded(response: Response): Promise<unknown> {
  const { payloads } = (await response.json()) as { payloads: { data: string }[] };
  return JSON.parse(Buffer.from(payloads[0]!.data, 'base64').toString());
}

test.each([
  ['no token', {}],
  ['another token', { authorization: `Bearer ${TOKEN}x` }],
  ['the token in another scheme', { authorization: `Basic ${TOKEN}` }],
  ['another cookie', { cookie: 'bobcofer-codec=nothing' }],
])('%s opens nothing', async (_what, headers) => {
  const response = await decode(headers);
  expect(response.status).toBe(401);
  expect(await response.text()).toBe('');
});

test('guesses are limited, and cost the right token nothing', async () => {
  const guesses = await Promise.all(
    Array.from({ length: 30 }, (_, n) => decode({ authorization: `Bearer guess-${n}` })),
  );
  expect(guesses.map(({ status }) => status)).toContain(429);
  expect((await decode({ authorization: `Bearer ${TOKEN}` })).status).toBe(200);
});

test('the console tool is answered by its token', async () => {
  const response = await decode({ authorization: `Bearer ${TOKEN}` });
  expect(await decoded(response)).toEqual({ campaignId: 'spring' });
  expect(response.headers.get('cache-control')).toBe('no-store');
});

test('what was encoded is decoded again', async () => {
  const plain = { payloads: [{ metadata: { encoding: btoa('json/plain') }, data: btoa('{"n":1}') }] };
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` };
  const encoded = await fetch(`${url}/encode`, { method: 'POST', headers, body: JSON.stringify(plain) });
  const text = await encoded.text();
  expect(text).not.toContain(plain.payloads[0]!.data);
  expect(await decoded(await decode(headers, text))).toEqual({ n: 1 });
});

test('a browser signs in, and then only the Temporal UI may read', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const wrong = await fetch(`${url}/login`, { method: 'POST', headers: form, body: 'token=wrong' });
  expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null]);
  const login = await fetch(`${url}/login`, { method: 'POST', headers: form, body: `token=${TOKEN}` });
  const cookie = login.headers.get('set-cookie')!;
  expect(cookie).toMatch(/HttpOnly.*SameSite=Strict/);
  const answer = await decode({ cookie: cookie.split(';')[0]!, origin: UI });
  expect(await decoded(answer.clone())).toEqual({ campaignId: 'spring' });
  expect(answer.headers.get('access-control-allow-origin')).toBe(UI);
  const stranger = await decode({ cookie: cookie.split(';')[0]!, origin: 'https://elsewhere.example' });
  expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
  const asked = await fetch(`${url}/decode`, { method: 'OPTIONS', headers: { origin: UI } });
  expect([asked.status, asked.headers.get('access-control-allow-headers')]).toEqual([
    204,
    expect.stringContaining('authorization'),
  ]);
});

test.each([
  ['no JSON of payloads', '{"payloads":"x"}', 400],
  ['a payload of an unknown key', JSON.stringify({ payloads: [{ metadata: { encoding: btoa('binary/encrypted'), 'encryption-key-id': btoa('gone') }, data: btoa('x'.repeat(40)) }] }), 422],
])('%s is refused with the reason', async (_what, body, status) => {
  const response = await decode({ authorization: `Bearer ${TOKEN}` }, body);
  expect(response.status).toBe(status);
  expect(((await response.json()) as { error: string }).error).toMatch(/expected|key "gone"/);
}); // prettier-ignore

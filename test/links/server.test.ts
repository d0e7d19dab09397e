/** The redirect server on the real store: who is led where, what counts as a click, and what does not. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { request } from 'undici';
import { createLogger } from '../../config/logger';
import { createLinkCodes } from '../../domain/link-code';
import { createLinkServer } from '../../links/server';
import { isPress } from '../../links/press';
import { createStore, type Store } from '../../store/connect';
import { storeSample } from '../report/sample';
import { testMongo, waitFor } from '../support/servers';

const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1';
const log = createLogger('test', 'silent');
const campaignId = 'autumn';
let store: Store;
let server: FastifyInstance;
let codeOf: (n: number, position?: number) => string;

beforeAll(async () => {
  const mongo = await testMongo();
  store = await createStore(mongo.db, mongo.close);
  const parameters = [
    { kind: 'column' as const, column: 'name' },
    { kind: 'link' as const, target: 'https://shop.example/sale' },
  ];
  await storeSample(store, { spec: { parameters } });
  server = await listening({ store, log });
  const codes = createLinkCodes(await store.clicks.key());
  codeOf = (n, position = 2) => codes.codeOf({ campaignId, n, variant: 0, position })!;
});
afterAll(async () => {
  await server?.close();
  await store?.close();
});

interface Got {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}
async function askAt(
  one: FastifyInstance,
  path: string,
  headers: Record<string, string> = {},
  method: 'GET' | 'HEAD' | 'POST' = 'GET',
): Promise<Got> {
  const [base] = one.addresses();
  const got = await request(`http://127.0.0.1:${(base as AddressInfo).port}${path}`, {
    method,
    headers: { 'user-agent': SAFARI, ...headers },
  });
  return { statusCode: got.statusCode, headers: got.headers, body: await got.body.text() };
}
const ask = (
  path: string,
  headers: Record<string, string> = {},
  method: 'GET' | 'HEAD' | 'POST' = 'GET',
): Promise<Got> => askAt(server, path, headers, method);
const listening = async (options: Parameters<typeof createLinkServer>[0]): Promise<FastifyInstance> => {
  const made = await createLinkServer(options);
  await made.listen({ host: '127.0.0.1', port: 0 });
  return made;
};
const clicked = async (): Promise<[number, number][]> => {
  const found: [number, number][] = [];
  for await (const { n, count } of store.clicks.ofCampaign(campaignId)) found.push([n, count]);
  return found.sort(([a], [b]) => a - b);
};

test('a press is led to the campaign’s target and counted once a press; scanners and previews are led, not counted', async () => {
  const before = new Date();
  for (const n of [0, 0, 2]) {
    const { statusCode, headers } = await ask(`/${codeOf(n)}`);
    expect([statusCode, headers.location]).toEqual([302, 'https://shop.example/sale?utm_source=whatsapp&utm_campaign=autumn-sale']);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  }
  for (const [headers, method] of [
    [{ 'user-agent': 'WhatsApp/2.23.20.0 A' }, 'GET'],
    [{ 'user-agent': 'facebookexternalhit/1.1' }, 'GET'],
    [{ 'user-agent': '' }, 'GET'],
    [{ 'sec-purpose': 'prefetch' }, 'GET'],
    [{}, 'HEAD'],
  ] as const) expect((await ask(`/${codeOf(3)}`, headers, method)).statusCode).toBe(302);
  await waitFor(async () => (await clicked()).length === 2, { what: 'two people' });
  expect(await clicked()).toEqual([[0, 2], [2, 1]]);
  expect(await store.clicks.count(campaignId)).toEqual({ people: 2, clicks: 3 });
  expect(await store.clicks.among(campaignId, [0, 1, 2, 3])).toEqual(new Set([0, 2]));
  for await (const { firstAt } of store.clicks.ofCampaign(campaignId)) expect(firstAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
}); // prettier-ignore

test('the request never says where to: unknown codes and everything else get a page, in the reader’s language', async () => {
  const others = createLinkCodes(Buffer.alloc(16, 1));
  const strange = others.codeOf({ campaignId, n: 1, variant: 0, position: 2 })!;
  for (const path of ['/', '/favicon.ico', `/${strange}`, `/${codeOf(1, 1)}`, '/https://evil.example', '//evil.example/%2f..', `/${codeOf(1)}/x`]) {
    const { statusCode, headers, body } = await ask(`${path}${path.includes('?') ? '' : '?url=https://evil.example'}`);
    expect([path, statusCode, headers.location]).toEqual([path, 404, undefined]);
    expect(body).not.toContain('evil');
  }
  const codes = createLinkCodes(await store.clicks.key());
  const gone = codes.codeOf({ campaignId: 'gone', n: 1, variant: 0, position: 2 })!;
  expect((await ask(`/${gone}`, { 'accept-language': 'ru-RU,ru;q=0.9' })).body).toContain('никуда не ведёт');
  expect((await ask(`/${gone}`, { 'accept-language': 'de' })).body).toContain('leads nowhere');
  expect((await ask(`/${codeOf(1)}?url=https://evil.example`)).headers.location).toMatch(/^https:\/\/shop\.example\//);
  expect((await ask(`/${codeOf(1)}`, {}, 'POST')).statusCode).toBe(404);
}); // prettier-ignore

test('unknown codes lead to a set address, where one is set; clicks that wait are written by a stop', async () => {
  const own = await listening({ store, log, unknownUrl: 'https://shop.example/' });
  const ofOwn = (path: string): Promise<Got> => askAt(own, path);
  expect((await ofOwn('/nothing')).headers.location).toBe('https://shop.example/');
  await ofOwn(`/${codeOf(7)}`);
  await own.close();
  expect(await store.clicks.among(campaignId, [7])).toEqual(new Set([7]));
});

test('clicks outlast a database that does not answer for a while', async () => {
  const kept: number[] = [];
  let fails = 2;
  const clicks = {
    key: () => store.clicks.key(),
    add: async (added: readonly { n: number }[]) => {
      if (fails-- > 0) throw new Error('no database');
      kept.push(...added.map(({ n }) => n));
    },
  };
  const own = await listening({ store: { campaigns: store.campaigns, clicks }, log });
  for (const n of [1, 2, 3]) await askAt(own, `/${codeOf(n)}`);
  await waitFor(async () => kept.length === 3, { what: 'the clicks' });
  await own.close();
  expect(kept.sort()).toEqual([1, 2, 3]);
});

test.each<[string, boolean, Record<string, string>, string?]>([
  ['Safari', true, { 'user-agent': SAFARI }],
  ['Chrome on Android, as a page', true, { 'user-agent': 'Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }],
  ['Yandex browser', true, { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) YaBrowser/24.1 Safari/537.36' }],
  ['WhatsApp’s preview', false, { 'user-agent': 'WhatsApp/2.2412.54 W' }],
  ['Meta', false, { 'user-agent': 'meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)' }],
  ['Telegram', false, { 'user-agent': 'TelegramBot (like TwitterBot)' }],
  ['Yandex’s crawler', false, { 'user-agent': 'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)' }],
  ['curl', false, { 'user-agent': 'curl/8.5.0' }],
  ['a scanner of mail', false, { 'user-agent': 'Mozilla/5.0 Microsoft Office SafeLinks' }],
  ['nobody', false, {}],
  ['an image in another page', false, { 'user-agent': SAFARI, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ['ahead of a press', false, { 'user-agent': SAFARI, 'sec-purpose': 'prefetch;prerender' }],
  ['HEAD', false, { 'user-agent': SAFARI }, 'HEAD'],
])('%s is a press: %s', (_who, expected, headers, ...[method = 'GET']) => {
  expect(isPress(method, headers)).toBe(expected);
}); // prettier-ignore

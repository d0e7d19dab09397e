/** Telegram through a proxy: calls, uploads and downloads go through it and nowhere else; and what is said when it does not let us through. */
import { createServer as createHttps, type Server } from 'node:https';
import { request as requestHttp } from 'node:http';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { Input, Telegram } from 'telegraf';
import { downloadFile, telegramOptions } from '../../clients/telegram-proxy';
import { createTelegramClient } from '../../clients/telegram';
import { redactText } from '../../config/logger';
import { readProxy } from '../../config/proxy-address';
import { metrics } from '../../config/metrics';
import { ADMIN, startTelegram, TOKEN, type TestTelegram } from '../sandbox/telegram-support';
import { startProxy, testAuthority, testCertificate, type ProxyScheme, type Refusal, type TestProxy } from './proxies';

let telegram: TestTelegram;
/** The same over TLS, under a name that nothing but a proxy knows. */
let secure: Server;
const proxies: TestProxy[] = [];

beforeAll(async () => {
  telegram = await startTelegram();
  await telegram.opened();
  const { hostname, port } = new URL(telegram.url);
  secure = createHttps(testCertificate(), (incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const onward = requestHttp({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((ready) => secure.listen(0, '127.0.0.1', ready));
  // The tests' own authority is believed, and a proxy on 127.0.0.1 has the certificate of a name.
  const connect = tls.connect as (options: tls.ConnectionOptions) => tls.TLSSocket;
  jest
    .spyOn(tls, 'connect')
    .mockImplementation(((options: tls.ConnectionOptions) =>
      connect({ ...options, ca: testAuthority(), checkServerIdentity: () => undefined })) as typeof tls.connect);
});
// Telegram's limits for one chat have forgotten what came before.
beforeEach(() => telegram.later(60));
afterEach(async () => {
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
});
afterAll(async () => {
  jest.restoreAllMocks();
  secure.closeAllConnections();
  secure.close();
  await telegram.stop();
});

async function proxyTo(
  scheme: ProxyScheme,
  { root = 'http', ...options }: { root?: 'http' | 'https'; access?: string; refuses?: Refusal } = {},
): Promise<TestProxy> {
  const port = root === 'https' ? (secure.address() as AddressInfo).port : Number(new URL(telegram.url).port);
  const proxy = await startProxy({ scheme, port, ...options });
  proxies.push(proxy);
  return proxy;
}

const SCHEMES = ['http', 'https', 'socks5'] as const;

describe.each(SCHEMES)('by %s', (scheme) => {
  test.each(['https', 'http'] as const)('all that goes to an API of %s goes through the proxy', async (root) => {
    const { host, asked } = await proxyTo(scheme, { root, access: 'anna:p@ss:w/ord' });
    // Looked up here it would lead nowhere.
    const apiRoot = `${root}://telegram.invalid`;
    const proxy = readProxy(`${scheme}://anna:${encodeURIComponent('p@ss:w/ord')}@${host}`)!;
    const client = createTelegramClient({ token: TOKEN, apiRoot, proxy });
    expect((await client.me(AbortSignal.timeout(30_000))).username).toBeTruthy();

    const bot = new Telegram(TOKEN, telegramOptions({ apiRoot, proxy }));
    // As the bot makes one for each update (bot/screen-messages.ts, Telegraf itself).
    const another = new Telegram(TOKEN, bot.options);
    const content = Buffer.from('phone\n+79261234567\n'.repeat(5000));
    const { document } = await another.sendDocument(ADMIN, Input.fromBuffer(content, 'people.csv'));
    const link = await another.getFileLink(document.file_id);
    expect(await downloadFile(link, another.options.agent, 30_000)).toEqual(content);
    expect(new Set(asked)).toEqual(new Set([`telegram.invalid:${root === 'https' ? 443 : 80}`]));
    bot.options.agent?.destroy();
  });

  test('without user and password, where the proxy asks for none', async () => {
    const { host, asked } = await proxyTo(scheme);
    const client = createTelegramClient({
      token: TOKEN,
      apiRoot: 'http://telegram.invalid',
      proxy: `${scheme}://${host}`,
    });
    expect(await client.send(ADMIN, 'through the proxy')).toBeDefined();
    expect(asked).toHaveLength(1);
  });
});

describe('a proxy that does not lead to Telegram', () => {
  const SECRET = 'hunter2';
  const nothing = '127.0.0.1:9';

  async function whatIsSaid(scheme: ProxyScheme, host: string): Promise<string> {
    const options = telegramOptions(
      { apiRoot: 'https://telegram.invalid', proxy: `${scheme}://anna:${SECRET}@${host}` },
      300,
    );
    const error = await new Telegram(TOKEN, options).getMe().catch((refused: Error) => refused);
    expect(error).toMatchObject({ code: 'TELEGRAM_PROXY' });
    const { message } = error as Error;
    expect(message).not.toContain(SECRET);
    expect(message).not.toContain(TOKEN);
    expect(message).toContain(`the proxy ${scheme}://${host} `);
    return message;
  }

  test.each([
    ['http', 'forbidden', /does not lead to telegram\.invalid:443 \(HTTP 403\): allow/],
    ['https', 'forbidden', /does not lead to telegram\.invalid:443 \(HTTP 403\): allow/],
    ['socks5', 'forbidden', /does not lead to telegram\.invalid:443 \(NotAllowed\): allow/],
    ['http', 'access', /refuses user and password \(HTTP 407\): check them in TELEGRAM_PROXY/],
    ['socks5', 'access', /refuses user and password: check them in TELEGRAM_PROXY/],
    ['http', 'deaf', /cannot be reached \(no answer within 0\.3 s\): check TELEGRAM_PROXY/],
    ['http', 'away', /cannot be reached \(ECONNREFUSED\): check TELEGRAM_PROXY/],
    ['https', 'away', /cannot be reached \(ECONNREFUSED\): check TELEGRAM_PROXY/],
    ['socks5', 'away', /cannot be reached \(ECONNREFUSED\): check TELEGRAM_PROXY/],
  ] as const)('%s, %s', async (scheme, what, said) => {
    const options = what === 'access' ? { access: 'anna:another' } : what === 'away' ? {} : { refuses: what };
    const { host } = what === 'away' ? { host: nothing } : await proxyTo(scheme, options);
    expect(await whatIsSaid(scheme, host)).toMatch(said);
  });

  test('counts as unreachable in the metrics: nothing has left', async () => {
    const client = createTelegramClient({
      token: TOKEN,
      apiRoot: 'https://telegram.invalid',
      proxy: `http://${nothing}`,
    });
    await expect(client.me(AbortSignal.timeout(30_000))).rejects.toThrow('the proxy');
    expect(await metrics.metrics()).toMatch(/service="telegram",outcome="unreachable"[^\n]* [1-9]/);
  });
});

test.each([
  ['http://proxy.example:3128', 'http://proxy.example:3128'],
  ['http://proxy.example:80/', 'http://proxy.example:80'],
  ['https://proxy.example:443', 'https://proxy.example:443'],
  ['socks5://anna:secret@10.0.0.1:1080', 'socks5://anna:secret@10.0.0.1:1080'],
  ['SOCKS5H://[::1]:1080', 'socks5://[::1]:1080'],
  ['https://anna:p%40ss@proxy.example:8443', 'https://anna:p%40ss@proxy.example:8443'],
  ['proxy.example:3128', undefined],
  ['http://proxy.example', undefined],
  ['socks4://proxy.example:1080', undefined],
  ['ftp://proxy.example:21', undefined],
  ['http://proxy.example:3128/path', undefined],
  ['http://anna:p%zzss@proxy.example:3128', undefined],
  ['http://anna:p/ss@proxy.example:3128', undefined],
  ['http://:3128', undefined],
  ['http://proxy.example:99999', undefined],
])('an operator writes %s', (written, read) => {
  expect(readProxy(written)).toBe(read);
});

test.each([
  [
    'connect to socks5://anna:hunter2@proxy.example:1080 failed',
    'connect to socks5://<redacted>@proxy.example:1080 failed',
  ],
  [
    'mongodb+srv://app:hunter2@db.example/x and http://u:hunter2@h',
    'mongodb+srv://<redacted>@db.example/x and http://<redacted>@h',
  ],
  ['see https://docs.example/a@b', 'see https://docs.example/a@b'],
])('no user and password of an address stands in a log: %s', (text, clean) => {
  expect(redactText(text)).toBe(clean);
});

/** The sandbox's several Gupshup apps: each knows its own key, number, templates, wallet and cap, and no other's. */
import { SANDBOX_APPS } from '../../sandbox/credentials';
import { ordinaryPhones } from '../../sandbox/ordinary-phones';
import type { Sandbox } from '../../sandbox/main';
import {
  call,
  gupshup,
  ORDER_READY,
  sendForm,
  startReceiver,
  startSandbox,
  until,
  type Receiver,
} from './sandbox-support';

let sandbox: Sandbox;
let receiver: Receiver;
beforeAll(async () => {
  sandbox = await startSandbox();
  receiver = await startReceiver();
});
afterAll(async () => {
  await receiver?.close();
  await sandbox?.close();
});

const [FIRST, SECOND, THIRD] = SANDBOX_APPS;
type App = (typeof SANDBOX_APPS)[number];
const as = (app: App) => ({ apikey: app.apiKey });
const control = (app: App): string =>
  app === FIRST ? `${sandbox.url}/sandbox/gupshup` : `${sandbox.url}/sandbox/gupshup/apps/${app.appName}`;

async function templateOf(app: App, name = 'order_ready'): Promise<string> {
  const { body } = await gupshup(sandbox, 'GET', `/wa/app/${app.appId}/template`, undefined, as(app));
  return (body.templates as { id: string; elementName: string }[]).find(({ elementName }) => elementName === name)!.id;
}

async function send(app: App, destination: string, more: Record<string, string> = {}) {
  const template = JSON.stringify({ id: await templateOf(app), params: ['Анна', '1042'] });
  const own = { source: app.source, 'src.name': app.appName, template };
  return gupshup(sandbox, 'POST', '/wa/api/v1/template/msg', sendForm(destination, { ...own, ...more }), as(app));
}

test('each app has the same templates under ids of its own', async () => {
  const ids = await Promise.all(SANDBOX_APPS.map((app) => templateOf(app)));
  expect(ids[0]).toBe(ORDER_READY);
  expect(new Set(ids).size).toBe(SANDBOX_APPS.length);
});

test.each([
  ['the number of another app', () => ({ source: SECOND.source, 'src.name': FIRST.appName })],
  ['the name of another app', () => ({ source: FIRST.source, 'src.name': SECOND.appName })],
])('a key does not send from %s', async (_, own) => {
  const { status, body } = await gupshup(sandbox, 'POST', '/wa/api/v1/template/msg', sendForm('79161000010', own()));
  expect([status, body.message]).toEqual([400, 'Invalid App Details']);
});

test.each(['template', 'waba/info'])('a key does not read %s of another app', async (part) => {
  const { status, body } = await gupshup(sandbox, 'GET', `/wa/app/${FIRST.appId}/${part}`, undefined, as(SECOND));
  expect([status, body.message]).toEqual([400, 'Invalid App Details']);
});

test('nor its subscriptions; a key of none is refused', async () => {
  const path = `/wa/app/${FIRST.appId}/subscription`;
  expect((await gupshup(sandbox, 'GET', path, undefined, as(SECOND))).status).toBe(400);
  expect((await gupshup(sandbox, 'GET', path, undefined, { apikey: 'nobody' })).status).toBe(401);
});

test("a template of another app is not one of this app's", async () => {
  const template = JSON.stringify({ id: ORDER_READY, params: ['Анна', '1042'] });
  expect((await send(SECOND, '79161000020', { template })).status).toBe(202);
  const failed = await until('its failure', async () => {
    const { body } = await call(`${control(SECOND)}/messages`);
    return (body as { destination: string; code?: number }[]).find(({ code }) => code !== undefined);
  });
  expect(failed).toMatchObject({ destination: '79161000020', code: 4003 });
});

test('each has a wallet, a book and a cap of its own', async () => {
  await call(`${control(THIRD)}/settings`, 'PUT', { walletBalance: 7, sendsPerSecond: 1 });
  const before = (await call(`${control(FIRST)}/summary`)).body.accepted as number;
  const both = await Promise.all([send(THIRD, '79161000031'), send(THIRD, '79161000032')]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([202, 429]);
  expect((await send(FIRST, '79161000033')).status).toBe(202);
  const balance = async (app: App): Promise<number> =>
    (await gupshup(sandbox, 'GET', '/sm/api/v2/wallet/balance', undefined, as(app))).body.balance as number;
  expect(await balance(THIRD)).toBeLessThan(7);
  expect(await balance(FIRST)).toBeGreaterThan(4_000);
  expect((await call(`${control(THIRD)}/summary`)).body.accepted).toBe(1);
  expect((await call(`${control(FIRST)}/summary`)).body.accepted).toBe(before + 1);
});

test('the messaging limit counts the people of all apps', async () => {
  for (const app of SANDBOX_APPS) await call(`${control(app)}/settings`, 'PUT', { messagingLimit: 'TIER_250', sendsPerSecond: 1_000 }); // prettier-ignore
  const ids = await Promise.all([templateOf(FIRST), templateOf(SECOND)]);
  for (const [n, phone] of ordinaryPhones(260).entries()) {
    const index = n % 2;
    const app = SANDBOX_APPS[index]!;
    const template = JSON.stringify({ id: ids[index], params: ['Анна', '1042'] });
    const own = { source: app.source, 'src.name': app.appName, template };
    await gupshup(sandbox, 'POST', '/wa/api/v1/template/msg', sendForm(phone.slice(1), own), as(app));
  }
  const beyond = async (): Promise<number> => {
    const codes = await Promise.all(
      [FIRST, SECOND].map(async (app) => (await call(`${control(app)}/summary`)).body.codes as Record<string, number>),
    );
    return codes.reduce((total, of) => total + (of['131048'] ?? 0), 0);
  };
  await until('ten beyond the limit to fail', async () => (await beyond()) >= 10);
  // The tests before have written to a few others.
  expect(await beyond()).toBeLessThanOrEqual(20);
});

test('an event names its app, and goes to the subscriptions of this app', async () => {
  const form = { url: receiver.url, tag: 't', modes: 'ALL', version: '2' };
  const path = `/wa/app/${SECOND.appId}/subscription`;
  expect((await gupshup(sandbox, 'POST', path, form, as(SECOND))).status).toBe(200);
  await call(`${control(FIRST)}/events`, 'POST', { kind: 'account-status', status: 'DISABLE' });
  await call(`${control(SECOND)}/events`, 'POST', { kind: 'account-status', status: 'ACCOUNT_VIOLATION' });
  await until('the event', () => receiver.bodies.some(({ type }) => type === 'account-event'));
  const events = receiver.bodies.filter(({ type }) => type === 'account-event');
  expect(events.map(({ app, payload }) => [app, payload.payload.status])).toEqual([
    ['BobcoferSecond', 'ACCOUNT_VIOLATION'],
  ]);
});

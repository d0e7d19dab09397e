/** What no event tells of: an empty wallet, a limit that is nearly used up, a template that cannot be sent; read from the sandbox. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAccountWatch } from '../../../activities/alerts/account-watch';
import { createConcerned, type Concerned } from '../../../activities/alerts/concerned';
import { createGupshupClient } from '../../../clients/gupshup/client';
import { sendersFrom, type Senders } from '../../../clients/gupshup/senders';
import { createLogger } from '../../../config/logger';
import { SANDBOX_CREDENTIALS } from '../../../sandbox/credentials';
import { createSandbox, type Sandbox } from '../../../sandbox/main';
import type { AlertDocument } from '../../../store/alerts';
import { accept, campaignDocument, freeze, startStore, type TestStore } from '../../store/support';
import { waitFor } from '../../support/servers';

const { GUPSHUP_APP_NAME: app, GUPSHUP_APP_ID: appId, GUPSHUP_API_KEY: apiKey, GUPSHUP_SOURCE: source } = SANDBOX_CREDENTIALS; // prettier-ignore

let home: string;
let sandbox: Sandbox;
let own: TestStore;
let senders: Senders;
const stop = new AbortController();
let running: Promise<void>;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bobcofer-watch-'));
  [sandbox, own] = await Promise.all([createSandbox({ home, leads: 1 }), startStore()]);
  const baseUrl = `${sandbox.url}/gupshup`;
  const gupshup = createGupshupClient({ baseUrl, apiKey, appName: app, appId, source, timeoutMs: 5_000 });
  senders = sendersFrom([{ app, appId, apiKey, source, baseUrl, sendsPerSecond: 20, isDefault: true, gupshup }]);
  const log = createLogger('test', 'silent');
  running = runAccountWatch({ store: own.store, senders, walletBelow: 10, log, everyMs: 50 }, stop.signal);
});
afterAll(async () => {
  stop.abort();
  await running;
  await senders.close();
  await sandbox.close();
  await own.close();
  rmSync(home, { recursive: true });
});

const settings = async (values: object): Promise<void> => {
  const answer = await fetch(`${sandbox.url}/sandbox/gupshup/settings`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(values),
  });
  if (!answer.ok) throw new Error(`settings: ${answer.status} ${await answer.text()}`);
};
const becomes = (kind: AlertDocument['kind'], subject: string, is: string): Promise<AlertDocument> =>
  waitFor(
    async () => {
      const alert = await own.store.alerts.find(kind, subject);
      return alert?.condition.is === is && alert;
    },
    { what: `${kind} to be ${is}` },
  ) as Promise<AlertDocument>;

test('a wallet: enough is no news, low and empty are', async () => {
  expect((await becomes('wallet', app, 'enough')).tellAt).toBeUndefined();
  await settings({ walletBalance: 9.5 });
  const low = await becomes('wallet', app, 'low');
  expect(low).toMatchObject({ data: { sender: app, balance: 9.5, below: 10 }, tellAt: expect.any(Date) });
  await own.store.alerts.done(low, new Date());
  await settings({ walletBalance: 0 });
  expect((await becomes('wallet', app, 'empty')).tellAt).toBeInstanceOf(Date);
});

test('a template of a planned campaign that cannot be sent now; those that nobody uses are nobody’s business', async () => {
  const templates = await senders.byDefault.gupshup.listTemplates();
  const paused = templates.find(({ status }) => status === 'PAUSED')!;
  const subject = `${app} ${paused.name}/${paused.language}`;
  expect(await own.store.alerts.find('template', subject)).toBeUndefined();
  await own.store.campaigns.insert(
    campaignDocument('plan', { state: 'scheduled', sender: app, template: paused, scheduledAt: new Date() }),
  );
  expect(await becomes('template', subject, 'PAUSED')).toMatchObject({ data: { templateIds: [paused.id] } });
});

test('nor is it lost when this sender is the second of several, and has its own copy of the template', async () => {
  const templates = await senders.byDefault.gupshup.listTemplates();
  const rejected = templates.find(({ status }) => status === 'REJECTED')!;
  const subject = `${app} ${rejected.name}/${rejected.language}`;
  const campaign = campaignDocument('spread', {
    state: 'scheduled',
    sender: 'another',
    senders: [
      { sender: 'another', share: 0.5, templateId: 'elsewhere' },
      { sender: app, share: 0.5, templateId: rejected.id },
    ],
    scheduledAt: new Date(),
  });
  await own.store.campaigns.insert(campaign);
  await becomes('template', subject, 'REJECTED');
  const concerned = createConcerned(own.store, 'UTC');
  const names = ({ planned }: Concerned): string[] => planned.map(({ _id }) => _id);
  expect(names(await concerned.ofTemplate({ sender: app, templateIds: [rejected.id] }))).toEqual(['spread']);
  expect(names(await concerned.ofTemplate({ sender: app, templateIds: ['elsewhere'] }))).toEqual([]);
  expect(names(await concerned.ofSender(app))).toContain('spread');
  expect(names(await concerned.ofSender('another'))).toEqual(['spread']);
});

test('the messaging limit: near its end, then used up', async () => {
  const { store } = own;
  await store.campaigns.insert(campaignDocument('r', { state: 'running', startedAt: new Date() }));
  await freeze(store, 'r', 10);
  for (let n = 0; n < 8; n++) await accept(store, 'r', n, `m${n}`);
  await store.messaging.report(10);
  await store.messaging.count(10);
  expect(await becomes('room', 'portfolio', 'near')).toMatchObject({ data: { limit: 10, used: 8 } });
  for (let n = 8; n < 10; n++) await accept(store, 'r', n, `m${n}`);
  await store.messaging.count(10);
  expect(await becomes('room', 'portfolio', 'full')).toMatchObject({ data: { used: 10 } });
});

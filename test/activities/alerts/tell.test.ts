/** Alerts in a real database, told to chats of a stand-in: once each, whatever dies in between, and what stands in them. */
import { createAlertTeller, runAlerts, type AlertTeller } from '../../../activities/alerts/tell';
import { createTellTeam } from '../../../clients/tell-team';
import { createLogger } from '../../../config/logger';
import type { Raised } from '../../../store/alerts';
import type { Store } from '../../../store/connect';
import { campaignDocument, startStore, type TestStore } from '../../store/support';
import { waitFor } from '../../support/servers';
import { startTelegramStandIn, type TelegramStandIn } from '../stand-ins';

const log = createLogger('test', 'silent');
const BY = { kind: 'cli' } as const;

let own: TestStore;
let store: Store;
let telegram: TelegramStandIn;
beforeEach(async () => {
  [own, telegram] = await Promise.all([startStore(), startTelegramStandIn()]);
  ({ store } = own);
  await store.users.syncSettings([1], new Date());
  await store.users.admit(2, 'operator', BY, new Date());
  await store.users.admit(3, 'viewer', BY, new Date());
});
afterEach(async () => {
  await telegram.stop();
  await own.close();
});

function tellerOf(of: Store): AlertTeller {
  const tell = createTellTeam({ telegram: telegram.client, team: of.users, language: 'en', log });
  return createAlertTeller({ store: of, tell, timezone: 'Europe/Moscow', log });
}
async function tellAll(): Promise<void> {
  const { tellOne } = tellerOf(store);
  while (await tellOne());
}
const told = (): number[] => telegram.messages.map(({ chat }) => chat).toSorted((a, b) => a - b);
const textTo = (chat: number): string => telegram.messages.findLast((one) => one.chat === chat)?.text ?? '';

const SALE = { sender: 'DemoApp', name: 'spring_sale', templateIds: ['t1'] };
const sale = (is: string, more: object = {}): Raised => ({ kind: 'template', subject: 'DemoApp spring_sale/en', condition: { is, at: new Date() }, data: { ...SALE, ...more } }); // prettier-ignore
const template = { ...campaignDocument('x').template, id: 't1', name: 'spring_sale' };

test('a wallet that is low is told to the admins, trouble with a template also to operators; viewers hear of neither', async () => {
  const data = { sender: 'DemoApp', balance: 3.5, below: 10 };
  await store.alerts.raise({ kind: 'wallet', subject: 'DemoApp', condition: { is: 'low', at: new Date() }, data });
  await tellAll();
  expect(told()).toEqual([1]);
  expect(textTo(1)).toContain('$3.50');
  await store.alerts.raise(sale('REJECTED', { reason: 'a <b> & c' }));
  await tellAll();
  expect(told()).toEqual([1, 1, 2]);
  expect(textTo(2)).toContain('a &lt;b&gt; &amp; c');
});

test('a paused template of a planned campaign: who plans it is named, and what to do; then that it works again', async () => {
  const at = new Date('2026-12-24T07:00:00Z');
  await store.campaigns.insert(campaignDocument('plan', { state: 'scheduled', scheduledAt: at, template, spec: { name: 'Xmas <3' } }));
  await store.campaigns.insert(campaignDocument('other', { state: 'scheduled', scheduledAt: at }));
  await store.alerts.raise(sale('PAUSED'));
  await tellAll();
  expect(textTo(2)).toContain('WhatsApp has paused the template “spring_sale”');
  expect(textTo(2)).toMatch(/Planned with it: “Xmas &lt;3” \(24 December, 10:00\).*move them or use another template/);
  expect(textTo(2)).not.toContain('Campaign other');
  expect(telegram.messages[0]!.buttons).toEqual([[{ text: '📋 Xmas <3', callback_data: '1:c:plan:panel' }]]);
}); // prettier-ignore

test('campaigns that the template paused have said so themselves: nothing more is said until it works again', async () => {
  const stateReason = { error: { code: 'template_event', detail: '' } };
  await store.campaigns.insert(campaignDocument('p', { state: 'paused', stateReason, template, spec: { name: 'Paused' } }));
  await store.alerts.raise(sale('PAUSED'));
  await tellAll();
  expect(told()).toEqual([]);
}); // prettier-ignore

test('a process that dies halfway leaves the rest to another, which tells nobody twice', async () => {
  await store.alerts.raise(sale('PAUSED'));
  const dying = (await store.alerts.take(new Date(), new Date(Date.now() + 50)))!;
  await store.alerts.toldTo(dying, 1);
  const { tellOne } = tellerOf(await own.another());
  await waitFor(tellOne, { what: 'another process to take it' });
  expect(told()).toEqual([2]);
  await tellAll();
  expect(told()).toEqual([2]);
  expect((await store.alerts.find('template', 'DemoApp spring_sale/en'))?.told?.is).toBe('PAUSED');
});

test('many processes that raise and tell the same at once tell it once', async () => {
  const stop = new AbortController();
  const stores = [store, await own.another(), await own.another()];
  const tell = createTellTeam({ telegram: telegram.client, team: store.users, language: 'en', log });
  const running = stores.map((one) => runAlerts({ store: one, tell, timezone: 'UTC', log, everyMs: 10 }, stop.signal));
  const at = new Date();
  const data = { sender: 'DemoApp' };
  await Promise.all(
    stores.flatMap((one) =>
      ['DISABLED', 'DISABLED'].map((is) =>
        one.alerts.raise({ kind: 'account', subject: 'DemoApp', condition: { is, at }, data }),
      ),
    ),
  );
  await waitFor(async () => (await store.alerts.find('account', 'DemoApp'))?.told, { what: 'it to be told' });
  stop.abort();
  await Promise.all(running);
  expect(told()).toEqual([1, 2]);
  expect(textTo(1)).toContain("Don't press Resume yet");
});

test('whom Telegram does not reach now is told later, the others once; who blocked the bot is left in peace', async () => {
  telegram.refusals.set(1, 500).set(2, 403);
  await store.users.admit(4, 'admin', BY, new Date());
  await store.alerts.raise(sale('DISABLED'));
  await tellAll();
  expect(told()).toEqual([4]);
  expect((await store.users.find(2))?.unreachableSince).toBeInstanceOf(Date);
  telegram.refusals.delete(1);
  // As after the pause that the teller makes.
  const waiting = (await store.alerts.find('template', 'DemoApp spring_sale/en'))!;
  await store.alerts.putOff(waiting, new Date());
  await tellAll();
  expect(told()).toEqual([1, 4]);
});

test('a pause that is over before anybody could be told is not told', async () => {
  const paused = campaignDocument('gone', { state: 'paused', stateReason: { error: { code: '1003', detail: '' } } });
  await store.campaigns.insert({ ...paused, state: 'running' });
  await store.alerts.raise({ kind: 'campaignPaused', subject: 'gone', condition: { is: paused.stateChangedAt.toISOString(), at: new Date() }, data: { campaignId: 'gone' } }); // prettier-ignore
  await tellAll();
  expect(told()).toEqual([]);
});

describe('the digest', () => {
  const day = '2026-11-29';
  const dueAt = new Date('2026-11-29T06:00:00Z');
  const raise = (): Promise<void> =>
    store.alerts.raise({ kind: 'digest', subject: day, condition: { is: 'due', at: dueAt }, data: { day } });
  const since = (): Promise<unknown> =>
    Promise.all([11, 12, 13].map((id) => store.users.admit(id, 'viewer', BY, new Date('2026-11-01T00:00:00Z'))));

  test('has yesterday and today, once a day, for those who were there and want it', async () => {
    await since();
    await store.users.update(12, { digest: false });
    await store.users.update(13, { language: 'ru' });
    await store.campaigns.insert(campaignDocument('y', { state: 'completed', startedAt: new Date('2026-11-28T10:00:00Z') }));
    await store.campaigns.insert(campaignDocument('t', { state: 'scheduled', scheduledAt: new Date('2026-11-29T15:30:00Z'), spec: { name: 'Evening & <co>' } }));
    await store.campaigns.insert(campaignDocument('w', { state: 'paused', spec: { name: 'Stuck' } }));
    await store.campaigns.insert(campaignDocument('n', { state: 'scheduled', scheduledAt: new Date('2026-11-29T21:00:00Z'), spec: { name: 'Tomorrow' } }));
    await raise();
    await raise();
    await tellAll();
    expect(told()).toEqual([11, 13]);
    expect(textTo(11)).toContain('<b>Yesterday</b> · 1 campaign\nsent 0 ▸ delivered 0 ▸ read 0 ▸ replied 0');
    expect(textTo(11)).toContain('🕒 18:30 “Evening &amp; &lt;co&gt;”');
    expect(textTo(11)).toContain('waiting for you: “Stuck”');
    expect(textTo(11)).not.toContain('Tomorrow');
    expect(textTo(13)).toContain('воскресенье, 29 ноября');
    expect(telegram.messages[0]!.buttons).toEqual([[{ text: '🔕 No more digests', callback_data: '1:m:digestOff' }]]);
  }); // prettier-ignore

  test('says nothing when there is nothing to say', async () => {
    await since();
    await raise();
    await tellAll();
    expect(told()).toEqual([]);
  });
});

/** Who is told of what in Telegram, in which language, and that nobody's silence keeps others from being told. */
import { createAlertTeller } from '../../activities/alerts/tell';
import { createNotifier, type Notifier } from '../../activities/notify';
import { createTellTeam } from '../../clients/tell-team';
import { createLogger } from '../../config/logger';
import type { LeftOut } from '../../domain/story/series';
import { trouble } from '../../domain/story/trouble';
import type { CampaignDocument } from '../../store/documents';
import { accept, campaignDocument, freeze, startStore, type TestStore } from '../store/support';
import { startTelegramStandIn, type TelegramStandIn } from './stand-ins';

const log = createLogger('test', 'silent');

let own: TestStore;
let telegram: TelegramStandIn;
let notifier: Notifier;
beforeEach(async () => {
  [own, telegram] = await Promise.all([startStore(), startTelegramStandIn()]);
  const tell = createTellTeam({ telegram: telegram.client, team: own.store.users, language: 'ru', log });
  await own.store.users.syncSettings([1, 2], new Date());
  notifier = createNotifier({ store: own.store, tell, timezone: 'Europe/Moscow', log });
});
afterEach(async () => {
  await telegram?.stop();
  await own?.close();
});

/** As the campaign's workflow does: its state is recorded first. */
async function changed(campaign: CampaignDocument, event: 'paused' | 'ended'): Promise<void> {
  await own.store.campaigns.insert(campaign);
  await notifier.campaignChanged(campaign, event);
}

const PAUSED: Partial<CampaignDocument> = {
  state: 'paused',
  stateReason: { error: { code: '1003', detail: 'a <b>bold</b> & empty wallet' } },
};
const told = (): number[] => telegram.messages.map(({ chat }) => chat).toSorted((a, b) => a - b);

/** The team is 1, 2 and these, nobody else. */
async function letIn(...ids: number[]): Promise<void> {
  const { users } = own.store;
  const by = { kind: 'cli' } as const;
  for (const id of ids) await users.admit(id, 'operator', by, new Date());
  for (const { _id } of await users.members()) {
    if (![1, 2, ...ids].includes(_id)) await users.remove(_id, by, new Date());
  }
}
beforeEach(() => letIn());

test('an error that stops a campaign is told to the whole team, its maker and those who watch it among them, each once', async () => {
  await letIn(5, 7);
  const watchers = [{ chatId: 7, messageId: 1 }, { chatId: 7, messageId: 2 }, { chatId: 1, messageId: 3 }]; // prettier-ignore
  const createdBy = { kind: 'telegram', id: 5 } as const;
  await changed(campaignDocument('p', { ...PAUSED, watchers, createdBy }), 'paused');
  expect(told()).toEqual([1, 2, 5, 7]);
});

const bySeries = { seriesId: 's', name: 'Осень <b>', by: { kind: 'telegram', id: 5 } } as const;
const HOUR_MS = 3_600_000;
const missed = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => Date.parse('2026-11-24T19:30:00Z') + index * HOUR_MS);

test.each<[LeftOut, string]>([
  [{ ...bySeries, why: 'overlap' }, 'предыдущая'],
  [{ ...bySeries, why: 'outage', times: missed(1), timezone: 'Asia/Omsk' }, ': 25.11.2026 01:30 (Asia/Omsk).'],
  [{ ...bySeries, why: 'outage', times: missed(2), timezone: 'UTC' }, ': 24.11.2026 19:30, 24.11.2026 20:30 (UTC).'],
  [{ ...bySeries, why: 'outage', times: missed(12), timezone: 'UTC' }, ', 25.11.2026 04:30 и ещё 2 (UTC).'],
])('firings of a series that were left out are told to the whole team: %j', async (leftOut, expected) => {
  await letIn(5);
  await notifier.seriesLeftOut(leftOut);
  expect(told()).toEqual([1, 2, 5]);
  expect(telegram.messages[0]!.text).toContain('Осень &lt;b&gt;');
  expect(telegram.messages[0]!.text).toContain(expected);
});

test('the end is told to its maker and whoever watches it; one from the console, with nobody watching, to nobody', async () => {
  await letIn(5);
  await own.store.campaigns.insert(campaignDocument('e', { state: 'completed', spec: { name: 'Осень <2026> & К°' } }));
  await freeze(own.store, 'e', 2);
  await accept(own.store, 'e', 0, 'm-e');
  const campaign = (await own.store.campaigns.find('e'))!;
  await changed({ ...campaign, createdBy: { kind: 'telegram', id: 5 } }, 'ended');
  expect(told()).toEqual([5]);
  expect(telegram.messages[0]!.text).toContain('Осень &lt;2026&gt; &amp; К°');
  await changed(campaign, 'ended');
  expect(told()).toEqual([5]);
});

test.each([
  ['the reconciler, one of the console', 'workflow_gone', { kind: 'cli' }],
  ['preparing, one of a series', 'template_paused', { kind: 'system' }],
  ['the account, one made in the bot', '131031', { kind: 'telegram', id: 5 }],
] as const)('a campaign failed by %s is told to the whole team', async (_by, code, createdBy) => {
  await letIn(5);
  const id = `failed-${code}`;
  const failed = campaignDocument(id, { state: 'failed', stateReason: { error: { code, detail: 'why' } }, createdBy });
  await own.store.campaigns.insert(failed);
  await changed(failed, 'ended');
  expect(told()).toEqual([1, 2, 5]);
});

test('what stands still can be resumed, cancelled or opened from the message; what has ended can be opened', async () => {
  await letIn(5);
  const createdBy = { kind: 'telegram', id: 5 } as const;
  await changed(campaignDocument('r', { ...PAUSED, createdBy }), 'paused');
  expect(telegram.messages[0]!.buttons).toEqual([
    [{ text: '▶️ Продолжить', callback_data: '1:c:r:resume' }, { text: '🛑 Отменить', callback_data: '1:c:r:cancel' }],
    [{ text: '📋 Открыть рассылку', callback_data: '1:c:r:panel' }],
  ]);
  expect(await own.store.notices.all()).toContainEqual({ campaignId: 'r', chatId: 5, messageId: 1 });
  telegram.messages.length = 0;
  await own.store.campaigns.insert(campaignDocument('re', { state: 'completed' }));
  await changed(campaignDocument('re', { state: 'completed', createdBy }), 'ended');
  expect(telegram.messages.map(({ buttons }) => buttons)).toEqual([
    [
      [{ text: '🖼 Картинка', callback_data: '1:r:c-re:png' }, { text: '📊 Excel', callback_data: '1:r:c-re:xlsx' }],
      [{ text: '📋 Открыть рассылку', callback_data: '1:c:re:panel' }],
    ],
  ]);
}); // prettier-ignore

test.each([
  [{ code: '1003', detail: 'x' }, 'кошелёк Gupshup пуст (1003).'],
  [
    trouble('failure_share', { failed: 37, tried: 40, code: '131026' }),
    'из последних 40 сообщений не дошли 37. Главная причина: номера нет в WhatsApp, старое приложение или нас заблокировали (131026).',
  ],
  [trouble('template_event', { template: 'spring sale', status: 'PAUSED' }), 'новый статус шаблона spring sale: PAUSED.'],
  [trouble('account_event', { event: 'DISABLED' }), 'событие аккаунта Gupshup: DISABLED.'],
  [{ code: 'unheard_of', detail: 'something else' }, 'something else.'],
])('the reason %j is told in plain words', async (error, words) => {
  await changed(campaignDocument('w', { ...PAUSED, stateReason: { error } }), 'paused');
  expect(telegram.messages[0]!.text).toContain(`Причина: ${words}`);
}); // prettier-ignore

test('a test is told to nobody, unless it fails after Gupshup had taken it: then to whoever sent it', async () => {
  await letIn(5);
  await changed(campaignDocument('t', { ...PAUSED, test: true }), 'paused');
  const createdBy = { kind: 'telegram', id: 5 } as const;
  const { deliveries } = own.store;
  const ended = async (id: string, change: Partial<CampaignDocument> = {}): Promise<void> => {
    await changed(campaignDocument(id, { state: 'completed', test: true, createdBy, ...change }), 'ended');
  };
  for (const id of ['good', 'late', 'single']) {
    await freeze(own.store, id, 1);
    await accept(own.store, id, 0, `m-${id}`);
  }
  const failed = { kind: 'failed', at: new Date(), code: '131026', family: 'contact' } as const;
  await deliveries.applyReceipts(['m-late', 'm-single'].map((messageId) => ({ ...failed, messageId })));
  await ended('good');
  await ended('single', { single: true });
  await ended('none');
  expect(told()).toEqual([]);
  await ended('late');
  expect(told()).toEqual([5]);
  const { phone } = (await deliveries.find('late', 0))!;
  expect(telegram.messages[0]!.text).toContain(`Тест на ${phone} не доставлен`);
  expect(telegram.messages[0]!.text).toContain('(131026)');
}); // prettier-ignore

test('each is told in the language they chose, else in that of the settings', async () => {
  await own.store.users.update(2, { language: 'en' });
  await changed(campaignDocument('l', { ...PAUSED, spec: { name: 'X' } }), 'paused');
  const textTo = (chat: number): string => telegram.messages.find((message) => message.chat === chat)!.text;
  expect(textTo(1)).toMatch(/[а-я]/i);
  expect(textTo(2)).not.toMatch(/[а-я]/i);
});

test('what stands in names and errors cannot break the message', async () => {
  const name = '</b><a href="x">Осень</a> & <';
  const error = trouble('template_event', { template: '<i>x</i> & co', status: 'PAUSED' });
  await changed(campaignDocument('h', { ...PAUSED, spec: { name }, stateReason: { error } }), 'paused');
  const { text } = telegram.messages[0]!;
  expect(text).toContain('&lt;/b&gt;&lt;a href="x"&gt;Осень&lt;/a&gt; &amp; &lt;');
  expect(text).not.toMatch(/<(a|i)\b/);
});

test('an admin who stopped the bot keeps nobody else from being told', async () => {
  telegram.refusals.set(1, 403);
  await changed(campaignDocument('b', PAUSED), 'paused');
  expect(told()).toEqual([2]);
});

test('when Telegram fails for one, the others are told all the same, and once, however often it is tried', async () => {
  telegram.refusals.set(1, 500);
  const campaign = campaignDocument('f', PAUSED);
  // As Temporal does: again only after an error.
  const tell = (): Promise<boolean> => changed(campaign, 'paused').then(() => true, () => false);
  for (let attempt = 0; attempt < 3 && !(await tell()); attempt++);
  expect(told()).toEqual([2]);
}); // prettier-ignore

test('when Telegram fails for all, it is told later, also by another process', async () => {
  telegram.refusals.set(1, 500).set(2, 500);
  await changed(campaignDocument('a', PAUSED), 'paused');
  expect(told()).toEqual([]);
  telegram.refusals.clear();
  const waiting = await own.store.alerts.find('campaignPaused', 'a');
  await own.store.alerts.putOff(waiting!, new Date());
  const tell = createTellTeam({ telegram: telegram.client, team: own.store.users, language: 'ru', log });
  await createAlertTeller({ store: own.store, tell, timezone: 'UTC', log }).tellOne();
  expect(told()).toEqual([1, 2]);
});

test.each(['paused', 'ended'] as const)('of a campaign that is %s its maker and its watchers hear nothing once they are out of the team', async (event) => {
  await letIn(5, 7);
  const campaign = campaignDocument(`out-${event}`, { ...PAUSED, watchers: [{ chatId: 7, messageId: 1 }], createdBy: { kind: 'telegram', id: 5 } });
  await letIn();
  await changed(campaign, event);
  expect(told()).toEqual(event === 'paused' ? [1, 2] : []);
}); // prettier-ignore

test('a removal that comes while a message is written still holds', async () => {
  const tell = createTellTeam({ telegram: telegram.client, team: own.store.users, language: 'ru', log });
  await tell('notices.trouble', 'all', {}, async () => {
    await own.store.users.remove(2, { kind: 'cli' }, new Date());
    return { text: 'hello' };
  });
  expect(told()).toEqual([1]);
  await own.store.users.admit(2, 'operator', { kind: 'cli' }, new Date());
});

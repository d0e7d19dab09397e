/** What the team hears of a campaign's follow-ups: that they paused by themselves, and that they are through. */
import { createAlertTeller } from '../../activities/alerts/tell';
import { createFollowUpActivities } from '../../activities/follow-ups';
import { createTellTeam } from '../../clients/tell-team';
import { createLogger } from '../../config/logger';
import type { Chain, ChainStep } from '../../domain/follow-ups';
import { template } from '../domain/samples';
import { oneSender } from '../support/senders';
import { campaignDocument, startStore, type TestStore } from '../store/support';
import { startTelegramStandIn, type TelegramStandIn } from './stand-ins';

const log = createLogger('test', 'silent');
const NOW = Date.now();

let own: TestStore;
let telegram: TelegramStandIn;
let tellOne: () => Promise<boolean>;
let record: ReturnType<typeof createFollowUpActivities>['recordChain'];

beforeEach(async () => {
  [own, telegram] = await Promise.all([startStore(), startTelegramStandIn()]);
  const { store } = own;
  await store.users.syncSettings([1, 2], new Date());
  const tell = createTellTeam({ telegram: telegram.client, team: store.users, language: 'ru', log });
  ({ tellOne } = createAlertTeller({ store, tell, timezone: 'Europe/Moscow', log }));
  ({ recordChain: record } = createFollowUpActivities({
    store,
    senders: oneSender({} as never),
    settle: { quietMs: 1, maxMs: 1 },
  }));
  const step: ChainStep = { to: 'not_read', afterMs: 1, template: 't', parameters: [], content: template(), copies: [], hours: 'any' };
  const chain: Chain = { steps: [{ ...step }, { ...step }], state: 'counting', step: 0 };
  await store.campaigns.insert(campaignDocument('c', { state: 'completed', chain, createdBy: { kind: 'telegram', id: 2 } }));
}); // prettier-ignore
afterEach(async () => {
  await telegram?.stop();
  await own?.close();
});

const told = async (): Promise<[number, string][]> => {
  while (await tellOne());
  return telegram.messages.map(({ chat, text }) => [chat, text] as [number, string]).toSorted(([a], [b]) => a - b);
};
const at = { campaignId: 'c', step: 1 };

test('a pause that nobody ordered is told to all, once, with what to do; one that somebody ordered is not', async () => {
  await record({ ...at, state: 'paused', reason: { by: 'telegram:1' }, order: NOW });
  expect(await told()).toEqual([]);
  const failed = { ...at, state: 'paused', reason: { why: 'step_failed' }, order: NOW + 1 } as const;
  await record(failed);
  await record(failed);
  const messages = await told();
  expect(messages.map(([chat]) => chat)).toEqual([1, 2]);
  expect(messages[0]![1]).toContain('на паузе:</b> догон не удался');
  expect(messages[0]![1]).toContain('нажмите «Продолжить» или отмените');
});

test('a pause that was over before anybody could be told is not told', async () => {
  await record({ ...at, state: 'paused', reason: { why: 'step_cancelled' }, order: NOW });
  await record({ ...at, state: 'counting', order: NOW + 1 });
  expect(await told()).toEqual([]);
});

test('the end is told to whoever made the campaign', async () => {
  await record({ ...at, step: 2, state: 'completed', order: NOW });
  const messages = await told();
  expect(messages.map(([chat]) => chat)).toEqual([2]);
  expect(messages[0]![1]).toContain('закончены</b>: прошли 2 догона');
});

test('an edit to a template without a file takes the file away; one of the time alone leaves it', async () => {
  const { chains, campaigns } = own.store;
  const fileOf = async (): Promise<string | undefined> => (await campaigns.find('c'))?.chain?.steps[1]?.mediaUrl;
  await chains.keepEdit('c', 'a', { content: template(), mediaUrl: 'https://example.com/a.png' });
  await chains.takeEdit('c', 1, 'a');
  await chains.keepEdit('c', 'b', { afterMs: 5 });
  await chains.takeEdit('c', 1, 'b');
  expect(await fileOf()).toBe('https://example.com/a.png');
  await chains.keepEdit('c', 'c', { content: template() });
  await chains.takeEdit('c', 1, 'c');
  expect(await fileOf()).toBeUndefined();
});

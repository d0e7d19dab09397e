/** What the team is told of the surroundings: no worker, no database, and the end of both. */
import { runWatchman } from '../../bot/watchman';
import { createLogger } from '../../config/logger';
import { connectStore, type Store } from '../../store/connect';
import { campaignDocument, startStore, type TestStore } from '../store/support';
import { linkTo, type MongoLink } from '../store/mongo-link';
import { waitFor } from '../support/servers';

jest.setTimeout(60_000);

let own: TestStore;
let link: MongoLink;
let store: Store;
beforeAll(async () => {
  own = await startStore();
  link = await linkTo(own.uri);
  store = await connectStore(link.uri);
  await own.store.users.admit(7, 'operator', { kind: 'cli' }, new Date());
});
afterAll(async () => {
  await store.close();
  await link.close();
  await own.close();
});

test('a bot that is restarted while no worker lives says nothing twice, and says that it is over', async () => {
  const told: string[] = [];
  const telegram = { send: async (_chat: number, text: string): Promise<number> => told.push(text) };
  const watch = (): { stop: () => Promise<void> } => {
    const stop = new AbortController();
    const log = createLogger('test', 'silent');
    const running = runWatchman({ store: own.store, telegram, language: 'en', log, everyMs: 20 }, stop.signal);
    return { stop: () => (stop.abort(), running) };
  };
  await own.store.campaigns.insert(campaignDocument('first', { state: 'running' }));
  const first = watch();
  await waitFor(() => told.length === 1, { what: 'the alarm' });
  await waitFor(async () => (await own.store.alerts.find('worker', 'all'))?.told, { what: 'it to be remembered' });
  await first.stop();
  const second = watch();
  await own.store.heartbeats.beat({ _id: 'other', role: 'worker', senders: ['DemoApp'] });
  await waitFor(() => told.length === 2, { what: 'the end' });
  await second.stop();
  expect(told).toEqual([expect.stringMatching(/no worker is running/), expect.stringMatching(/Sending works/)]);
  await own.store.campaigns.move('first', 'cancelled');
  await own.store.heartbeats.end('other');
});

test('nobody takes the tasks, the database is away, and each is over: told once', async () => {
  const told: string[] = [];
  const stop = new AbortController();
  const telegram = { send: async (_chat: number, text: string): Promise<number> => told.push(text) };
  const running = runWatchman(
    {
      store,
      telegram,
      language: 'en',
      log: createLogger('test', 'silent'),
      everyMs: 50,
      awayAfterMs: 300,
    },
    stop.signal,
  );
  const hears = (words: RegExp): Promise<unknown> =>
    waitFor(() => told.some((text) => words.test(text)), { what: `to be told ${words.source}`, limitMs: 30_000 });

  await own.store.campaigns.insert(
    campaignDocument('week', { state: 'scheduled', scheduledAt: new Date(Date.now() + 1e9) }),
  );
  await own.store.campaigns.insert(campaignDocument('now', { state: 'running' }));
  await hears(/no worker is running.*waiting: 1/s);
  await own.store.heartbeats.beat({ _id: 'one', role: 'worker', senders: ['DemoApp'] });
  await hears(/Sending works/);
  link.cut();
  await hears(/does not answer/);
  link.mend();
  await hears(/answers again/);
  stop.abort();
  await running;
  expect(told).toHaveLength(4);
});

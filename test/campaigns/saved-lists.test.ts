/** Saved lists as the team handles them, on a real store: what still needs one keeps it. */
import { createSavedLists, type SavedLists } from '../../campaigns/saved-lists';
import { done, refused } from '../../config/errors';
import type { Series } from '../../campaigns/contract';
import { campaignDocument, startStore, type TestStore } from '../store/support';

let world: TestStore;
let lists: SavedLists;
let series: Pick<Series, 'campaignId' | 'name'>[];
beforeEach(async () => {
  world = await startStore();
  series = [];
  lists = createSavedLists({
    store: world.store,
    series: async () => ({ list: async () => done(series as Series[]) }),
  });
  await world.store.lists.create(
    {
      ...{ _id: 'l1', name: 'guests', columns: ['phone', 'name'], phoneColumn: 'phone', count: 2 },
      ...{ createdAt: new Date(), createdBy: BY },
    },
    [
      { phones: ['+79001112233'], columns: { phone: '+79001112233', name: 'Anna' }, origin: '2' },
      { phones: ['+79001112244'], columns: { phone: '+79001112244', name: 'Ivan' }, origin: '3' },
    ],
  );
});
afterEach(() => world.close());

const BY = { kind: 'cli' } as const;
const withList = (id: string, state: 'draft' | 'scheduled' | 'running', audience: object = LIST) => {
  const campaign = campaignDocument(id, { state });
  return world.store.campaigns.insert({
    ...campaign,
    spec: { ...campaign.spec, name: `Campaign ${id}`, audience } as typeof campaign.spec,
  });
};
const LIST = { kind: 'list', listId: 'l1' };

test('is shown with its first people, by its name too, and renamed; the same name changes nothing', async () => {
  expect(await lists.find('guests', 1)).toMatchObject({ value: { list: { _id: 'l1' }, first: [{ origin: '2' }] } });
  expect(await lists.rename('guests', ' fair  guests ', BY)).toMatchObject({ value: { name: 'fair guests' } });
  await lists.rename('l1', 'fair guests', BY);
  expect(await lists.find('guests', 0)).toMatchObject({ refusal: { code: 'list_not_found' } });
  expect(await world.store.audit.find({}).toArray()).toMatchObject([
    { action: 'list_renamed', before: { list: 'guests' }, after: { list: 'fair guests' } },
  ]);
});

test.each(['', '   ', 'x'.repeat(81)])('a name of %j is refused', async (name) => {
  expect(await lists.rename('l1', name, BY)).toMatchObject({ refusal: { code: 'list_name_invalid' } });
});

test.each([
  ['waits for its time', () => withList('c1', 'scheduled')],
  ['leaves its people out', () => withList('c1', 'scheduled', { kind: 'combined', include: [], exclude: [LIST] })],
  [
    'is repeated, a draft too',
    async () => {
      series = [{ campaignId: 'c1', name: 'Campaign c1' }];
      await withList('c1', 'draft');
    },
  ],
])('one that a campaign needs which %s is not deleted', async (_why, make) => {
  await make();
  const removed = await lists.remove('l1', BY);
  expect(removed).toMatchObject({ refusal: { code: 'list_needed', values: { campaigns: '"Campaign c1"' } } });
  expect(await world.store.lists.find('l1')).toBeDefined();
});

test('whether a series needs it cannot be said while Temporal is away: it stays', async () => {
  await withList('c1', 'draft');
  const away = createSavedLists({
    store: world.store,
    series: async () => ({ list: async () => refused('temporal_unreachable', { detail: 'away' }) }),
  });
  expect(await away.remove('l1', BY)).toMatchObject({ refusal: { code: 'temporal_unreachable' } });
});

test('one whose campaigns have their people goes with its rows; deleted again it is not there', async () => {
  await withList('c1', 'running');
  expect(await lists.remove('l1', BY)).toMatchObject({ value: { name: 'guests' } });
  for await (const row of world.store.lists.rows('l1')) expect(row).toBeUndefined();
  expect(await lists.remove('l1', BY)).toMatchObject({ refusal: { code: 'list_not_found' } });
  expect(await world.store.audit.find({}).toArray()).toMatchObject([{ action: 'list_removed', before: { count: 2 } }]);
});

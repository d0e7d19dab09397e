/** Campaigns: the table of moves held by the store, times, lists, watchers. */
import { CAMPAIGN_STATES, canMove, type CampaignState } from '../../domain/story/campaign';
import { emptyLedger } from '../../domain/story/ledger';
import { template } from '../domain/samples';
import { campaignDocument, startStore, type TestStore } from './support';

let own: TestStore;
let campaigns: TestStore['store']['campaigns'];
beforeAll(async () => {
  own = await startStore();
  campaigns = own.store.campaigns;
});
afterAll(() => own?.close());

describe('moving a campaign to another state', () => {
  test.each(CAMPAIGN_STATES.map((from) => [from]))('from %s: every one of the table is made, every other refused', async (from) => {
    const results = await Promise.all(
      CAMPAIGN_STATES.map(async (to) => {
        const id = `${from}-${to}`;
        await campaigns.insert(campaignDocument(id, { state: from }));
        const moved = await campaigns.move(id, to);
        return { to, moved, state: (await campaigns.find(id))!.state };
      }),
    );
    const expected = CAMPAIGN_STATES.map((to) => {
      const allowed = canMove(from, to);
      return { to, moved: allowed, state: allowed ? to : from };
    });
    expect(results).toEqual(expected);
  }); // prettier-ignore

  test('of a campaign that is not there is refused', async () => {
    expect(await campaigns.move('nobody', 'running')).toBe(false);
  });

  test('keeps its reason and time; the next one takes its own; a repeated one keeps the time', async () => {
    const at = (second: number): Date => new Date(1_700_000_000_000 + second * 1000);
    await campaigns.insert(campaignDocument('life'));
    const move = (state: CampaignState, second: number, reason?: { by: string }): Promise<boolean> =>
      campaigns.move('life', state, { now: at(second), ...(reason && { reason }) });
    await move('preparing', 1);
    await move('running', 2);
    await move('paused', 3, { by: '$name' });
    expect(await campaigns.find('life')).toMatchObject({
      state: 'paused', stateReason: { by: '$name' }, stateChangedAt: at(3), startedAt: at(1),
    }); // prettier-ignore
    await move('paused', 4, { by: 'cli' });
    expect(await campaigns.find('life')).toMatchObject({ stateReason: { by: 'cli' }, stateChangedAt: at(3) });
    await move('running', 5);
    expect(await campaigns.find('life')).not.toHaveProperty('stateReason');
    await move('settling', 6);
    await move('completed', 7);
    await move('completed', 8);
    expect(await campaigns.find('life')).toMatchObject({ startedAt: at(1), endedAt: at(7), stateChangedAt: at(7) });
  });

  test('of two at once that exclude each other only one is made', async () => {
    await campaigns.insert(campaignDocument('race', { state: 'settling' }));
    const moved = await Promise.all([campaigns.move('race', 'completed'), campaigns.move('race', 'cancelled')]);
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect((await campaigns.find('race'))!.state).toBe(moved[0] ? 'completed' : 'cancelled');
  });
});

test('the list is newest first, without test sends unless asked, of the wanted states', async () => {
  const fresh = await startStore();
  const { campaigns: few } = fresh.store;
  const at = (n: number): Date => new Date(1_700_000_000_000 + n * 1000);
  await few.insert(campaignDocument('a', { createdAt: at(1), state: 'completed', startedAt: at(1) }));
  await few.insert(campaignDocument('b', { createdAt: at(3), state: 'running', startedAt: at(4) }));
  await few.insert(campaignDocument('c', { createdAt: at(2), state: 'paused', startedAt: at(2), sender: 'Other' }));
  await few.insert(campaignDocument('t', { createdAt: at(4), state: 'settling', startedAt: at(3), test: true }));
  const ids = (found: { _id: string }[]): string[] => found.map(({ _id }) => _id);
  expect(ids(await few.list({ limit: 10 }))).toEqual(['b', 'c', 'a']);
  expect(ids(await few.list({ limit: 2, tests: true }))).toEqual(['t', 'b']);
  expect(ids(await few.list({ limit: 10, states: ['running', 'completed'] }))).toEqual(['b', 'a']);
  expect(ids(await few.startedBetween({ from: at(1), to: at(4) }))).toEqual(['a', 'c']);
  expect(ids(await few.active('DemoApp')).toSorted()).toEqual(['b', 't']);
  await fresh.close();
});

test('a watcher is kept once, and a campaign without watchers is not watched', async () => {
  await campaigns.insert(campaignDocument('watched'));
  const watcher = { chatId: 1, messageId: 2 };
  await campaigns.addWatcher('watched', watcher);
  await campaigns.addWatcher('watched', watcher);
  await campaigns.addWatcher('watched', { chatId: 1, messageId: 3 });
  expect((await campaigns.find('watched'))!.watchers).toEqual([watcher, { chatId: 1, messageId: 3 }]);
  expect((await campaigns.watched()).map(({ _id }) => _id)).toEqual(['watched']);
  await campaigns.removeWatcher('watched', watcher);
  await campaigns.removeWatcher('watched', { chatId: 1, messageId: 3 });
  expect(await campaigns.watched()).toEqual([]);
});

test('schedule, rate and counts are kept; a schedule can be taken back', async () => {
  await campaigns.insert(campaignDocument('settings'));
  const at = new Date('2030-01-01T00:00:00Z');
  const counts = { ledger: { ...emptyLedger(), total: 3, queued: 3 }, failures: { '131026': 1 }, skips: {} };
  await campaigns.setSchedule('settings', at);
  await campaigns.setRate('settings', 5);
  await campaigns.keepCounts('settings', counts, at);
  expect(await campaigns.find('settings')).toMatchObject({
    scheduledAt: at,
    rate: { perSecond: 5, by: 'admin' },
    counts,
    countedAt: at,
  });
  await campaigns.setSchedule('settings', undefined);
  expect(await campaigns.find('settings')).not.toHaveProperty('scheduledAt');
});

describe('several senders of one campaign', () => {
  const SENDERS = [
    { sender: 'One', templateId: 't1', share: 0.5 },
    { sender: 'Two', templateId: 't2', share: 0.5 },
  ];
  const trouble = { code: 'http_401', detail: 'no' };

  test('the campaign is among those of each', async () => {
    await campaigns.insert(campaignDocument('several', { state: 'running', sender: 'One', senders: SENDERS }));
    for (const sender of ['One', 'Two'])
      expect((await campaigns.active(sender)).map(({ _id }) => _id)).toEqual(['several']);
    expect(await campaigns.active('Three')).toEqual([]);
  });

  test('one stands aside and comes back; what is late changes nothing', async () => {
    const sendersOf = async (): Promise<unknown> => (await campaigns.find('several'))!.senders;
    const at = expect.any(Date);
    await campaigns.setAside('several', { sender: 'Two', trouble }, 10);
    const aside = { ...SENDERS[1], trouble, asideSince: at, asides: 1 };
    expect(await sendersOf()).toEqual([SENDERS[0], aside]);
    // An attempt that is repeated counts once.
    await campaigns.setAside('several', { sender: 'Two', trouble }, 10);
    expect(await sendersOf()).toEqual([SENDERS[0], aside]);
    await campaigns.setBack('several', 'Two', 12);
    const back = { ...SENDERS[1], asides: 1, backAt: at };
    expect(await sendersOf()).toEqual([SENDERS[0], back]);
    await campaigns.setAside('several', { sender: 'One', trouble }, 11);
    expect(await sendersOf()).toEqual([SENDERS[0], back]);
    for (const sender of ['One', 'Two']) await campaigns.setAside('several', { sender, trouble }, 13);
    expect(await sendersOf()).toMatchObject([{ asides: 1 }, { asides: 2 }]);
    await campaigns.setBack('several', 'One', 14);
    expect(await sendersOf()).toMatchObject([{ backAt: at }, { trouble }]);
    await campaigns.setBack('several', undefined, 15);
    expect(await sendersOf()).toEqual([
      { ...SENDERS[0], asides: 1, backAt: at },
      { ...SENDERS[1], asides: 2, backAt: at },
    ]);
  });

  test('moved to one, it is a campaign of that one', async () => {
    const own = { ...template(), id: 't2' };
    await campaigns.setSenders('several', [{ ...SENDERS[1]!, share: 1 }], { template: own, order: 20 });
    const moved = (await campaigns.find('several'))!;
    expect(moved).toMatchObject({ sender: 'Two', template: { id: 't2' } });
    expect(moved.senders).toBeUndefined();
  });
});

describe('the senders of a campaign of several', () => {
  const trouble = { code: 'account_event', detail: '' };
  const begin = async (id: string): Promise<void> => {
    const senders = ['A', 'B'].map((sender) => ({ sender, share: 0.5, templateId: `of-${sender}` }));
    await campaigns.insert(campaignDocument(id, { sender: 'A', senders }));
  };
  const senders = async (id: string): Promise<object[]> => (await campaigns.find(id))!.senders!;

  test('two that stand aside at once, and a copy that changes meanwhile: nothing of it is lost', async () => {
    for (let round = 0; round < 10; round++) {
      const id = `at-once-${round}`;
      await begin(id);
      await Promise.all([
        campaigns.setAside(id, { sender: 'A', trouble }),
        campaigns.setCopy(id, 'A', template({ id: 'new-of-A' })),
        campaigns.setAside(id, { sender: 'B', trouble }),
      ]);
      expect(await senders(id)).toEqual([
        { sender: 'A', share: 0.5, templateId: 'new-of-A', trouble, asideSince: expect.any(Date), asides: 1 },
        { sender: 'B', share: 0.5, templateId: 'of-B', trouble, asideSince: expect.any(Date), asides: 1 },
      ]);
      await Promise.all([campaigns.setBack(id, undefined), campaigns.setCopy(id, 'B', template({ id: 'new-of-B' }))]);
      expect(await senders(id)).toEqual([
        { sender: 'A', share: 0.5, templateId: 'new-of-A', asides: 1, backAt: expect.any(Date) },
        { sender: 'B', share: 0.5, templateId: 'new-of-B', asides: 1, backAt: expect.any(Date) },
      ]);
    }
  });

  test('the copy of the first one is the campaign’s template; that of another is not, and a stranger’s is nobody’s', async () => {
    await begin('copies');
    const [own, other] = [template({ id: 'new-of-A', body: 'New' }), template({ id: 'new-of-B', body: 'Other' })];
    await campaigns.setCopy('copies', 'B', other);
    await campaigns.setCopy('copies', 'A', own);
    await campaigns.setCopy('copies', 'Nobody', other);
    expect(await campaigns.find('copies')).toMatchObject({
      template: own,
      senders: [{ templateId: 'new-of-A' }, { templateId: 'new-of-B' }],
    });
  });

  test('what was recorded with a higher order stays', async () => {
    await begin('orders');
    await campaigns.setAside('orders', { sender: 'A', trouble }, 5);
    await campaigns.setBack('orders', 'A', 4);
    expect(await senders('orders')).toMatchObject([{ trouble }, {}]);
    // Once it is back, the next time is its second.
    await campaigns.setBack('orders', 'A', 6);
    await campaigns.setAside('orders', { sender: 'A', trouble }, 7);
    expect(await senders('orders')).toMatchObject([{ trouble, asides: 2, backAt: expect.any(Date) }, {}]);
  });
});

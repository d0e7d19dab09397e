/** The watch over senders that stand aside: those whose trouble has passed come back, whatever becomes of the others. */
import { runAsideWatch } from '../../campaigns/aside-watch';
import { createLogger } from '../../config/logger';
import { done } from '../../config/errors';
import { campaignDocument, startStore, type TestStore } from '../store/support';
import { waitFor } from '../support/servers';

let own: TestStore;
beforeAll(async () => {
  own = await startStore();
});
afterAll(() => own.close());

test('a wallet that cannot be looked at keeps nobody else from coming back, in its campaign or another', async () => {
  const trouble = { code: '1003', detail: 'no money' };
  for (const id of ['one', 'two']) {
    const senders = ['Away', 'Empty', 'Full'].map((sender) => ({
      ...{ sender, share: 1 / 3, templateId: 't', asides: 1, trouble },
      asideSince: new Date(Date.now() - 600_000),
    }));
    await own.store.campaigns.insert(campaignDocument(id, { state: 'running', sender: 'Away', senders }));
  }
  const looks: string[] = [];
  const back: string[] = [];
  const balances: Record<string, () => Promise<number>> = {
    Away: () => Promise.reject(new Error('no answer')),
    Empty: () => Promise.resolve(0),
    Full: () => Promise.resolve(5),
  };
  const stop = new AbortController();
  const watching = runAsideWatch(
    {
      ...{ store: own.store, log: createLogger('test', 'silent'), everyMs: 20 },
      senders: {
        find: (app) => ({ gupshup: { walletBalance: () => (looks.push(app), balances[app]!()) } }) as never,
      },
      commander: {
        give: async ({ _id }, request) => {
          back.push(`${_id} ${'sender' in request ? request.sender : ''}`);
          await own.store.campaigns.setBack(_id, 'sender' in request ? request.sender : undefined);
          return done({}) as never;
        },
      },
    },
    stop.signal,
  );
  // Each has been looked at twice: the second look finds the one that came back.
  await waitFor(() => looks.filter((app) => app === 'Away').length >= 4, { what: 'two looks' });
  stop.abort();
  await watching;
  expect(back.toSorted()).toEqual(['one Full', 'two Full']);
});

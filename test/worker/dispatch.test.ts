/** The worker that dispatches a sender gives the lease back, whatever ends it. */
import { createSendActivities } from '../../activities/send-groups';
import { createDispatch } from '../../worker/dispatch';
import { createLogger } from '../../config/logger';
import { startGupshup, type GupshupStandIn } from '../activities/stand-ins';
import { startStore, type TestStore } from '../store/support';

let own: TestStore;
let gupshup: GupshupStandIn;
beforeAll(async () => {
  own = await startStore();
  gupshup = await startGupshup();
});
afterAll(async () => {
  await gupshup?.stop();
  await own?.close();
});

const log = createLogger('test', 'silent');

test('one whose Temporal worker cannot be made gives the lease back at once, and says why', async () => {
  const dispatch = createDispatch({
    store: own.store,
    sender: 'NoWorker',
    holder: 'this process',
    begin: (lease) =>
      createSendActivities({
        ...{ store: own.store, sender: 'NoWorker', gupshup: gupshup.client, sendsPerSecond: 10, lease, log },
        contactRules: { requireConsent: 'none' },
      }),
    log,
    worker: { workflowsPath: '/nowhere' },
  });
  await expect(dispatch.run(new AbortController().signal)).rejects.toThrow();
  expect(await own.store.senderLeases.holderOf('NoWorker')).toBeUndefined();
});

/** The worker that dispatches a sender gives the lease back, whatever ends it. */
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

test('one whose Temporal worker cannot be made gives the lease back at once, and says why', async () => {
  const dispatch = createDispatch({
    store: own.store,
    gupshup: gupshup.client,
    sender: 'NoWorker',
    sendsPerSecond: 10,
    contactRules: { requireConsent: 'none' },
    log: createLogger('test', 'silent'),
    worker: { workflowsPath: '/nowhere' },
  });
  await expect(dispatch.run(new AbortController().signal)).rejects.toThrow();
  expect(await own.store.senderLeases.holderOf('NoWorker')).toBeUndefined();
});

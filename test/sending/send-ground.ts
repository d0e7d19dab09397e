/** What tests of sends stand on: a store for the file, a Gupshup for each test, the activities over both. */
import type { SendActivities } from '../../activities/contract';
import type { SendDependencies } from '../../sending/send';
import { createSendActivities, type SendWorker } from '../../activities/send-groups';
import { createLogger } from '../../config/logger';
import { startStore, type TestStore } from '../store/support';
import { startGupshup, type GupshupStandIn } from '../activities/stand-ins';

export interface SendGround {
  own: TestStore;
  gupshup: GupshupStandIn;
  /** A worker's send activities; what is not said is as usual. */
  activities(changes?: Partial<SendDependencies>): SendActivities;
  /** The same with its end. */
  worker(changes?: Partial<SendDependencies>): SendWorker;
}

/** Call at the top of the file; what it gives is there from the first hook on. */
export function sendGround(): SendGround {
  const ground = {
    activities: (changes) => ground.worker(changes).activities,
    worker: (changes) =>
      createSendActivities({
        store: ground.own.store,
        sender: 'DemoApp',
        gupshup: ground.gupshup.client,
        sendsPerSecond: 200,
        lease: { epoch: 1, restMs: 0, leavesUntil: () => Infinity },
        contactRules: { requireConsent: 'none' },
        log: createLogger('test', 'silent'),
        ...changes,
      }),
  } as SendGround;
  beforeAll(async () => {
    ground.own = await startStore();
  });
  afterAll(() => ground.own?.close());
  beforeEach(async () => {
    ground.gupshup = await startGupshup();
  });
  afterEach(() => ground.gupshup?.stop());
  return ground;
}

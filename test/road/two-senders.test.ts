/** Two senders on one installation: what throttles one of them is no matter of the other. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { MongoClient } from 'mongodb';
import { createSendActivities } from '../../activities/send-groups';
import { createLogger } from '../../config/logger';
import type { CampaignDocument } from '../../store/documents';
import { sendQueue } from '../../workflows/messages';
import { startGupshup, type GupshupStandIn } from '../activities/stand-ins';
import { ordinaryPhones, startRoad, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';

jest.setTimeout(180_000);

const OTHER = 'OtherApp';
const PER_SECOND = 30;

let road: Road;
let other: GupshupStandIn;
let connection: NativeConnection;
let worker: Worker;
let running: Promise<void>;
beforeAll(async () => {
  quietRuntime();
  road = await startRoad({ sendsPerSecond: PER_SECOND });
  other = await startGupshup();
  connection = await NativeConnection.connect({ address: testTemporalAddress() });
  worker = await Worker.create({
    connection,
    namespace: road.namespace,
    taskQueue: sendQueue(OTHER),
    activities: {
      ...createSendActivities({
        store: road.store,
        sender: OTHER,
        gupshup: other.client,
        sendsPerSecond: PER_SECOND,
        lease: { epoch: 1, restMs: 0, leavesUntil: () => Infinity },
        contactRules: { requireConsent: 'none' },
        log: createLogger('test', 'silent'),
      }).activities,
    },
  });
  running = worker.run();
});
afterAll(async () => {
  worker?.shutdown();
  await running;
  await connection?.close();
  await other?.stop();
  await road?.close();
});

/** Starts a campaign of the other sender. */
async function startOther(phones: readonly string[]): Promise<string> {
  const created = await road.campaigns.create({
    name: 'other',
    template: 'showroom_invitation',
    audience: { kind: 'phones', phones: [...phones] },
    audienceLabel: 'typed in',
    parameters: [],
    createdBy: { kind: 'cli' },
  });
  if (!created.ok) throw new Error(created.refusal.code);
  const { id } = created.value;
  const mongo = await MongoClient.connect(road.mongodbUri);
  await mongo
    .db()
    .collection<CampaignDocument>('campaigns')
    .updateOne({ _id: id }, { $set: { sender: OTHER } });
  await mongo.close();
  await road.campaigns.start(id);
  return id;
}

test('two senders, one throttled: the other is not slowed, and of the first nobody is lost', async () => {
  let throttled = true;
  other.answer = () =>
    throttled
      ? { status: 429, body: { status: 'error', message: 'Too Many Requests' }, headers: { 'retry-after': '2' } }
      : undefined;
  const phones = ordinaryPhones(110);
  const slow = await startOther(phones.slice(0, 20));
  await waitFor(() => other.calls.length > 0, { what: 'the first 429', limitMs: 20_000 });

  const free = await road.startTo(phones.slice(20));
  // 90 at 30 a second are three seconds; throttled as the other is, they would take three minutes.
  await waitFor(async () => (await road.accepted()).accepted === 90, { what: 'all of the free one', limitMs: 60_000 });
  expect((await road.store.deliveries.ledger(slow)).ledger).toMatchObject({ accepted: 0, failed: 0 });

  throttled = false;
  await waitFor(async () => (await road.store.campaigns.find(slow))?.state === 'completed', {
    what: 'the throttled one to be completed',
    limitMs: 80_000,
  });
  const { ledger } = await road.store.deliveries.ledger(slow);
  expect(ledger).toMatchObject({ total: 20, accepted: 20, failed: 0, unknown: 0, skipped: 0 });
  expect((await road.store.deliveries.ledger(free)).ledger).toMatchObject({ total: 90, failed: 0, unknown: 0 });
});

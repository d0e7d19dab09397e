/**
 * The health of a real worker process: it lives all along, and is ready while it polls and reaches Temporal and
 * MongoDB.
 */
import { connectStore } from '../../store/connect';
import { linkTo } from '../store/mongo-link';
import { askHealth, freePort, untilReadyz } from '../support/health';
import { startRoad } from '../support/road';
import { testTemporalAddress } from '../support/servers';
import { startWorkerProcess } from '../support/worker-process';

test('ready, MongoDB away and back, Temporal away and back', async () => {
  const road = await startRoad({ workers: false });
  const mongodb = await linkTo(road.mongodbUri);
  const temporal = await linkTo(`tcp://${testTemporalAddress()}`);
  const port = await freePort();
  const worker = await startWorkerProcess(road, 20, {
    MONGODB_URI: mongodb.uri,
    TEMPORAL_ADDRESS: new URL(temporal.uri).host,
    HEALTH_PORT: String(port),
  });
  try {
    await untilReadyz(port, 200, 'it has come up');
    for (const [name, link] of Object.entries({ MongoDB: mongodb, Temporal: temporal })) {
      link.cut();
      await untilReadyz(port, 503, `${name} is away`);
      expect(await askHealth(port, '/healthz')).toBe(200);
      link.mend();
      await untilReadyz(port, 200, `${name} is back`);
    }
    expect(await askHealth(port, '/metrics')).toBe(200);
    const store = await connectStore(road.mongodbUri);
    expect(await store.heartbeats.all()).toContainEqual(expect.objectContaining({ role: 'worker', lives: true }));
    await store.close();
  } finally {
    await worker.end('SIGKILL');
    await Promise.all([mongodb.close(), temporal.close()]);
    await road.close();
  }
}, 180_000);

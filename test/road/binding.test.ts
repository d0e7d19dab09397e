/** The wrong binding: another Temporal, an emptied one. Roles stop, campaigns stay as they are. */
import { randomUUID } from 'node:crypto';
import { createReconciler } from '../../campaigns/reconcile';
import { Client } from '@temporalio/client';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { ensureBinding, watchBinding, type BindingCheck } from '../../store/binding';
import { campaignWorkflowId } from '../../workflows/messages';
import { registerSearchAttributes } from '../../campaigns/search-attributes';
import { createLogger } from '../../config/logger';
import { loadCommands, runHere, settingsFor, type Outcome } from '../cli/harness';
import { onRoad, ordinaryPhones, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { startWorkerProcess } from '../support/worker-process';

jest.setTimeout(180_000);
beforeAll(() => quietRuntime());
beforeAll(loadCommands);

const WEEK_MS = 7 * 86_400_000;

function binding(road: Road, changes: Partial<BindingCheck> = {}): BindingCheck {
  const { store, namespace } = road;
  return { store, connection: road.temporal.connection, namespace, ...changes };
}

/**
 * A Temporal that knows nothing, to the eye of a client: a namespace of its own has an identity of its own, as a fresh
 * server has.
 */
async function freshTemporal({ temporal: { connection } }: Road): Promise<Client> {
  const namespace = `fresh-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await registerSearchAttributes(connection, namespace, createLogger('test', 'silent'));
  return new Client({ connection, namespace });
}

async function forNextWeek(road: Road, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const created = await road.campaigns.create({
      name: `next week ${n}`,
      template: 'showroom_invitation',
      audience: { kind: 'phones', phones: ordinaryPhones(5) },
      audienceLabel: 'typed in',
      parameters: [],
      createdBy: { kind: 'cli' },
    });
    if (!created.ok) throw new Error(created.refusal.code);
    await road.campaigns.start(created.value.id, { at: new Date(Date.now() + WEEK_MS) });
    ids.push(created.value.id);
  }
  return ids;
}

const statesOf = (road: Road, ids: string[]): Promise<(string | undefined)[]> =>
  Promise.all(ids.map(async (id) => (await road.store.campaigns.find(id))?.state));

function cli(road: Road, namespace: string, ...words: string[]): Promise<Outcome> {
  return runHere(words, {
    ...settingsFor(road.mongodbUri),
    ...SANDBOX_CREDENTIALS,
    TEMPORAL_ADDRESS: testTemporalAddress(),
    TEMPORAL_NAMESPACE: namespace,
  });
}

test.concurrent(
  'a fresh Temporal: roles stop with a sentence, next week stays as it is, adopt starts it there',
  async () => {
    await onRoad({}, async (road) => {
      await ensureBinding(binding(road));
      const ids = await forNextWeek(road, 1);
      const fresh = await freshTemporal(road);
      const { namespace } = fresh.options;
      const stop = new AbortController();
      await expect(ensureBinding(binding(road, { namespace }))).rejects.toThrow(/campaign adopt/);
      await expect(watchBinding(binding(road, { namespace }), stop.signal)).rejects.toThrow(/not the Temporal/);
      const reconciler = createReconciler({ store: road.store, temporal: fresh, everyMs: 50, youngMs: 0 });
      await expect(reconciler.run(stop.signal)).rejects.toThrow(/not the Temporal/);
      expect(await statesOf(road, ids)).toEqual(['scheduled']);

      const adopted = await cli(road, namespace, 'campaign', 'adopt', '--json');
      expect({ ...adopted, stdout: JSON.parse(adopted.stdout) as unknown }).toMatchObject({
        exitCode: 0,
        stdout: { campaigns: [{ id: ids[0], state: 'scheduled', started: true }] },
      });
      await ensureBinding(binding(road, { namespace }));
      expect((await fresh.workflow.getHandle(campaignWorkflowId(ids[0]!)).describe()).status.name).toBe('RUNNING');
      // The former one is foreign now.
      await expect(ensureBinding(binding(road))).rejects.toThrow(/not the Temporal/);
    });
  },
);

test.concurrent('a mistyped namespace is told by its name', async () => {
  await onRoad({}, async (road) => {
    await ensureBinding(binding(road));
    await expect(ensureBinding(binding(road, { namespace: 'defualt' }))).rejects.toThrow(/no namespace “defualt”/);
  });
});

test.concurrent(
  'the same Temporal that has forgotten many workflows: none is closed, adopt starts them anew',
  async () => {
    await onRoad({}, async (road) => {
      await ensureBinding(binding(road));
      const ids = await forNextWeek(road, 3);
      for (const id of ids) {
        await road.temporal.workflowService.deleteWorkflowExecution({
          namespace: road.namespace,
          workflowExecution: { workflowId: campaignWorkflowId(id) },
        });
      }
      const isGone = (id: string): Promise<boolean> =>
        road.temporal.workflow
          .getHandle(campaignWorkflowId(id))
          .describe()
          .then(
            () => false,
            () => true,
          );
      for (const id of ids) await waitFor(() => isGone(id), { what: 'the workflow to be forgotten', limitMs: 30_000 });
      const reconciler = createReconciler({ store: road.store, temporal: road.temporal, everyMs: 50, youngMs: 0 });
      await expect(reconciler.run(new AbortController().signal)).rejects.toThrow(/3 of 3 active campaigns/);
      expect(await statesOf(road, ids)).toEqual(['scheduled', 'scheduled', 'scheduled']);
      const adopted = await cli(road, road.namespace, 'campaign', 'adopt', '--json');
      const { campaigns } = JSON.parse(adopted.stdout) as { campaigns: { started: boolean }[] };
      expect(campaigns.map(({ started }) => started)).toEqual([true, true, true]);
    });
  },
);

test.concurrent(
  'moved in mid-campaign: a worker refuses the new one, adopted it goes on where it stood, nobody twice',
  async () => {
    await onRoad({ workers: false, sendsPerSecond: 20 }, async (road) => {
      const phones = ordinaryPhones(100);
      const first = await startWorkerProcess(road, 20);
      const id = await road.startTo(phones);
      await waitFor(async () => (await road.accepted()).accepted >= 30, { what: '30 sends', limitMs: 30_000 });
      await first.end('SIGKILL');
      const { namespace } = (await freshTemporal(road)).options;
      const settings = { TEMPORAL_NAMESPACE: namespace };
      await expect(startWorkerProcess(road, 20, settings)).rejects.toThrow(/not the Temporal/);
      expect((await cli(road, namespace, 'campaign', 'adopt')).exitCode).toBe(0);
      const second = await startWorkerProcess(road, 20, settings);
      try {
        await waitFor(async () => (await road.store.campaigns.find(id))?.state === 'completed', {
          what: 'the campaign to be completed',
          limitMs: 60_000,
        });
      } finally {
        await second.end('SIGKILL');
      }
      const { phonesWithSeveral, accepted } = await road.accepted();
      const { ledger } = await road.store.deliveries.ledger(id);
      expect(phonesWithSeveral).toEqual([]);
      expect(ledger).toMatchObject({ total: 100, queued: 0, sending: 0, failed: 0 });
      expect(accepted).toBeGreaterThanOrEqual(100 - ledger.unknown);
    });
  },
);

test.concurrent('a worker that runs when its Temporal becomes another one ends with the sentence', async () => {
  await onRoad({ workers: false }, async (road) => {
    const worker = await startWorkerProcess(road, 20);
    try {
      await road.store.meta.setTemporal({ clusterId: 'another', namespace: 'default', namespaceId: 'another' });
      const { code, said } = await worker.ended;
      expect({ code, last: said.trimEnd().split('\n').at(-1) }).toEqual({
        code: 1,
        last: expect.stringMatching(/This is not the Temporal .* campaign adopt/) as string,
      });
    } finally {
      await worker.end('SIGKILL');
    }
  });
});

/**
 * A worker killed in the middle of a campaign, or of what is written to the CRM: the next one finishes it, nothing is
 * lost, nothing comes twice. Both at once, since mostly Temporal is waited for, which takes its time to miss a worker.
 */
import { createWriteBackService } from '../../campaigns/write-back';
import { sendWindow } from '../../domain/story/pace';
import { checkAgainstSandbox } from '../../local/demo-check';
import { phoneOf } from '../store/support';
import { onRoad, ordinaryPhones, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { startWorkerProcess, type RoleProcess } from '../support/worker-process';
import { crmOf, ended } from './crm-leads';

const PEOPLE = 300;
const PER_SECOND = 40;
/** The worker is killed when Gupshup has taken so many. */
const KILLS_AFTER = [60, 160];
beforeAll(() => quietRuntime());

/** A road whose worker is a process of its own. `replace` kills the worker, if there is one, and starts the next. */
const withKills = (body: (road: Road, replace: () => Promise<void>) => Promise<void>) => () =>
  onRoad({ workers: false, sendsPerSecond: PER_SECOND }, async (road) => {
    let worker: RoleProcess | undefined;
    const replace = async (): Promise<void> => {
      await worker?.end('SIGKILL');
      worker = undefined;
      worker = await startWorkerProcess(road, PER_SECOND);
    };
    try {
      await body(road, replace);
    } finally {
      await worker?.end('SIGTERM');
    }
  });

test.concurrent(
  'SIGKILL of the worker in mid-campaign: it finishes, nobody is lost, nobody got two',
  withKills(async (road, replace) => {
    await replace();
    const id = await road.startTo(ordinaryPhones(PEOPLE));
    for (const sent of KILLS_AFTER) {
      await waitFor(async () => (await road.accepted()).accepted >= sent, {
        what: `${sent} messages`,
        limitMs: 60_000,
      });
      await replace();
    }
    const result = await road.campaigns.wait(id, { signal: AbortSignal.timeout(100_000) });
    if (!result.ok) throw new Error(result.refusal.code);
    expect(result.value.state).toBe('completed');

    const { findings } = await checkAgainstSandbox(road.store, id, road.sandbox.url);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    const { accepted, distinctPhones } = await road.accepted();
    expect(accepted).toBe(distinctPhones);
    // What the kills left open was sent or not, and is settled by its receipts or stays unknown; all others arrived.
    const { ledger } = result.value;
    expect(ledger.unknown).toBeLessThanOrEqual(KILLS_AFTER.length * sendWindow(PER_SECOND));
    expect(accepted + ledger.unknown).toBeGreaterThanOrEqual(PEOPLE);
  }),
  180_000,
);

test.concurrent(
  'a worker killed over and over, and an amoCRM that takes 20 at a time: one note and one task a lead',
  withKills(async (road, replace) => {
    const crm = crmOf(road);
    const leads = (await crm.stage()).slice(0, 120).map(({ id }) => String(id));
    await road.control('PUT', '/sandbox/amocrm/settings', { requestsPerSecond: 1000, gatewayTimeoutOver: 20, writeDelayMs: 300 }); // prettier-ignore
    await ended(road, 'killed', leads.map((origin) => ({ state: 'read', origin }))); // prettier-ignore
    for (const [n] of leads.entries()) {
      await road.store.replies.save({
        _id: `k${n}`,
        phone: phoneOf(n),
        at: new Date(),
        campaignId: 'killed',
        text: 'Да',
      });
    }
    const service = createWriteBackService(road);
    await service.order('killed', { note: true, task: true, tag: 'killed' }, { kind: 'cli' });
    const written = async (): Promise<number> => (await crm.notes()).length + (await crm.tasks()).length;
    for (const until of [20, 150]) {
      await replace();
      await waitFor(async () => (await written()) > until, { what: `${until} notes and tasks`, limitMs: 90_000 });
    }
    await replace();
    await waitFor(async () => (await service.status('killed'))?.endedAt, { what: 'its end', limitMs: 150_000 });
    const notes = await crm.notes();
    expect(new Set(notes.map(({ entity_id }) => entity_id)).size).toBe(120);
    expect(notes).toHaveLength(120);
    expect(await crm.tasks()).toHaveLength(120);
    expect((await service.status('killed'))!.counts).toEqual({
      tag: { written: 120, refused: 0, left: 0 },
      note: { written: 120, refused: 0, left: 0 },
      task: { written: 120, refused: 0, left: 0 },
    });
  }),
  300_000,
);

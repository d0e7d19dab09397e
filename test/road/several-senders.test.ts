/** Several senders in one deployment: each campaign from its own, their leases spread over the workers, none lost. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import { runAsideWatch } from '../../campaigns/aside-watch';
import { createCommander } from '../../campaigns/commander';
import type { CampaignDraft } from '../../campaigns/contract';
import { sendersFrom } from '../../clients/gupshup/senders';
import { createLogger } from '../../config/logger';
import { emptyLedger } from '../../domain/story/ledger';
import { SANDBOX_APPS, SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { keepBeating } from '../../store/heartbeats';
import { createWorkers } from '../../worker/create';
import { runHere, settingsFor, type Outcome } from '../cli/harness';
import { controlOf, onRoad, ordinaryPhones, SENDER, type Road } from '../support/road';
import { testTemporalAddress, waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { workflowBundle } from '../support/workflow-bundle';
import { startWorkerProcess } from '../support/worker-process';

jest.setTimeout(400_000);
beforeAll(() => quietRuntime());

const SECOND = SANDBOX_APPS[1].appName;
const PER_SECOND = 30;
const by = { kind: 'cli' } as const;

/** The second sender as a deployment's file gives it. */
function sendersFile(): { settings: Record<string, string>; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'bobcofer-senders-'));
  const { appName, appId, apiKey, source: number } = SANDBOX_APPS[1];
  const path = join(folder, 'senders.json');
  writeFileSync(path, JSON.stringify([{ appName, appId, apiKey, number, sendsPerSecond: PER_SECOND }]));
  return { settings: { SENDERS_FILE: path }, remove: () => rmSync(folder, { recursive: true }) };
}

const stateOf = async (road: Road, id: string): Promise<string | undefined> =>
  (await road.store.campaigns.find(id))?.state;

async function becomes(road: Road, id: string, state: string): Promise<void> {
  await waitFor(async () => (await stateOf(road, id)) === state, {
    what: `campaign ${id} to be ${state}`,
    limitMs: 120_000,
  });
}

/** The sandbox's book of an app: to whom it has sent. What was accepted and failed, as of a paused template, reached nobody. */
async function bookOf(road: Road, app: string): Promise<string[]> {
  const messages = (await road.control('GET', `${controlOf(app)}/messages`)) as {
    destination: string;
    state: string;
  }[];
  return messages.flatMap(({ destination, state }) => (state === 'failed' ? [] : [`+${destination}`])).toSorted();
}

/**
 * Every one of the people is in the ledger, nobody twice in the books, and those accepted are there. On a busy machine an
 * answer may come too late: whether such a one arrived is unknown.
 */
async function allIsWell(road: Road, id: string, people: readonly string[], apps: readonly string[]): Promise<void> {
  const { ledger } = await road.store.deliveries.ledger(id);
  const books = (await Promise.all(apps.map((app) => bookOf(road, app)))).flat();
  const arrived = books.filter((phone) => people.includes(phone));
  expect(new Set(arrived).size).toBe(arrived.length);
  expect(ledger).toMatchObject({ total: people.length, queued: 0, sending: 0, skipped: 0, failed: 0 });
  expect(arrived.length).toBeLessThanOrEqual(people.length);
  expect(arrived.length).toBeGreaterThanOrEqual(people.length - ledger.unknown);
}

const holders = async ({ store }: Road): Promise<(string | undefined)[]> =>
  (await store.senderLeases.all()).map(({ holder }) => holder);

test('two workers, two senders, a campaign each: a lease each, the ledgers are the books of the apps; a death brings both to the other', async () => {
  const { settings, remove } = sendersFile();
  try {
    await onRoad({ workers: false, senders: 2, sendsPerSecond: PER_SECOND }, async (road) => {
      const first = await startWorkerProcess(road, PER_SECOND, settings);
      await waitFor(async () => (await holders(road)).filter(Boolean).length === 2, { what: 'both leases to be taken', limitMs: 120_000 });
      expect(new Set(await holders(road)).size).toBe(1);
      const second = await startWorkerProcess(road, PER_SECOND, settings);
      try {
        await waitFor(async () => new Set((await holders(road)).filter(Boolean)).size === 2, { what: 'a lease each', limitMs: 120_000 });
        const phones = ordinaryPhones(400);
        const ofFirst = await road.startTo(phones.slice(0, 200));
        const ofSecond = await road.startTo(phones.slice(200), { sender: SECOND });
        await waitFor(async () => (await road.accepted()).accepted > 40 && (await road.accepted(SECOND)).accepted > 40, { what: 'both to send', limitMs: 120_000 });
        const survivor = new Set(await holders(road));
        await first.end('SIGKILL');
        await waitFor(async () => {
          const now = await holders(road);
          return now.length === 2 && now[0] !== undefined && now[0] === now[1] && survivor.has(now[0]);
        }, { what: 'both leases with the other', limitMs: 120_000 });
        await Promise.all([becomes(road, ofFirst, 'completed'), becomes(road, ofSecond, 'completed')]);
        await allIsWell(road, ofFirst, phones.slice(0, 200), [SENDER]);
        await allIsWell(road, ofSecond, phones.slice(200), [SECOND]);
        for (const app of [SENDER, SECOND]) expect((await bookOf(road, app)).length).toBeGreaterThan(100);
      } finally {
        await second.end('SIGKILL');
      }
    });
  } finally {
    remove();
  }
}); // prettier-ignore

/** Workers of these senders in this process, as a role has them. */
async function startWorkersOf(
  road: Road,
  apps: readonly string[],
  told: { campaignId: string; event: string }[] = [],
): Promise<() => Promise<void>> {
  const { store, temporal, namespace, senders } = road;
  const stop = new AbortController();
  const connection = await NativeConnection.connect({ address: testTemporalAddress() });
  const audience = {
    crm: { people: () => Promise.reject(new Error('not asked')) as never },
    ...{ lists: store.lists, deliveries: store.deliveries, replies: store.replies },
  };
  const workers = await createWorkers({
    ...{ connection, namespace, store, audience },
    senders: sendersFrom(senders.all.filter(({ app }) => apps.includes(app))),
    country: 'RU',
    contactRules: { requireConsent: 'none' },
    notifier: {
      campaignChanged: async ({ _id }, event) => void told.push({ campaignId: _id, event }),
      seriesLeftOut: () => Promise.resolve(),
    },
    settle: { quietMs: 1_000, maxMs: 30_000 },
    commander: createCommander({ store, temporal }),
    orphans: { everyMs: 200, afterMs: 0 },
    log: createLogger('test', 'silent'),
    workflowBundle: await workflowBundle(),
  });
  const running = workers.run(stop.signal);
  const beating = keepBeating(store, { role: 'worker', senders: [...apps], stop: stop.signal });
  return async () => {
    stop.abort();
    await Promise.all([running, beating]);
    await connection.close();
  };
}

test('a campaign whose sender is taken out pauses with the reason and cannot be resumed; put back, it goes on by itself, nobody twice', async () => {
  await onRoad({ workers: false, senders: 2, sendsPerSecond: PER_SECOND }, async (road) => {
    let stop = await startWorkersOf(road, [SENDER, SECOND]);
    const phones = ordinaryPhones(150);
    const id = await road.startTo(phones, { sender: SECOND });
    await waitFor(async () => (await road.accepted(SECOND)).accepted > 20, { what: 'some messages', limitMs: 120_000 });
    await stop();

    stop = await startWorkersOf(road, [SENDER]);
    await becomes(road, id, 'paused');
    expect((await road.store.campaigns.find(id))?.stateReason).toMatchObject({
      error: { code: 'sender_missing', values: { sender: SECOND } },
    });
    // Others are not concerned.
    const other = await road.startTo(ordinaryPhones(160).slice(150));
    await becomes(road, other, 'completed');
    expect(await stateOf(road, id)).toBe('paused');
    await stop();

    stop = await startWorkersOf(road, [SENDER, SECOND]);
    await becomes(road, id, 'completed');
    await allIsWell(road, id, phones, [SECOND]);
    await stop();
  });
}); // prettier-ignore

test('a scheduled campaign and a firing of a series whose sender was taken out before: told, and nobody is lost', async () => {
  await onRoad({ workers: false, senders: 2, sendsPerSecond: PER_SECOND }, async (road) => {
    const phones = ordinaryPhones(90);
    const [later, weekly, both] = [phones.slice(0, 30), phones.slice(30, 60), phones.slice(60)];
    let stop = await startWorkersOf(road, [SENDER, SECOND]);
    const create = async (people: string[], draft: Partial<CampaignDraft> = {}): Promise<string> => {
      const made = await road.campaigns.create({
        ...{ name: 'Later', template: 'showroom_invitation', parameters: [], createdBy: by, sender: SECOND },
        ...{ audience: { kind: 'phones', phones: people }, audienceLabel: 'typed in', ...draft },
      });
      if (!made.ok) throw new Error(made.refusal.code);
      return made.value.id;
    };
    const [scheduled, ofBoth] = [await create(later), await create(both, { alsoFrom: [SENDER] })];
    for (const id of [scheduled, ofBoth]) await road.campaigns.start(id, { at: new Date(Date.now() + 600_000), by });
    const series = await road.series.create({ campaignId: await create(weekly), cron: '0 10 * * 2', by });
    if (!series.ok) throw new Error(series.refusal.code);
    await stop();

    const told: { campaignId: string; event: string }[] = [];
    stop = await startWorkersOf(road, [SENDER], told);
    await road.temporal.schedule.getHandle(`series/${series.value.id}`).trigger();
    for (const id of [scheduled, ofBoth])
      expect(await road.campaigns.command(id, { command: 'reschedule', at: new Date(Date.now() + 1_000), by })).toMatchObject({ ok: true });
    // The other sender takes them all.
    await becomes(road, ofBoth, 'completed');
    const fired = await waitFor(
      async () => (await road.store.campaigns.list({ limit: 9 })).find(({ seriesId }) => seriesId === series.value.id),
      { what: 'the firing' },
    );
    for (const id of [scheduled, fired._id]) {
      await becomes(road, id, 'paused');
      expect((await road.store.campaigns.find(id))?.stateReason).toMatchObject({ error: { code: 'sender_missing' } });
      await waitFor(async () => told.some(({ campaignId, event }) => campaignId === id && event === 'paused'), { what: 'the team to be told' });
    }
    await stop();

    stop = await startWorkersOf(road, [SENDER, SECOND]);
    for (const id of [scheduled, fired._id]) await becomes(road, id, 'completed');
    await allIsWell(road, scheduled, later, [SECOND]);
    await allIsWell(road, fired._id, weekly, [SECOND]);
    await allIsWell(road, ofBoth, both, [SENDER, SECOND]);
    await stop();
  });
}); // prettier-ignore

test('one that is taken out can be cancelled: what waited in its queue comes back', async () => {
  await onRoad({ workers: false, senders: 2, sendsPerSecond: PER_SECOND }, async (road) => {
    let stop = await startWorkersOf(road, [SENDER, SECOND]);
    const id = await road.startTo(ordinaryPhones(150), { sender: SECOND });
    await waitFor(async () => (await road.accepted(SECOND)).accepted > 20, { what: 'some messages', limitMs: 120_000 });
    await stop();
    stop = await startWorkersOf(road, [SENDER]);
    await becomes(road, id, 'paused');
    await road.campaigns.command(id, { command: 'cancel', by });
    await becomes(road, id, 'cancelled');
    const { ledger } = await road.store.deliveries.ledger(id);
    expect(ledger).toMatchObject({ ...emptyLedger(), ...ledger, total: 150, queued: 0, sending: 0 });
    expect(ledger.skipped).toBeGreaterThan(50);
    await stop();
  });
});

test('one that is taken out can be moved: the rest goes from the other sender with its own copy of the template', async () => {
  await onRoad({ workers: false, senders: 2, sendsPerSecond: PER_SECOND }, async (road) => {
    let stop = await startWorkersOf(road, [SENDER, SECOND]);
    const phones = ordinaryPhones(150);
    const id = await road.startTo(phones, { sender: SECOND });
    const ofSecond = (await road.store.campaigns.find(id))!.template.id;
    await waitFor(async () => (await road.accepted(SECOND)).accepted > 20, {
      what: 'some messages',
      limitMs: 120_000,
    });
    expect(await road.campaigns.command(id, { command: 'move', senders: [SENDER], by })).toMatchObject({
      refusal: { code: 'campaign_state' },
    });
    await stop();
    stop = await startWorkersOf(road, [SENDER]);
    await becomes(road, id, 'paused');
    expect(await road.campaigns.command(id, { command: 'move', senders: ['Nobody'], by })).toMatchObject({
      refusal: { code: 'sender_unknown' },
    });
    await road.campaigns.command(id, { command: 'move', senders: [SENDER], by });
    // It had paused for want of its sender.
    await becomes(road, id, 'completed');
    const moved = (await road.store.campaigns.find(id))!;
    expect(moved.sender).toBe(SENDER);
    expect(moved.template.id).not.toBe(ofSecond);
    await allIsWell(road, id, phones, [SENDER, SECOND]);
    await stop();
  });
});

test('an account event concerns the sender that it names; a STOP to one sender counts for all', async () => {
  await onRoad({ senders: 2, sendsPerSecond: PER_SECOND }, async (road) => {
    const phones = ordinaryPhones(170);
    const [stopped] = phones;
    const once = await road.startTo([stopped!], { sender: SECOND });
    await becomes(road, once, 'completed');
    await road.control('POST', `/sandbox/whatsapp/${stopped!.slice(1)}/reply`, { text: 'СТОП' });
    await waitFor(async () => (await road.store.suppressions.of(stopped!)).length > 0, {
      what: 'the STOP to be applied',
      limitMs: 120_000,
    });

    const ofSecond = await road.startTo(phones.slice(80), { sender: SECOND });
    const ofFirst = await road.startTo(phones.slice(0, 80));
    await waitFor(async () => (await road.accepted(SECOND)).accepted > 10, {
      what: 'the second to send',
      limitMs: 120_000,
    });
    await road.control('POST', `${controlOf(SECOND)}/events`, { kind: 'account-status', status: 'DISABLE' });
    await becomes(road, ofSecond, 'paused');
    await becomes(road, ofFirst, 'completed');
    expect(await stateOf(road, ofSecond)).toBe('paused');
    expect((await road.store.deliveries.ledger(ofFirst)).skips).toEqual({ opted_out: 1 });
    expect((await road.store.senders.look(SENDER)).trouble).toBeUndefined();
    await road.campaigns.command(ofSecond, { command: 'resume', by });
    await becomes(road, ofSecond, 'completed');
    expect(new Set(await bookOf(road, SECOND)).size).toBe(91);
  });
});

test('one campaign from both senders: each takes its part with its own template, one in trouble leaves its people to the other', async () => {
  const { settings, remove } = sendersFile();
  try {
    await onRoad({ senders: 2, sendsPerSecond: PER_SECOND }, async (road) => {
      const bobcofer = (...words: string[]): Promise<Outcome> =>
        runHere([...words, '--json'], {
          ...settingsFor(road.mongodbUri),
          ...SANDBOX_CREDENTIALS,
          ...settings,
          GUPSHUP_BASE_URL: `${road.sandbox.url}/gupshup`,
          GUPSHUP_SENDS_PER_SECOND: String(PER_SECOND),
          TEMPORAL_ADDRESS: testTemporalAddress(),
          TEMPORAL_NAMESPACE: road.namespace,
        });
      const create = (phones: readonly string[], ...words: string[]): Promise<Outcome> =>
        bobcofer('campaign', 'create', '--name', 'Both', '--template', 'showroom_invitation', '--phones', phones.join('\n'), ...words); // prettier-ignore
      const idOf = ({ stdout, stderr, exitCode }: Outcome): string => {
        // On a busy machine it says how far it is.
        expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
        return (JSON.parse(stdout) as { id: string }).id;
      };
      const both = ['--sender', SENDER, SECOND, '--start'];

      const phones = ordinaryPhones(400);
      const id = idOf(await create(phones.slice(0, 200), ...both));
      const { senders = [] } = (await road.store.campaigns.find(id))!;
      expect(senders.map(({ sender, share }) => [sender, share])).toEqual([[SENDER, 0.5], [SECOND, 0.5]]); // prettier-ignore
      expect(new Set(senders.map(({ templateId }) => templateId)).size).toBe(2);
      await becomes(road, id, 'completed');
      await allIsWell(road, id, phones.slice(0, 200), [SENDER, SECOND]);
      for (const app of [SENDER, SECOND]) expect((await bookOf(road, app)).length).toBeGreaterThan(50);
      const report = JSON.parse((await bobcofer('report', id)).stdout) as {
        campaign: { sender: string };
        bySender: { key: string; tried: number }[];
      };
      expect(report.campaign.sender).toBe(`${SENDER}, ${SECOND}`);
      expect(report.bySender.map(({ key }) => key).toSorted()).toEqual([SENDER, SECOND].toSorted());
      expect(report.bySender.reduce((sum, { tried }) => sum + tried, 0)).toBe(200);

      const sent = (await road.accepted(SECOND)).accepted;
      // Slowly: what happens to the second takes a busy machine seconds.
      const without = idOf(await create(phones.slice(200), ...both, '--rate', '2'));
      await waitFor(async () => (await road.accepted(SECOND)).accepted > sent, { what: 'the second to send', limitMs: 120_000 });
      const asideNow = async (): Promise<{ sender: string; trouble: { code: string } }[]> =>
        (JSON.parse((await bobcofer('campaign', 'status', without)).stdout) as { aside?: [] }).aside ?? [];
      const standsAside = (code: string | undefined): Promise<unknown> =>
        waitFor(async () => (await asideNow())[0]?.trouble.code === code, { what: `aside: ${code}`, limitMs: 120_000 });
      const sends = async (): Promise<void> => {
        const before = (await road.accepted(SECOND)).accepted;
        await waitFor(async () => (await road.accepted(SECOND)).accepted > before, { what: 'the second to send again', limitMs: 120_000 });
      };
      await road.control('POST', `${controlOf(SECOND)}/events`, { kind: 'account-status', status: 'DISABLE' });
      await standsAside('account_event');
      expect(await asideNow()).toMatchObject([{ sender: SECOND, waitsFor: 'account' }]);
      // Reinstated, it is back by itself.
      const stop = new AbortController();
      const commander = createCommander(road);
      const watching = runAsideWatch({ ...road, commander, log: createLogger('test', 'silent'), everyMs: 200 }, stop.signal);
      await road.control('POST', `${controlOf(SECOND)}/events`, { kind: 'account-status', status: 'REINSTATE' });
      await standsAside(undefined);
      await sends();
      stop.abort();
      await watching;
      // Its copy of the template is paused: the first one's is not, and goes on. An admin brings it back.
      const { templateId } = (await road.store.campaigns.find(without))!.senders![1]!;
      const template = (status: string): Promise<unknown> =>
        road.control('POST', `${controlOf(SECOND)}/templates/${templateId}/status`, { status });
      await template('PAUSED');
      await standsAside('template_event');
      expect(await stateOf(road, without)).toBe('running');
      expect((await bobcofer('campaign', 'back', without)).stderr).toContain('is still');
      await template('APPROVED');
      expect((await bobcofer('campaign', 'back', without, '--sender', SECOND)).exitCode).toBe(0);
      expect(await asideNow()).toEqual([]);
      await sends();
      await bobcofer('campaign', 'rate', without, '60');
      await becomes(road, without, 'completed');
      await allIsWell(road, without, phones.slice(200), [SENDER, SECOND]);

      expect((await create(phones, '--sender', SENDER, 'Nobody')).exitCode).toBe(1);
    });
  } finally {
    remove();
  }
}); // prettier-ignore

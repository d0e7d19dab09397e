/**
 * A role killed at every point of a message's road, before and after it: the next one goes on, nobody is lost, nobody
 * gets two, what is known is known, and a lead has one note. docs/reliability.md shows the points.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createResultsService } from '../../campaigns/results';
import { createWriteBackService } from '../../campaigns/write-back';
import { channelOf, CRASH_POINTS, type CrashPoint } from '../../config/crash-points';
import { createLogger } from '../../config/logger';
import { ASKED_FOR } from '../../domain/story/results';
import { checkAgainstSandbox } from '../../local/demo-check';
import { freePort } from '../support/health';
import { ordinaryPhones } from '../../sandbox/ordinary-phones';
import { ensureSubscription } from '../../webhooks/subscribe';
import { phoneOf } from '../store/support';
import { PATIENCE } from '../support/patience';
import { onRoad, phoneEnding, type Road } from '../support/road';
import { waitFor } from '../support/servers';
import { quietRuntime } from '../support/time-skipping';
import { spawnRole } from '../support/worker-process';
import { crmOf, ended, keptLeads } from './crm-leads';

/** Whose point it is, and what brings a process to it. */
const ROWS: Record<CrashPoint, readonly ['worker' | 'webhooks', 'campaign' | 'write-back' | 'results' | 'elsewhere']> =
  {
    'campaign-state': ['worker', 'campaign'],
    lease: ['worker', 'campaign'],
    audience: ['worker', 'campaign'],
    claim: ['worker', 'campaign'],
    call: ['worker', 'campaign'],
    'message-name': ['worker', 'campaign'],
    answer: ['worker', 'campaign'],
    'put-back': ['worker', 'campaign'],
    counts: ['worker', 'campaign'],
    'write-back-begun': ['worker', 'write-back'],
    'write-back-call': ['worker', 'write-back'],
    'write-back-done': ['worker', 'write-back'],
    // follow-ups.test.ts kills there.
    'follow-up': ['worker', 'elsewhere'],
    'results-read': ['worker', 'results'],
    'results-kept': ['worker', 'results'],
    // test/activities/replies-killed.test.ts kills there.
    'reply-taken': ['worker', 'elsewhere'],
    'reply-noted': ['worker', 'elsewhere'],
    'reply-told': ['worker', 'elsewhere'],
    'reply-effect-begun': ['worker', 'elsewhere'],
    'reply-effect-call': ['worker', 'elsewhere'],
    'reply-effect-done': ['worker', 'elsewhere'],
    arrival: ['webhooks', 'campaign'],
    record: ['webhooks', 'campaign'],
    fold: ['webhooks', 'campaign'],
    wave: ['webhooks', 'campaign'],
    applied: ['webhooks', 'campaign'],
    'reply-kept': ['webhooks', 'elsewhere'],
  };
const MOMENTS = ['start', 'asyncEnd'] as const;
const DIE = join(__dirname, '../support/die-at.cjs');
const PER_SECOND = 40;
const SECRET = 'secret-of-the-receiver-that-dies';
/** A process that is still alive then (ms) gets more to do; and has failed after so long. */
const AGAIN_MS = 12_000;
const LIMIT_MS = 60_000;
/** How much faster than in life receipts come: so long Gupshup goes on trying while receivers start and die. */
const SPEED = PATIENCE > 1 ? 2 : 4;
const LEADS = 3;

beforeAll(() => quietRuntime());

function rowsOf(role: 'worker' | 'webhooks'): { point: CrashPoint; moment: (typeof MOMENTS)[number] }[] {
  return CRASH_POINTS.filter((point) => ROWS[point][0] === role && ROWS[point][1] !== 'elsewhere').flatMap((point) =>
    MOMENTS.map((moment) => ({ point, moment })),
  );
}

/**
 * Starts the role for each of its points, `lanes` at a time, sees it die there, and starts the last one, which lives.
 * Answers with how to stop that.
 */
async function dieEverywhere(
  road: Road,
  role: 'worker' | 'webhooks',
  {
    lanes,
    settings,
    work,
  }: { lanes: number; settings: Record<string, string>; work: (point: CrashPoint) => Promise<void> },
): Promise<() => Promise<void>> {
  const rows = rowsOf(role);
  const lane = async (): Promise<void> => {
    for (let row = rows.shift(); row; row = rows.shift()) {
      const { point, moment } = row;
      const mortal = spawnRole(road, role, { ...settings, DIE_AT: channelOf(point), DIE_WHEN: moment }, [DIE]);
      const died = mortal.ended.then((how) => ({ ...how, late: false }));
      try {
        // What another one took away comes again.
        for (const until = Date.now() + LIMIT_MS; ;) {
          await work(point);
          const { signal, said, late } = await Promise.race([died, sleep(AGAIN_MS, { signal: null, said: '', late: true })]); // prettier-ignore
          if (late && Date.now() < until) continue;
          expect({ point, moment, signal, said: signal ? '' : said }).toEqual({ point, moment, signal: 'SIGKILL', said: '' }); // prettier-ignore
          break;
        }
      } finally {
        await mortal.end('SIGKILL');
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const last = spawnRole(road, role, settings);
  await last.ready();
  return () => last.end('SIGTERM');
}

/** A campaign to two ordinary people, one whom Gupshup refuses once, and one whose message fails once. */
function campaignTo(road: Road, n: number): Promise<string> {
  const own = ordinaryPhones(2 * (n + 1)).slice(-2);
  return road.startTo([...own, phoneEnding('901', n), phoneEnding('937', n)], { name: `crash ${n}` });
}

/** An ended campaign whose leads have come forward since, and are to be read now. */
async function readingOf(road: Road, n: number): Promise<string> {
  const id = `read-${n}`;
  const leads = (await crmOf(road).stage()).slice(-LEADS).map((lead) => lead.id as number);
  await ended(road, id, leads.map((lead, at) => ({ state: 'read', origin: String(lead), phone: phoneOf(5_000 + LEADS * n + at) }))); // prettier-ignore
  await keptLeads(road, id, leads);
  await createResultsService(road).readNow(id);
  return id;
}

/** What the sandbox knows of a message of the campaign, and the ledger does not. */
async function differences(road: Road, id: string): Promise<string[]> {
  const known = (await road.control('GET', '/sandbox/gupshup/messages')) as { messageId: string; state: string }[];
  const states = new Map(known.map(({ messageId, state }) => [messageId, state]));
  const deliveries = await road.store.deliveries.stream(id).toArray();
  return deliveries.flatMap(({ n, state, messageId }) => {
    const theirs = messageId && states.get(messageId);
    return state === theirs ? [] : [`${n}: ${state}, at Gupshup ${theirs}`];
  });
}

async function inOrder(road: Road, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const result = await road.campaigns.wait(id, { signal: AbortSignal.timeout(120_000) });
    expect(result).toMatchObject({ ok: true, value: { state: 'completed' } });
    const { findings } = await checkAgainstSandbox(road.store, id, road.sandbox.url);
    expect({ id, wrong: findings.filter(({ ok }) => !ok) }).toEqual({ id, wrong: [] });
  }
  const { accepted, distinctPhones, phonesWithSeveral } = await road.accepted();
  // One whose message failed got another.
  const others = phonesWithSeveral.filter((phone) => !phone.endsWith('937'));
  expect(others).toEqual([]);
  expect(distinctPhones).toBeLessThanOrEqual(accepted);
}

test.concurrent(
  'the worker',
  () =>
    onRoad({ workers: false, sendsPerSecond: PER_SECOND }, async (road) => {
      const crm = crmOf(road);
      const leads = (await crm.stage()).map(({ id }) => String(id));
      const service = createWriteBackService(road);
      const ids: string[] = [];
      const written: string[] = [];
      const read: string[] = [];
      let readings = 0;
      const settings = { GUPSHUP_SENDS_PER_SECOND: String(PER_SECOND) };
      let n = 0;
      const stop = await dieEverywhere(road, 'worker', {
        lanes: 2,
        settings,
        async work(point) {
          if (ROWS[point][1] === 'campaign') return void ids.push(await campaignTo(road, n++));
          if (ROWS[point][1] === 'results') return void read.push(await readingOf(road, readings++));
          const own = leads.slice(LEADS * written.length, LEADS * (written.length + 1));
          const id = `written-${written.length}`;
          written.push(id);
          await ended(road, id, own.map((origin, at) => ({ state: 'read', origin, phone: phoneOf(1_000 * written.length + at) }))); // prettier-ignore
          await service.order(id, { note: true, tag: 'seen' }, { kind: 'cli' });
        },
      });
      try {
        await inOrder(road, ids);
        for (const id of written)
          await waitFor(async () => (await service.status(id))?.endedAt, { what: `${id} to end`, limitMs: 90_000 });
        for (const id of read) {
          // Its mark is read as well, by a watch: that it is due was known all the time.
          const asked = async () => (await road.store.results.readings(id)).filter(({ day }) => day === ASKED_FOR);
          await waitFor(async () => (await asked()).length > 0, { what: `the reading of ${id}`, limitMs: 90_000 });
          const [{ cells } = { cells: [] }, ...others] = await asked();
          expect(others).toEqual([]);
          expect(cells).toMatchObject([{ group: 'written', people: LEADS, leads: { forward: LEADS } }]);
        }
        const notes = await crm.notes();
        expect(notes).toHaveLength(LEADS * written.length);
        expect(new Set(notes.map(({ entity_id }) => entity_id)).size).toBe(notes.length);
      } finally {
        await stop();
      }
    }),
  590_000,
);

test.concurrent(
  'the receiver',
  () =>
    onRoad({ receiver: false, sendsPerSecond: PER_SECOND, speed: SPEED, settleQuietMs: 5_000 }, async (road) => {
      const port = await freePort();
      const publicUrl = `http://127.0.0.1:${port}`;
      // Without a subscription Gupshup keeps nothing for it.
      for (const { app, gupshup } of road.senders.all)
        await ensureSubscription({ app, gupshup, publicUrl, secret: SECRET, log: createLogger('test', 'silent') });
      const ids: string[] = [];
      const settings = {
        WEBHOOK_HOST: '127.0.0.1',
        WEBHOOK_PORT: String(port),
        WEBHOOK_SECRET: SECRET,
        PUBLIC_URL: publicUrl,
      };
      const stop = await dieEverywhere(road, 'webhooks', {
        lanes: 1,
        settings,
        work: async () => void ids.push(await campaignTo(road, ids.length)),
      });
      try {
        await inOrder(road, ids);
        for (const id of ids) {
          let left: string[] = [];
          const none = async (): Promise<boolean> => (left = await differences(road, id)).length === 0;
          await waitFor(none, { what: `the receipts of ${id}`, limitMs: 60_000 }).catch(() => undefined);
          const { webhooks } = (await road.control('GET', '/sandbox/gupshup/summary')) as { webhooks: { givenUp: number } }; // prettier-ignore
          // After so many tries Gupshup sends an event no more: at this speed it has a minute and a half for them.
          expect({ id, left, givenUp: webhooks.givenUp }).toEqual({ id, left: [], givenUp: 0 });
        }
      } finally {
        await stop();
      }
    }),
  590_000,
);

test('every point has its row', () => {
  expect(Object.keys(ROWS).toSorted()).toEqual([...CRASH_POINTS].toSorted());
});

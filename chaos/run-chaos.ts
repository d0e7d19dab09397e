/** One chaos run: a stack of its own, campaigns, the troubles, and what was found when the dust had settled. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import { connectCampaignServices, type CampaignServices } from '../campaigns/from-settings';
import { createLogger } from '../config/logger';
import { openDatabase } from '../store/connect';
import { readSettings, settleLimits } from '../config/settings';
import { doneCount } from '../domain/story/ledger';
import type { SettleLimits } from '../domain/story/settling';
import type { Report } from '../local/servers/acquire';
import type { Supervised } from '../local/servers/supervise';
import type { Role } from '../local/roles';
import { startStack, type Stack } from '../local/stack';
import { leaveOut, planForNextWeek, startCampaign } from './chaos-campaigns';
import { surviveDisaster } from './disasters';
import { createGupshupControl } from './gupshup';
import { judge, unsettled, type ChaosResult } from './judge';
import { departuresIn, type Departures } from '../bench/departures';
import { lookUntilEnded, type Looks } from './looks';
import { createOthers, SECOND_SENDER } from './others';
import { createPartitions, type Partitions } from './partitions';
import { planTroubles, type ChaosSize } from './plan';
import { createRandom } from './random';
import { fillDisk, freeDisk, unmountSmallDisk } from './small-disk';
import { createSurroundings } from './surroundings';
import { lastToSend, superviseSecondWorker, takeOver } from './takeovers';
import { createTroubleMaker } from './troubles';
import { traceIn, type Trace } from './trace/trace';

export interface ChaosOptions {
  /** A folder for this run alone, absolute. */
  home: string;
  size: ChaosSize;
  /** The same seed makes the same troubles. */
  seed: number;
  report: Report;
  signal?: AbortSignal;
  /** Other scripts for the roles: compiled ones start sooner. */
  scripts?: Readonly<Record<Role, string>>;
}

/** Receipts in half a second rather than five; the pauses before a webhook comes again still outlast a restart. */
const SPEED = 10;
/** How long `no-answer` holds the connection (ms). */
const WITHHOLD_MS = 2_000;
/** Campaigns that must not be closed while others are restored and adopted. */
const FOR_NEXT_WEEK = 3;
/** So that the cap is seen to hold rather than enforced by refusals. */
const SANDBOX_SENDS_PER_SECOND = 200;
const SETTLE_QUIET_SECONDS = 6;
const ASK_EVERY_MS = 1_000;

/** Rejects when the stack cannot be started, and when the signal aborts; all else it finds is in the result. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { home, size, report, signal, scripts } = options;
  const env = {
    GUPSHUP_SENDS_PER_SECOND: String(size.sendsPerSecond),
    SETTLE_QUIET_SECONDS: String(SETTLE_QUIET_SECONDS),
    SENDERS_FILE: sendersFile(home, size.sendsPerSecond),
    LOG_LEVEL: 'info',
  };
  const departures = departuresIn(join(home, 'departures.txt'), { atOnce: true });
  const clock = join(home, 'clock.txt');
  const trace = traceIn(join(home, 'trace.txt'));
  const ofRoles = {
    ...env,
    ...departures.env,
    ...trace.env,
    NODE_OPTIONS: [
      departures.env['NODE_OPTIONS'],
      trace.env.NODE_OPTIONS,
      `--require ${join(__dirname, 'stepped-clock.cjs')}`,
    ].join(' '),
    CHAOS_CLOCK: clock,
  };
  const partitions = createPartitions();
  const { between } = partitions;
  const given = { ...(signal && { signal }), ...(scripts && { scripts }) };
  const stack = await startStack({ home, env: ofRoles, report, sandboxSpeed: SPEED, between, ...given });
  let second: Supervised | undefined;
  let disk: Disk = { why: 'none was asked for' };
  try {
    second = await superviseSecondWorker(stack, {
      home,
      env: ofRoles,
      report,
      script: scripts?.worker,
      between,
      signal,
    });
    const { processes } = stack.file;
    const noEnd = signal ?? new AbortController().signal;
    if (size.fullDisks > 0) disk = await createSurroundings({ home, processes, signal: noEnd }).ontoSmallDisk();
    const settings = readSettings(['gupshup', 'amocrm', 'temporal', 'mongodb'], {
      ...stack.file.settings,
      ...env,
      BOBCOFER_HOME: home,
    });
    const services = await connectCampaignServices(settings, createLogger('chaos', 'silent'));
    try {
      const settle = settleLimits(settings);
      return await underFire(options, { stack, services, departures, trace, settle, partitions, disk, clock });
    } finally {
      await services.close();
    }
  } finally {
    await second?.stop();
    await stack.stop();
    await partitions.close();
    if ('folder' in disk) unmountSmallDisk(disk.folder);
  }
}

/** The second sender, in a file as an operator writes it. */
function sendersFile(home: string, sendsPerSecond: number): string {
  const path = join(home, 'senders.json');
  const { source: number, ...rest } = SECOND_SENDER;
  writeFileSync(path, JSON.stringify([{ ...rest, number, sendsPerSecond }]));
  return path;
}

/** Where the database's small disk is, or why there is none. */
type Disk = { folder: string } | { why: string };

interface Running {
  stack: Stack;
  services: CampaignServices;
  departures: Departures;
  trace: Trace;
  settle: SettleLimits;
  partitions: Partitions;
  disk: Disk;
  /** The file that says by how much the clock of the roles is wrong. */
  clock: string;
}

async function underFire(
  options: ChaosOptions,
  { stack, services, departures, trace, settle, partitions, disk, clock }: Running,
): Promise<ChaosResult> {
  const { home, size, seed, report } = options;
  const { processes, chatUrl } = stack.file;
  const gupshup = createGupshupControl(chatUrl);
  await gupshup.set({ sendsPerSecond: SANDBOX_SENDS_PER_SECOND, withholdMs: WITHHOLD_MS });
  const laterIds = await planForNextWeek(services, FOR_NEXT_WEEK);
  await leaveOut(services, 'before');
  const campaignId = await startCampaign(services, size.people);
  report(`Campaign ${campaignId} to ${size.people} people, seed ${seed}`);
  await until(async () => (await services.store.campaigns.find(campaignId))?.state === 'running', size.limitMs);
  await leaveOut(services, 'meanwhile');

  const { sendsPerSecond } = size;
  const stricken = {
    home,
    processes,
    services,
    campaignId,
    gupshup,
    trace,
    sendsPerSecond,
    settle,
    receiptSpeed: SPEED,
    report,
  };
  const maker = createTroubleMaker({
    home,
    processes,
    gupshup,
    report,
    survive: (disaster, stop) => surviveDisaster(disaster, stricken, stop),
    takeOver: (how, stop) => takeOver(how, { ...stricken, departures }, stop),
    part: (partition) =>
      partitions.part(partition.who === 'worker' ? lastToSend(departures, processes) : partition.who, partition),
    setClock: (byMs) => writeFileSync(clock, String(byMs)),
    fillDisk: (ms, stop) => fullDisk(disk, ms, { ...stricken, uri: stack.file.mongodbUri, signal: stop }),
  });
  const others = createOthers(services, size.others);
  const looks: Looks = { taken: 0, missed: 0, unbalanced: [], resumed: 0 };
  const over = new AbortController();
  const limit = AbortSignal.timeout(size.limitMs);
  const signal = AbortSignal.any([limit, over.signal, ...(options.signal ? [options.signal] : [])]);
  const [state] = await Promise.all([
    lookUntilEnded({
      services,
      campaignId,
      people: size.people,
      laterIds,
      looks,
      signal,
      othersEnded: (found) => others.haveEnded(found),
      onLook: async (ledger, now) => {
        await maker.note();
        // A campaign that begins between a copy and its restore would be known to Temporal alone.
        if (!maker.isBusy()) await others.beginDue(doneCount(ledger) / ledger.total);
        report(`Campaign ${now}: ${doneCount(ledger)} of ${ledger.total} done, ${ledger.unknown} unknown`);
      },
    })
      .catch((error: unknown) => (limit.aborted ? undefined : Promise.reject(error as Error)))
      .finally(() => over.abort()),
    maker.carryOut(planTroubles(createRandom(seed), size), signal).catch((error: unknown) => {
      // With the campaign's end the rest of the troubles falls away; the findings count the kills.
      if (!over.signal.aborted && !limit.aborted) {
        over.abort();
        throw error;
      }
    }),
  ]);
  options.signal?.throwIfAborted();
  report('Waiting for receipts of unknown sends');
  await until(async () => (await unsettled(services, campaignId, gupshup, maker.deeds)) === 0, size.receiptsMs);
  await maker.note();
  return judge({
    services,
    campaignId,
    laterIds,
    state,
    size,
    chatUrl,
    deeds: maker.deeds,
    looks,
    gupshup,
    departures,
    marks: trace.marks(),
  });
}

/**
 * Fills the disk until the database cannot write, for so long more, and waits until all that died of it is back. Answers
 * with why not, where there is none.
 */
async function fullDisk(
  disk: Disk,
  ms: number,
  { report, uri, ...surroundings }: Parameters<typeof createSurroundings>[0] & { report: Report; uri: string },
): Promise<string | undefined> {
  if ('why' in disk) return disk.why;
  const { pause, allBack, until } = createSurroundings(surroundings);
  report('MongoDB: its disk is full');
  // A collection that SecantusDB begins on a full disk is broken for good.
  await withProbe(uri, (probe) => probe.insertOne({ data: Buffer.alloc(1) }));
  try {
    fillDisk(disk.folder);
    const said = await writeUntilRefused(uri, surroundings.signal);
    report(`MongoDB cannot write for ${ms} ms more: ${said}`);
    await pause(ms);
  } finally {
    freeDisk(disk.folder);
  }
  await allBack();
  await until('MongoDB to write again', () =>
    withProbe(uri, async (probe) => (await probe.deleteMany({})).acknowledged),
  );
  return undefined;
}

const PROBE = 'chaosProbe';
const PROBE_BYTES = 1 << 16;
const PROBE_LIMIT_MS = 60_000;
const PROBE_ANSWER_MS = 5_000;

/**
 * What the database has set aside for its journal is used up by small documents: of those of a megabyte SecantusDB loses
 * the last one that it confirmed (seen twice of two). Answers with its refusal.
 */
async function writeUntilRefused(uri: string, signal: AbortSignal): Promise<string> {
  try {
    await withProbe(uri, async (probe) => {
      for (const until = Date.now() + PROBE_LIMIT_MS; Date.now() < until; signal.throwIfAborted())
        await Promise.race([
          probe.insertOne({ data: Buffer.alloc(PROBE_BYTES) }),
          sleep(PROBE_ANSWER_MS).then(() => Promise.reject(new Error(`no answer within ${PROBE_ANSWER_MS / 1000} s`))),
        ]);
    });
  } catch (error) {
    signal.throwIfAborted();
    return (error as Error).message;
  }
  throw new Error(`chaos: the database still writes after ${PROBE_LIMIT_MS / 1000} s on a full disk`);
}

async function withProbe<T>(uri: string, work: (probe: Collection) => Promise<T>): Promise<T> {
  const { db, close } = await openDatabase(uri);
  try {
    return await work(db.collection(PROBE));
  } finally {
    await close();
  }
}

/** Waits for the condition up to a limit. An error counts as "not yet", because something may be restarting. */
async function until(condition: () => Promise<boolean>, limitMs: number): Promise<void> {
  for (const startedAt = Date.now(); Date.now() - startedAt < limitMs; await sleep(ASK_EVERY_MS)) {
    if (await condition().catch(() => false)) return;
  }
}

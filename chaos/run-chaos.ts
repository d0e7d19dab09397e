/** One chaos run: a stack of its own, a campaign, the troubles, and what was found when the dust had settled. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectCampaignServices, type CampaignServices } from '../campaigns/from-settings';
import { createLogger } from '../config/logger';
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
import { planTroubles, type ChaosSize } from './plan';
import { createRandom } from './random';
import { superviseSecondWorker, takeOver } from './takeovers';
import { createTroubleMaker } from './troubles';

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
    LOG_LEVEL: 'info',
  };
  const departures = departuresIn(join(home, 'departures.txt'), { atOnce: true });
  const ofRoles = { ...env, ...departures.env };
  const given = { ...(signal && { signal }), ...(scripts && { scripts }) };
  const stack = await startStack({ home, env: ofRoles, report, sandboxSpeed: SPEED, ...given });
  let second: Supervised | undefined;
  try {
    second = await superviseSecondWorker(stack, { home, env: ofRoles, report, script: scripts?.worker, signal });
    const settings = readSettings(['gupshup', 'amocrm', 'temporal', 'mongodb'], {
      ...stack.file.settings,
      ...env,
      BOBCOFER_HOME: home,
    });
    const services = await connectCampaignServices(settings, createLogger('chaos', 'silent'));
    try {
      return await underFire(options, { stack, services, departures, settle: settleLimits(settings) });
    } finally {
      await services.close();
    }
  } finally {
    await second?.stop();
    await stack.stop();
  }
}

interface Running {
  stack: Stack;
  services: CampaignServices;
  departures: Departures;
  settle: SettleLimits;
}

async function underFire(
  options: ChaosOptions,
  { stack, services, departures, settle }: Running,
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
    takeOver: (by, stop) => takeOver(by, { ...stricken, departures }, stop),
  });
  const looks: Looks = { taken: 0, missed: 0, unbalanced: [], resumed: 0 };
  const over = new AbortController();
  const limit = AbortSignal.timeout(size.limitMs);
  const signal = AbortSignal.any([limit, over.signal, ...(options.signal ? [options.signal] : [])]);
  const [state] = await Promise.all([
    lookUntilEnded({
      services,
      campaignId,
      people: size.people,
      looks,
      signal,
      onLook: async (ledger, now) => {
        await maker.note();
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
  });
}

/** Waits for the condition up to a limit. An error counts as "not yet", because something may be restarting. */
async function until(condition: () => Promise<boolean>, limitMs: number): Promise<void> {
  for (const startedAt = Date.now(); Date.now() - startedAt < limitMs; await sleep(ASK_EVERY_MS)) {
    if (await condition().catch(() => false)) return;
  }
}

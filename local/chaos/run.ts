/** One chaos run: a stack of its own, a campaign, the troubles, and what was found when the dust had settled. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectCampaignServices, type CampaignServices } from '../../campaigns/from-settings';
import { createLogger } from '../../config/logger';
import { readSettings } from '../../config/settings';
import type { CampaignState } from '../../domain/campaign';
import { acceptedCount, doneCount, type Ledger } from '../../domain/ledger';
import { checkAgainstSandbox, type Finding } from '../demo-check';
import type { Report } from '../servers/acquire';
import { startStack, type Stack } from '../stack';
import { startCampaign } from './campaign';
import { createGupshupControl, type GupshupControl } from './gupshup';
import { lookUntilEnded, type Looks } from './looks';
import { planTroubles, type ChaosSize } from './plan';
import { createRandom } from './random';
import { createTroubleMaker, type Deed } from './troubles';
import { isExplained, isSettledByReceipt } from './unknown';

export interface ChaosOptions {
  /** A folder for this run alone, absolute. */
  home: string;
  size: ChaosSize;
  /** The same seed makes the same troubles. */
  seed: number;
  report: Report;
  signal?: AbortSignal;
}

export interface ChaosResult {
  deeds: readonly Deed[];
  looks: Looks;
  ledger: Ledger;
  /** Tries beyond the first of each delivery. */
  retries: number;
  settledByReceipts: number;
  /** Most messages that Gupshup took within one second. */
  busiestSecond: number;
  findings: Finding[];
  ok: boolean;
}

/** Receipts in half a second rather than five; the pauses before a webhook comes again still outlast a restart. */
const SPEED = 10;
/** `no-answer` holds the connection so long (ms). */
const WITHHOLD_MS = 2_000;
/** So that the cap is seen to hold rather than enforced by refusals. */
const SANDBOX_SENDS_PER_SECOND = 200;
const SETTLE_QUIET_SECONDS = 6;
const ASK_EVERY_MS = 1_000;

/** Rejects when the stack cannot be started, and when the signal aborts; all else it finds is in the result. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { home, size, report, signal } = options;
  const env = {
    GUPSHUP_SENDS_PER_SECOND: String(size.sendsPerSecond),
    SETTLE_QUIET_SECONDS: String(SETTLE_QUIET_SECONDS),
    LOG_LEVEL: 'info',
  };
  const stack = await startStack({ home, env, report, sandboxSpeed: SPEED, ...(signal && { signal }) });
  try {
    const settings = readSettings(['gupshup', 'amocrm', 'temporal', 'mongodb'], {
      ...stack.file.settings,
      ...env,
      BOBCOFER_HOME: home,
    });
    const services = await connectCampaignServices(settings, createLogger('chaos', 'silent'));
    try {
      return await underFire(options, stack, services);
    } finally {
      await services.close();
    }
  } finally {
    await stack.stop();
  }
}

async function underFire(options: ChaosOptions, stack: Stack, services: CampaignServices): Promise<ChaosResult> {
  const { home, size, seed, report } = options;
  const { processes, chatUrl } = stack.file;
  const gupshup = createGupshupControl(chatUrl);
  await gupshup.set({ sendsPerSecond: SANDBOX_SENDS_PER_SECOND, withholdMs: WITHHOLD_MS });
  const campaignId = await startCampaign(services, size.people);
  report(`Campaign ${campaignId} to ${size.people} people, seed ${seed}`);
  await until(async () => (await services.store.campaigns.find(campaignId))?.state === 'running', size.limitMs);

  const maker = createTroubleMaker({ home, processes, gupshup, report });
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
  await until(async () => (await unsettled(services, campaignId, gupshup)) === 0, size.receiptsMs);
  await maker.note();
  return judge({ services, campaignId, state, size, chatUrl, deeds: maker.deeds, looks, gupshup });
}

async function judge(found: {
  services: CampaignServices;
  campaignId: string;
  state: CampaignState | undefined;
  size: ChaosSize;
  chatUrl: string;
  deeds: readonly Deed[];
  looks: Looks;
  gupshup: GupshupControl;
}): Promise<ChaosResult> {
  const { services, campaignId, state, size, chatUrl, deeds, looks, gupshup } = found;
  const { store } = services;
  const { ledger } = await store.deliveries.ledger(campaignId);
  const deliveries = await store.deliveries.stream(campaignId).toArray();
  const unknown = deliveries.filter((delivery) => delivery.state === 'unknown');
  const unexplained = unknown.filter((delivery) => !isExplained(delivery, deeds));
  const kills = deeds.filter(({ trouble }) => trouble.kind === 'kill').length;
  const open = await unsettled(services, campaignId, gupshup);
  const { accepted, busiestSecond } = await gupshup.summary();

  const findings: Finding[] = [
    { ok: state === 'completed', text: `the campaign is completed: ${state ?? 'it had not ended within the limit'}` },
    { ok: kills >= size.kills, text: `enough kills while it ran: ${kills} of ${size.kills}` },
    {
      ok: looks.unbalanced.length === 0 && looks.taken > 0,
      text: `the ledger balances at every look: ${looks.unbalanced.length} of ${looks.taken} did not`,
    },
    ...(await checkAgainstSandbox(store, campaignId, chatUrl)).findings,
    {
      ok: accepted + unknown.length >= ledger.total - ledger.skipped - ledger.failed,
      text: `everybody else was sent to: ${accepted} accepted, ${ledger.failed} failed, ${ledger.skipped} skipped`,
    },
    {
      ok: unexplained.length === 0,
      text: `every unknown is explained by a kill, a stop, or silence of Gupshup: ${unexplained.length} of ${unknown.length} are not`,
    },
    { ok: open === 0, text: `unknown ones that Gupshup took are settled by their receipts: ${open} are not` },
  ];
  return {
    deeds,
    looks,
    ledger,
    retries: deliveries.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
    settledByReceipts: deliveries.filter(isSettledByReceipt).length,
    busiestSecond,
    findings,
    ok: findings.every(({ ok }) => ok) && acceptedCount(ledger) > 0,
  };
}

/** How many unknown sends stand in Gupshup's book: their receipts will tell. */
async function unsettled(services: CampaignServices, campaignId: string, gupshup: GupshupControl): Promise<number> {
  const theirs = await gupshup.destinations();
  const unknown = await services.store.deliveries.stream(campaignId, { states: ['unknown'] }).toArray();
  return unknown.filter(({ phone }) => theirs.has(phone!.slice(1))).length;
}

/** Waits for the condition, at most so long. An error counts as "not yet": something may just be starting again. */
async function until(condition: () => Promise<boolean>, limitMs: number): Promise<void> {
  for (const startedAt = Date.now(); Date.now() - startedAt < limitMs; await sleep(ASK_EVERY_MS)) {
    if (await condition().catch(() => false)) return;
  }
}

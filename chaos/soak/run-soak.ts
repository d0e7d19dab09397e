/** A soak: campaigns of all kinds coming and going for hours, kills and slow services, and what is left of it afterwards. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectCampaignServices, type CampaignServices } from '../../campaigns/from-settings';
import { createLogger } from '../../config/logger';
import { readSettings } from '../../config/settings';
import { hasEnded } from '../../domain/story/campaign';
import { balances } from '../../domain/story/ledger';
import type { Finding } from '../../local/demo-check';
import { checkAgainstSandbox } from '../../local/demo-check';
import type { Report } from '../../local/servers/acquire';
import { livingProcess } from '../../local/servers/leftovers';
import { startStack, type Stack } from '../../local/stack';
import { campaignWorkflowId } from '../../workflows/messages';
import { createGupshupControl, type GupshupControl } from '../gupshup';
import { createRandom, type Random } from '../random';
import { createSoakCampaigns, type SoakCampaigns } from './campaigns';
import { slopeOf, type Sample, type Slope } from './slopes';

export interface SoakOptions {
  /** A folder for this run alone, absolute. */
  home: string;
  forMs: number;
  seed: number;
  report: Report;
  signal?: AbortSignal;
}

export interface SoakResult {
  campaigns: SoakCampaigns['counts'];
  /** By what was done: how often. */
  troubles: Readonly<Record<string, number>>;
  slopes: { process: string; memory: Slope; handles: Slope }[];
  /** The longest run of a campaign's workflow: events, and bytes. */
  longestHistory: { events: number; bytes: number };
  findings: Finding[];
  ok: boolean;
}

const SENDS_PER_SECOND = 30;
const PEOPLE = 120;
const CAMPAIGN_EVERY_MS = 8_000;
const SAMPLE_EVERY_MS = 5_000;
const TROUBLE_EVERY_MS = { least: 30_000, most: 90_000 };
/** Kills are rarer than the rest, so that lives are long enough to tell whether memory grows. */
const KILL_EVERY_MS = 600_000;
const SLOW_MS = 3_000;
const ENDS_WITHIN_MS = 300_000;
/** Temporal's own limits are 51,200 events and 50 MB; a run continues as new long before. */
const HISTORY = { events: 6_000, bytes: 8 * 1024 * 1024 };
/** Growth in an hour, as a part of the mean, that counts as none. A short run tells less. */
const FLAT_SHARE = 0.15;
const FLAT_FROM_MS = 30 * 60_000;
/** So long after its start a process counts as warm (ms); in a short run a quarter of it. */
const WARM_AFTER_MS = 300_000;

const ROLES = ['worker', 'bot', 'webhooks'] as const;
const KILLED = ['worker', 'webhooks', 'bot', 'mongodb', 'temporal'] as const;

/** Rejects when the stack cannot be started, and when the signal aborts; all else it finds is in the result. */
export async function runSoak({ home, forMs, seed, report, signal }: SoakOptions): Promise<SoakResult> {
  const env = { GUPSHUP_SENDS_PER_SECOND: String(SENDS_PER_SECOND), SETTLE_QUIET_SECONDS: '5', LOG_LEVEL: 'info' };
  const stack = await startStack({ home, env, report, sandboxSpeed: 10, ...(signal && { signal }) });
  try {
    const settings = readSettings(['gupshup', 'amocrm', 'temporal', 'mongodb'], {
      ...stack.file.settings,
      ...env,
      BOBCOFER_HOME: home,
    });
    const services = await connectCampaignServices(settings, createLogger('soak', 'silent'));
    try {
      return await soak({ home, forMs, random: createRandom(seed), report, signal }, stack, services);
    } finally {
      await services.close();
    }
  } finally {
    await stack.stop();
  }
}

type Soaking = Pick<SoakOptions, 'home' | 'forMs' | 'report'> & { random: Random; signal: AbortSignal | undefined };

async function soak(
  { home, forMs, random, report, signal: interrupted }: Soaking,
  stack: Stack,
  services: CampaignServices,
): Promise<SoakResult> {
  const gupshup = createGupshupControl(stack.file.chatUrl);
  await gupshup.set({ sendsPerSecond: 2 * SENDS_PER_SECOND, slowMs: SLOW_MS, withholdMs: 2_000 });
  const campaigns = createSoakCampaigns(services, random, { everyMs: CAMPAIGN_EVERY_MS, people: PEOPLE });
  const samples: Sample[] = [];
  const troubles: Record<string, number> = {};
  const over = AbortSignal.timeout(forMs);
  const signal = interrupted ? AbortSignal.any([over, interrupted]) : over;
  await Promise.all([
    campaigns.run(signal),
    sampleUntil(signal, stack, samples),
    makeTroubles(signal, { home, random, gupshup, troubles, report, isLong: forMs > KILL_EVERY_MS }),
    reportUntil(signal, () =>
      report(`${campaigns.ids.length} campaigns, ${sum(troubles)} troubles, ${samples.length} samples`),
    ),
  ]);
  interrupted?.throwIfAborted();
  report('Waiting for the last campaigns to end');
  const open = await untilEnded(services, campaigns.ids);
  return judge({ services, stack, campaigns, samples, troubles, open, forMs });
}

async function sampleUntil(signal: AbortSignal, { file }: Stack, samples: Sample[]): Promise<void> {
  while (!signal.aborted) {
    for (const name of ROLES) {
      const pid = file.processes[name];
      const figures = pid === undefined ? undefined : figuresOf(pid);
      if (figures) samples.push({ process: name, pid: pid!, at: Date.now(), ...figures });
    }
    await sleep(SAMPLE_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Undefined for a process that is no more. */
function figuresOf(pid: number): Pick<Sample, 'memory' | 'handles'> | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const memory = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    return { memory, handles: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return undefined;
  }
}

async function makeTroubles(
  signal: AbortSignal,
  made: {
    home: string;
    random: Random;
    gupshup: GupshupControl;
    troubles: Record<string, number>;
    report: Report;
    isLong: boolean;
  },
): Promise<void> {
  const { home, random, gupshup, troubles, report } = made;
  const note = (what: string): void => {
    troubles[what] = (troubles[what] ?? 0) + 1;
    report(`Trouble: ${what}`);
  };
  let killAt = Date.now() + (made.isLong ? KILL_EVERY_MS : TROUBLE_EVERY_MS.least / 2);
  let kills = random.between(0, KILLED.length - 1);
  while (!signal.aborted) {
    const waitMs = random.between(TROUBLE_EVERY_MS.least, TROUBLE_EVERY_MS.most) / (made.isLong ? 1 : 6);
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    if (Date.now() >= killAt) {
      killAt = Date.now() + KILL_EVERY_MS;
      const target = KILLED[kills++ % KILLED.length]!;
      const pid = livingProcess(join(home, 'run', `${target}.json`));
      if (pid === undefined) continue;
      process.kill(pid, 'SIGKILL');
      note(`SIGKILL ${target}`);
    } else {
      const fault = (['slow', 'text-500', 'no-answer', 'too-many-requests'] as const)[random.between(0, 3)]!;
      await gupshup.inject(fault, random.between(1, 20)).catch(() => undefined);
      note(`Gupshup: ${fault}`);
    }
  }
}

async function reportUntil(signal: AbortSignal, say: () => void): Promise<void> {
  while (!signal.aborted) {
    await sleep(60_000, undefined, { signal }).catch(() => undefined);
    say();
  }
}

/** How many have not ended in time. Those that are paused by trouble are resumed. */
async function untilEnded({ store, campaigns }: CampaignServices, ids: readonly string[]): Promise<number> {
  for (const startedAt = Date.now(); ; await sleep(1_000)) {
    const open = (await Promise.all(ids.map((id) => store.campaigns.find(id)))).filter(
      (one) => one && !hasEnded(one.state),
    );
    if (open.length === 0 || Date.now() - startedAt > ENDS_WITHIN_MS) return open.length;
    for (const one of open)
      if (one?.state === 'paused')
        await campaigns.command(one._id, { command: 'resume', by: { kind: 'system' } }).catch(() => undefined);
  }
}

async function judge(remains: {
  services: CampaignServices;
  stack: Stack;
  campaigns: SoakCampaigns;
  samples: readonly Sample[];
  troubles: Record<string, number>;
  open: number;
  forMs: number;
}): Promise<SoakResult> {
  const { services, stack, campaigns, samples, troubles, open, forMs } = remains;
  const isLong = forMs >= FLAT_FROM_MS;
  const warmAfterMs = Math.min(WARM_AFTER_MS, forMs / 4);
  const { store, temporal } = services;
  let [people, unbalanced] = [0, 0];
  const longestHistory = { events: 0, bytes: 0 };
  const wrong: string[] = [];
  for (const id of campaigns.ids) {
    const { ledger } = await store.deliveries.ledger(id);
    people += ledger.total;
    if (!balances(ledger) || ledger.queued + ledger.sending > 0) unbalanced++;
    const { findings } = await checkAgainstSandbox(store, id, stack.file.chatUrl);
    wrong.push(...findings.filter(({ ok }) => !ok).map(({ text }) => `${id}: ${text}`));
    const { historyLength, historySize = 0 } = await temporal.workflow.getHandle(campaignWorkflowId(id)).describe();
    longestHistory.events = Math.max(longestHistory.events, historyLength);
    longestHistory.bytes = Math.max(longestHistory.bytes, historySize);
  }
  const slopes = ROLES.flatMap((name) => {
    const own = samples.filter((one) => one.process === name);
    const [memory, handles] = [slopeOf(own, 'memory', warmAfterMs), slopeOf(own, 'handles', warmAfterMs)];
    return memory && handles ? [{ process: name, memory, handles }] : [];
  });
  const growing = slopes.filter(({ memory, handles }) => !isFlat(memory) || !isFlat(handles));
  const findings: Finding[] = [
    { ok: open === 0, text: `every campaign has ended: ${open} of ${campaigns.ids.length} have not` },
    {
      ok: unbalanced === 0,
      text: `every ledger balances: ${unbalanced} of ${campaigns.ids.length} do not, ${people} people`,
    },
    { ok: wrong.length === 0, text: `nobody twice, nobody lost, nothing made up: ${wrong.join('; ') || 'none'}` },
    {
      ok: longestHistory.events <= HISTORY.events && longestHistory.bytes <= HISTORY.bytes,
      text: `histories are within ${HISTORY.events} events and ${HISTORY.bytes} bytes: the longest has ${longestHistory.events} and ${longestHistory.bytes}`,
    },
    ...(isLong
      ? [
          {
            ok: growing.length === 0,
            text: `memory and handles are flat: ${growing.map(({ process: name }) => name).join(', ') || 'all'}`,
          },
        ]
      : []),
  ];
  return {
    campaigns: campaigns.counts,
    troubles,
    slopes,
    longestHistory,
    findings,
    ok: findings.every(({ ok }) => ok) && campaigns.ids.length > 0,
  };
}

function isFlat({ perHour, mean }: Slope): boolean {
  return perHour <= mean * FLAT_SHARE;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}

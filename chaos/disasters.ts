/** The two disasters that no restart fixes: the database is restored from a copy, and Temporal is emptied. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { adoptCampaigns } from '../campaigns/adopt';
import { afterRestore } from '../campaigns/after-restore';
import type { CampaignServices } from '../campaigns/from-settings';
import { hasEnded, type CampaignState } from '../domain/story/campaign';
import { DATABASE_OLDER } from '../domain/story/restored';
import type { SettleLimits } from '../domain/story/settling';
import type { GupshupControl } from './gupshup';
import { SECOND_WORKER, type Disaster } from './plan';
import { createSurroundings } from './surroundings';
import type { Trace } from './trace/trace';

export interface DisasterOptions {
  home: string;
  /** Process ids of the stack, kept up to date over restarts. */
  processes: Readonly<Record<string, number>>;
  services: Pick<CampaignServices, 'store' | 'temporal'>;
  campaignId: string;
  gupshup: GupshupControl;
  trace: Pick<Trace, 'during'>;
  sendsPerSecond: number;
  settle: SettleLimits;
  /** The sandbox divides receipt delays by this. */
  receiptSpeed: number;
  report: (line: string) => void;
}

/** The result of a disaster. */
export interface Survived {
  /** Messages that went out between the disaster and an admin's word: none may. */
  sentUntold: number;
  /** Afterwards the campaign is sending, or settling with no one left to send to. */
  goesOn: boolean;
}

/** From the refusal `temporal_foreign`. */
const REFUSAL = 'not the Temporal';
/** Anything that would continue by mistake does so within this time. */
const WATCHED_MS = 3_000;
/** So that some receipts of what the copy lacks come after the restore, and some before, lost with the rest. */
const SLOW_RECEIPTS = 2;

/** Carries one out, with what an admin does about it. Rejects when the roles do not notice, or do not come back. */
export async function surviveDisaster(
  disaster: Disaster,
  options: DisasterOptions,
  signal: AbortSignal,
): Promise<Survived> {
  const { home, processes, services, campaignId, gupshup, trace, report } = options;
  const { store, temporal } = services;
  const { until, withRolesStopped, ...surroundings } = createSurroundings({ home, processes, signal });

  const sends = async (): Promise<number> => (await gupshup.summary()).accepted;

  /** Whether the campaign has no one left to send to. */
  async function nobodyWaits(): Promise<boolean> {
    const { ledger } = await store.deliveries.ledger(campaignId);
    return ledger.queued === 0;
  }

  async function restored({ messages, told }: Extract<Disaster, { kind: 'restore' }>): Promise<number> {
    await gupshup.set({ speed: SLOW_RECEIPTS });
    const taken = new Date();
    const copy = await trace.during('copy', () => surroundings.copyMongodb());
    const atCopy = await sends();
    await until(`${messages} more messages`, async () => (await sends()) >= atCopy + messages || (await nobodyWaits()));
    const settle = async (): Promise<void> => {
      const said = await trace.during('after-restore', () =>
        afterRestore({ store, temporal, taken, temporalKept: true }),
      );
      if (said.temporalAway) throw new Error('chaos: Temporal was away while a restore was settled');
      const line = said.campaigns.map(({ name, unknown, outcome }) => `${name} ${outcome}, ${unknown} unknown`);
      report(`after-restore: ${line.join('; ')}`);
    };
    await withRolesStopped(async () => {
      report(`MongoDB: restored from a copy that lacks ${(await sends()) - atCopy} messages`);
      await trace.during('restore', () => surroundings.restoreMongodb(copy));
      if (told) await settle();
    });
    await gupshup.set({ speed: options.receiptSpeed });
    if (told) return 0;
    const before = await sends();
    await until('the campaign to notice that the database is older', async () => {
      const reason = (await store.campaigns.find(campaignId))?.stateReason;
      return reason !== undefined && 'error' in reason && reason.error.code === DATABASE_OLDER;
    });
    await sleep(WATCHED_MS, undefined, { signal });
    const sentUntold = (await sends()) - before;
    await withRolesStopped(settle);
    return sentUntold;
  }

  async function emptied(): Promise<number> {
    const logs = ['worker', SECOND_WORKER].map((name) => join(home, 'logs', `${name}.log`));
    const refusals = (): number[] => logs.map((log) => readFileSync(log, 'utf8').split(REFUSAL).length);
    const refusedBefore = refusals();
    report('Temporal: emptied');
    await surroundings.emptyTemporal();
    // Each says so once what it had been handed before is sent, and ends.
    await until('both workers to refuse the empty Temporal', () =>
      refusals().every((count, index) => count > refusedBefore[index]!),
    );
    const before = await sends();
    await sleep(WATCHED_MS, undefined, { signal });
    const sentUntold = (await sends()) - before;
    const { sendsPerSecond, settle } = options;
    await until('the campaign to be adopted', async () => {
      const adopted = await adoptCampaigns({ store, temporal, capOf: () => sendsPerSecond, settle, timezone: 'UTC' });
      return adopted.ok && adopted.value.some(({ id, started }) => id === campaignId && started);
    });
    report('campaign adopt: it goes on in the empty Temporal');
    return sentUntold;
  }

  const sentUntold = disaster.kind === 'restore' ? await restored(disaster) : await emptied();
  await surroundings.rolesBack();
  const before = await sends();
  const stateNow = async (): Promise<CampaignState | undefined> => (await store.campaigns.find(campaignId))?.state;
  await until('the campaign to send again', async () => {
    const state = await stateNow();
    return (await sends()) > before || state === 'settling' || (state !== undefined && hasEnded(state));
  });
  const state = await stateNow();
  return { sentUntold, goesOn: state !== undefined && state !== 'cancelled' && state !== 'failed' };
}

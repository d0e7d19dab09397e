/** The verdict on a chaos run: our ledger compared with Gupshup's record, and the reason for every difference. */
import { UNINTERRUPTED_SECOND_MS, type Departures } from '../bench/departures';
import type { CampaignServices } from '../campaigns/from-settings';
import type { CampaignState } from '../domain/story/campaign';
import type { SkipReason } from '../domain/story/delivery';
import { acceptedCount, balances, type Ledger } from '../domain/story/ledger';
import type { DeliveryDocument } from '../store/documents';
import { campaignWorkflowId } from '../workflows/messages';
import { checkAgainstSandbox, type Finding } from '../local/demo-check';
import { leftOutFindings, skipFindings } from './chaos-campaigns';
import type { GupshupControl } from './gupshup';
import { begunCampaigns, type Looks } from './looks';
import { TAKEOVER_SIGNALS, type ChaosSize, type TakeoverSignal } from './plan';
import { refusals } from './trace/refusals';
import type { Mark } from './trace/trace';
import type { Deed } from './troubles';
import { isExplained, isOfRestore, isSettledByReceipt, mayLackReceipts } from './unknown';

export interface ChaosResult {
  deeds: readonly Deed[];
  looks: Looks;
  ledger: Ledger;
  /** Tries beyond the first of each delivery. */
  retries: number;
  settledByReceipts: number;
  /** Unknown since a restore, at the end. */
  unknownByRestore: number;
  /** Campaigns that have ended otherwise than they should, or have lost their workflow. */
  closedByMistake: number;
  /** Most messages that Gupshup took within one second, by the clock of its stand-in. */
  busiestSecond: number;
  /** The most that both workers handed to their sockets within any sliding second. */
  busiestLeft: number;
  /** Writes and calls of sends that were traced. */
  traced: number;
  /** Deliveries whose trace the model does not accept. */
  refusedByModel: number;
  /** The slowest takeover by each signal (ms). */
  slowestTakeovers: Partial<Record<TakeoverSignal, number>>;
  findings: Finding[];
  ok: boolean;
}

export interface Remains {
  services: CampaignServices;
  campaignId: string;
  /** Campaigns for next week. */
  laterIds: readonly string[];
  /** How the campaign has ended; undefined when it has not within its limit. */
  state: CampaignState | undefined;
  size: ChaosSize;
  chatUrl: string;
  deeds: readonly Deed[];
  looks: Looks;
  gupshup: GupshupControl;
  departures: Departures;
  /** The run's trace. */
  marks: readonly Mark[];
}

export async function judge(remains: Remains): Promise<ChaosResult> {
  const { services, campaignId, laterIds, state, size, chatUrl, deeds, looks, gupshup, departures, marks } = remains;
  const { store } = services;
  const { ledger } = await store.deliveries.ledger(campaignId);
  const deliveries = await store.deliveries.stream(campaignId).toArray();
  const unknown = deliveries.filter((delivery) => delivery.state === 'unknown');
  const others = await judgeOthers(remains);
  const unexplained = [...unknown, ...others.unknown].filter((delivery) => !isExplained(delivery, deeds));
  const kills = deeds.filter(({ trouble }) => trouble.kind === 'kill').length;
  const open = await unsettled(services, campaignId, gupshup, deeds);
  const { busiestSecond } = await gupshup.summary();
  const without = withoutMessage(deliveries, await gupshup.messages());
  const busiestLeft = departures.busiestSecond() ?? 0;
  const later = await Promise.all(laterIds.map((id) => isPlanned(services, id)));
  const refused = refusals(marks, [...deliveries, ...others.deliveries]);
  const traced = marks.filter((mark) => 'begins' in mark).length;
  const closedByMistake = later.filter((isThere) => !isThere).length + (state === 'completed' ? 0 : 1);

  const findings: Finding[] = [
    { ok: state === 'completed', text: `the campaign is completed: ${state ?? 'it had not ended within the limit'}` },
    { ok: kills >= size.kills, text: `enough kills while it ran: ${kills} of ${size.kills}` },
    ...lastingFindings(deeds, size),
    ...disasterFindings(deeds, size),
    ...takeoverFindings(deeds, size),
    {
      ok: busiestLeft > 0 && (departures.busiestSecond(UNINTERRUPTED_SECOND_MS) ?? 0) <= size.sendsPerSecond,
      text: `the cap of ${size.sendsPerSecond} holds in every sliding second, interruptions of a process aside: ${busiestLeft} left in the busiest`,
    },
    {
      ok: closedByMistake === 0,
      text: `no campaign is closed by mistake: ${closedByMistake} of ${later.length + 1}, ${later.length} of them for next week`,
    },
    {
      ok: looks.unbalanced.length === 0 && looks.taken > 0,
      text: `the ledger balances at every look: ${looks.unbalanced.length} of ${looks.taken} did not`,
    },
    ...(await checkAgainstSandbox(store, campaignId, chatUrl)).findings,
    ...leftOutFindings(deliveries, size.people),
    ...others.findings,
    {
      ok: without.length === 0,
      text: `everybody else was sent to: ${without.length} have no message at Gupshup, beside ${ledger.skipped} skipped, ${ledger.failed} failed, ${ledger.unknown} unknown`,
    },
    {
      ok: unexplained.length === 0,
      text: `every unknown is explained by a kill, a stop, silence of Gupshup, or a restore: ${unexplained.length} of ${unknown.length + others.unknown.length} are not`,
    },
    {
      ok: traced > 0 && refused.length === 0,
      text: `the model accepts the trace, ${traced} writes and calls: of ${refused.length} deliveries it does not${refused
        .slice(0, SHOWN)
        .map((one) => `; ${one}`)
        .join('')}`,
    },
    { ok: open === 0, text: `unknown ones that Gupshup took are settled by the receipts that came: ${open} are not` },
  ];
  return {
    deeds,
    looks,
    ledger,
    retries: deliveries.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
    settledByReceipts: deliveries.filter(isSettledByReceipt).length,
    unknownByRestore: unknown.filter(isOfRestore).length,
    closedByMistake,
    busiestSecond,
    busiestLeft,
    traced,
    refusedByModel: refused.length,
    slowestTakeovers: Object.fromEntries(TAKEOVER_SIGNALS.flatMap((by) => slowestBy(deeds, by))),
    findings,
    ok: findings.every(({ ok }) => ok) && acceptedCount(ledger) > 0,
  };
}

/** Who is neither skipped nor failed nor unknown, and has no message in Gupshup's record (its ids by the number's digits). */
export function withoutMessage(
  deliveries: readonly DeliveryDocument[],
  taken: ReadonlyMap<string, string>,
): DeliveryDocument[] {
  return deliveries.filter(
    ({ state, phone }) =>
      !['skipped', 'failed', 'unknown'].includes(state) && !(phone !== undefined && taken.has(phone.slice(1))),
  );
}

/** Of the other campaigns: as the watched one's, in a line each; and why people were skipped, in all of them. */
async function judgeOthers({
  services: { store },
  campaignId,
  laterIds,
  chatUrl,
}: Remains): Promise<{ deliveries: DeliveryDocument[]; unknown: DeliveryDocument[]; findings: Finding[] }> {
  const all = await begunCampaigns(store, laterIds);
  const skips: Partial<Record<SkipReason, number>> = {};
  const deliveries: DeliveryDocument[] = [];
  const findings: Finding[] = [];
  for (const { _id: id, spec, state, stateReason } of all) {
    const counted = await store.deliveries.ledger(id);
    for (const [reason, count] of Object.entries(counted.skips) as [SkipReason, number][])
      skips[reason] = (skips[reason] ?? 0) + count;
    if (id === campaignId) continue;
    deliveries.push(...(await store.deliveries.stream(id).toArray()));
    const wrong = (await checkAgainstSandbox(store, id, chatUrl, { amongOthers: true })).findings.flatMap((one) =>
      one.ok ? [] : [one.text],
    );
    // One that ended after the copy is closed by after-restore.
    const isOver =
      state === 'completed' ||
      (stateReason !== undefined && 'error' in stateReason && stateReason.error.code === 'ended_since_copy');
    findings.push({
      ok: isOver && wrong.length === 0 && balances(counted.ledger),
      text: `${spec.name}: ${state}, ${counted.ledger.total} people, ${acceptedCount(counted.ledger)} accepted, ${counted.ledger.skipped} skipped, ${counted.ledger.unknown} unknown${wrong.map((one) => `; ${one}`).join('')}`,
    });
  }
  findings.push({ ok: all.length === CAMPAIGNS, text: `all campaigns are there: ${all.length} of ${CAMPAIGNS}` });
  const unknown = deliveries.filter((delivery) => delivery.state === 'unknown');
  return { deliveries, unknown, findings: [...findings, ...skipFindings(skips)] };
}

/** Deliveries that the model refuses are named, so many. */
const SHOWN = 5;
/** The watched one, four others, and the step of one of them. */
const CAMPAIGNS = 6;

function disasterFindings(deeds: readonly Deed[], { disasters }: ChaosSize): Finding[] {
  if (disasters.length === 0) return [];
  const survived = deeds.flatMap((deed) => deed.survived ?? []);
  const untold = survived.reduce((sum, { sentUntold }) => sum + sentUntold, 0);
  const went = survived.filter(({ goesOn }) => goesOn).length;
  return [
    {
      ok: went === disasters.length,
      text: `it goes on after each restore and each loss of Temporal: ${went} of ${disasters.length}`,
    },
    { ok: untold === 0, text: `nothing is sent before an admin has said how to go on: ${untold} messages` },
  ];
}

/** That those troubles that last have been made. */
function lastingFindings(deeds: readonly Deed[], { partitions, clockSteps, fullDisks }: ChaosSize): Finding[] {
  const done = (kind: Deed['trouble']['kind']): Deed[] => deeds.filter(({ trouble }) => trouble.kind === kind);
  const skipped = deeds.flatMap((deed) => deed.skipped ?? []);
  const [parted, stepped, full] = [done('partition'), done('clock'), done('disk')];
  return [
    { ok: parted.length === partitions, text: `partitions: ${parted.length} of ${partitions}` },
    { ok: stepped.length === clockSteps, text: `steps of the clock: ${stepped.length} of ${clockSteps}` },
    {
      ok: full.length === fullDisks,
      text: `full disks: ${full.length - skipped.length} of ${fullDisks}${skipped.length > 0 ? `, left out: ${skipped[0]}` : ''}`,
    },
  ];
}

function takeoverFindings(deeds: readonly Deed[], { takeovers, bothAtOnce, takeoverLimits }: ChaosSize): Finding[] {
  const planned = takeovers + bothAtOnce;
  const done = deeds.flatMap(({ takenOver }) => takenOver ?? []);
  const awake = done.reduce((sum, { sentAwake }) => sum + sentAwake, 0);
  return [
    { ok: done.length === planned, text: `another worker takes over each time: ${done.length} of ${planned}` },
    { ok: awake === 0, text: `a frozen worker that wakes sends nothing while another does: ${awake} messages` },
    ...TAKEOVER_SIGNALS.flatMap((by) =>
      slowestBy(deeds, by).flatMap(([, ms]) => {
        const limitMs = takeoverLimits?.[by];
        const text = `it takes at most ${(limitMs ?? 0) / 1000} s after ${by}: ${(ms / 1000).toFixed(1)} s at worst`;
        return limitMs === undefined ? [] : [{ ok: ms <= limitMs, text }];
      }),
    ),
  ];
}

/** The slowest takeover by this signal, if there was one. */
function slowestBy(deeds: readonly Deed[], by: TakeoverSignal): [TakeoverSignal, number][] {
  const all = deeds.flatMap(({ trouble, takenOver }) =>
    takenOver && trouble.kind === 'takeover' && !trouble.both && trouble.by === by ? [takenOver.ms] : [],
  );
  return all.length > 0 ? [[by, Math.max(...all)]] : [];
}

/** It waits for its time, and its workflow with it. */
async function isPlanned({ store, temporal }: CampaignServices, id: string): Promise<boolean> {
  const { status } = await temporal.workflow.getHandle(campaignWorkflowId(id)).describe();
  return (await store.campaigns.find(id))?.state === 'scheduled' && status.name === 'RUNNING';
}

/**
 * How many unknown sends their receipts should settle: those in Gupshup's record, minus those whose receipts may be
 * lost between a copy and its restore.
 */
export async function unsettled(
  { store }: CampaignServices,
  campaignId: string,
  gupshup: GupshupControl,
  deeds: readonly Deed[],
): Promise<number> {
  const theirs = await gupshup.messages();
  const unknown = await store.deliveries.stream(campaignId, { states: ['unknown'] }).toArray();
  const waiting = new Set(await waitingNames(store));
  const messageOf = ({ phone }: DeliveryDocument): string | undefined => theirs.get(phone!.slice(1));
  return unknown.filter((delivery) => {
    const messageId = messageOf(delivery);
    return messageId !== undefined && (!mayLackReceipts(delivery, deeds) || waiting.has(messageId));
  }).length;
}

/** The messages of receipts that have come and have found no delivery. */
async function waitingNames({ receipts }: CampaignServices['store']): Promise<string[]> {
  return (await receipts.waiting({ after: '', limit: MOST_RECEIPTS })).flatMap(({ waitsFor }) => waitsFor ?? []);
}

const MOST_RECEIPTS = 100_000;

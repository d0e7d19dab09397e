/**
 * What `/metrics` asks MongoDB and Temporal for: campaigns and their ledgers, receipts to apply, queues, what the team is
 * alerted to. Each role that reaches both gives the same figures, so that one that is away hides nothing; ask for their
 * `max`. A scrape reads what is stored and counts no ledger; those of campaigns that send are counted anew in between,
 * seldom enough to cost a hundredth of the time.
 */
import { Gauge } from 'prom-client';
import { capOf, type Senders } from '../clients/gupshup/senders';
import type { Logger } from '../config/logger';
import { metrics } from '../config/metrics';
import { within } from '../config/waiting';
import { gravityOf, STANDING_KINDS } from '../domain/alerts';
import { campaignSenders } from '../domain/campaign-senders';
import { CAMPAIGN_STATES, GOING_ON, hasEnded } from '../domain/story/campaign';
import { DELIVERY_STATES } from '../domain/story/delivery';
import { paceNow } from '../domain/story/pace';
import { hoursAsked } from '../domain/times/sending-hours';
import type { CampaignFigures } from '../store/campaigns';
import type { Store } from '../store/connect';
import { opensAgain } from './hours';
import type { TemporalHealth } from './temporal-health';

export interface StateMetricsOptions {
  store: Pick<Store, 'alerts' | 'campaigns' | 'deliveries' | 'receipts' | 'senders'>;
  temporal: Pick<TemporalHealth, 'queues'>;
  senders: Pick<Senders, 'all' | 'find'>;
  log: Logger;
}

/** Figures asked for within this time are the same (ms): many gauges, and perhaps two Prometheus. */
const FRESH_MS = 5_000;
/** How long a scrape waits for either (ms): the other figures are useful without. */
const ASK_LIMIT_MS = 2_000;
/** Unknown deliveries count for so long after the end of their campaign (ms): somebody must decide about them. */
const UNKNOWN_FOR_MS = 7 * 86_400_000;
/** Counts of a campaign that sends are at least this old before it is counted anew (ms); of an ended one with unknown. */
const COUNT_AFTER_MS = { sending: 30_000, ended: 600_000 };
/** A count may take this part of the time. */
const COUNT_SHARE = 0.01;

/** Adds them to the process's metrics. Call it once. */
export function registerStateMetrics({ store, temporal, senders, log }: StateMetricsOptions): void {
  const gauge = <T extends string = never>(name: string, help: string, ...labelNames: T[]): Gauge<T> =>
    new Gauge({ name: `bobcofer_${name}`, help, labelNames, registers: [metrics], collect: () => refresh() });
  const campaigns = gauge('campaigns', 'Campaigns that are under way or planned, by state', 'state');
  const deliveries = gauge('deliveries', 'Deliveries of those campaigns by state, as last counted', 'state');
  const unknown = gauge('unknown_deliveries', 'Deliveries of which nobody knows whether they arrived; campaigns of the last week included'); // prettier-ignore
  const wanted = gauge('send_rate_wanted', 'Messages a second that campaigns would send now if the sender kept its cap', 'sender'); // prettier-ignore
  const stopped = gauge('sender_stopped', '1 while nothing of the sender gets through and its campaigns are on pause', 'sender'); // prettier-ignore
  const alerts = gauge('alerts', 'Subjects in a bad condition that the team is told of, by kind', 'kind');
  const wallet = gauge('wallet_usd', 'What a wallet held when it was last looked at', 'sender');
  const backlog = gauge('receipts_backlog', 'Events written and not yet applied');
  const lag = gauge('receipts_oldest_seconds', 'How long the oldest event waits that nobody has tried to apply');
  const pollers = gauge('queue_pollers', 'Processes that polled a task queue of Temporal lately', 'queue');
  const waiting = gauge('queue_backlog', 'Tasks that wait in a task queue of Temporal', 'queue');
  const oldest = gauge('queue_oldest_seconds', 'How long the oldest task of a task queue waits', 'queue');
  const up = gauge('dependency_up', '1 while it answers', 'dependency');

  let counted = { at: 0, tookMs: 0, isUnderWay: false };

  async function ofStore(): Promise<void> {
    const [all, load, known, looks] = await Promise.all([
      store.campaigns.figures(GOING_ON, new Date(Date.now() - UNKNOWN_FOR_MS)),
      store.receipts.load(),
      store.alerts.ofKinds(STANDING_KINDS),
      Promise.all(senders.all.map(async ({ app }) => ({ app, ...(await store.senders.look(app)) }))),
    ]);
    const goingOn = all.filter(({ state }) => !hasEnded(state));
    for (const state of CAMPAIGN_STATES.filter((one) => GOING_ON.includes(one)))
      campaigns.set({ state }, goingOn.filter((one) => one.state === state).length);
    for (const state of DELIVERY_STATES) deliveries.set({ state }, sum(goingOn, state));
    unknown.set(sum(all, 'unknown'));
    for (const { app, sendsPerSecond } of senders.all)
      wanted.set({ sender: app }, Math.min(sendsPerSecond, wantedOf(app, goingOn, senders)));
    for (const { app, trouble } of looks) stopped.set({ sender: app }, trouble ? 1 : 0);
    for (const kind of STANDING_KINDS)
      alerts.set({ kind }, known.filter((one) => one.kind === kind && gravityOf(kind, one.condition.is) > 0).length);
    for (const one of known)
      if (one.kind === 'wallet' && senders.find(one.data.sender))
        wallet.set({ sender: one.data.sender }, one.data.balance);
    backlog.set(load.count);
    lag.set(load.freshSince ? (Date.now() - load.freshSince.getTime()) / 1000 : 0);
    void countOne(all).catch((err: unknown) => log.warn({ err }, 'Cannot count a ledger for the metrics'));
  }

  /** The ledger that was counted longest ago, if it has changed since and the last count is long enough over. */
  async function countOne(all: readonly CampaignFigures[]): Promise<void> {
    const now = Date.now();
    if (counted.isUnderWay || now < counted.at + counted.tookMs / COUNT_SHARE) return;
    const [next] = all
      .filter(({ state, counts, countedAt }) => {
        const ageMs = now - (countedAt?.getTime() ?? 0);
        if (hasEnded(state)) return (counts?.ledger.unknown ?? 0) > 0 && ageMs > COUNT_AFTER_MS.ended;
        return state !== 'scheduled' && state !== 'preparing' && ageMs > COUNT_AFTER_MS.sending;
      })
      .sort((one, other) => (one.countedAt?.getTime() ?? 0) - (other.countedAt?.getTime() ?? 0));
    if (!next) return;
    counted = { ...counted, isUnderWay: true };
    try {
      await store.campaigns.keepCounts(next._id, await store.deliveries.ledger(next._id), new Date());
    } finally {
      counted = { at: Date.now(), tookMs: Date.now() - now, isUnderWay: false };
    }
  }

  async function ofTemporal(): Promise<void> {
    for (const { queue, ...one } of await temporal.queues()) {
      pollers.set({ queue }, one.pollers);
      waiting.set({ queue }, one.backlog);
      oldest.set({ queue }, one.oldestSeconds);
    }
  }

  const fromStore = [campaigns, deliveries, unknown, wanted, stopped, alerts, wallet, backlog, lag];
  const fromTemporal = [pollers, waiting, oldest];
  const groups = [
    { dependency: 'mongodb', gauges: fromStore, ask: ofStore },
    { dependency: 'temporal', gauges: fromTemporal, ask: ofTemporal },
  ];

  const refresh = once(FRESH_MS, async () => {
    await Promise.all(
      groups.map(async ({ dependency, gauges, ask }) => {
        const answered = await within(ASK_LIMIT_MS, ask()).then(
          () => true,
          () => false,
        );
        up.set({ dependency }, answered ? 1 : 0);
        if (answered) return;
        // Old figures would look like present ones.
        for (const one of gauges) one.reset();
        if (dependency === 'mongodb') for (const one of [unknown, backlog, lag]) one.set(NaN);
      }),
    );
  });
}

/** Messages a second that the sender's campaigns would send now, were there no cap. */
function wantedOf(app: string, goingOn: readonly CampaignFigures[], senders: StateMetricsOptions['senders']): number {
  const now = new Date();
  return goingOn
    .filter(({ state, counts }) => state === 'running' && (counts?.ledger.queued ?? 0) > 0)
    .filter(({ spec, roomWait }) => !opensAgain(hoursAsked(spec), now) && !(roomWait && roomWait.until > now))
    .reduce((all, campaign) => {
      const own = campaignSenders(campaign).find(({ sender }) => sender === app);
      const { ratePerSecond } = paceNow(campaign);
      if (!own || own.trouble) return all;
      return all + (ratePerSecond === undefined ? capOf(app, senders) : ratePerSecond * (own.share ?? 1));
    }, 0);
}

function sum(campaigns: readonly CampaignFigures[], state: (typeof DELIVERY_STATES)[number]): number {
  return campaigns.reduce((all, { counts }) => all + (counts?.ledger[state] ?? 0), 0);
}

/** The work, at most once in so much time (ms); whoever asks meanwhile gets the same. */
function once(freshMs: number, work: () => Promise<void>): () => Promise<void> {
  let last: { at: number; done: Promise<void> } | undefined;
  return () => {
    if (!last || Date.now() - last.at > freshMs) last = { at: Date.now(), done: work() };
    return last.done;
  };
}

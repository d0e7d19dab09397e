/** Tells the team what no campaign's message can tell: that the database is away, or that no worker lives; and when it is over. */
import { createTellTeam } from '../clients/tell-team';
import type { TelegramClient } from '../clients/telegram';
import { translate, type Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import { periodically, within } from '../config/waiting';
import type { Role } from '../domain/roles';
import { GOING_ON } from '../domain/story/campaign';
import type { Store } from '../store/connect';
import { createWorkerPresence } from '../store/heartbeats';
import type { Member } from '../store/team';

export interface WatchmanOptions {
  store: Pick<Store, 'alerts' | 'campaigns' | 'heartbeats' | 'ping' | 'users'>;
  telegram: Pick<TelegramClient, 'send'>;
  language: Language;
  log: Logger;
  /** Called at every look while the database is away: since when, and who had which role then. */
  onAway?: (outage: { knownAt: Date; team: ReadonlyMap<number, Role> }) => Promise<void>;
  /** It answers again. Also called when it never was away. */
  onBack?: () => void;
  everyMs?: number;
  /** The database counts as down after this long without an answer (ms). */
  awayAfterMs?: number;
}

const EVERY_MS = 5_000;
const AWAY_AFTER_MS = 15_000;
/** One look at the database takes no longer (ms). */
const LOOK_MS = 5_000;

type Alarm = 'database' | 'worker';

/** Runs until stopped. Never rejects. */
export function runWatchman(options: WatchmanOptions, stop: AbortSignal): Promise<void> {
  const { store, telegram, language, log, onAway, onBack, everyMs = EVERY_MS, awayAfterMs = AWAY_AFTER_MS } = options;
  const workerPresence = createWorkerPresence(store);
  const raised = new Set<Alarm>();
  /** The last known team: while the database is down, membership cannot be checked. */
  let team: Member[] = [];
  let answeredAt = Date.now();
  let isRecalled = false;

  const tell = createTellTeam({
    telegram,
    team: {
      members: async () => team,
      roleOf: async (id) => (raised.has('database') ? rolesOf(team).get(id) : store.users.roleOf(id)),
      find: async (id) => team.find(({ _id }) => _id === id),
    },
    language,
    log,
  });

  async function set(alarm: Alarm, on: boolean, values: Record<string, number> = {}): Promise<void> {
    if (raised.has(alarm) === on) return;
    if (on) raised.add(alarm);
    try {
      const key = `bot.alarms.${alarm}${on ? 'Away' : 'Back'}`;
      await tell('notices.trouble', 'all', { alarm }, (to) => ({ text: translate(to, key, values) }));
      if (!on) raised.delete(alarm);
      if (alarm === 'worker') await remember(on, values['count'] ?? 0).catch(() => undefined);
    } catch {
      // Logged where it was tried; told at the next look.
      if (on) raised.delete(alarm);
    }
  }

  /** A bot that is restarted meanwhile says nothing twice, and says that it is over. */
  async function remember(isAway: boolean, waiting: number): Promise<void> {
    const condition = { is: isAway ? 'away' : 'back', at: new Date() };
    await store.alerts.raise({ kind: 'worker', subject: 'all', condition, data: { waiting } });
    const alert = await store.alerts.find('worker', 'all');
    if (alert) await store.alerts.done(alert, new Date());
  }

  async function recall(): Promise<void> {
    if (isRecalled) return;
    const known = await store.alerts.find('worker', 'all');
    if (known?.condition.is === 'away') raised.add('worker');
    isRecalled = true;
  }

  async function look(): Promise<void> {
    const [members, goingOn, noWorker] = await within(
      LOOK_MS,
      Promise.all([
        store.users.members(),
        store.campaigns.list({ limit: 1_000, states: GOING_ON, tests: true }),
        workerPresence(),
      ]),
    );
    team = members;
    answeredAt = Date.now();
    onBack?.();
    await within(LOOK_MS, recall());
    await set('database', false);
    const waiting = goingOn.filter(({ scheduledAt, state }) => state !== 'scheduled' || !isLater(scheduledAt));
    await set('worker', noWorker !== undefined && waiting.length > 0, { count: waiting.length });
  }

  return periodically(look, {
    everyMs,
    stop,
    failed: (err) => {
      log.warn({ err }, 'MongoDB does not answer');
      if (Date.now() - answeredAt < awayAfterMs) return;
      void set('database', true);
      void onAway?.({ knownAt: new Date(answeredAt), team: rolesOf(team) });
    },
  });
}

const rolesOf = (team: readonly Member[]): Map<number, Role> =>
  new Map(team.map(({ _id, member }) => [_id, member.role]));

const isLater = (at: Date | undefined): boolean => at !== undefined && at.getTime() > Date.now();

/** Checks what runs the campaigns: Temporal and its queues, MongoDB, the webhook receiver, the local stack. */
import { request } from 'undici';
import { callbackUrl } from '../../clients/gupshup/subscriptions';
import type { QueueHealth, TemporalHealth } from '../../campaigns/temporal-health';
import type { MongodbHealth } from '../../store/health';
import type { Check } from './check';

/** The first version with fairness and priorities of task queues. */
const TEMPORAL_AT_LEAST = [1, 29];
/** The first version with `$setWindowFields`, which reports use. */
const MONGODB_AT_LEAST = [5, 0];
/** Tasks and events wait this long on a busy day. A longer wait means they are not fetched fast enough. */
const WAITING_TOO_LONG_MS = 60_000;

/** Where Temporal or MongoDB itself gives no answer, whatever was asked of it. */
export const TEMPORAL_ADVICE =
  'Is it running (`npm start`)? Check TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and TEMPORAL_API_KEY.';
export const MONGODB_ADVICE = 'Is it running (`npm start`)? Check MONGODB_URI, including its user and password.';

export function temporalChecks(temporal: TemporalHealth): Check[] {
  return [
    {
      check: 'Temporal',
      advice: TEMPORAL_ADVICE,
      run: async () => versionFinding('server', await temporal.serverVersion(), TEMPORAL_AT_LEAST),
    },
    {
      check: 'Task queues',
      advice: TEMPORAL_ADVICE,
      run: async () => {
        const queues = await temporal.queues();
        const detail = queues.map(describeQueue).join('; ');
        const idle = queues.filter(({ pollers }) => pollers === 0).map(({ queue }) => queue);
        if (idle.length > 0) {
          const advice = `No worker polls ${idle.join(' and ')}: campaigns do not progress. Start one: \`npm run worker\`.`;
          return { level: 'problem', detail, advice };
        }
        const slow = queues.some(({ oldestSeconds }) => oldestSeconds * 1000 > WAITING_TOO_LONG_MS);
        return slow
          ? { level: 'warning', detail, advice: 'Tasks wait too long: start more workers (`npm run worker`).' }
          : { level: 'ok', detail };
      },
    },
    {
      check: 'Search attributes',
      advice: TEMPORAL_ADVICE,
      run: async () => {
        const missing = await temporal.missingSearchAttributes();
        if (missing.length === 0) return { level: 'ok', detail: 'registered' };
        return {
          level: 'problem',
          detail: `the namespace lacks ${missing.join(', ')}`,
          advice:
            'A worker creates them when it starts; if it lacks permission, create them by hand, type Keyword (Senders: KeywordList).',
        };
      },
    },
  ];
}

/** `known`: the senders of the settings; none when those are incomplete. */
export function mongodbChecks(examine: () => Promise<MongodbHealth>, known: readonly string[]): Check[] {
  return [
    {
      check: 'MongoDB',
      advice: MONGODB_ADVICE,
      run: async () => {
        const { version, database } = await examine();
        return versionFinding(`database ${database}, version`, version, MONGODB_AT_LEAST);
      },
    },
    {
      check: 'Workers',
      advice: MONGODB_ADVICE,
      run: async () => {
        const { roles, goingOn } = await examine();
        const living = roles.filter(({ lives }) => lives).map(({ role }) => role);
        if (living.includes('worker')) return { level: 'ok', detail: `alive: ${living.toSorted().join(', ')}` };
        const last = roles.filter(({ role }) => role === 'worker').map(({ at }) => at.toISOString());
        const detail = `No worker is running${last.length > 0 ? `; the last one was seen ${last.toSorted().at(-1)}` : ''}; active campaigns: ${goingOn}`;
        return { level: goingOn > 0 ? 'problem' : 'warning', detail, advice: 'Start one: `npm run worker`.' };
      },
    },
    {
      check: 'Senders',
      advice: MONGODB_ADVICE,
      run: async () => {
        const { troubles, wanted, roles } = await examine();
        const lost = known.length === 0 ? [] : wanted.filter(({ sender }) => !known.includes(sender));
        const workers = roles.filter(({ role, lives }) => lives && role === 'worker');
        const idle = known.filter(
          (sender) => workers.length > 0 && !workers.some((one) => one.senders.includes(sender)),
        );
        const findings = [
          ...troubles.map((one) => `${one.sender} cannot send: ${one.detail} (${one.code})`),
          ...lost.map((one) => `${one.sender} is not in the settings; its active campaigns: ${one.campaigns}`),
          ...idle.map((sender) => `${sender} is in these settings, but in no worker's`),
        ];
        if (findings.length === 0) return { level: 'ok', detail: 'no known trouble' };
        const advice = [
          ...(troubles.length > 0 ? ['Fix the cause, then resume one of its campaigns.'] : []),
          ...(lost.length > 0 ? ['Add it to SENDERS_FILE, or move them: `campaign move <id> --sender <app>`.'] : []),
          ...(idle.length > 0 ? ['Give the workers the same SENDERS_FILE and restart them.'] : []),
        ].join(' ');
        return { level: 'problem', detail: findings.join('; '), advice };
      },
    },
    {
      check: 'Messaging limit',
      advice: MONGODB_ADVICE,
      run: async () => {
        const { messaging } = await examine();
        if (!messaging) return { level: 'ok', detail: 'none is known' };
        const { limit, kept, used } = messaging;
        if (used === undefined)
          return { level: 'ok', detail: `${limit} people in 24 hours, not counted yet, ${kept} kept for tests` };
        const detail = `${limit} people in 24 hours, at most ${used} of them used, ${kept} kept for tests`;
        if (used < limit - kept) return { level: 'ok', detail };
        const advice = 'Campaigns wait and go on by themselves; tests may use what is kept for them (MESSAGING_KEPT).';
        return { level: 'warning', detail, advice };
      },
    },
    {
      check: 'Opt-outs',
      advice: MONGODB_ADVICE,
      run: async () => {
        const { unnamed, unsure } = (await examine()).possibleOptOuts;
        if (unnamed + unsure === 0) return { level: 'ok', detail: 'none awaits an answer' };
        return {
          level: 'warning',
          detail: `awaiting an answer: ${unnamed} from unknown numbers, ${unsure} with unclear words`,
          advice:
            'See `suppress list --unnamed` and `suppress list --unsure`; the team answers them with the buttons in Telegram.',
        };
      },
    },
    {
      check: 'Receipts waiting',
      advice: MONGODB_ADVICE,
      run: async () => {
        const { waiting, oldestAt } = (await examine()).receipts;
        const ageMs = oldestAt ? Date.now() - oldestAt.getTime() : 0;
        const detail = `${waiting}${oldestAt ? `, the oldest for ${Math.round(ageMs / 1000)} s` : ''}`;
        return ageMs <= WAITING_TOO_LONG_MS
          ? { level: 'ok', detail }
          : {
              level: 'warning',
              detail,
              advice: 'The webhook receiver applies them: is it running (`npm run webhooks`)?',
            };
      },
    },
  ];
}

/** The receiver's own answer, over the same route as Gupshup's events: it knows the secret and reaches MongoDB. */
export function receiverCheck(url: string, secret: string): Check {
  return {
    check: 'Webhook receiver',
    advice: `Is it running (\`npm run webhooks\`), and can ${url} be reached from here?`,
    run: async (signal) => {
      const { statusCode, body } = await request(callbackUrl(url, secret), { signal });
      await body.dump();
      if (statusCode === 200) return { level: 'ok', detail: `ready at ${url}` };
      const detail = `${url} answers ${statusCode}`;
      const advice =
        statusCode === 503
          ? 'It runs but does not reach MongoDB: it refuses events, and they come again later.'
          : 'Something else answers there, or a receiver with a different WEBHOOK_SECRET: check PUBLIC_URL, WEBHOOK_PORT and the proxy in front of the receiver.';
      return { level: 'problem', detail, advice };
    },
  };
}

/** The processes of a local stack. */
export function processesCheck(processes: Readonly<Record<string, number>>): Check {
  return {
    check: 'Local processes',
    advice: 'Restart the stack: `npm start`.',
    run: async () => {
      const gone = Object.entries(processes).filter(([, pid]) => !isAlive(pid));
      if (gone.length === 0) return { level: 'ok', detail: Object.keys(processes).join(', ') };
      const advice = '`npm start` restarts a role by itself; if `npm start` itself has ended, run it again.';
      return { level: 'problem', detail: `not running: ${gone.map(([role]) => role).join(', ')}`, advice };
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // The process is alive but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function describeQueue({ queue, pollers, backlog, oldestSeconds }: QueueHealth): string {
  const wait = oldestSeconds > 0 ? ` (for ${oldestSeconds} s)` : '';
  return `${queue}: ${pollers} pollers, ${backlog} waiting${wait}`;
}

/** Whether a version is new enough; an unreadable version passes. */
export function versionFinding(
  what: string,
  version: string,
  atLeast: readonly number[],
): { level: 'ok' | 'warning'; detail: string; advice?: string } {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = atLeast;
  const old = major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
  const detail = `${what} ${version}`;
  return old
    ? { level: 'warning', detail, advice: `Expected ${atLeast.join('.')} or newer: update it.` }
    : { level: 'ok', detail };
}

/** The daily digest: yesterday in numbers, and what comes today. It is raised once a day, and not sent when it has nothing to say. */
import { DateTime } from 'luxon';
import { buttonData } from '../../clients/telegram-buttons';
import { translate, type Language } from '../../config/i18n';
import type { Logger } from '../../config/logger';
import { periodically } from '../../config/waiting';
import { digestDue, digestOf } from '../../domain/digest';
import { GOING_ON, UNDER_WAY } from '../../domain/story/campaign';
import { buildRangeReport } from '../../report/build';
import type { RangeReportData } from '../../report/data';
import type { ReportsDependencies } from '../../report/reports';
import { createWords } from '../../report/words';
import type { Store } from '../../store/connect';
import type { CampaignDocument } from '../../store/documents';
import { namesOf, quoted } from './concerned';
import type { AlertMessage } from './message';

const EVERY_MS = 20_000;
const LOOKED_AT = 1_000;
const LISTED = 10;

/** Raises it at the hour, until aborted. Never rejects. */
export async function runDigest(
  options: { store: Pick<Store, 'alerts'>; at: string | undefined; timezone: string; log: Logger; everyMs?: number },
  stop: AbortSignal,
): Promise<void> {
  const { store, at, timezone, log, everyMs = EVERY_MS } = options;
  if (at === undefined) return;
  const look = async (): Promise<void> => {
    const due = digestDue(new Date(), at, timezone);
    if (!due) return;
    const { day, dueAt } = due;
    await store.alerts.raise({ kind: 'digest', subject: day, condition: { is: 'due', at: dueAt }, data: { day } });
  };
  await periodically(look, {
    everyMs,
    stop,
    failed: (err) => log.warn({ err }, 'Cannot raise the digest: trying again'),
  });
}

type DigestStore = ReportsDependencies['store'] & Pick<Store, 'alerts' | 'approvals' | 'users'>;

/** Undefined when there is nothing to say. */
export function createDigestMessage({
  store,
  timezone,
}: {
  store: DigestStore;
  timezone: string;
}): (day: string) => Promise<AlertMessage | undefined> {
  return async (day) => {
    const { yesterday, today } = digestOf(day, timezone);
    const [report, goingOn, approvals, raised] = await Promise.all([
      buildRangeReport(store, { ...yesterday, timezone }),
      store.campaigns.list({ limit: LOOKED_AT, states: GOING_ON }),
      store.approvals.open(LOOKED_AT),
      store.alerts.find('digest', day),
    ]);
    const coming: Coming = {
      planned: goingOn
        .filter(({ state, scheduledAt }) => state === 'scheduled' && scheduledAt && scheduledAt < today.to)
        .sort((a, b) => a.scheduledAt!.getTime() - b.scheduledAt!.getTime()),
      going: goingOn.filter(({ state }) => UNDER_WAY.includes(state)),
      paused: goingOn.filter(({ state }) => state === 'paused'),
      approvals: approvals.length,
    };
    if (report.campaigns.length === 0 && !hasAny(coming)) return undefined;
    return {
      write: (to) => ({
        text: [title(day, to), before(report, to, timezone), after(coming, to, timezone)].join('\n\n'),
        buttons: [[{ text: translate(to, 'alerts.digest.off'), data: buttonData('menu', 'digestOff') }]],
      }),
      among: async (chats) => {
        const dueAt = raised?.condition.at ?? new Date();
        const members = await store.users.members();
        // Who came after the hour hears tomorrow for the first time.
        const want = members.filter(
          ({ _id, digest, member }) => chats.has(_id) && digest !== false && member.since < dueAt,
        );
        return new Set(want.map(({ _id }) => _id));
      },
    };
  };
}

interface Coming {
  planned: CampaignDocument[];
  going: CampaignDocument[];
  paused: CampaignDocument[];
  approvals: number;
}

const hasAny = ({ planned, going, paused, approvals }: Coming): boolean =>
  planned.length + going.length + paused.length + approvals > 0;

const t = (to: Language, key: string, values?: Record<string, string | number>): string =>
  translate(to, `alerts.digest.${key}`, values);

function title(day: string, to: Language): string {
  return t(to, 'title', { day: DateTime.fromISO(day).setLocale(to).toFormat('cccc, d MMMM') });
}

/** Counted as the report of these dates counts. */
function before({ campaigns, funnel, ledger }: RangeReportData, to: Language, timezone: string): string {
  const { number } = createWords({ language: to, timezone });
  if (campaigns.length === 0) return `${t(to, 'yesterday')}\n${t(to, 'nothing')}`;
  const counts = Object.fromEntries(funnel.map(({ step, count }) => [step, number(count)]));
  return [
    `${t(to, 'yesterday')} · ${t(to, 'campaigns', { count: campaigns.length })}`,
    t(to, 'counts', counts),
    ...(ledger.failed > 0 ? [t(to, 'failed', { failed: number(ledger.failed) })] : []),
  ].join('\n');
}

function after(coming: Coming, to: Language, timezone: string): string {
  const { planned, going, paused, approvals } = coming;
  const names = (of: CampaignDocument[]): string =>
    namesOf(of, to, {
      most: LISTED,
      nameOne: ({ spec }) => translate(to, 'alerts.named', { name: quoted(spec) }),
    });
  const lines = [
    ...planned.slice(0, LISTED).map((one) => {
      const at = DateTime.fromJSDate(one.scheduledAt!, { zone: timezone }).toFormat('HH:mm');
      return t(to, 'planned', { at, name: quoted(one.spec) });
    }),
    ...(going.length > 0 ? [t(to, 'going', { names: names(going) })] : []),
    ...(paused.length > 0 ? [t(to, 'paused', { names: names(paused) })] : []),
    ...(approvals > 0 ? [t(to, 'approvals', { count: approvals })] : []),
  ];
  return [t(to, 'today'), ...(hasAny(coming) ? lines : [t(to, 'free')])].join('\n');
}

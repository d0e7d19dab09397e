/** Assembles the checks that the settings allow, and runs them. */
import { resolve } from 'node:path';
import { connectAmocrm } from '../../audience/crm/connection';
import { createTemporalHealth } from '../../campaigns/temporal-health';
import { impatientTemporal } from '../../campaigns/temporal';
import { type AmocrmClient, createAmocrmFromSettings } from '../../clients/amocrm/client';
import { connectSenders } from '../../clients/gupshup/senders';
import { sendersOf } from '../../config/senders';
import { createTelegramClient, telegramAccess } from '../../clients/telegram';
import { proxyName } from '../../clients/telegram-proxy';
import { createLogger } from '../../config/logger';
import { webhookSecrets } from '../../config/settings-schema';
import { examineSettings, givenSettings, type ExaminedSettings, type Settings } from '../../config/settings';
import { readStackFile } from '../../config/stack-file';
import { connectStore } from '../../store/connect';
import { examineMongodb, type MongodbHealth } from '../../store/health';
import { engines, version } from '../../package.json';
import { runChecks, type Check, type Finding } from './check';
import {
  MONGODB_ADVICE,
  mongodbChecks,
  processesCheck,
  receiverCheck,
  TEMPORAL_ADVICE,
  temporalChecks,
  versionFinding,
} from './machinery';
import { amocrmCheck, clockCheck, gupshupCheck, subscriptionCheck, telegramCheck } from './services';
import { runbookOf } from './runbook';
import { settingsFindings } from './settings';

export interface Diagnosis {
  findings: Finding[];
  /** Where each setting's value comes from. */
  settings: ExaminedSettings['sources'];
}

/** Time limit of one check (ms). */
const LIMIT_MS = 5_000;
/** Clients with a time limit of their own should report first why they got no answer. */
const SOONER = 0.8;

/** Runs all checks at once. Never rejects because of a finding; takes hardly longer than one check may. */
export async function diagnose(environment: NodeJS.ProcessEnv, limitMs = LIMIT_MS): Promise<Diagnosis> {
  const home = resolve(givenSettings(environment)['BOBCOFER_HOME'] ?? '.bobcofer');
  const examined = examineSettings(environment);
  const closers: (() => Promise<unknown>)[] = [];
  const checks = [...serviceChecks(examined, closers, limitMs), ...machineryChecks(examined, closers, limitMs)];
  const stack = readStackFile(home);
  if (stack) checks.push(processesCheck(stack.processes));
  try {
    const found = await runChecks(checks, limitMs);
    const findings = [versions(), ...settingsFindings(examined, home), ...found].map(withRunbook);
    return { findings, settings: examined.sources };
  } finally {
    await Promise.allSettled(closers.map((close) => close()));
  }
}

function withRunbook(finding: Finding): Finding {
  const isAway = finding.advice === TEMPORAL_ADVICE || finding.advice === MONGODB_ADVICE;
  const runbook = finding.level === 'ok' ? undefined : runbookOf(isAway ? 'Temporal' : finding.check);
  return { ...finding, ...(runbook && { runbook }) };
}

function versions(): Finding {
  const wanted = /\d+\.\d+/.exec(engines.node)?.[0].split('.').map(Number) ?? [];
  return { check: 'Versions', ...versionFinding(`Bobcofer ${version}, Node`, process.versions.node, wanted) };
}

type Closers = (() => Promise<unknown>)[];

function serviceChecks({ groups }: ExaminedSettings, closers: Closers, limitMs: number): Check[] {
  const { telegram, amocrm, gupshup: gupshupSettings, webhooks } = groups;
  const checks: Check[] = [];
  // Behind a proxy Telegram is asked for nothing but through it.
  const telegramRoot = telegram?.TELEGRAM_PROXY === undefined ? telegram?.TELEGRAM_API_ROOT : undefined;
  const servers = [telegramRoot, gupshupSettings?.GUPSHUP_BASE_URL, amocrm?.AMOCRM_BASE_URL];
  const urls = servers.filter((url) => url !== undefined);
  if (urls.length > 0) checks.push(clockCheck(urls));
  if (telegram) {
    const access = telegramAccess(telegram);
    checks.push(telegramCheck(createTelegramClient(access), access.proxy && proxyName(access.proxy)));
  }
  if (gupshupSettings) {
    const senders = connectSenders(gupshupSettings, createLogger('cli', 'silent'));
    closers.push(() => senders.close());
    for (const sender of senders.all) {
      // With one, its name says nothing.
      const named = senders.all.length > 1 ? sender : undefined;
      checks.push(gupshupCheck(sender.gupshup, named));
      if (!webhooks) continue;
      const { PUBLIC_URL: publicUrl, WEBHOOK_SECRET } = webhooks;
      const at = { publicUrl, secret: webhookSecrets(WEBHOOK_SECRET)!.current };
      checks.push(subscriptionCheck(sender.gupshup, at, named));
    }
  }
  if (amocrm?.AMOCRM_BASE_URL !== undefined) {
    checks.push(amocrmCheck(() => amocrmClient(amocrm, groups, closers, limitMs)));
  }
  return checks;
}

/** With OAuth, MongoDB holds the access and one process renews it for all; a long-lived token needs only amoCRM. */
async function amocrmClient(
  amocrm: Settings<'amocrm'>['amocrm'],
  { mongodb, common }: ExaminedSettings['groups'],
  closers: Closers,
  limitMs: number,
): Promise<AmocrmClient> {
  const patience = { attempts: 1, timeoutMs: limitMs };
  let crm: AmocrmClient;
  if (amocrm.AMOCRM_TOKEN === undefined && mongodb && common) {
    const store = await connectStore(mongodb.MONGODB_URI);
    closers.push(() => store.close());
    crm = connectAmocrm({ ...common, amocrm }, store, patience);
  } else crm = createAmocrmFromSettings(amocrm, patience);
  closers.push(() => crm.close());
  return crm;
}

function machineryChecks({ groups }: ExaminedSettings, closers: Closers, limitMs: number): Check[] {
  const { temporal, mongodb, webhooks, gupshup } = groups;
  const checks: Check[] = [];
  const senders = gupshup ? sendersOf(gupshup).map(({ app }) => app) : [];
  if (temporal) {
    const client = impatientTemporal(temporal, limitMs);
    closers.push(() => client.connection.close());
    checks.push(...temporalChecks(createTemporalHealth(client, senders, limitMs * SOONER)));
  }
  if (mongodb) {
    let asked: Promise<MongodbHealth> | undefined;
    checks.push(...mongodbChecks(() => (asked ??= examineMongodb(mongodb.MONGODB_URI, limitMs * SOONER)), senders));
  }
  if (webhooks) {
    const { PUBLIC_URL, WEBHOOK_PORT, WEBHOOK_SECRET } = webhooks;
    checks.push(
      receiverCheck(PUBLIC_URL ?? `http://127.0.0.1:${WEBHOOK_PORT}`, webhookSecrets(WEBHOOK_SECRET)!.current),
    );
  }
  return checks;
}

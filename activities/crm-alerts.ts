/**
 * Tells the team in Telegram about trouble with amoCRM that only people can fix: once each, whichever process found it.
 */
import type { TellTeam } from '../clients/tell-team';
import { translate } from '../config/i18n';
import type { Logger } from '../config/logger';
import { drainPeriodically } from '../config/waiting';
import { escapeHtml } from '../config/text';
import type { Store } from '../store/connect';

interface CrmAlertsOptions {
  store: Pick<Store, 'crmAccounts'>;
  tell: TellTeam;
  log: Logger;
  /** How often to check (ms). */
  everyMs?: number;
}

const EVERY_MS = 15_000;
const TEXTS = { blocked: 'crm.alertBlocked', unauthorised: 'crm.alertUnauthorised' } as const;

/** Runs until aborted. Never rejects: a message that cannot be sent is tried again. */
export async function runCrmAlerts(options: CrmAlertsOptions, stop: AbortSignal): Promise<void> {
  const { log, everyMs = EVERY_MS } = options;
  const failed = (err: unknown): void =>
    log.error({ err }, 'Cannot tell the team about trouble with amoCRM: trying again');
  await drainPeriodically(() => tellOne(options), { everyMs, stop, failed });
}

/** True if there was something to tell. If no message could be sent, it releases the alert and throws. */
async function tellOne({ store, tell, log }: CrmAlertsOptions): Promise<boolean> {
  const untold = await store.crmAccounts.takeUntold();
  if (!untold) return false;
  const { account, trouble } = untold;
  const subject = { account, kind: trouble.kind };
  const values = { account: new URL(account).host, detail: escapeHtml(trouble.detail) };
  try {
    const told = await tell('notices.trouble', 'all', subject, (to) => ({
      text: translate(to, TEXTS[trouble.kind], values),
    }));
    log.warn({ ...subject, told }, 'Told the team about trouble with amoCRM');
    return true;
  } catch (error) {
    await store.crmAccounts.giveBackUntold(account, trouble.kind);
    throw error;
  }
}

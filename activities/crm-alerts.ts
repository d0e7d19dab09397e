/** Trouble with amoCRM that only people can fix, whichever process found it, becomes an alert (activities/alerts/tell.ts). */
import type { Logger } from '../config/logger';
import { drainPeriodically } from '../config/waiting';
import type { Store } from '../store/connect';

interface CrmAlertsOptions {
  store: Pick<Store, 'alerts' | 'crmAccounts'>;
  log: Logger;
  /** How often to check (ms). */
  everyMs?: number;
}

const EVERY_MS = 15_000;

/** Runs until aborted. Never rejects. */
export async function runCrmAlerts(
  { store, log, everyMs = EVERY_MS }: CrmAlertsOptions,
  stop: AbortSignal,
): Promise<void> {
  const takeOne = async (): Promise<boolean> => {
    const untold = await store.crmAccounts.takeUntold(({ account, trouble: { kind, detail, at } }) =>
      store.alerts.raise({
        kind: 'crm',
        subject: `${account} ${kind}`,
        condition: { is: at.toISOString(), at },
        data: { account, kind, detail },
      }),
    );
    return untold !== undefined;
  };
  const failed = (err: unknown): void => log.error({ err }, 'Cannot read trouble with amoCRM: trying again');
  await drainPeriodically(takeOne, { everyMs, stop, failed });
}

/** Tells the admins in Telegram of trouble with amoCRM that only people can end: each once, whichever process met it. */
import type { TelegramClient } from '../clients/telegram';
import { translate, type Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import { periodically } from '../config/periodically';
import { escapeHtml } from '../config/text';
import type { Store } from '../store/connect';

interface CrmAlertsOptions {
  store: Pick<Store, 'crmAccounts' | 'users'>;
  telegram: Pick<TelegramClient, 'send'>;
  adminIds: readonly number[];
  /** For those who have not chosen one. */
  language: Language;
  log: Logger;
  /** How often it is looked (ms). */
  everyMs?: number;
}

const EVERY_MS = 15_000;
const TEXTS = { blocked: 'crm.alertBlocked', unauthorised: 'crm.alertUnauthorised' } as const;

/** Looks until it is told to stop. Never rejects: a message that cannot be sent is tried again. */
export async function runCrmAlerts(options: CrmAlertsOptions, stop: AbortSignal): Promise<void> {
  const { log, everyMs = EVERY_MS } = options;
  const tellAll = async (): Promise<void> => {
    while (await tellOne(options));
  };
  const failed = (err: unknown): void =>
    log.error({ err }, 'admins could not be told of trouble with amoCRM; tried again');
  await periodically(tellAll, { everyMs, stop, failed });
}

/** True when there was something to tell. Throws, and gives it back, when nobody could be told. */
async function tellOne({ store, telegram, adminIds, language, log }: CrmAlertsOptions): Promise<boolean> {
  const untold = await store.crmAccounts.takeUntold();
  if (!untold) return false;
  const { account, trouble } = untold;
  let told = 0;
  let failure: unknown;
  for (const id of adminIds) {
    try {
      const to = (await store.users.find(id))?.language ?? language;
      const values = { account: new URL(account).host, detail: escapeHtml(trouble.detail) };
      if ((await telegram.send(id, translate(to, TEXTS[trouble.kind], values))) !== undefined) told++;
    } catch (error) {
      failure = error;
    }
  }
  log.warn({ account, kind: trouble.kind, told }, 'trouble with amoCRM');
  if (told > 0 || failure === undefined) return true;
  await store.crmAccounts.giveBackUntold(account, trouble.kind);
  throw failure;
}

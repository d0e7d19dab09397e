/** Decides which services are real and which are the sandbox's, and gives the settings that follow. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSettings } from '../config/settings';
import { SANDBOX_CREDENTIALS } from '../sandbox/credentials';

/**
 * Settings that tell that the real service is meant. One is enough: a service half real would send keys to the wrong
 * place.
 */
const MEANS_REAL = {
  telegram: ['TELEGRAM_BOT_TOKEN', 'TELEGRAM_API_ROOT', 'TELEGRAM_PROXY'],
  gupshup: ['GUPSHUP_API_KEY', 'GUPSHUP_APP_NAME', 'GUPSHUP_APP_ID', 'GUPSHUP_SOURCE', 'GUPSHUP_BASE_URL'],
  amocrm: [...['AMOCRM_BASE_URL', 'AMOCRM_TOKEN', 'AMOCRM_CLIENT_ID', 'AMOCRM_CLIENT_SECRET', 'AMOCRM_REDIRECT_URI']],
} as const;
type Service = keyof typeof MEANS_REAL;

/** Receipts of the sandbox are there within seconds: a campaign need not stay open for ten minutes. */
const SANDBOX_SETTLE_QUIET_SECONDS = 20;

type Given = Readonly<Record<string, string>>;

/** The services that have no setting and so get their stand-in. */
export function standInServices(given: Given): Service[] {
  return (Object.keys(MEANS_REAL) as Service[]).filter((service) => !MEANS_REAL[service].some((name) => given[name]));
}

/**
 * The settings the user has not given: addresses and keys of the stand-ins, and the webhook receiver's own. A given
 * setting always wins and is never repeated here.
 */
export function standInSettings(options: {
  given: Given;
  sandboxUrl: string;
  webhooksPort: number;
  webhookSecret: string;
}): Record<string, string> {
  const { given, sandboxUrl, webhooksPort, webhookSecret } = options;
  const { ADMIN_IDS, TELEGRAM_BOT_TOKEN, AMOCRM_TOKEN, ...gupshup } = SANDBOX_CREDENTIALS;
  const ofService: Record<Service, Record<string, string>> = {
    telegram: { TELEGRAM_API_ROOT: sandboxUrl, TELEGRAM_BOT_TOKEN, ADMIN_IDS },
    gupshup: {
      GUPSHUP_BASE_URL: `${sandboxUrl}/gupshup`,
      ...gupshup,
      SETTLE_QUIET_SECONDS: String(SANDBOX_SETTLE_QUIET_SECONDS),
    },
    amocrm: { AMOCRM_BASE_URL: `${sandboxUrl}/amocrm`, AMOCRM_TOKEN },
  };
  const values: Record<string, string> = {
    WEBHOOK_HOST: '127.0.0.1',
    WEBHOOK_PORT: String(webhooksPort),
    WEBHOOK_SECRET: webhookSecret,
    PUBLIC_URL: `http://127.0.0.1:${given['WEBHOOK_PORT'] ?? webhooksPort}`,
  };
  for (const service of standInServices(given)) Object.assign(values, ofService[service]);
  return Object.fromEntries(Object.entries(values).filter(([name]) => !given[name]));
}

/** Throws `SettingsError` with every wrong or missing setting, before anything is fetched or started. */
export function checkGivenSettings(given: Given): void {
  const standIns = standInSettings({
    given,
    sandboxUrl: 'http://127.0.0.1:1',
    webhooksPort: 1,
    webhookSecret: 'x'.repeat(24),
  });
  readSettings(['telegram', 'gupshup', 'amocrm', 'temporal', 'mongodb', 'webhooks'], {
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    MONGODB_URI: 'mongodb://127.0.0.1:1',
    ...standIns,
    ...given,
  });
}

/** The secret in the webhook's address, made once for a home: a registered address stays good. */
export function keptWebhookSecret(home: string): string {
  const path = join(home, 'webhook-secret');
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, randomBytes(16).toString('hex'), { mode: 0o600 });
  }
  return readFileSync(path, 'utf8').trim();
}

/** Checks the outside services (Telegram, Gupshup, amoCRM), and whether their clocks agree with ours. */
import { request } from 'undici';
import type { AmocrmClient } from '../../clients/amocrm/client';
import type { GupshupClient } from '../../clients/gupshup/client';
import { callbackUrl, WANTED_MODES } from '../../clients/gupshup/subscriptions';
import type { SenderSettings } from '../../config/senders';
import type { TelegramClient } from '../../clients/telegram';
import type { Check, Finding } from './check';

type Found = Omit<Finding, 'check'>;

const HALF_A_SECOND = 500;

/** `proxy`: as it may be shown. */
export function telegramCheck(telegram: TelegramClient, proxy?: string): Check {
  const reach = proxy
    ? `${proxy} (TELEGRAM_PROXY) leads to TELEGRAM_API_ROOT`
    : 'TELEGRAM_API_ROOT can be reached from here';
  return {
    check: 'Telegram',
    advice: `Check TELEGRAM_BOT_TOKEN (@BotFather shows it) and that ${reach}.`,
    run: async (signal) => {
      const { username } = await telegram.me(signal);
      return { level: 'ok', detail: `answers${proxy ? ` through the proxy ${proxy}` : ''}; the bot is @${username}` };
    },
  };
}

/** `named`: the sender, where there are several. */
export function gupshupCheck(gupshup: GupshupClient, named?: SenderSettings): Check {
  return {
    check: `Gupshup${ofSender(named)}`,
    advice: `Check ${named ? `the key and the app id of ${named.app}` : 'GUPSHUP_API_KEY, GUPSHUP_APP_ID'} (both are in Gupshup's dashboard) and GUPSHUP_BASE_URL.`,
    run: async () => {
      const [templates, balance] = await Promise.all([gupshup.listTemplates(), gupshup.walletBalance()]);
      const approved = templates.filter(({ status }) => status === 'APPROVED').length;
      const wallet = balance === undefined ? '' : `, wallet ${balance.toFixed(2)} USD`;
      const cap = named
        ? `number ${named.source}, ${named.sendsPerSecond} a second${named.isDefault ? ', the default' : ''}; `
        : '';
      const detail = `${cap}key and app are right; ${approved} of ${templates.length} templates are approved${wallet}`;
      if (balance !== undefined && balance <= 0) {
        return { level: 'problem', detail, advice: 'Top up the wallet: Gupshup refuses every message without credit.' };
      }
      return approved > 0
        ? { level: 'ok', detail }
        : { level: 'warning', detail, advice: 'You cannot create a campaign without an approved template.' };
    },
  };
}

/** `connect` may reject, for example before an administrator has granted access. */
export function amocrmCheck(connect: () => Promise<Pick<AmocrmClient, 'account'>>): Check {
  return {
    check: 'amoCRM',
    advice: "Check AMOCRM_BASE_URL and AMOCRM_TOKEN: an integration's token expires on the day chosen for it.",
    run: async () => {
      const { name, subdomain } = await (await connect()).account();
      return { level: 'ok', detail: `answers; account ${name} (${subdomain})` };
    },
  };
}

/** Whether Gupshup sends all kinds of events to us, and only once. */
export function subscriptionCheck(
  { subscriptions }: GupshupClient,
  { publicUrl, secret }: { publicUrl: string | undefined; secret: string },
  named?: SenderSettings,
): Check {
  return {
    check: `Webhooks subscribed${ofSender(named)}`,
    advice: 'Without the list of subscriptions it is unknown whether receipts come; see Gupshup above.',
    run: async () => {
      if (publicUrl === undefined) {
        return {
          level: 'problem',
          detail: 'PUBLIC_URL is not set, so Gupshup does not know where to send receipts',
          advice: 'Set PUBLIC_URL to the address at which the webhook receiver can be reached from the internet.',
        };
      }
      const active = (await subscriptions.list()).filter((one) => one.active);
      return judgeSubscriptions(active, callbackUrl(publicUrl, secret), publicUrl);
    },
  };
}

function judgeSubscriptions(
  active: Awaited<ReturnType<GupshupClient['subscriptions']['list']>>,
  wanted: string,
  publicUrl: string,
): Found {
  const ours = active.filter(({ url }) => url === wanted);
  const [first] = ours;
  if (!first) {
    // Another address's path may contain a secret.
    const others = active.map(({ url, tag }) => `${tag} → ${hostOf(url)}`).join(', ') || 'none';
    return {
      level: 'problem',
      detail: `no active subscription points to ${publicUrl} with this WEBHOOK_SECRET; active: ${others}`,
      advice:
        'Start the webhook receiver (`npm run webhooks`): it subscribes by itself. An app may have at most five subscriptions.',
    };
  }
  const missing = WANTED_MODES.filter((mode) => !first.modes.includes(mode));
  if (missing.length > 0) {
    return {
      level: 'problem',
      detail: `the subscription lacks ${missing.join(', ')}`,
      advice: 'Restart the webhook receiver (`npm run webhooks`): it repairs the subscription.',
    };
  }
  if (ours.length > 1) {
    return {
      level: 'warning',
      detail: `${ours.length} active subscriptions (${ours.map(({ tag }) => tag).join(', ')}) point here: each event comes ${ours.length} times`,
      advice: "Harmless, but delete all but one in Gupshup's dashboard.",
    };
  }
  return { level: 'ok', detail: `all events go to ${publicUrl}` };
}

const ofSender = (named: SenderSettings | undefined): string => (named ? ` (${named.app})` : '');

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'no address';
}

/** Less may come from a slow answer; above a minute, times of sends and receipts are plainly wrong. */
const AHEAD_WARNING_MS = 5_000;
const AHEAD_PROBLEM_MS = 60_000;

/** Compares with the first server that answers. */
export function clockCheck(urls: readonly string[]): Check {
  return {
    check: 'Clock',
    advice: 'No server told the time: see the services above.',
    mild: true,
    run: async (signal) => {
      const ahead = await Promise.any(urls.map((url) => clockAhead(url, signal)));
      const seconds = (Math.abs(ahead) / 1000).toFixed(1);
      const size = Math.abs(ahead);
      if (size < AHEAD_WARNING_MS) return { level: 'ok', detail: `agrees with the servers' (${seconds} s apart)` };
      return {
        level: size < AHEAD_PROBLEM_MS ? 'warning' : 'problem',
        detail: `this machine is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} the servers`,
        advice: 'Turn on time synchronisation (timedatectl set-ntp true): schedules and sending hours use this clock.',
      };
    },
  };
}

/**
 * How many milliseconds this machine's clock is ahead of the server's (negative: behind). The header has whole seconds
 * (RFC 9110 §6.6.1), so half a second of difference means nothing. Rejects when the server does not answer or sends no
 * date.
 */
async function clockAhead(url: string, signal: AbortSignal): Promise<number> {
  const askedAt = Date.now();
  const { headers, body } = await request(url, { method: 'HEAD', signal });
  await body.dump();
  const between = (askedAt + Date.now()) / 2;
  const serverTime = Date.parse(String(headers['date']));
  if (Number.isNaN(serverTime)) throw new Error(`${new URL(url).host} answers without a Date header`);
  return Math.round(between - (serverTime + HALF_A_SECOND));
}

/**
 * Looks at what no event may tell of: the wallets, the messaging limit, and the templates of campaigns that are under way
 * or planned. Every worker looks; what is found is raised once (store/alerts.ts).
 */
import { accountsOf, type Senders } from '../../clients/gupshup/senders';
import type { Logger } from '../../config/logger';
import { periodically } from '../../config/waiting';
import { roomCondition, walletCondition } from '../../domain/alerts';
import { campaignSender } from '../../domain/campaign-senders';
import { UNLIMITED } from '../../domain/messaging-limit';
import { GOING_ON } from '../../domain/story/campaign';
import type { Store } from '../../store/connect';

interface AccountWatchOptions {
  store: Pick<Store, 'alerts' | 'campaigns' | 'messaging' | 'templates'>;
  senders: Senders;
  /** A wallet with less is low (USD). */
  walletBelow: number;
  log: Logger;
  everyMs?: number;
}

const EVERY_MS = 600_000;
const LOOKED_AT = 1_000;

/** Runs until aborted. Never rejects. */
export async function runAccountWatch(options: AccountWatchOptions, stop: AbortSignal): Promise<void> {
  const { store, senders, walletBelow: below, log, everyMs = EVERY_MS } = options;
  const { alerts, campaigns, messaging, templates } = store;

  async function wallets(): Promise<void> {
    for (const { app: sender, gupshup } of accountsOf(senders.all)) {
      const balance = await gupshup.walletBalance();
      if (balance === undefined) continue;
      const condition = { is: walletCondition(balance, below), at: new Date() };
      await alerts.raise({ kind: 'wallet', subject: sender, condition, data: { sender, balance, below } });
    }
  }

  async function templatesInUse(): Promise<void> {
    const inUse = await campaigns.list({ limit: LOOKED_AT, states: GOING_ON });
    for (const { app: sender, gupshup } of senders.all) {
      const wanted = new Set(inUse.flatMap((one) => campaignSender(one, sender)?.templateId ?? []));
      if (wanted.size === 0) continue;
      const at = new Date();
      const listed = await gupshup.listTemplates();
      await templates.replace(sender, listed, at);
      for (const { id, name, language, status, reason } of listed.filter((one) => wanted.has(one.id))) {
        await alerts.raise({
          kind: 'template',
          subject: `${sender} ${name}/${language}`,
          condition: { is: status, at },
          data: { sender, name, templateIds: [id], ...(reason && { reason }) },
        });
      }
    }
  }

  async function room(): Promise<void> {
    const { limit, kept } = await messaging.rules();
    if (limit === UNLIMITED) return;
    // The bound is never too low: only where it says "near" the people must be counted.
    const bound = await messaging.bound();
    if (bound === undefined) return;
    // For campaigns it ends where that begins which is kept for tests.
    const open = limit - kept;
    const used = roomCondition(bound, open) === 'free' ? bound : (await messaging.count(limit)).used;
    const condition = { is: roomCondition(used, open), at: new Date() };
    await alerts.raise({ kind: 'room', subject: 'portfolio', condition, data: { limit, used } });
  }

  // One that fails leaves the others alone.
  const looks = Object.entries({ wallets, templatesInUse, room }).map(([what, look]) =>
    periodically(look, {
      everyMs,
      stop,
      failed: (err) => log.warn({ err, what }, 'Cannot look at the account: trying again'),
    }),
  );
  await Promise.all(looks);
}

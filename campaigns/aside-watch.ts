/**
 * Brings senders back that stand aside in a campaign of several, once what was wrong with them is known to have passed
 * (domain/standing-aside.ts). Safe beside those of other workers: the campaign heeds the first.
 */
import type { Senders } from '../clients/gupshup/senders';
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import { sendersAside } from '../domain/campaign-senders';
import { hasPassed, mayBeOver, waitsFor, type AsideFacts } from '../domain/standing-aside';
import { presentTemplate } from '../domain/templates/present-template';
import { templateIdAt, templatesOf } from '../domain/campaign-variants';
import { createWorkerPresence } from '../store/heartbeats';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { Commander } from './commander';

interface AsideWatchOptions {
  store: Pick<Store, 'alerts' | 'campaigns' | 'heartbeats' | 'senders' | 'templates'>;
  /** Those whose wallets can be looked at. */
  senders: Pick<Senders, 'find'>;
  commander: Pick<Commander, 'give'>;
  log: Logger;
  everyMs?: number;
}

/** How often (ms). Each look reads the active campaigns, and more only of those that somebody stands aside in. */
const EVERY_MS = 15_000;

type Aside = ReturnType<typeof sendersAside>[number];

/** Runs until aborted. Never rejects. */
export function runAsideWatch(options: AsideWatchOptions, stop: AbortSignal): Promise<void> {
  const { log, everyMs = EVERY_MS } = options;
  return periodically(() => bringBack(options), {
    everyMs,
    stop,
    failed: (err) => log.warn({ err }, 'Cannot look at senders that stand aside: trying again'),
  });
}

async function bringBack({ store, senders, commander, log }: AsideWatchOptions): Promise<void> {
  const workerPresence = createWorkerPresence(store);
  for (const campaign of await store.campaigns.active()) {
    for (const one of sendersAside(campaign)) {
      const { sender, trouble, asides: times = 1 } = one;
      // An earlier version did not note it.
      const since = one.asideSince ?? campaign.createdAt;
      const when = { since, times, now: new Date() };
      const about = { campaignId: campaign._id, sender, code: trouble.code };
      if (!mayBeOver(trouble, when)) continue;
      try {
        if (!hasPassed(trouble, { ...when, facts: await factsOf(campaign, one, since) })) continue;
        // What else was found wrong with it meanwhile is struck out with this.
        const { trouble: other } = await store.senders.look(sender);
        if (other && other.code !== trouble.code) {
          const facts = await factsOf(campaign, { ...one, trouble: other }, since);
          if (!hasPassed(other, { ...when, facts })) continue;
        }
      } catch (err) {
        // Of one the wallet cannot be read, say: the others do not wait for that.
        log.warn({ err, ...about }, 'Cannot look whether what is wrong with this sender has passed: trying again');
        continue;
      }
      const answer = await commander.give(campaign, { command: 'back', sender, by: { kind: 'system' } });
      if (answer.ok) log.info(about, 'What was wrong with this sender has passed: it sends again');
      else log.warn({ ...about, refusal: answer.refusal.code }, 'A sender cannot be brought back: trying again');
    }
  }

  /** Only what its trouble waits for is looked up. */
  async function factsOf(campaign: CampaignDocument, { sender, trouble }: Aside, since: Date): Promise<AsideFacts> {
    const mendedAt = await store.senders.mendedAt(sender);
    const mended = mendedAt !== undefined && mendedAt > since;
    switch (waitsFor(trouble)) {
      case 'template':
        return { approved: await isApproved(campaign, sender) };
      case 'wallet': {
        const balance = await senders.find(sender)?.gupshup.walletBalance();
        return { mended, ...(balance !== undefined && { balance }) };
      }
      case 'account': {
        const known = (await store.alerts.find('account', sender))?.condition;
        return { mended, reinstated: known?.is === 'REINSTATE' && known.at > since };
      }
      case 'worker':
        return { hasWorker: (await workerPresence(sender)) === undefined };
      case 'day':
      case 'admin':
        return { mended };
    }
  }

  async function isApproved(campaign: CampaignDocument, sender: string): Promise<boolean> {
    const { templates } = await store.templates.list(sender);
    return templatesOf(campaign).every((template, variant) => {
      const id = templateIdAt(campaign, sender, variant);
      // Under another id it is an admin's to bring back, which looks at its words.
      const present = id !== undefined && presentTemplate({ ...template, id }, templates);
      return present && present.kind === 'same' && present.template.id === id && present.template.status === 'APPROVED';
    });
  }
}

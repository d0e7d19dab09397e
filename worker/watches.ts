/**
 * What a worker looks at now and then, each in a loop of its own (`config/waiting.ts`), whether or not the receiver is
 * up: alerts that the team must hear of, the wallets, limits and templates behind them, the hour of the digest, campaigns
 * that mostly fail, senders that stand aside, possible opt-outs, replies, templates that wait for Meta's answer, campaigns that wait for a second person's yes, data kept long enough, what arrived of ended campaigns by country, campaigns whose workflow is no more, write-backs that broke off, readings of results whose workflow is gone, firings of series that Temporal left out.
 * Every look is safe to repeat and beside those of other
 * workers: what is found is taken, or begun under a fixed id.
 */
import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';
import { createBreaker } from '../campaigns/breaker';
import { createCommander } from '../campaigns/commander';
import { createCampaignStopper } from '../campaigns/stop-campaigns';
import { refused } from '../config/errors';
import { runAccountWatch } from '../activities/alerts/account-watch';
import { runDigest } from '../activities/alerts/digest';
import { runAlerts } from '../activities/alerts/tell';
import { runCrmAlerts } from '../activities/crm-alerts';
import { runReplyEffects } from '../activities/reply-effects';
import { runReplyNotices } from '../activities/reply-notices';
import { runOptOutAlerts } from '../activities/opt-out-alerts';
import { createReconciler } from '../campaigns/reconcile';
import { runAsideWatch } from '../campaigns/aside-watch';
import { runApprovalWatch } from '../campaigns/approval-watch';
import { runTemplateReviews } from '../campaigns/template-reviews';
import { createTemplateDesk } from '../campaigns/template-desk';
import { createResultsWatch } from '../campaigns/results';
import { createSeriesWatch } from '../campaigns/series-watch';
import { createWriteBackWatch } from '../campaigns/write-back-watch';
import type { AmocrmClient } from '../clients/amocrm/client';
import type { Senders } from '../clients/gupshup/senders';
import type { TellTeam } from '../clients/tell-team';
import type { Logger } from '../config/logger';
import { optOutWords, type Settings } from '../config/settings';
import type { Store } from '../store/connect';
import { runCountryOutcomes } from './country-outcomes';
import { runRetention } from './retention';

const MOST_LOOPS = 50;

export interface WatchesOptions {
  store: Store;
  temporal: Client;
  tell: TellTeam;
  crm: AmocrmClient;
  /** For links to leads. */
  crmUrl?: string | undefined;
  senders: Senders;
  settings: Settings<never>;
  log: Logger;
}

/** Runs until it is told to stop. Rejects with `ForeignBinding` where Temporal turns out not to be the database's. */
export async function runWatches(options: WatchesOptions, stop: AbortSignal): Promise<void> {
  const { store, temporal, tell, crm, crmUrl, senders, settings, log } = options;
  // Each loop listens while it rests; Node takes more than ten for a leak.
  setMaxListeners(MOST_LOOPS, stop);
  const { DEFAULT_TIMEZONE: timezone } = settings;
  const commander = createCommander({ store, temporal, log });
  const campaigns: Parameters<typeof createCampaignStopper>[0]['campaigns'] = {
    command: async (id, request) => {
      const campaign = await store.campaigns.find(id);
      return campaign ? commander.give(campaign, request) : refused('campaign_not_found', { id });
    },
  };
  const { one: pause } = createCampaignStopper({ store, campaigns, log });
  await Promise.all([
    runAlerts({ store, tell, timezone, pricesFile: settings.PRICES_FILE, log }, stop),
    runAccountWatch({ store, senders, walletBelow: settings.WALLET_ALERT_BELOW, log }, stop),
    runDigest({ store, at: settings.DIGEST_AT, timezone, log }, stop),
    runCrmAlerts({ store, log }, stop),
    runReplyNotices({ store, crm, crmUrl, tell, timezone, log }, stop),
    runReplyEffects({ store, crm, language: settings.DEFAULT_LANGUAGE, log }, stop),
    runOptOutAlerts({ store, tell, timezone, log }, stop),
    runApprovalWatch({ store, tell, command: campaigns.command, timezone, log }, stop),
    runAsideWatch({ store, senders, commander, log }, stop),
    runTemplateReviews(
      { store, desk: createTemplateDesk({ store, senders, optOutWords: optOutWords(settings) }), tell, log },
      stop,
    ),
    runRetention({ store, settings, log }, stop),
    runCountryOutcomes({ store, log }, stop),
    createReconciler({ store, temporal, log }).run(stop),
    createSeriesWatch({ store, temporal, log }).run(stop),
    createBreaker({ store, pause, log }).run(stop),
    createWriteBackWatch({ store, temporal, log }).run(stop),
    createResultsWatch({ store, temporal, log }).run(stop),
  ]);
}

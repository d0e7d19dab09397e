/** Builds the campaign service and its dependencies from the settings, for roles that run separately. */
import type { Client } from '@temporalio/client';
import { connectAmocrm, crmAccount } from '../audience/crm/connection';
import { audienceServices } from '../audience/sources';
import { connectSenders, type Senders } from '../clients/gupshup/senders';
import type { Logger } from '../config/logger';
import type { Settings } from '../config/settings';
import { inSpans } from '../config/spans';
import { createWorkerPresence } from '../store/heartbeats';
import { connectStore, type Store } from '../store/connect';
import { checkTemporal, ensureBinding, type BindingCheck } from '../store/binding';
import { createCatalogue, type Catalogue } from './catalogue';
import type { CampaignService, SeriesService } from './contract';
import { createCrmDirectory, type CrmDirectory } from './crm-directory';
import { createFunnelService, type FunnelService } from './funnel';
import { campaignOptions } from './service-settings';
import { createSeriesService } from './series';
import { registerStateMetrics } from './state-metrics';
import { createCampaignService } from './service';
import { connectTemporal } from './temporal';
import { createTemporalHealth, METRICS_LIMIT_MS } from './temporal-health';
import type { AmocrmClient } from '../clients/amocrm/client';

export interface CampaignServices {
  /** The bindings that must hold for as long as the role runs. */
  binding: BindingCheck;
  store: Store;
  temporal: Client;
  senders: Senders;
  crm: AmocrmClient;
  directory: CrmDirectory;
  funnel: FunnelService;
  catalogue: Catalogue;
  campaigns: CampaignService;
  series: SeriesService;
  close(): Promise<void>;
}

type Needed = 'gupshup' | 'amocrm' | 'temporal' | 'mongodb';

/** Connects to MongoDB and Temporal; rejects when one does not answer within 10 s, or with `ForeignBinding`. */
export async function connectCampaignServices(settings: Settings<Needed>, log: Logger): Promise<CampaignServices> {
  const store = await connectStore(settings.mongodb.MONGODB_URI);
  const temporal = await connectTemporal(settings.temporal).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const binding: BindingCheck = {
    store,
    connection: temporal.connection,
    namespace: settings.temporal.TEMPORAL_NAMESPACE,
  };
  await ensureBinding(binding);
  const senders = connectSenders(settings.gupshup, log);
  const crm = connectAmocrm(settings, store);
  const account = crmAccount(settings);
  const directory = createCrmDirectory({ cache: store.crmCache, crm, account });
  const catalogue = createCatalogue({ store, senders, directory });
  const campaigns = createCampaignService({
    store,
    temporal,
    catalogue,
    audience: audienceServices(store, crm),
    senders,
    workerPresence: createWorkerPresence(store),
    belongs: () => checkTemporal(store.meta, temporal.connection, temporal.options.namespace),
    ...campaignOptions(settings),
    log,
  });
  return {
    binding,
    store,
    temporal,
    senders,
    crm,
    directory,
    funnel: createFunnelService({ snapshots: store.snapshots, crm, account, country: settings.DEFAULT_COUNTRY }),
    catalogue,
    campaigns: inSpans('campaigns', campaigns),
    series: inSpans(
      'series',
      createSeriesService({
        store,
        temporal,
        overlap: settings.SERIES_OVERLAP,
        timezone: settings.DEFAULT_TIMEZONE,
      }),
    ),
    close: async () => {
      await Promise.allSettled([temporal.connection.close(), senders.close(), crm.close()]);
      await store.close();
    },
  };
}

/** Adds the state of campaigns and queues to the process's metrics. Call it once. */
export function measureState({ store, temporal, senders }: CampaignServices, log: Logger): void {
  const apps = senders.all.map(({ app }) => app);
  registerStateMetrics({ store, temporal: createTemporalHealth(temporal, apps, METRICS_LIMIT_MS), senders, log });
}

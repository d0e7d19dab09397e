/** Connects a command to the rest of the product, only to what it uses and only when it uses it. */
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Client, Connection } from '@temporalio/client';
import { DateTime } from 'luxon';
import type { Db } from 'mongodb';
import type { Adopted } from '../campaigns/adopt';
import type { CampaignService, SeriesService } from '../campaigns/contract';
import type { Catalogue } from '../campaigns/catalogue';
import type { CrmDirectory } from '../campaigns/crm-directory';
import type { CrmLogin } from '../campaigns/crm-login';
import type { UploadMedia } from '../campaigns/media-upload';
import type { SavedLists } from '../campaigns/saved-lists';
import type { ReplyDesk } from '../campaigns/reply-desk';
import type { TemplateDesk } from '../campaigns/template-desk';
import type { FunnelService } from '../campaigns/funnel';
import type { ResultsService } from '../campaigns/results';
import type { SearchAttributes } from '../campaigns/search-attributes';
import type { WriteBackService } from '../campaigns/write-back';
import type { Senders } from '../clients/gupshup/senders';
import type { AmocrmClient } from '../clients/amocrm/client';
import type { Result } from '../config/errors';
import { createLogger, redactText } from '../config/logger';
import { sendersOf } from '../config/senders';
import {
  givenSettings,
  optOutWords,
  readSettings,
  SettingsError,
  type Settings,
  type SettingsGroup,
} from '../config/settings';
import { readStackFile } from '../config/stack-file';
import type { WriteBackOrders } from '../domain/story/write-back';
import type { Reports } from '../report/reports';
import type { Store } from '../store/connect';
import { refusedAs } from './errors';
import { ENGLISH, sentence, type Speech } from './speech';

export interface Services {
  /** The language in which people are spoken to. */
  speech: Speech;
  /** The settings that every command may use; all have defaults. */
  common(): Settings<never>;
  store(): Promise<Store>;
  /** The database alone, whatever version its data are of. */
  database(): Promise<Db>;
  /** Adds Temporal's search attributes that are missing. */
  searchAttributes(): Promise<SearchAttributes>;
  campaigns(): Promise<CampaignService>;
  /** Connects on the first call, or fails. */
  temporal(): Promise<Client>;
  /** Starts campaigns here that this Temporal does not know. */
  adopt(): Promise<Result<Adopted[]>>;
  series(): Promise<SeriesService>;
  savedLists(): Promise<SavedLists>;
  catalogue(): Promise<Catalogue>;
  senders(): Promise<Senders>;
  mediaUpload(): Promise<UploadMedia>;
  replyDesk(): Promise<ReplyDesk>;
  templateDesk(): Promise<TemplateDesk>;
  crm(): Promise<Pick<AmocrmClient, 'leadsWithContacts' | 'users' | 'customFields'>>;
  crmLogin(): Promise<CrmLogin>;
  directory(): Promise<CrmDirectory>;
  funnel(): Promise<FunnelService>;
  reports(): Promise<Reports>;
  results(): Promise<ResultsService>;
  writeBack(): Promise<WriteBackService>;
  /** What the settings order to be written to the CRM after every campaign. */
  writeBackOrders(): WriteBackOrders | undefined;
  /** The Gupshup apps that send, the first of the settings first. */
  senderApps(): string[];
  /** The bot's name on Telegram, for links to it. */
  botName(): Promise<string>;
  /** A moment as shown to people: in DEFAULT_TIMEZONE, to the minute. */
  showTime(at: Date | undefined): string;
  /** Records a command that has used the database; one that has not leaves no trace. Never rejects. */
  audit(command: { what: string; campaignId?: string }): Promise<void>;
  /** Closes every connection that was opened. */
  close(): Promise<void>;
}

const STANDARD_ERROR = 2;
/** How long the bot's name may take (ms). */
const BOT_NAME_MS = 10_000;

/** Every function may throw: SettingsError, or CommandRefused when there is neither a running stack nor settings. */
export function createServices(environment: NodeJS.ProcessEnv, speech = ENGLISH): Services {
  const closers: (() => Promise<void>)[] = [];
  const common = once(() => settingsFor([], environment));

  let usesStore = false;
  const store = once(async () => {
    usesStore = true;
    const { mongodb } = settingsFor(['mongodb'], environment);
    // Only the commands that need a driver load it: `phone normalize` should not wait for Temporal's.
    const { connectStore } = await import('../store/connect');
    return opened(await connectStore(mongodb.MONGODB_URI), closers);
  });

  const database = once(async () => {
    const { mongodb } = settingsFor(['mongodb'], environment);
    const { openDatabase } = await import('../store/connect');
    return opened(await openDatabase(mongodb.MONGODB_URI), closers).db;
  });

  const searchAttributes = async (): Promise<SearchAttributes> => {
    const { addSearchAttributes } = await import('../campaigns/search-attributes');
    const { connection, options } = await temporal();
    return addSearchAttributes(connection as Connection, options.namespace);
  };

  const amocrm = once(async () => {
    const settings = settingsFor(['amocrm', 'mongodb'], environment);
    const { connectAmocrm } = await import('../audience/crm/connection');
    return opened(connectAmocrm(settings, await store()), closers);
  });

  const crmLogin = once(async () => {
    const settings = settingsFor(['amocrm', 'mongodb'], environment);
    const { createCrmLogin } = await import('../campaigns/crm-login');
    return opened(createCrmLogin(settings, await store()), closers);
  });

  const directory = once(async () => {
    const settings = settingsFor(['mongodb', 'amocrm'], environment);
    const [{ createCrmDirectory }, { crmAccount }] = await Promise.all([
      import('../campaigns/crm-directory'),
      import('../audience/crm/connection'),
    ]);
    return createCrmDirectory({ cache: (await store()).crmCache, crm: await amocrm(), account: crmAccount(settings) });
  });

  const funnel = once(async () => {
    const settings = settingsFor(['mongodb', 'amocrm'], environment);
    const [{ createFunnelService }, { crmAccount }] = await Promise.all([
      import('../campaigns/funnel'),
      import('../audience/crm/connection'),
    ]);
    return createFunnelService({
      snapshots: (await store()).snapshots,
      crm: await amocrm(),
      account: crmAccount(settings),
      country: settings.DEFAULT_COUNTRY,
    });
  });

  const senders = once(async () => {
    const { gupshup: settings, LOG_LEVEL } = settingsFor(['gupshup'], environment);
    const { connectSenders } = await import('../clients/gupshup/senders');
    // Standard output is only for the answer.
    const log = createLogger('cli', LOG_LEVEL === 'debug' ? LOG_LEVEL : 'silent', STANDARD_ERROR);
    return opened(connectSenders(settings, log), closers);
  });

  const mediaUpload = once(async () => {
    const { createMediaUpload } = await import('../campaigns/media-upload');
    return createMediaUpload(await senders());
  });

  const replyDesk = once(async () => {
    const { createReplyDesk } = await import('../campaigns/reply-desk');
    return createReplyDesk({ store: await store(), senders: await senders() });
  });

  const templateDesk = once(async () => {
    const { createTemplateDesk } = await import('../campaigns/template-desk');
    return createTemplateDesk({ store: await store(), senders: await senders(), optOutWords: optOutWords(common()) });
  });

  const reports = once(async () => {
    const [{ createReports }, { pricesOrNone }] = await Promise.all([
      import('../report/reports'),
      import('../config/prices'),
    ]);
    const { PRICES_FILE, DEFAULT_TIMEZONE: timezone } = common();
    const { prices: imported } = await store();
    const prices = (): ReturnType<typeof pricesOrNone> => pricesOrNone(imported, PRICES_FILE);
    const crmUrl = settingsFor(['amocrm'], environment).amocrm.AMOCRM_BASE_URL;
    return createReports({ store: await store(), timezone, prices, crmUrl });
  });

  const writeBack = once(async () => {
    const { createWriteBackService } = await import('../campaigns/write-back');
    return createWriteBackService({ store: await store(), temporal: await temporal() });
  });

  const results = once(async () => {
    const { createResultsService } = await import('../campaigns/results');
    return createResultsService({ store: await store(), temporal: await temporal() });
  });

  const catalogue = once(async () => {
    // All at once, so that every wrong setting is listed.
    settingsFor(['mongodb', 'gupshup', 'amocrm'], environment);
    const { createCatalogue } = await import('../campaigns/catalogue');
    return createCatalogue({
      store: await store(),
      senders: await senders(),
      directory: await directory(),
    });
  });

  const temporal = once(async () => {
    const { temporal: settings } = settingsFor(['temporal'], environment);
    const { lazyTemporal } = await import('../campaigns/temporal');
    const client = lazyTemporal(settings);
    closers.push(() => client.connection.close());
    return client;
  });

  const adopt = async (): Promise<Result<Adopted[]>> => {
    const common = settingsFor(['mongodb', 'temporal', 'gupshup'], environment);
    const [{ adoptCampaigns }, { capOf }, { settleLimits }] = await Promise.all([
      import('../campaigns/adopt'),
      import('../clients/gupshup/senders'),
      import('../config/settings'),
    ]);
    const table = await senders();
    return adoptCampaigns({
      store: await store(),
      temporal: await temporal(),
      capOf: (sender) => capOf(sender, table),
      timezone: common.DEFAULT_TIMEZONE,
      settle: settleLimits(common),
    });
  };

  const series = once(async () => {
    const settings = settingsFor(['mongodb', 'temporal'], environment);
    const { createSeriesService } = await import('../campaigns/series');
    return createSeriesService({
      store: await store(),
      temporal: await temporal(),
      overlap: settings.SERIES_OVERLAP,
      timezone: settings.DEFAULT_TIMEZONE,
    });
  });

  const campaigns = once(async () => {
    const settings = settingsFor(['mongodb', 'temporal', 'gupshup', 'amocrm'], environment);
    const [{ createCampaignService }, { campaignOptions }, { createWorkerPresence }, { checkTemporal }] =
      await Promise.all([
        import('../campaigns/service'),
        import('../campaigns/service-settings'),
        import('../store/heartbeats'),
        import('../store/binding'),
      ]);
    const { lists, deliveries, meta, replies } = await store();
    const client = await temporal();
    return createCampaignService({
      store: await store(),
      temporal: await temporal(),
      catalogue: await catalogue(),
      audience: { crm: await amocrm(), lists, deliveries, replies },
      senders: await senders(),
      workerPresence: createWorkerPresence(await store()),
      belongs: () => checkTemporal(meta, client.connection, client.options.namespace),
      ...campaignOptions(settings),
    });
  });

  const savedLists = once(async () => {
    const { createSavedLists } = await import('../campaigns/saved-lists');
    return createSavedLists({ store: await store(), series });
  });

  const botName = once(async () => {
    const { telegram } = settingsFor(['telegram'], environment);
    const { createTelegramClient, telegramAccess } = await import('../clients/telegram');
    const client = createTelegramClient(telegramAccess(telegram));
    try {
      return (await client.me(AbortSignal.timeout(BOT_NAME_MS))).username;
    } catch (error) {
      const why = error instanceof Error ? redactText(error.message) : sentence('no answer');
      throw refusedAs(
        'telegram_unreachable',
        'Telegram does not say what the bot is called ({{why}}). Check TELEGRAM_BOT_TOKEN and TELEGRAM_API_ROOT; `doctor` checks them too.',
        { why },
      );
    }
  });

  return {
    speech,
    common,
    store,
    database,
    searchAttributes,
    temporal,
    adopt,
    campaigns,
    series,
    savedLists,
    catalogue,
    senders,
    mediaUpload,
    replyDesk,
    templateDesk,
    crm: amocrm,
    crmLogin,
    directory,
    funnel,
    reports,
    results,
    writeBack,
    writeBackOrders: () => settingsFor(['amocrm'], environment).amocrm.AMOCRM_WRITE_BACK,
    senderApps: () => sendersOf(settingsFor(['gupshup'], environment).gupshup).map(({ app }) => app),
    botName,
    showTime: (at) =>
      at ? DateTime.fromJSDate(at, { zone: common().DEFAULT_TIMEZONE }).toFormat('yyyy-LL-dd HH:mm') : '',
    audit: async (command) => {
      if (!usesStore) return;
      const entry = { at: new Date(), actor: { kind: 'cli' as const }, name: userInfo().username, ...command };
      // What the command itself came to is what counts: a database that is away has been said already.
      const record = async (): Promise<void> => {
        const { audit: kept } = await store();
        await kept.record({ ...entry, action: command.what.startsWith('report') ? 'report' : 'asked' });
      };
      await record().catch(() => undefined);
    },
    close: async () => {
      await Promise.allSettled(closers.map((close) => close()));
    },
  };
}

/** The settings. If nothing runs here, the error is one sentence instead of a list of all missing settings. */
function settingsFor<G extends SettingsGroup>(groups: readonly G[], environment: NodeJS.ProcessEnv): Settings<G> {
  try {
    return readSettings(groups, environment);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const home = resolve(givenSettings(environment)['BOBCOFER_HOME'] ?? '.bobcofer');
    const missing = error.problems.filter(({ problem }) => problem === 'is missing').map(({ name }) => name);
    if (missing.length < error.problems.length || readStackFile(home)) throw error;
    throw refusedAs(
      'no_stack',
      'No stack is running in {{home}}: start it with `npm start`. Or, for services elsewhere, set {{missing}} (.env.example explains each).',
      { home, missing: missing.join(', ') },
    );
  }
}

function opened<T extends { close(): Promise<void> }>(connection: T, closers: (() => Promise<void>)[]): T {
  closers.push(() => connection.close());
  return connection;
}

/** Caches the first call's result. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

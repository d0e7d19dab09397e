/** The product's services as the bot sees them. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { meetList } from '../../audience/save';
import { listCsv } from '../../audience/contacts-out';
import { audienceServices, openAudience } from '../../audience/sources';
import { capOf } from '../../clients/gupshup/senders';
import { vendorCall } from '../../campaigns/catalogue';
import { pricesOrNone } from '../../config/prices';
import { createRateCards } from '../../campaigns/rate-cards';
import { createMediaUpload } from '../../campaigns/media-upload';
import { createTemplateDesk } from '../../campaigns/template-desk';
import { createSavedLists } from '../../campaigns/saved-lists';
import { createReplyDesk } from '../../campaigns/reply-desk';
import { createWriteBackService } from '../../campaigns/write-back';
import type { CampaignServices } from '../../campaigns/from-settings';
import { done, refused, type Result } from '../../config/errors';
import { optOutWords, type Settings } from '../../config/settings';
import type { AudienceSource, Person } from '../../domain/audience';
import { joinPasted, readPastedNumbers } from '../../domain/phones/pasted-numbers';
import { normalisePhones } from '../../domain/phones/phone';
import { namesFrom, renderApproval } from '../../report/approval';
import { approvalHistory } from '../../report/approval-history';
import { factsOf, renderReply } from '../../report/reply-card';
import { createReports } from '../../report/reports';
import { columnsOf } from '../conversation/chosen-audience';
import { draftLike } from '../conversation/draft';
import { createJoin } from '../../store/joining';
import { importFile } from './import-file';
import { rejectedCsv } from './rejected-csv';
import { createPeople } from './people';
import type { BotServices } from './contract';
import { createBotReports } from './report';
import { createOptOuts } from './opt-outs';
import { createStoplist } from './stoplist';

/** So many people are looked at for what parameters can be filled with. */
const SAMPLE_PEOPLE = 50;
const LISTED = 100;

type Wired = Pick<
  Settings<'amocrm'>,
  | 'DEFAULT_COUNTRY'
  | 'DEFAULT_TIMEZONE'
  | 'LINKS_URL'
  | 'PRICES_FILE'
  | 'SENDING_HOLIDAYS'
  | 'STOP_WORDS'
  | 'START_WORDS'
  | 'STOP_BUTTONS'
  | 'amocrm'
>;

export function wireServices(
  { store, temporal, senders, crm, catalogue, campaigns, series, funnel, directory }: CampaignServices,
  settings: Wired,
): BotServices {
  const { DEFAULT_COUNTRY: country, DEFAULT_TIMEZONE: timezone } = settings;

  const crmUrl = settings.amocrm.AMOCRM_BASE_URL;
  const reports = createReports({
    ...{ store, timezone, crmUrl },
    prices: () => pricesOrNone(store.prices, settings.PRICES_FILE),
  });

  async function sample(source: AudienceSource): Promise<Person[]> {
    const people: Person[] = [];
    for await (const person of openAudience(source, audienceServices(store, crm))) {
      people.push(person);
      if (people.length === SAMPLE_PEOPLE) break;
    }
    return people;
  }

  return {
    campaigns,
    campaignNames: async (ids) => new Map((await store.campaigns.among(ids)).map(({ _id, name }) => [_id, name])),
    followUps: async (campaignId, state) =>
      (await store.campaigns.followUps(campaignId, state)).map(({ spec, ...facts }) => ({ ...facts, name: spec.name })),
    series,
    funnel,
    templates: { list: (options) => catalogue.templates(options) },
    templateDesk: createTemplateDesk({ store, senders, optOutWords: optOutWords(settings) }),
    crm: {
      pipelines: () => catalogue.pipelines(),
      tags: async () => valueOnly(await directory.tags()),
      users: async () => valueOnly(await directory.users()),
      fields: async () => valueOnly(await directory.fields()),
    },
    lists: {
      ...createSavedLists({ store, series: async () => series }),
      list: () => store.lists.all(LISTED),
      file: async (listId, language) => ({
        fileName: `list-${listId}.csv`,
        content: await buffer(
          Readable.from(listCsv(await store.lists.find(listId), store.lists.rows(listId), language)),
        ),
      }),
      nameOf: async (by, language) => namesFrom(await store.users.members(), language)(by),
    },
    audience: {
      importFile: (content, options) => importFile(content, { ...options, country, lists: store.lists }),
      take: async (listId) => {
        const list = await store.lists.find(listId);
        if (list) await meetList(list, { lists: store.lists, contacts: store.contacts, country });
      },
      drop: (listId) => store.lists.remove(listId),
      rejected: async (listId, language) => {
        const list = await store.lists.find(listId);
        return list && rejectedCsv(list, store.lists.rows(listId), { country, language });
      },
      columns: async (source) => {
        const people = await vendorCall(() => sample(source));
        if (!people.ok) return people;
        const list = source.kind === 'list' ? await store.lists.find(source.listId) : undefined;
        const names = list?.columns ?? [...new Set(people.value.flatMap((person) => Object.keys(person.columns)))];
        return done(columnsOf(names, people.value));
      },
      phone: (text) => {
        const [phone] = normalisePhones(text, country).valid;
        return phone ? done(phone.e164) : refused('phone_invalid', { value: text.trim() });
      },
      numbers: (text) => readPastedNumbers(text, country),
      join: (first, next) => joinPasted(first, next, country),
    },
    uploadMedia: createMediaUpload(senders),
    report: createBotReports({ reports, store, timezone }),
    copyOf: async (campaignId) => {
      const campaign = await store.campaigns.find(campaignId);
      if (!campaign) return refused('campaign_not_found', { id: campaignId });
      const listed = await catalogue.templates();
      const { id, name, language } = campaign.template;
      const present = listed.ok ? listed.value.templates : [];
      const template =
        present.find((one) => one.id === id) ??
        present.find((one) => one.name === name && one.language === language) ??
        campaign.template;
      return done(draftLike(campaign.spec, template));
    },
    watchers: {
      add: (campaignId, watcher) => store.campaigns.addWatcher(campaignId, watcher),
      remove: (campaignId, watcher) => store.campaigns.removeWatcher(campaignId, watcher),
      active: async () => (await store.campaigns.watched()).map(({ _id, watchers }) => ({ campaignId: _id, watchers })),
    },
    writeBack: {
      ...createWriteBackService({ store, temporal }),
      ...(settings.amocrm.AMOCRM_WRITE_BACK && { always: settings.amocrm.AMOCRM_WRITE_BACK }),
    },
    notices: store.notices,
    senders: senders.all.map(({ app, source, sendsPerSecond, isDefault }) => ({
      app,
      source,
      sendsPerSecond,
      isDefault,
    })),
    ...(settings.LINKS_URL && { linksUrl: settings.LINKS_URL }),
    capOf: ({ sender = senders.byDefault.app, alsoFrom = [] }) =>
      [sender, ...alsoFrom].reduce((sum, app) => sum + capOf(app, senders), 0),
    holidays: settings.SENDING_HOLIDAYS ?? [],
    stoplist: createStoplist(store),
    rules: store.countryRules,
    prices: createRateCards(store.prices, settings.PRICES_FILE),
    audit: store.audit,
    approvals: {
      card: async (id, { language, zone }) => {
        const [one, campaign, team] = await Promise.all([
          store.approvals.find(id),
          store.campaigns.find(id),
          store.users.members(),
        ]);
        if (!one || !campaign) return undefined;
        return renderApproval(one, campaign, { language, timezone: zone, nameOf: namesFrom(team, language) });
      },
      history: async (page, language) => ({
        entries: await approvalHistory(store, page),
        nameOf: namesFrom(await store.users.members(), language),
      }),
      shownOpen: () => store.approvals.shownOpen(),
      shown: (id, card) => store.approvals.dropMessage(id, card),
    },
    replies: {
      ...createReplyDesk({ store, senders }),
      card: async (reply, { language, zone }) => {
        const [facts, team] = await Promise.all([factsOf(reply, { store, crmUrl }), store.users.members()]);
        return renderReply(reply, facts, {
          language,
          timezone: zone,
          nameOf: namesFrom(team, language),
          now: new Date(),
        });
      },
      whoOf: async (reply) => (await factsOf(reply, { store })).name ?? reply.phone,
      nameOf: async (by, language) => namesFrom(await store.users.members(), language)(by),
    },
    optOuts: createOptOuts(store),
    people: createPeople(store, {
      ...{ country, timezone },
      nameOf: async (language) => namesFrom(await store.users.members(), language),
    }),
    sessions: store.sessions,
    updates: store.updates,
    users: store.users,
    team: { invitations: store.invitations, join: createJoin(store.users, store.invitations) },
  };
}

/** What was read, without its age. */
function valueOnly<T>(read: Result<{ value: T }>): Result<T> {
  return read.ok ? done(read.value.value) : read;
}

/** The bot's services as plain objects: three templates, one pipeline, campaigns in memory that obey the table of states. */
import type {
  CampaignDraft,
  CampaignStatus,
  CommandRequest,
  FollowUpsStatus,
  Preflight,
} from '../../campaigns/contract';
import { createMediaUpload } from '../../campaigns/media-upload';
import { createSavedLists } from '../../campaigns/saved-lists';
import type { GupshupClient } from '../../clients/gupshup/client';
import { done, refused, type Refusal } from '../../config/errors';
import { commandFits, type CampaignState } from '../../domain/story/campaign';
import { emptyLedger } from '../../domain/story/ledger';
import { joinPasted, readPastedNumbers } from '../../domain/phones/pasted-numbers';
import { normalisePhones } from '../../domain/phones/phone';
import type { WriteBackOrders } from '../../domain/story/write-back';
import { renderPng } from '../../report/png';
import { fillTemplate, type Template } from '../../domain/templates/template';
import { importFile } from '../../bot/services/import-file';
import { rejectedCsv } from '../../bot/services/rejected-csv';
import type { BotServices, Watcher } from '../../bot/services/contract';
import { fakeAgain, type AskedRetries } from './fake-retry';
import { fakeChains, type AskedChain } from './fake-chains';
import { fakeFunnel, type FakeFunnel } from './fake-funnel';
import { fakeSeries, type FakeSeries } from './fake-series';
import type { DeliveryDocument, ListDocument } from '../../store/documents';
import type { ParameterSource, Person } from '../../domain/audience';
import type { Store } from '../../store/connect';
import type { ListStore } from '../../store/lists';
import { oneSender } from '../support/senders';

export const WELCOME: Template = {
  id: '11111111-aaaa-4aaa-8aaa-111111111111',
  name: 'welcome',
  language: 'ru',
  category: 'MARKETING',
  type: 'TEXT',
  status: 'APPROVED',
  quality: 'GREEN',
  body: 'Здравствуйте, {{1}}! Скидка {{2}} ждёт вас.',
  footer: 'Стоп — ответьте СТОП',
  buttons: [],
};
export const PHOTO: Template = {
  ...WELCOME,
  id: '22222222-aaaa-4aaa-8aaa-222222222222',
  name: 'photo',
  header: { type: 'IMAGE', exampleUrl: 'https://example.com/sample.png' },
  body: 'Новинка',
};
export const REJECTED: Template = {
  ...WELCOME,
  id: '33333333-aaaa-4aaa-8aaa-333333333333',
  name: 'rejected_one',
  status: 'REJECTED',
  reason: 'PROMOTIONAL <content>',
};

/** The other sender's copy of a template has an id of its own. */
export const OF_SECOND: Template = { ...WELCOME, id: '44444444-aaaa-4aaa-8aaa-444444444444', name: 'second_welcome' };

export interface FakeServices extends BotServices {
  series: FakeSeries;
  funnel: FakeFunnel;
  /** What the bot asked for, in order. */
  asked: {
    created: CampaignDraft[];
    started: { id: string; at?: Date }[];
    commands: (CommandRequest & { id: string; updateId?: string })[];
    tests: { phone: string; params: (string | ParameterSource)[] }[];
    lists: { name: string; count: number }[];
    retries: AskedRetries;
    writeBacks: { campaignId: string; orders: WriteBackOrders }[];
    uploads: { name: string; mime: string }[];
    chains: AskedChain[];
  };
  /** The people of saved lists, by list. */
  listed: ReadonlyMap<string, readonly Person[]>;
  /** Follow-ups by their campaign. */
  chains: Map<string, FollowUpsStatus>;
  statuses: Map<string, CampaignStatus>;
  watched: Map<string, Watcher[]>;
  /** Blocks the next drafts. */
  blocking: Refusal[];
  /** Thrown by the next preflight: a bug. */
  bug: Error | undefined;
}

export function statusOf(id: string, state: CampaignState, values: Partial<CampaignStatus> = {}): CampaignStatus {
  return {
    id,
    name: `Рассылка ${id}`,
    state,
    template: 'welcome',
    audienceLabel: 'clients.csv',
    sender: 'DemoApp',
    ratePerSecond: 20,
    createdAt: new Date('2026-01-15T08:00:00Z'),
    test: false,
    ledgerAgeMs: 0,
    capPerSecond: 20,
    stateChangedAt: new Date('2026-01-15T08:30:00Z'),
    ledger: { ...emptyLedger(), total: 10, queued: 6, delivered: 3, failed: 1 },
    failures: { '131026': 1 },
    skips: {},
    ...values,
  };
}

const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"/>';

export function fakeServices(
  stores: Pick<
    BotServices,
    | 'notices'
    | 'sessions'
    | 'updates'
    | 'users'
    | 'templateDesk'
    | 'stoplist'
    | 'rules'
    | 'prices'
    | 'optOuts'
    | 'people'
    | 'team'
    | 'audit'
  >,
): FakeServices {
  const asked: FakeServices['asked'] = {
    created: [],
    started: [],
    commands: [],
    tests: [],
    lists: [],
    retries: [],
    writeBacks: [],
    uploads: [],
    chains: [],
  };
  const chains: FakeServices['chains'] = new Map();
  const statuses: FakeServices['statuses'] = new Map();
  const watched: FakeServices['watched'] = new Map();
  const lists: ListDocument[] = [];
  const rows = new Map<string, Person[]>();
  const writer: ListStore['writer'] = (listId) => ({
    add: async (people) => void rows.set(listId, [...(rows.get(listId) ?? []), ...people]),
    finish: async (head) => {
      lists.push(head);
      asked.lists.push({ name: head.name, count: head.count });
    },
    discard: async () => void rows.delete(listId),
  });
  const notFound = (id: string): ReturnType<typeof refused> => refused('campaign_not_found', { id });
  const templateOf = (id: string): Template => [WELCOME, PHOTO, OF_SECOND].find((one) => one.id === id) ?? WELCOME;

  const savedLists = createSavedLists({
    store: {
      audit: stores.audit,
      campaigns: { withList: async () => [] } as unknown as Store['campaigns'],
      lists: {
        all: async () => [...lists].reverse(),
        find: async (id: string) => lists.find(({ _id }) => _id === id),
        rename: async (id: string, name: string) => {
          const at = lists.findIndex(({ _id }) => _id === id);
          lists[at] = { ...lists[at]!, name };
        },
        remove: async (id: string) =>
          void lists.splice(
            lists.findIndex(({ _id }) => _id === id),
            1,
          ),
        rows: async function* (id: string) {
          yield* rows.get(id) ?? [];
        },
      } as unknown as ListStore,
    },
    series: async () => fakeSeries(),
  });

  const services: FakeServices = {
    ...stores,
    listed: rows,
    asked,
    statuses,
    chains,
    watched,
    blocking: [],
    bug: undefined,
    approvals: {
      card: async () => undefined,
      history: async () => ({ entries: [], nameOf: () => '' }),
      shownOpen: async () => [],
      shown: async () => undefined,
    },
    replies: {
      find: async (key) => refused('reply_gone', { id: key }),
      shownIn: async () => undefined,
      list: async () => ({ replies: [], count: 0 }),
      openUntil: async () => undefined,
      answer: async (key) => refused('reply_gone', { id: key }),
      end: async (key) => refused('reply_gone', { id: key }),
      shownOpen: async () => [],
      shown: async () => undefined,
      card: async () => '',
      whoOf: async () => '',
      nameOf: async () => '',
    },
    campaignNames: async (ids) =>
      new Map(ids.flatMap((id) => (statuses.has(id) ? [[id, statuses.get(id)!.name] as const] : []))),
    campaigns: {
      approvals: {
        approve: async (id) => refused('approval_gone', { id }),
        refuse: async (id) => refused('approval_gone', { id }),
        carryOut: async () => true,
        find: async () => undefined,
        open: async () => [],
      },
      followUps: fakeChains(chains, asked.chains),
      preflight: async (draft) => {
        if (services.bug) throw services.bug;
        return done(preflightOf(draft, templateOf(draft.template), services.blocking));
      },
      create: async (draft) => {
        asked.created.push(draft);
        const id = `c${asked.created.length}`;
        statuses.set(id, statusOf(id, 'draft', { name: draft.name, audienceLabel: draft.audienceLabel }));
        return done({ id });
      },
      start: async (id, { at } = {}) => {
        asked.started.push({ id, ...(at ? { at } : {}) });
        const status = statuses.get(id);
        if (!status) return notFound(id);
        if (status.state === 'draft') {
          statuses.set(id, { ...status, state: at ? 'scheduled' : 'running', ...(at ? { scheduledAt: at } : {}) });
        }
        return done(statuses.get(id)!);
      },
      command: async (id, request) => {
        asked.commands.push({ ...request, id });
        const status = statuses.get(id);
        if (!status) return notFound(id);
        const { command } = request;
        if (!commandFits(command, status.state)) return refused('campaign_state', { command, state: status.state });
        const state =
          ({ pause: 'paused', resume: 'running', cancel: 'cancelled' } as const)[command as 'pause'] ?? status.state;
        const moved: CampaignStatus = {
          ...status,
          state,
          ...(request.command === 'reschedule' ? { scheduledAt: request.at } : {}),
          ...(request.command === 'setRate' ? { ratePerSecond: request.ratePerSecond } : {}),
          ...(request.command === 'back' && {
            aside: (status.aside ?? []).filter((one) => one.sender !== request.sender),
          }),
        };
        statuses.set(id, moved);
        return done(moved);
      },
      ...fakeAgain(statuses, asked.retries),
      status: async (id) => {
        const status = statuses.get(id);
        return status ? done(status) : notFound(id);
      },
      list: async () => [...statuses.values()].reverse(),
      wait: () => Promise.reject(new Error('the bot waits for nothing')),
      sendOne: async ({ phone, params }) => {
        asked.tests.push({ phone, params });
        const state = phone.endsWith('0000') ? 'failed' : 'accepted';
        return done({ id: 't1', delivery: { state, code: '131026', detail: 'no WhatsApp' } as DeliveryDocument });
      },
    },
    templates: {
      list: async ({ sender } = {}) => {
        const templates = sender === 'SecondApp' ? [OF_SECOND] : [WELCOME, PHOTO, REJECTED];
        return done({ templates, syncedAt: new Date('2026-01-15T08:55:00Z') });
      },
    },
    followUps: async (id, state) =>
      asked.retries.filter((one) => one.id === id && one.made && one.state === state).map(({ made }) => made!),
    funnel: fakeFunnel(),
    crm: {
      tags: async () => done(['VIP', 'опт']),
      users: async () => done([{ id: 31, name: 'Ольга' }]),
      fields: async () =>
        done([
          { id: 51, name: 'Город', type: 'text', choices: [] },
          {
            id: 52,
            name: 'Источник',
            type: 'select',
            choices: [
              { id: 521, value: 'Сайт' },
              { id: 522, value: 'Звонок' },
            ],
          },
        ]),
      pipelines: async () =>
        done([
          {
            id: 7,
            name: 'Продажи',
            statuses: [
              { id: 71, name: 'Первый контакт' },
              { id: 72, name: 'Договор' },
            ],
          },
        ]),
    },
    lists: {
      ...savedLists,
      list: () => savedLists.all(100),
      file: async (listId) => ({ fileName: `list-${listId}.csv`, content: Buffer.from('Телефон\n') }),
      nameOf: async () => 'Ольга',
    },
    uploadMedia: createMediaUpload(
      oneSender({
        uploadMedia: async ({ name, mime }) => {
          asked.uploads.push({ name, mime });
          return '1234567890';
        },
      } as GupshupClient),
    ),
    audience: {
      importFile: (content, options) => importFile(content, { ...options, country: 'RU', lists: { writer } }),
      take: async () => undefined,
      drop: async (listId) =>
        void lists.splice(
          lists.findIndex(({ _id }) => _id === listId),
          1,
        ),
      rejected: async (listId, language) => {
        const list = lists.find(({ _id }) => _id === listId);
        return list && rejectedCsv(list, rows.get(listId) ?? [], { country: 'RU', language });
      },
      columns: async () =>
        done([
          { name: 'first_name', example: 'Иван' },
          { name: 'lead_price', example: '5000' },
        ]),
      phone: (text) => {
        const [phone] = normalisePhones(text, 'RU').valid;
        return phone ? done(phone.e164) : refused('phone_invalid', { value: text });
      },
      numbers: (text) => readPastedNumbers(text, 'RU'),
      join: (first, next) => joinPasted(first, next, 'RU'),
    },
    report: {
      message: async (subject) => done(`<b>Отчёт ${Object.values(subject).join('')}</b>`),
      file: async (subject, file) => {
        const content = file === 'png' ? await renderPng(PICTURE) : Buffer.from('phone;state\n');
        return done({ fileName: `report-${Object.values(subject).join('')}.${file}`, content });
      },
      variants: async () => ['A order_ready: sent 10, replied 1', 'B visit_reminder: sent 10, replied 3'],
      templates: async () => [{ key: 'abc', name: 'promo_autumn' }],
      answers: async (_id, { skip, limit }) => ({
        answers: [...Array(12).keys()].slice(skip, skip + limit).map((n) => ({
          ...{ phone: `+7916000${String(1000 + n)}`, name: `Человек ${n + 1}` },
          ...{ at: new Date('2026-01-15T09:00:00Z'), text: n === 0 ? 'Да, <хочу>' : 'ок' },
        })),
        count: 12,
      }),
      deadNumbers: async () => ['+79160000001', '+79160000002'],
    },
    copyOf: async () => done({ template: WELCOME, parameters: [], pace: { ratePerSecond: 5 } }),
    writeBack: {
      order: async (campaignId, orders) => {
        asked.writeBacks.push({ campaignId, orders });
        return done(statuses.get(campaignId)?.state === 'completed' ? 'started' : 'at_end');
      },
      status: async (campaignId) => {
        const orders = asked.writeBacks.findLast((one) => one.campaignId === campaignId)?.orders;
        return (
          orders && {
            orders,
            orderedAt: new Date(),
            counts: { note: { written: 3, refused: 0, left: 0 } },
            refused: [],
          }
        );
      },
    },
    senders: [{ app: 'DemoApp', source: '79990000000', sendsPerSecond: 20, isDefault: true }],
    capOf: () => 20,
    holidays: ['2026-12-31'],
    series: fakeSeries(),
    watchers: {
      add: async (id, watcher) => {
        const others = (watched.get(id) ?? []).filter(
          ({ chatId, messageId }) => chatId !== watcher.chatId || messageId !== watcher.messageId,
        );
        watched.set(id, [...others, watcher]);
      },
      remove: async (id, { chatId, messageId }) =>
        void watched.set(
          id,
          (watched.get(id) ?? []).filter((one) => one.chatId !== chatId || one.messageId !== messageId),
        ),
      active: async () =>
        [...watched].filter(([, list]) => list.length > 0).map(([campaignId, watchers]) => ({ campaignId, watchers })),
    },
  };
  return services;
}

export function preflightOf(draft: CampaignDraft, template: Template, blocking: Refusal[] = []): Preflight {
  const params = draft.parameters.map((source) =>
    source.kind === 'column' ? `<${source.column}>` : source.kind === 'link' ? source.target : source.value,
  );
  return {
    template,
    total: 12,
    sendable: blocking.length > 0 ? 0 : 10,
    skips: { invalid_phone: 2 },
    skipExamples: [
      { reason: 'invalid_phone', origin: draft.audience.kind === 'combined' ? '1:3' : '3', value: '12-34' },
    ],
    samples: [{ name: 'Иван', phone: '+79001112233', message: fillTemplate(template, params, draft.mediaUrl) }],
    blocking,
    warnings: [],
    secondsToSend: 1,
    cost: { currency: 'USD', from: 1.25, to: 1.25, pricesOf: '2026-01-01', unpriced: [] },
    ...(draft.hours && draft.hours !== 'any' && { hours: draft.hours }),
  };
}

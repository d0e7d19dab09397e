/** A bot on the sandbox's Telegram with services of the test's own, and a person who talks to it. */
import type { Db } from 'mongodb';
import { Telegraf } from 'telegraf';
import pino from 'pino';
import { createBot, type Bot } from '../../bot/bot';
import type { BotContext } from '../../bot/context';
import { pollTelegram } from '../../bot/polling';
import type { BotServices } from '../../bot/services/contract';
import type { Role } from '../../domain/roles';
import type { Message } from '../../sandbox/telegram/types';
import { createPeople } from '../../bot/services/people';
import { createOptOuts } from '../../bot/services/opt-outs';
import { createStoplist } from '../../bot/services/stoplist';
import { createTemplateDesk, type TemplateDesk } from '../../campaigns/template-desk';
import type { GupshupClient } from '../../clients/gupshup/client';
import { createAuditStore } from '../../store/audit';
import type { Store } from '../../store/connect';
import { createContactHistory } from '../../store/contact-history';
import { createRateCards } from '../../campaigns/rate-cards';
import { createPriceStore } from '../../store/prices';
import { createCountryRuleStore } from '../../store/country-rules';
import { createContactStore } from '../../store/contacts';
import { createNoticeStore, createSessionStore } from '../../store/bot-state';
import { createErasure } from '../../store/erasure';
import { createInvitationStore } from '../../store/invitations';
import { createJoin } from '../../store/joining';
import { createPossibleOptOutStore } from '../../store/possible-opt-outs';
import { createSuppressionStore } from '../../store/suppressions';
import { createCampaignStore } from '../../store/campaigns';
import { createChainStore } from '../../store/chains';
import { createTemplateDraftStore } from '../../store/template-drafts';
import { createTemplateStore } from '../../store/templates';
import { createUpdateInbox } from '../../store/update-inbox';
import { createUserStore } from '../../store/users';
import { startTelegram, ADMIN, TOKEN, type TestTelegram } from '../sandbox/telegram-support';
import { oneSender } from '../support/senders';
import { testMongo, waitFor } from '../support/servers';
import { fakeServices, type FakeServices } from './fake-services';

export { ADMIN };
export const STRANGER = 6666;

/** Thursday, 15 January 2026, 12:00 in Moscow. */
export const NOW = new Date('2026-01-15T09:00:00Z');

export interface Person {
  write(text: string, replyTo?: number): Promise<void>;
  /** Presses a button by its text, or a part of it, on the newest message that has it. */
  press(text: string): Promise<void>;
  /** Presses twice before the bot can answer. */
  pressTwice(text: string): Promise<void>;
  /** Files with the same `albumId` are sent together. */
  upload(name: string, content: string | Buffer, more?: { caption?: string; albumId?: string }): Promise<void>;
  /** A photo as Telegram's clients send it. */
  photo(content: Buffer): Promise<void>;
  /** What the chat shows, oldest first; the bot's messages only. */
  messages(): Promise<Message[]>;
  /** Waits until the bot's newest message contains the text (and every update so far is dealt with). */
  sees(text: string): Promise<Message>;
  /** Waits until some message of the bot's contains the text: an older one that was edited. */
  seesAnywhere(text: string): Promise<Message>;
  /** Texts of the pop-ups that the bot answered presses with. */
  alerts(): Promise<string[]>;
}

export interface World {
  telegram: TestTelegram;
  services: FakeServices;
  /** The stores behind the stop list and the search. */
  people: Pick<Store, 'audit' | 'contacts' | 'countryRules' | 'possibleOptOuts' | 'suppressions'>;
  db: Db;
  admin: Person;
  stranger: Person;
  /** All log lines. */
  log: Record<string, unknown>[];
  bot(): Bot;
  /** Stops the bot and starts another one on the same data. */
  restartBot(): Promise<void>;
  stop(): Promise<void>;
}

interface Running {
  bot: Bot;
  stop(): Promise<void>;
}

/**
 * `isStrict`: the bot spares Telegram as it does outside of tests, whose people press faster than anybody can. `now`: the
 * bot's clock, default `NOW`.
 */
export async function startWorld(
  options: { progressEveryMs?: number; isStrict?: true; now?: Date } = {},
): Promise<World> {
  const [telegram, mongo] = await Promise.all([startTelegram(), testMongo()]);
  const audit = createAuditStore(mongo.db);
  const people = {
    audit,
    contacts: createContactStore(mongo.db, audit),
    countryRules: createCountryRuleStore(mongo.db, audit),
    suppressions: await createSuppressionStore(mongo.db, audit),
    possibleOptOuts: createPossibleOptOutStore(mongo.db),
  };
  const users = createUserStore(mongo.db);
  const invitations = createInvitationStore(mongo.db);
  const services = fakeServices({
    audit,
    team: { invitations, join: createJoin(users, invitations) },
    notices: createNoticeStore(mongo.db),
    sessions: createSessionStore(mongo.db),
    updates: createUpdateInbox(mongo.db),
    users,
    templateDesk: deskOf(mongo.db),
    stoplist: createStoplist(people),
    rules: people.countryRules,
    prices: createRateCards(createPriceStore(mongo.db, audit)),
    optOuts: createOptOuts(people),
    people: createPeople(
      { ...people, history: createContactHistory(mongo.db), erasure: createErasure(mongo.db, people) },
      {
        country: 'RU',
        timezone: 'Europe/Moscow',
        nameOf:
          async () =>
          ({ kind }) =>
            kind,
      },
    ),
  });
  await services.users.syncSettings([ADMIN], NOW);
  const log: Record<string, unknown>[] = [];
  const start = (): Promise<Running> => startBot(telegram, services, log, options);
  let running = await start();
  const bot = (): Bot => running.bot;
  return {
    telegram,
    services,
    people,
    db: mongo.db,
    log,
    admin: person(telegram, ADMIN, bot),
    stranger: person(telegram, STRANGER, bot),
    bot,
    restartBot: async () => {
      await running.stop();
      running = await start();
    },
    stop: async () => {
      await running.stop();
      await telegram.stop();
      await mongo.close();
    },
  };
}

/** The id of the admin's newest own message. */
export async function lastOwn({ telegram }: World): Promise<number> {
  const view = await telegram.control<{ messages: { message_id: number; from?: { is_bot: boolean } }[] }>(`/chats/${ADMIN}`); // prettier-ignore
  return view.messages.filter(({ from }) => !from?.is_bot).at(-1)!.message_id;
}

/** Gupshup takes every template; `templates` says afterwards what it has become. */
function deskOf(db: Db): TemplateDesk {
  const gupshup: Pick<GupshupClient, 'listTemplates' | 'submitTemplate' | 'deleteTemplate'> = {
    listTemplates: async () => (await createTemplateStore(db).list('DemoApp')).templates,
    submitTemplate: async () => ({ kind: 'accepted', templateId: 'submitted-1', status: 'PENDING' }),
    deleteTemplate: async () => undefined,
  };
  const store = {
    templateDrafts: createTemplateDraftStore(db),
    templates: createTemplateStore(db),
    campaigns: createCampaignStore(db),
    chains: createChainStore(db),
  };
  return createTemplateDesk({ store, senders: oneSender(gupshup as GupshupClient) });
}

async function startBot(
  telegram: TestTelegram,
  services: BotServices,
  lines: Record<string, unknown>[],
  { progressEveryMs = 60_000, isStrict = false, now = NOW }: { progressEveryMs?: number; isStrict?: boolean; now?: Date } = {}, // prettier-ignore
): Promise<Running> {
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const telegraf = new Telegraf<BotContext>(TOKEN, {
    handlerTimeout: Infinity,
    telegram: { apiRoot: `${telegram.url}/` },
  });
  const bot = createBot({
    telegraf,
    services,
    zone: 'Europe/Moscow',
    language: 'ru',
    logger,
    clock: () => now,
    progressEveryMs,
    ...(!isStrict && { chatBudget: { perSecond: 100, burst: 100 } }),
  });
  const stopper = new AbortController();
  const polling = pollTelegram({ telegraf, log: logger, ready: () => undefined, stop: stopper.signal });
  bot.start();
  await waitFor(async () => (await telegram.control<{ polling: boolean }>('')).polling, { what: 'the bot to poll' });
  return {
    bot,
    stop: async () => {
      stopper.abort();
      await polling;
      await bot.stop();
    },
  };
}

interface ChatView {
  messages: Message[];
  callbacks: { answer?: { text?: string } }[];
}

export function person(telegram: TestTelegram, id: number, bot: () => Bot): Person {
  const view = (): Promise<ChatView> => telegram.control<ChatView>(`/chats/${id}`);
  const messages = async (): Promise<Message[]> => (await view()).messages.filter(({ from }) => from?.is_bot);
  // Lets Telegram's flood limits be as they are for a person who reads before pressing.
  const act = async (path: string, body: object): Promise<void> => {
    await telegram.later(5);
    await telegram.control(`/chats/${id}/${path}`, body);
  };
  const buttonOf = async (text: string): Promise<{ messageId: number; data: string }> =>
    waitFor(
      async () => {
        for (const message of (await messages()).reverse()) {
          const buttons = message.reply_markup?.inline_keyboard.flat() ?? [];
          const button = buttons.find((one) => one.text === text) ?? buttons.find((one) => one.text.includes(text));
          if (button?.callback_data) return { messageId: message.message_id, data: button.callback_data };
        }
        return undefined;
      },
      { what: `a button "${text}"` },
    );
  async function upload(
    as: 'document' | 'photo',
    name: string,
    content: string | Buffer,
    more: { caption?: string; albumId?: string } = {},
  ): Promise<void> {
    await telegram.later(5);
    const form = new FormData();
    form.set('file', new Blob([content]), name);
    for (const [field, value] of Object.entries(more)) form.set(field, value);
    const answer = await fetch(`${telegram.url}/sandbox/telegram/chats/${id}/${as}`, { method: 'POST', body: form });
    if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`);
  }
  return {
    write: (text, replyTo) => act('message', { text, ...(replyTo !== undefined && { replyTo }) }),
    press: async (text) => act('press', await buttonOf(text)),
    pressTwice: async (text) => {
      const button = await buttonOf(text);
      await telegram.later(5);
      await Promise.all([1, 2].map(() => telegram.control(`/chats/${id}/press`, button)));
    },
    upload: (name, content, more) => upload('document', name, content, more),
    photo: (content) => upload('photo', 'photo.png', content),
    messages,
    sees: (text) =>
      waitFor(
        async () => {
          const { pendingUpdates } = await telegram.control<{ pendingUpdates: number }>('');
          await bot().idle();
          const last = (await messages()).at(-1);
          if (pendingUpdates > 0 || !last?.text?.includes(text))
            throw new Error(`the newest message is: ${last?.text}`);
          return last;
        },
        { what: `"${text}"` },
      ),
    seesAnywhere: (text) =>
      waitFor(
        async () => {
          const { messages: shown, callbacks } = await view();
          const found = shown.findLast((message) => message.from?.is_bot && message.text?.includes(text));
          // What became of a press is in its pop-up, or in a message of another kind.
          if (!found)
            throw new Error(
              `the newest message is: ${shown.at(-1)?.text}; the last press: ${JSON.stringify(callbacks.at(-1))}`,
            );
          return found;
        },
        { what: `"${text}" in some message` },
      ),
    alerts: async () => (await view()).callbacks.flatMap(({ answer }) => (answer?.text ? [answer.text] : [])),
  };
}

/** Somebody of the team with this role, who has written nothing yet. */
export async function joined(
  { telegram, services, bot }: World,
  id: number,
  role: Role,
  name = `Имя ${id}`,
): Promise<Person> {
  await telegram.control('/users', { id, first_name: name });
  await services.users.admit(id, role, { kind: 'cli' }, NOW);
  return person(telegram, id, bot);
}

/** From the list of campaigns to the card of `Рассылка c1`. */
export async function openCard(one: Person, sees = '— идёт'): Promise<Message> {
  await one.write('/campaigns');
  await one.press('Рассылка c1');
  return one.sees(sees);
}

/** From the preview of a campaign to ten people: sent at once. */
export async function startNow(one: Person): Promise<void> {
  await one.press('когда отправить');
  await one.press('Сейчас');
  await one.press('Отправить 10');
  await one.sees('идёт');
}

/** A picture of one point. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A new campaign of the photo template, its questions answered one after another: the preview comes. */
export async function answerAll({ admin }: World): Promise<void> {
  await admin.write('/new');
  await admin.write('PHOTO');
  await admin.write('8 900 111-22-33');
  await admin.press('Взять образец');
  await admin.write('Новинка');
}

/** From the preview to the question of one part, by way of the card. */
export async function changePart(admin: Person, part: string): Promise<void> {
  await admin.press('✏️ Изменить');
  await admin.sees('на любую часть');
  await admin.press(part);
}

/** The texts of a message's buttons, row by row. */
export function buttonsOf(message: Message): string[] {
  return (message.reply_markup?.inline_keyboard ?? []).flat().map(({ text }) => text);
}

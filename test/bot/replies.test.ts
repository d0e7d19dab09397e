/** A reply reaches its person, is answered, marked as dealt with, or made an opt-out; from the stored reply to Telegram. */
import { createTellTeam } from '../../clients/tell-team';
import { createTelegramClient } from '../../clients/telegram';
import type { SendAnswer, TextSend } from '../../clients/gupshup/send';
import { createReplyDesk } from '../../campaigns/reply-desk';
import { createLogger } from '../../config/logger';
import { DEFAULT_OPT_OUT_WORDS } from '../../domain/opt-outs/opt-out-words';
import { createOptOuts } from '../../receipts/opt-outs';
import { runReplyNotices } from '../../activities/reply-notices';
import { repliesSummary } from '../../domain/replies';
import { namesFrom } from '../../report/approval';
import { factsOf, renderReply } from '../../report/reply-card';
import { createCampaignStore } from '../../store/campaigns';
import type { Store } from '../../store/connect';
import { createReplyStore, createSentStore } from '../../store/contact-history';
import { createDeliveryStore } from '../../store/deliveries';
import { createOpenReplyStore } from '../../store/open-replies';
import { createUserStore } from '../../store/users';
import { waitFor } from '../support/servers';
import { oneSender } from '../support/senders';
import { TOKEN } from '../sandbox/telegram-support';
import { accept, campaignDocument, phoneOf, queued } from '../store/support';
import { ADMIN, buttonsOf, joined, startWorld, type Person, type World } from './support';

const SELLER = 7101;
const OTHER = 7102;
const CLI = { kind: 'cli' } as const;
const CRM_URL = 'https://demo.amocrm.ru';
const log = createLogger('test', 'silent');

let world: World;
let store: Store;
let seller: Person;
let other: Person;
let sent: TextSend[];
let answerWith: () => Promise<SendAnswer>;
let responsible: number;
let stop: AbortController;
let telling: Promise<void>;

async function join(id: number, role: 'operator' | 'viewer'): Promise<Person> {
  const one = await joined(world, id, role);
  await one.write('/help');
  await one.sees('Что я умею');
  return one;
}

/** What is needed of a store here: the database is the bot's, which nobody has set up. */
function storeOf(db: World['db']): Store {
  return {
    ...world.people,
    campaigns: createCampaignStore(db),
    deliveries: createDeliveryStore(db),
    openReplies: createOpenReplyStore(db),
    replies: createReplyStore(db),
    sent: createSentStore(db),
    users: createUserStore(db, world.people.audit),
  } as unknown as Store;
}

let written = 0;
/** What the receiver makes of a message of this person. */
async function reply(n: number, text: string, at = new Date()): Promise<string> {
  const id = `wa-${++written}`;
  const optOuts = createOptOuts({ store, words: DEFAULT_OPT_OUT_WORDS, log });
  await optOuts.onReply({ kind: 'inbound', identity: id, id, phone: phoneOf(n), at, text });
  return (await store.openReplies.list({ skip: 0, limit: 99 })).replies.find(({ _id }) => _id === id)?.key ?? '';
}

beforeAll(async () => {
  world = await startWorld({ progressEveryMs: 200 });
  const { services, telegram, db } = world;
  store = storeOf(db);
  seller = await join(SELLER, 'operator');
  other = await join(OTHER, 'operator');
  await store.campaigns.insert(
    campaignDocument('c', {
      state: 'running',
      sender: 'BobcoferDemo',
      spec: { name: 'Весна <1>', audience: { kind: 'crm', pipelineId: 1, statusId: 2 }, repliesTo: [OTHER] },
    }),
  );
  const people = Array.from({ length: 9 }, (_, n) => queued(n, { origin: String(5000 + n), name: `Анна & ${n}` }));
  await store.deliveries.freeze('c', people);
  for (let n = 0; n < 9; n++) await accept(store, 'c', n, `m${n}`);
  const senders = oneSender({ sendText: (send: TextSend) => (sent.push(send), answerWith()) } as never, 'BobcoferDemo');
  Object.assign(services.replies, {
    ...createReplyDesk({ store, senders }),
    card: async (one, { language, zone }) =>
      renderReply(one, await factsOf(one, { store, crmUrl: CRM_URL }), {
        ...{ language, timezone: zone, now: new Date() },
        nameOf: namesFrom(await services.users.members(), language),
      }),
    whoOf: async (one) => (await factsOf(one, { store })).name ?? one.phone,
    nameOf: async (by, language) => namesFrom(await services.users.members(), language)(by),
  } satisfies World['services']['replies']);
  const tell = createTellTeam({
    telegram: createTelegramClient({ token: TOKEN, apiRoot: telegram.url }),
    team: services.users,
    language: 'ru',
    log,
  });
  stop = new AbortController();
  const leadsById = async (ids: readonly number[]): Promise<Map<number, never>> =>
    new Map(ids.map((id) => [id, { id, responsibleUserId: responsible } as never]));
  const options = { store, crm: { leadsById }, crmUrl: CRM_URL, tell, timezone: 'UTC', log, everyMs: 30 };
  // Two processes: each reply is told once.
  telling = Promise.all([1, 2].map(() => runReplyNotices(options, stop.signal))).then(() => undefined);
});
beforeEach(() => {
  sent = [];
  responsible = 1;
  answerWith = async () => ({ kind: 'accepted', messageId: `answer-${sent.length}` });
});
afterAll(async () => {
  stop.abort();
  await telling;
  await world.stop();
});

it('goes to the one responsible for the lead, who answers; everybody sees that it is dealt with, and /replies is empty', async () => {
  await store.users.setCrmUser(SELLER, 501, CLI);
  responsible = 501;
  await reply(0, 'Сколько <стоит>?');
  const notice = await seller.seesAnywhere('Анна & 0');
  for (const part of ['Весна <1>', 'Сколько <стоит>?', phoneOf(0), 'Свободно писать можно до'])
    expect(notice.text).toContain(part);
  expect(JSON.stringify(notice.entities)).toContain(`${CRM_URL}/leads/detail/5000`);
  expect(buttonsOf(notice)).toEqual(['↩️ Ответить', '✅ Обработано', '🔕 Отписать']);
  expect((await other.messages()).some(({ text }) => text?.includes('Анна & 0'))).toBe(false);
  await seller.write('/replies');
  await seller.sees('Ответы, которые ждут: 1');
  await seller.press('↩️ Ответить');
  await seller.sees('Что отправить в WhatsApp?');
  await seller.write('Пять тысяч');
  await seller.seesAnywhere('Отправлено, получатель Анна & 0');
  expect(sent).toEqual([{ destination: phoneOf(0), text: 'Пять тысяч' }]);
  await waitFor(async () => (await seller.messages()).some(({ text, reply_markup: keys }) => text?.includes('Отвечено: Имя 7101') && !keys), { what: 'the notice to say so' }); // prettier-ignore
  await seller.write('/replies');
  await seller.sees('Открытых ответов нет');
  const [entry] = await store.audit.find({ who: SELLER }).toArray();
  expect(JSON.stringify(await store.audit.find({ campaignId: 'c' }).toArray())).toContain('reply answered: accepted');
  expect(entry).toBeDefined();
});

it('Telegram’s own reply to a notice is the answer', async () => {
  await reply(8, 'Во сколько?');
  const notice = await other.seesAnywhere('Во сколько?');
  await other.write('В пять', notice.message_id);
  await other.seesAnywhere('Отправлено, получатель Анна & 8');
  expect(sent).toEqual([{ destination: phoneOf(8), text: 'В пять' }]);
  await other.seesAnywhere('Отвечено: Имя 7102');
});

it('nobody on the team is responsible: those whom the campaign names; a second "done" says who was first', async () => {
  const key = await reply(1, 'Перезвоните');
  await other.seesAnywhere('Анна & 1');
  await other.press('✅ Обработано');
  await other.seesAnywhere('Обработано: Имя 7102');
  expect(await store.openReplies.find(key)).toMatchObject({
    done: { how: 'done', by: { kind: 'telegram', id: OTHER } },
  });
  const again = await world.services.replies.end(key, 'done', CLI);
  expect(again).toMatchObject({ ok: true, value: { already: true, reply: { done: { by: { id: OTHER } } } } });
});

it('told once by two processes, and to nobody who may not handle replies', async () => {
  await store.users.setRole(OTHER, 'viewer', CLI);
  await reply(2, 'Только для роли');
  await waitFor(async () => (await store.openReplies.list({ skip: 0, limit: 9 })).replies.every(({ tellAt }) => !tellAt), { what: 'it to be settled' }); // prettier-ignore
  expect((await other.messages()).filter(({ text }) => text?.includes('Только для роли'))).toEqual([]);
  await store.users.setRole(OTHER, 'operator', CLI);
  for (const [one, n] of [1, 3, 5].entries()) await reply(n, `Вопрос №${one}.`);
  for (let one = 0; one < 3; one++) await other.seesAnywhere(`Вопрос №${one}.`);
  await waitFor(async () => (await store.openReplies.takeUntold(new Date(), new Date(), 1)).length === 0, { what: 'all to be told' }); // prettier-ignore
  const texts = (await other.messages()).flatMap(({ text }) => /Вопрос №\d\./.exec(text ?? '')?.[0] ?? []);
  expect(texts.toSorted()).toEqual(Array.from({ length: 3 }, (_, one) => `Вопрос №${one}.`));
});

it('what a person writes within seconds is one notice, which shows all of it, and one to deal with', async () => {
  const first = await reply(6, 'Здравствуйте');
  await other.seesAnywhere('Здравствуйте');
  expect(await reply(6, 'А доставка есть?')).toBe('');
  expect(await reply(6, 'В Омск')).toBe('');
  const notice = await other.seesAnywhere('Здравствуйте\nА доставка есть?\nВ Омск');
  const told = (await other.messages()).filter(({ text }) => text?.includes('Здравствуйте'));
  expect(told.map(({ message_id: id }) => id)).toEqual([notice.message_id]);
  expect(buttonsOf(notice)).toEqual(['↩️ Ответить', '✅ Обработано', '🔕 Отписать']);
  await world.services.replies.end(first, 'done', CLI);
  await other.seesAnywhere('В Омск');
  // Dealt with: what they write now is a new one.
  const next = await reply(6, 'Спасибо');
  expect(next).not.toBe('');
  await world.services.replies.end(next, 'done', CLI);
  const summary = repliesSummary(await store.openReplies.ofCampaign('c'));
  expect(summary.people).toBeGreaterThan(3);
});

it('an opt-out stops marketing; a STOP word is nobody’s to deal with', async () => {
  const key = await reply(4, 'Дорого у вас');
  await other.seesAnywhere('Дорого у вас');
  await world.services.replies.end(key, 'opted_out', CLI);
  expect(await store.suppressions.of(phoneOf(4))).toMatchObject([{ reason: 'opted_out', scope: 'marketing' }]);
  expect(await reply(5, 'СТОП')).toBe('');
});

describe('an answer', () => {
  const by = { kind: 'telegram', id: ADMIN } as const;
  const answer = (key: string, id: string, text = 'Да'): ReturnType<World['services']['replies']['answer']> =>
    world.services.replies.answer(key, { id, text, by });

  it('goes once for a press, whatever is repeated or corrected', async () => {
    const key = await reply(6, 'Есть?');
    const [first, second] = await Promise.all([answer(key, 'press'), answer(key, 'press', 'Да!')]);
    expect([first, second].map((one) => one.ok && one.value.state)).toContain('accepted');
    expect(await answer(key, 'press', 'Нет')).toMatchObject({ ok: true, value: { text: sent[0]!.text } });
    expect(sent).toHaveLength(1);
  });

  it('that WhatsApp did not deliver afterwards is told to who wrote it, and the reply waits again', async () => {
    const key = await reply(8, 'Где мой заказ?');
    const messageId = 'lost-later';
    answerWith = async () => ({ kind: 'accepted', messageId });
    const writer = { kind: 'telegram', id: SELLER } as const;
    expect(await world.services.replies.answer(key, { id: 'p8', text: 'Уже едет', by: writer })).toMatchObject({
      ok: true,
    });
    expect(await store.openReplies.find(key)).toMatchObject({ done: { how: 'answered' } });
    const failed = { messageId, code: '131047', detail: 'Re-engagement message' };
    expect(await store.openReplies.failAnswers([failed])).toEqual(new Set([messageId]));
    const notice = await seller.seesAnywhere('WhatsApp не доставил');
    expect(notice.text).toContain('Уже едет');
    expect(await store.openReplies.find(key)).toMatchObject({ open: true, answers: [{ state: 'failed' }] });
    // The receipt comes twice, and nobody else's message is an answer.
    const before = (await seller.messages()).length;
    expect(await store.openReplies.failAnswers([failed])).toEqual(new Set([messageId]));
    expect(await store.openReplies.failAnswers([{ messageId: 'other' }])).toEqual(new Set());
    await world.services.replies.end(key, 'done', CLI);
    expect((await seller.messages()).length).toBe(before);
  });

  it('that failed a day later, or in a test, is told to who wrote it and to nobody else', async () => {
    await store.campaigns.insert(campaignDocument('test', { state: 'running', sender: 'BobcoferDemo', test: true }));
    const ofReply: [string, object][] = [
      ['Жду со вчера', { at: new Date(Date.now() - 25 * 3_600_000) }],
      ['Жду в проверке', { campaignId: 'test' }],
    ];
    for (const [index, [words, facts]] of ofReply.entries()) {
      const key = await reply(8, words);
      await other.seesAnywhere(words);
      answerWith = async () => ({ kind: 'accepted', messageId: `late-${index}` });
      const writer = { kind: 'telegram', id: SELLER } as const;
      const sending = { id: `late-${index}`, text: `Сейчас ${index}`, by: writer };
      expect(await world.services.replies.answer(key, sending)).toMatchObject({
        ok: true,
        value: { state: 'accepted' },
      });
      const heard = (await other.messages()).length;
      await world.db.collection<{ key: string }>('replies').updateOne({ key }, { $set: facts });
      const failed = { messageId: `late-${index}`, code: '131047' };
      expect(await store.openReplies.failAnswers([failed])).toEqual(new Set([failed.messageId]));
      await seller.seesAnywhere(`Сейчас ${index}`);
      expect((await other.messages()).length).toBe(heard);
      await world.services.replies.end(key, 'done', CLI);
    }
  });

  it('whose outcome cannot be known is unknown and is not repeated by itself; so is one of a process that died', async () => {
    const key = await reply(6, 'А теперь?');
    answerWith = async () => ({ kind: 'ambiguous', detail: 'timeout' });
    expect(await answer(key, 'lost')).toMatchObject({ ok: true, value: { state: 'unknown' } });
    expect(await answer(key, 'lost')).toMatchObject({ ok: true, value: { state: 'unknown' } });
    await store.openReplies.beginAnswer(key, { id: 'died', text: 'x', by, at: new Date(), state: 'sending' });
    expect(await answer(key, 'died')).toMatchObject({ ok: true, value: { state: 'unknown' } });
    expect(sent).toHaveLength(1);
  });

  it('is refused outside the window, when too long or empty, when the person wants nothing, and by Gupshup', async () => {
    const closed = await reply(7, 'Вчера', new Date(Date.now() - 24 * 3_600_000 - 1));
    expect(await answer(closed, '1')).toMatchObject({ refusal: { code: 'reply_window_closed' } });
    // Another message of theirs opens it.
    const later = await reply(7, 'Сегодня');
    expect(await answer(closed, '2')).toMatchObject({ ok: true });
    expect(await answer(later, '3', ' ')).toMatchObject({ refusal: { code: 'reply_length' } });
    expect(await answer(later, '4', 'я'.repeat(4_097))).toMatchObject({ refusal: { code: 'reply_length' } });
    answerWith = async () => ({ kind: 'refused', status: 400, message: 'Invalid Destination' });
    const refused = { refusal: { code: 'reply_refused', values: { detail: 'Invalid Destination' } } };
    expect(await answer(later, '5')).toMatchObject(refused);
    expect(await store.openReplies.find(later)).toMatchObject({ open: true });
    const all = { phone: phoneOf(7), reason: 'manual', scope: 'all', createdAt: new Date(), createdBy: CLI } as const;
    await store.suppressions.add([all]);
    expect(await answer(later, '6')).toMatchObject({ refusal: { code: 'reply_suppressed' } });
    expect(await answer('gone', '7')).toMatchObject({ refusal: { code: 'reply_gone' } });
    expect(sent).toHaveLength(2);
  });
});

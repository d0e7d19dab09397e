/** The gate: groups are refused once, whoever writes there. The sandbox has no groups, so updates are made here. */
import type { Update } from 'telegraf/types';
import { createGate, type Gate } from '../../bot/middleware/team-only';
import type { TelegramPort } from '../../bot/telegram-port';
import { createUserStore } from '../../store/users';
import { testMongo } from '../support/servers';

let mongo: Awaited<ReturnType<typeof testMongo>>;
let sent: { chatId: number; html: string }[];
let gate: Gate;

beforeEach(async () => {
  mongo = await testMongo();
  sent = [];
  const port = {
    sendToStranger: async (chatId: number, { html }: { html: string }) => sent.push({ chatId, html }),
  } as unknown as TelegramPort;
  const users = createUserStore(mongo.db);
  await users.syncSettings([1], new Date());
  gate = createGate({
    users,
    port,
    zone: 'UTC',
    language: 'en',
    now: () => new Date(),
  });
});
afterEach(() => mongo.close());

const message = (from: number, chat: object): Update =>
  ({
    update_id: 1,
    message: { message_id: 1, date: 1, from: { id: from, first_name: 'A' }, chat, text: '/start' },
  }) as Update;

it('admits an admin in a private chat', async () => {
  expect(await gate.admit(message(1, { id: 1, type: 'private' }))).toEqual({ chatId: 1, userId: 1 });
  expect(sent).toEqual([]);
});

it('refuses a group once, even when an admin writes there', async () => {
  const group = { id: -100, type: 'supergroup' };
  expect(await gate.admit(message(1, group))).toBeUndefined();
  expect(await gate.admit(message(2, group))).toBeUndefined();
  expect(sent).toEqual([{ chatId: -100, html: 'I work in private chats only. Write to me directly.' }]);
});

it('ignores channels and what has no sender', async () => {
  expect(await gate.admit(message(1, { id: -5, type: 'channel' }))).toBeUndefined();
  expect(await gate.admit({ update_id: 2, channel_post: {} } as Update)).toBeUndefined();
});

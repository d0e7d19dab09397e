/** Who gets in: groups are refused once, however many write there. The sandbox has no groups, so updates are made here. */
import { Telegraf } from 'telegraf';
import type { Update } from 'telegraf/types';
import type { BotContext } from '../../bot/context';
import { teamOnly } from '../../bot/middleware/team-only';
import { createUserStore } from '../../store/users';
import { testMongo } from '../support/servers';

let mongo: Awaited<ReturnType<typeof testMongo>>;
let sent: { chatId: number; html: string }[];
let admitted: Pick<BotContext, 'chatId' | 'actor'>[];
let telegraf: Telegraf<BotContext>;

beforeEach(async () => {
  mongo = await testMongo();
  sent = [];
  admitted = [];
  const users = createUserStore(mongo.db);
  await users.syncSettings([1], new Date());
  telegraf = new Telegraf<BotContext>('1:token');
  telegraf.botInfo = { id: 1, is_bot: true, first_name: 'Bot', username: 'camp_bot' } as NonNullable<
    typeof telegraf.botInfo
  >;
  telegraf.use(
    teamOnly({
      users,
      join: async () => ({ kind: 'unknown' }),
      messages: { sendToStranger: async (chatId, { html }) => sent.push({ chatId, html }) },
      zone: 'UTC',
      language: 'en',
      now: () => new Date(),
    }),
    ({ chatId, actor }) => void admitted.push({ chatId, actor }),
  );
});
afterEach(() => mongo.close());

const message = (from: number, chat: object): Update =>
  ({
    update_id: 1,
    message: { message_id: 1, date: 1, from: { id: from, first_name: 'A' }, chat, text: '/start' },
  }) as Update;

it('admits an admin in a private chat', async () => {
  await telegraf.handleUpdate(message(1, { id: 1, type: 'private' }));
  expect(admitted).toEqual([{ chatId: 1, actor: { kind: 'telegram', id: 1 } }]);
  expect(sent).toEqual([]);
});

it('refuses a group once, even when an admin writes there', async () => {
  const group = { id: -100, type: 'supergroup' };
  await telegraf.handleUpdate(message(1, group));
  await telegraf.handleUpdate(message(2, group));
  expect(admitted).toEqual([]);
  expect(sent).toEqual([{ chatId: -100, html: 'I work in private chats only. Write to me directly.' }]);
});

it('ignores channels and what has no sender', async () => {
  await telegraf.handleUpdate(message(1, { id: -5, type: 'channel' }));
  await telegraf.handleUpdate({ update_id: 2, channel_post: {} } as Update);
  expect(admitted).toEqual([]);
});

/** Calls that go to a chat, made by Telegraf's own methods: a 429 is waited out, and nothing is told to who may not know. */
import pino from 'pino';
import { Telegraf } from 'telegraf';
import type { Update } from 'telegraf/types';
import type { BotContext } from '../../bot/context';
import { createFloodWaits } from '../../bot/middleware/flood-waits';
import { Unreachable } from '../../bot/telegram-answers';
import { ADMIN, startTelegram, TOKEN, type TestTelegram } from '../sandbox/telegram-support';

let telegram: TestTelegram;
beforeAll(async () => void (telegram = await startTelegram()));
afterAll(() => telegram.stop());

/** What a handler's `ctx.reply` comes to. */
async function reply(text: string, mayKnow: boolean): Promise<unknown> {
  const waits = createFloodWaits({
    mayKnow: async () => mayKnow,
    logger: pino({ level: 'silent' }),
    signal: new AbortController().signal,
  });
  const telegraf = new Telegraf<BotContext>(TOKEN, { telegram: { apiRoot: `${telegram.url}/` } });
  let outcome: unknown;
  telegraf.use(waits.middleware, async (ctx) => {
    outcome = await ctx.reply(text).then(
      () => 'sent',
      (error: unknown) => error,
    );
  });
  const from = { id: ADMIN, is_bot: false, first_name: 'A' };
  const chat = { id: ADMIN, type: 'private', first_name: 'A' };
  await telegraf.handleUpdate({ update_id: 1, message: { message_id: 1, date: 1, from, chat, text: 'x' } } as Update);
  return outcome;
}

const texts = async (): Promise<(string | undefined)[]> =>
  (await telegram.control<{ messages: { text?: string }[] }>(`/chats/${ADMIN}`)).messages.map(({ text }) => text);

it('`ctx.reply` waits as long as Telegram asks, and tries a broken line again', async () => {
  await telegram.control(`/chats/${ADMIN}/message`, { text: '/start' });
  await telegram.control('/faults', { kind: 'flood', method: 'sendMessage', retryAfter: 1 });
  expect(await reply('after the silence', true)).toBe('sent');
  await telegram.control('/faults', { kind: 'server_error', method: 'sendMessage' });
  expect(await reply('over a broken line', true)).toBe('sent');
  expect(await texts()).toEqual(expect.arrayContaining(['after the silence', 'over a broken line']));
});

it('nothing is told to a chat that may not know', async () => {
  expect(await reply('a secret', false)).toBeInstanceOf(Unreachable);
  expect(await texts()).not.toContain('a secret');
});

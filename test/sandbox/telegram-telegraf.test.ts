/** The real Telegraf 4.16.3 talks to the sandbox as it talks to Telegram. */
import { createHash } from 'node:crypto';
import { Markup, Telegraf, TelegramError } from 'telegraf';
import { message } from 'telegraf/filters';
import type { Message } from '../../sandbox/telegram/types';
import { ADMIN, startTelegram, TOKEN, type TestTelegram } from './telegram-support';

let telegram: TestTelegram;
let bot: Telegraf;
let running: Promise<void>;

/** Polls the chat until it looks as wanted. */
async function chatUntil(wanted: (messages: Message[]) => boolean): Promise<Message[]> {
  for (;;) {
    const { messages } = await telegram.control<{ messages: Message[] }>(`/chats/${ADMIN}`);
    if (wanted(messages)) return messages;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

beforeEach(async () => {
  telegram = await startTelegram();
  bot = new Telegraf(TOKEN, { telegram: { apiRoot: telegram.url } });
  bot.start((ctx) =>
    ctx.replyWithHTML(
      `<b>Hello</b>, ${ctx.from.first_name} ${ctx.payload}`,
      Markup.inlineKeyboard([[Markup.button.callback('More', 'more')]]),
    ),
  );
  bot.action('more', async (ctx) => {
    await ctx.answerCbQuery('One moment');
    await ctx.editMessageText('More it is');
    await ctx.replyWithDocument({ source: Buffer.from('a;b\n'), filename: 'report.csv' }, { caption: 'The report' });
  });
  bot.on(message('document'), async (ctx) => {
    const link = await ctx.telegram.getFileLink(ctx.message.document.file_id);
    const bytes = Buffer.from(await (await fetch(link)).arrayBuffer());
    await ctx.reply(createHash('sha256').update(bytes).digest('hex'));
  });
});
afterEach(async () => {
  bot.stop();
  await running;
  await telegram.stop();
});

/** Starts the bot and waits for its first poll: before that, stop() throws. */
async function launched(): Promise<void> {
  running = bot.launch();
  await polled();
}

async function polled(): Promise<void> {
  while (!(await telegram.control<{ polling: boolean }>('')).polling);
}

it('launches, answers a command, edits on a press, sends a buffer, and stops', async () => {
  await launched();
  await telegram.control(`/chats/${ADMIN}/message`, { text: '/start from-a-link' });
  const [, hello] = await chatUntil((messages) => messages.length === 2);
  expect(hello).toMatchObject({
    text: 'Hello, Анна from-a-link',
    entities: [{ type: 'bold', offset: 0, length: 5 }],
  });
  await telegram.control(`/chats/${ADMIN}/press`, { messageId: hello!.message_id, text: 'More' });
  const [, edited, report] = await chatUntil((messages) => messages.length === 3);
  expect(edited).toMatchObject({ message_id: hello!.message_id, text: 'More it is' });
  expect(report).toMatchObject({ caption: 'The report', document: { file_name: 'report.csv', file_size: 4 } });
  const shown = await fetch(`${telegram.url}/sandbox/telegram/files/${report!.document!.file_id}`);
  expect(await shown.text()).toBe('a;b\n');
});

it('downloads what a person uploaded by getFileLink, byte for byte', async () => {
  await launched();
  const bytes = Buffer.from('телефон;имя\n8 (999) 123-45-67;Ольга\n');
  const form = new FormData();
  form.set('file', new Blob([bytes]), 'люди.csv');
  await fetch(`${telegram.url}/sandbox/telegram/chats/${ADMIN}/document`, { method: 'POST', body: form });
  const [, answer] = await chatUntil((messages) => messages.length === 2);
  expect(answer?.text).toBe(createHash('sha256').update(bytes).digest('hex'));
});

it('gets refusals as TelegramError with code and retry_after', async () => {
  await launched();
  const failure = (call: Promise<unknown>): Promise<TelegramError> =>
    call.then(
      () => Promise.reject(new Error('A refusal was expected')),
      (error: TelegramError) => error,
    );
  expect(await failure(bot.telegram.sendMessage(77, 'x'))).toMatchObject({
    code: 400,
    description: 'Bad Request: chat not found',
  });
  await telegram.control('/faults', { kind: 'flood', retryAfter: 3, method: 'sendMessage' });
  const flood = await failure(bot.telegram.sendMessage(ADMIN, 'x'));
  expect(flood).toBeInstanceOf(TelegramError);
  expect(flood).toMatchObject({ code: 429, parameters: { retry_after: 3 } });
});

it('a second bot process takes the updates over and the first one ends with 409', async () => {
  await launched();
  const second = new Telegraf(TOKEN, { telegram: { apiRoot: telegram.url } });
  const taken = new Promise<string>((resolve) => {
    second.on(message('text'), (ctx) => resolve(ctx.message.text));
  });
  const ended = running.catch((error: TelegramError) => error.code);
  const secondRunning = second.launch();
  expect(await ended).toBe(409);
  running = Promise.resolve();
  await polled();
  await telegram.control(`/chats/${ADMIN}/message`, { text: 'hi' });
  expect(await taken).toBe('hi');
  second.stop();
  await secondRunning;
  bot = new Telegraf(TOKEN, { telegram: { apiRoot: telegram.url } });
  await launched();
});

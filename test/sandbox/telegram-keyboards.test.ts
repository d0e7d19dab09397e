/** Inline keyboards, presses and their answers (telegram.md#errors, telegram.md#methods-and-limits). */
import { ADMIN, keyboard, startTelegram, type TestTelegram } from './telegram-support';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTelegram();
});
afterEach(() => telegram.stop());

describe('keyboards in the Telegram sandbox', () => {
  it.each<[what: string, markup: object, description: string]>([
    ['66 bytes of data', { inline_keyboard: [[{ text: 'a', callback_data: 'я'.repeat(33) }]] }, 'BUTTON_DATA_INVALID'],
    [
      'no data',
      { inline_keyboard: [[{ text: 'a', callback_data: '' }]] },
      "can't parse inline keyboard button: text buttons are unallowed in the inline keyboard",
    ],
    [
      'a flat list',
      { inline_keyboard: [{ text: 'a', callback_data: 'x' }] },
      'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ],
    [
      'a link to a host without a dot',
      { inline_keyboard: [[{ text: 'a', url: 'http://localhost:8233' }]] },
      "inline keyboard button URL 'http://localhost:8233' is invalid: Wrong HTTP URL",
    ],
    [
      '101 buttons',
      { inline_keyboard: Array.from({ length: 101 }, (_, n) => [{ text: 'a', callback_data: `${n}` }]) },
      'reply markup is too long',
    ],
  ])('refuses %s', async (_what, reply_markup, description) => {
    await telegram.opened();
    const answer = await telegram.bot('sendMessage', { chat_id: ADMIN, text: 'x', reply_markup });
    expect(answer).toMatchObject({ status: 400, description: `Bad Request: ${description}` });
  });

  it('a press reaches the bot once and is answered within its time only', async () => {
    await telegram.opened();
    const sent = await telegram.say('?', { reply_markup: keyboard('c:1') });
    await telegram.control(`/chats/${ADMIN}/press`, { messageId: sent.message_id, text: 'Go' });
    const [, update] = await telegram.updates();
    expect(update?.callback_query).toMatchObject({
      data: 'c:1',
      from: { id: ADMIN },
      message: { message_id: sent.message_id },
    });
    const id = update!.callback_query!.id;
    await telegram.done('answerCallbackQuery', { callback_query_id: id, text: 'Done', show_alert: true });
    const chat = await telegram.control<{ callbacks: unknown[] }>(`/chats/${ADMIN}`);
    expect(chat.callbacks).toMatchObject([{ id, answer: { text: 'Done', showAlert: true } }]);

    await telegram.control(`/chats/${ADMIN}/press`, { messageId: sent.message_id, data: 'c:1' });
    const late = (await telegram.updates()).at(-1)!.callback_query!.id;
    await telegram.later(16);
    for (const callback_query_id of [late, 'made-up']) {
      expect(await telegram.bot('answerCallbackQuery', { callback_query_id })).toMatchObject({
        status: 400,
        description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
      });
    }
  });

  it('a button that is not there cannot be pressed', async () => {
    await telegram.opened();
    const sent = await telegram.say('?', { reply_markup: keyboard('c:1') });
    await telegram.done('editMessageText', { chat_id: ADMIN, message_id: sent.message_id, text: 'gone' });
    await expect(
      telegram.control(`/chats/${ADMIN}/press`, { messageId: sent.message_id, data: 'c:1' }),
    ).rejects.toThrow(/409.*has no such button/);
  });
});

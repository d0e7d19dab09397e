/**
 * Texts and commands on their way in: markup, entities, limits (telegram.md#errors, telegram.md#methods-and-limits).
 */
import { ADMIN, startTelegram, type TestTelegram } from './telegram-support';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTelegram();
});
afterEach(() => telegram.stop());

describe('texts in the Telegram sandbox', () => {
  it('HTML becomes plain text and entities counted in UTF-16 units', async () => {
    await telegram.opened();
    const message = await telegram.say(
      '  <b>Запуск 🚀 <i>сейчас</i></b> &lt;5 <a href="https://a.b/?x=1&amp;y=2">link</a>\n<pre><code class="language-js">x</code></pre> ',
      {
        parse_mode: 'HTML',
      },
    );
    expect(message.text).toBe('Запуск 🚀 сейчас <5 link\nx');
    expect(message.entities).toEqual([
      { type: 'bold', offset: 0, length: 16 },
      { type: 'italic', offset: 10, length: 6 },
      { type: 'text_link', offset: 20, length: 4, url: 'https://a.b/?x=1&y=2' },
      { type: 'pre', offset: 25, length: 1, language: 'js' },
    ]);
  });

  it('links, commands and mentions are found in plain text', async () => {
    await telegram.opened();
    const message = await telegram.say('See https://a.b/c, /help and @someone');
    expect(message.entities?.map((entity) => entity.type)).toEqual(['url', 'bot_command', 'mention']);
  });

  it.each([
    ['<b>x', `can't parse entities: Can't find end tag corresponding to start tag "b"`],
    ['é<x>y</x>', `can't parse entities: Unsupported start tag "x" at byte offset 2`],
    ['x</b>', `can't parse entities: Unexpected end tag at byte offset 1`],
    ['<b', `can't parse entities: Unclosed start tag at byte offset 0`],
    ['<b>x</i>', `can't parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`],
    ['1 < 2', `can't parse entities: Unsupported start tag "" at byte offset 2`],
    ['', 'message text is empty'],
    [' \n ', 'text must be non-empty'],
  ])('refuses %j', async (text, description) => {
    await telegram.opened();
    const answer = await telegram.bot('sendMessage', { chat_id: ADMIN, text, parse_mode: 'HTML' });
    expect(answer).toMatchObject({ status: 400, description: `Bad Request: ${description}` });
  });

  it('4096 characters pass, tags not counted, and not one more', async () => {
    await telegram.opened();
    const long = await telegram.bot('sendMessage', { chat_id: ADMIN, text: 'x'.repeat(4097) });
    expect(long).toMatchObject({ status: 400, description: 'Bad Request: message is too long' });
    expect((await telegram.say(`<b>${'x'.repeat(4096)}</b>`, { parse_mode: 'HTML' })).text).toHaveLength(4096);
  });
});

describe('the command menu', () => {
  it('a person sees the nearest list: their chat, then private chats, then all; their language first', async () => {
    const set = (description: string, more: object) =>
      telegram.done('setMyCommands', { commands: [{ command: 'a', description }], ...more });
    const seen = async () =>
      (await telegram.control<{ commands: { description: string }[] }>(`/chats/${ADMIN}`)).commands[0]?.description;
    await set('default', {});
    expect(await seen()).toBe('default');
    await set('default ru', { language_code: 'ru' });
    expect(await seen()).toBe('default ru');
    await set('private', { scope: { type: 'all_private_chats' } });
    expect(await seen()).toBe('private');
    await set('own', { scope: { type: 'chat', chat_id: ADMIN } });
    expect(await seen()).toBe('own');
    await telegram.done('deleteMyCommands', { scope: { type: 'chat', chat_id: ADMIN } });
    expect(await seen()).toBe('private');
  });

  it.each([
    [{ command: 'Bad-Name', description: 'x' }, 'BOT_COMMAND_INVALID'],
    [{ command: 'ok', description: '' }, 'BOT_COMMAND_DESCRIPTION_INVALID'],
  ])('refuses %j', async (command, description) => {
    expect(await telegram.bot('setMyCommands', { commands: [command] })).toMatchObject({
      status: 400,
      description: `Bad Request: ${description}`,
    });
  });
});

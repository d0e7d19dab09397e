/** getUpdates: long poll, offsets, take-over, expiry, and what outlives a restart (telegram.md#updates). */
import type { Message } from '../../sandbox/telegram/types';
import { ADMIN, keyboard, startTelegram, type TestTelegram } from './telegram-support';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTelegram();
});
afterEach(() => telegram.stop());

describe('updates of the Telegram sandbox', () => {
  it('come with rising ids and stay until an offset confirms them', async () => {
    await telegram.control(`/chats/${ADMIN}/message`, { text: '/start abc' });
    await telegram.control(`/chats/${ADMIN}/message`, { text: 'two' });
    const [first, second] = await telegram.updates();
    expect(first?.message).toMatchObject({
      text: '/start abc',
      entities: [{ type: 'bot_command', offset: 0, length: 6 }],
      from: { id: ADMIN, is_bot: false },
    });
    expect(second!.update_id).toBe(first!.update_id + 1);
    expect(await telegram.updates({ offset: first!.update_id, limit: 1 })).toHaveLength(1);
    expect(await telegram.updates({ offset: second!.update_id })).toEqual([second]);
    expect(await telegram.updates({ offset: second!.update_id + 1 })).toEqual([]);
  });

  it('a negative offset keeps only the last ones', async () => {
    for (const text of ['one', 'two', 'three']) await telegram.control(`/chats/${ADMIN}/message`, { text });
    const last = await telegram.updates({ offset: -1 });
    expect(last.map((update) => update.message?.text)).toEqual(['three']);
    expect(await telegram.updates()).toEqual(last);
  });

  it('a long poll answers as soon as something happens', async () => {
    const poll = telegram.updates({ timeout: 50 });
    await telegram.opened();
    expect(await poll).toHaveLength(1);
  });

  it('a newer poll takes over and the older one gets 409', async () => {
    const older = telegram.bot('getUpdates', { timeout: 50 });
    while (!(await telegram.control<{ polling: boolean }>('')).polling);
    const newer = telegram.updates({ timeout: 50 });
    expect(await older).toMatchObject({
      status: 409,
      description: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    });
    await telegram.opened();
    expect(await newer).toHaveLength(1);
  });

  it('only allowed kinds are queued, and the choice is remembered', async () => {
    await telegram.updates({ allowed_updates: ['my_chat_member'] });
    await telegram.opened();
    await telegram.control(`/chats/${ADMIN}/block`, {});
    expect((await telegram.updates()).map((update) => update.my_chat_member?.new_chat_member.status)).toEqual([
      'kicked',
    ]);
  });

  it('presses are lost after 150 s, messages after a day', async () => {
    await telegram.opened();
    const { message_id } = await telegram.say('?', { reply_markup: keyboard('x') });
    await telegram.control(`/chats/${ADMIN}/press`, { messageId: message_id, data: 'x' });
    expect(await telegram.updates()).toHaveLength(2);
    await telegram.later(151);
    expect((await telegram.updates()).map((update) => Object.keys(update)[1])).toEqual(['message']);
    await telegram.later(24 * 3600);
    expect(await telegram.updates()).toEqual([]);
  });

  it('outlive a restart, with chats, files and commands, and no id is given twice', async () => {
    await telegram.opened();
    await telegram.say('before');
    await telegram.done('setMyCommands', { commands: [{ command: 'new', description: 'New' }] });
    const [update] = await telegram.updates();
    telegram = await telegram.restart();
    expect(await telegram.updates()).toEqual([update]);
    const chat = await telegram.control<{ messages: Message[]; commands: unknown }>(`/chats/${ADMIN}`);
    expect(chat.messages.map((message) => message.text)).toEqual(['/start', 'before']);
    expect(chat.commands).toEqual([{ command: 'new', description: 'New' }]);
    expect((await telegram.say('after')).message_id).toBeGreaterThan(2);
  });
});

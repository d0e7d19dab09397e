/** Flood limits, blocked bots and faults on demand (telegram.md#rate-limits, telegram.md#unknown). */
import { createFloodLimits } from '../../sandbox/telegram/limits';
import type { Message } from '../../sandbox/telegram/types';
import { ADMIN, startTelegram, TOKEN, type TestTelegram } from './telegram-support';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTelegram();
});
afterEach(() => telegram.stop());

describe('limits and faults of the Telegram sandbox', () => {
  it('a chat takes a burst of five and then one a second, edits included', async () => {
    await telegram.opened();
    const sent = await telegram.say('1');
    for (const n of [2, 3, 4]) await telegram.say(String(n));
    await telegram.done('editMessageText', { chat_id: ADMIN, message_id: sent.message_id, text: '1b' });
    const refused = await telegram.bot('sendMessage', { chat_id: ADMIN, text: '6' });
    expect(refused).toMatchObject({
      status: 429,
      error_code: 429,
      description: 'Too Many Requests: retry after 1',
      parameters: { retry_after: 1 },
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    await telegram.later(1);
    expect((await telegram.bot('sendMessage', { chat_id: ADMIN, text: '6' })).ok).toBe(true);
  });

  it('all chats together take thirty a second', () => {
    let now = 0;
    const limits = createFloodLimits({ now: () => now });
    for (let chat = 0; chat < 30; chat++) limits.take(chat);
    expect(() => limits.take(30)).toThrow('Too Many Requests: retry after 1');
    now += 100;
    for (let chat = 0; chat < 3; chat++) limits.take(chat);
    expect(() => limits.take(30)).toThrow('Too Many Requests: retry after 1');
  });

  it('a person who blocked the bot is out of reach until they come back', async () => {
    await telegram.opened();
    await telegram.control(`/chats/${ADMIN}/block`, {});
    expect(await telegram.bot('sendMessage', { chat_id: ADMIN, text: 'x' })).toMatchObject({
      status: 403,
      description: 'Forbidden: bot was blocked by the user',
    });
    await telegram.control(`/chats/${ADMIN}/unblock`, {});
    await telegram.say('x');
    const members = (await telegram.updates()).flatMap((update) => update.my_chat_member?.new_chat_member.status ?? []);
    expect(members).toEqual(['kicked', 'member']);
  });

  it('faults hit the next calls and are used up', async () => {
    await telegram.opened();
    await telegram.control('/faults', { kind: 'flood', retryAfter: 42, method: 'sendMessage' });
    await telegram.control('/faults', { kind: 'server_error', method: 'sendMessage' });
    await telegram.control('/faults', { kind: 'bad_gateway', method: 'sendMessage' });
    await telegram.control('/faults', { kind: 'reset', method: 'sendMessage' });
    await telegram.control('/faults', { kind: 'lost_answer', method: 'sendMessage' });
    const send = () => telegram.bot('sendMessage', { chat_id: ADMIN, text: 'x' });
    expect(await send()).toMatchObject({ status: 429, parameters: { retry_after: 42 } });
    expect(await send()).toMatchObject({ status: 500 });
    const html = await fetch(`${telegram.url}/bot${TOKEN}/sendMessage`, { method: 'POST' });
    expect([html.status, html.headers.get('content-type')]).toEqual([502, expect.stringContaining('text/html')]);
    await expect(send()).rejects.toThrow();
    await expect(send()).rejects.toThrow();
    expect((await send()).ok).toBe(true);
    // The reset call never happened; the lost answer's did.
    const { messages } = await telegram.control<{ messages: Message[] }>(`/chats/${ADMIN}`);
    expect(messages.filter((message) => message.text === 'x')).toHaveLength(2);
  });
});

/** Edits and deletions (telegram.md#errors, telegram.md#methods-and-limits). */
import type { Message } from '../../sandbox/telegram/types';
import { ADMIN, keyboard, startTelegram, type TestTelegram } from './telegram-support';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTelegram();
});
afterEach(() => telegram.stop());

describe('edits and deletions', () => {
  it('an edit replaces the text, marks the date and takes away a keyboard that is not repeated', async () => {
    await telegram.opened();
    const sent = await telegram.say('one', { reply_markup: keyboard('x') });
    const edited = await telegram.done('editMessageText', { chat_id: ADMIN, message_id: sent.message_id, text: 'two' });
    expect(edited).toMatchObject({ message_id: sent.message_id, text: 'two', edit_date: expect.any(Number) });
    expect(edited.reply_markup).toBeUndefined();
  });

  it('an edit that changes nothing is refused', async () => {
    await telegram.opened();
    const sent = await telegram.say('<b>one</b>', { parse_mode: 'HTML', reply_markup: keyboard('x') });
    const again = { chat_id: ADMIN, message_id: sent.message_id, text: '<b>one</b>', parse_mode: 'HTML' };
    const answer = await telegram.bot('editMessageText', { ...again, reply_markup: keyboard('x') });
    expect(answer).toMatchObject({ status: 400, description: expect.stringContaining('message is not modified') });
    expect((await telegram.bot('editMessageText', { ...again, reply_markup: keyboard('y') })).ok).toBe(true);
  });

  it('foreign, missing and old messages are refused', async () => {
    const foreign = await telegram.opened();
    const sent = await telegram.say('mine');
    const refusal = async (method: string, message_id: number, more = {}) =>
      (await telegram.bot(method, { chat_id: ADMIN, message_id, ...more })).description;
    expect(await refusal('editMessageText', foreign.message_id, { text: 'x' })).toBe(
      "Bad Request: message can't be edited",
    );
    expect(await refusal('editMessageText', 999, { text: 'x' })).toBe('Bad Request: message to edit not found');
    expect(await refusal('deleteMessage', 999)).toBe('Bad Request: message to delete not found');
    await telegram.later(48 * 3600 + 1);
    expect(await refusal('deleteMessage', sent.message_id)).toBe("Bad Request: message can't be deleted");
  });

  it('deleted messages are gone; the bulk call passes over missing ones', async () => {
    await telegram.opened();
    const [one, two] = [await telegram.say('one'), await telegram.say('two')];
    await telegram.done('deleteMessages', { chat_id: ADMIN, message_ids: [one.message_id, 999, two.message_id] });
    const { messages } = await telegram.control<{ messages: Message[] }>(`/chats/${ADMIN}`);
    expect(messages.map((message) => message.text)).toEqual(['/start']);
  });
});

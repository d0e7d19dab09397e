/** Messages to Telegram from outside the bot's process: none is lost to the limits of a chat. */
import { createTelegramClient } from '../../clients/telegram';
import { ADMIN, startTelegram, TOKEN, type TestTelegram } from '../sandbox/telegram-support';

let telegram: TestTelegram;
beforeEach(async () => {
  telegram = await startTelegram();
});
afterEach(() => telegram.stop());

test('waits for the silence that Telegram asks for, and sends', async () => {
  await telegram.opened();
  const client = createTelegramClient({ token: TOKEN, apiRoot: telegram.url });
  const ids: (number | undefined)[] = [];
  // A chat takes five at once, then one a second.
  for (let n = 1; n <= 7; n++) ids.push(await client.send(ADMIN, `message ${n}`));
  expect(new Set(ids).size).toBe(7);
  expect(ids).not.toContain(undefined);
});

test('a long silence is left to the caller', async () => {
  await telegram.opened();
  await telegram.control('/faults', { kind: 'flood', retryAfter: 42, method: 'sendMessage' });
  const client = createTelegramClient({ token: TOKEN, apiRoot: telegram.url });
  await expect(client.send(ADMIN, 'message')).rejects.toMatchObject({ code: 429 });
});

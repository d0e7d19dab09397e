/** How the sandbox's Bot API is called (telegram.md#transport, telegram.md#errors). */
import { ADMIN, keyboard, startTelegram, TOKEN, type TestTelegram } from './telegram-support';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTelegram();
});
afterEach(() => telegram.stop());

describe('how the Telegram sandbox takes requests', () => {
  const call = (path: string, init?: RequestInit) => fetch(`${telegram.url}/bot${TOKEN}/${path}`, init);

  it('takes a call by GET, form, JSON and multipart, in any case, with nested arguments as JSON strings', async () => {
    await telegram.opened();
    const reply_markup = JSON.stringify(keyboard('a'));
    const query = new URLSearchParams({ chat_id: String(ADMIN), text: 'by query', reply_markup });
    const form = new FormData();
    form.set('chat_id', String(ADMIN));
    form.set('text', 'by multipart');
    form.set('reply_markup', reply_markup);
    const answers = await Promise.all([
      call(`SENDMESSAGE?${query}`),
      call('sendmessage', {
        method: 'POST',
        body: new URLSearchParams({ ...Object.fromEntries(query), text: 'by form' }),
      }),
      call('sendMessage', { method: 'POST', body: form }),
      call('sendMessage', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ chat_id: ADMIN, text: 'by JSON', reply_markup }),
      }),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ ok: true, result: { reply_markup: keyboard('a') } });
    }
  });

  it.each([
    ['bot123:abc/getMe', 401, 'Unauthorized'],
    ['botnonsense/getMe', 401, 'Unauthorized: invalid token specified'],
    [`bot${TOKEN}/getMeNot`, 404, 'Not Found: method not found'],
    [
      `bot${TOKEN}/sendMessage?chat_id=1&text=x&colour=red`,
      400,
      'Bad Request: sandbox: unknown parameter "colour" of sendMessage',
    ],
    [`bot${TOKEN}/sendMessage?text=x`, 400, 'Bad Request: chat_id is empty'],
    [`bot${TOKEN}/sendMessage?chat_id=77&text=x`, 400, 'Bad Request: chat not found'],
  ])('refuses %s with %i', async (path, status, description) => {
    const answer = await fetch(`${telegram.url}/${path}`);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ ok: false, error_code: status, description });
  });
});

/** Delivery of updates to a webhook (telegram.md#updates). */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message, Update } from '../../sandbox/telegram/types';
import { ADMIN, startTelegram, type TestTelegram } from './telegram-support';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTelegram();
});
afterEach(() => telegram.stop());

describe('webhooks of the Telegram sandbox', () => {
  interface Received {
    update: Update;
    secret: string | undefined;
  }

  /** A bot's own server; `answer` decides the status of each delivery. */
  async function receiver(answer: (received: Received, n: number) => { status: number; body?: object }) {
    const received: Received[] = [];
    const read = async (request: IncomingMessage): Promise<string> => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      return body;
    };
    const server = createServer((request, response) => {
      void read(request).then((body) => {
        const secret = request.headers['x-telegram-bot-api-secret-token'] as string | undefined;
        const delivery = { update: JSON.parse(body) as Update, secret };
        received.push(delivery);
        const { status, body: reply } = answer(delivery, received.length);
        response.writeHead(status, { 'content-type': 'application/json' }).end(reply ? JSON.stringify(reply) : '');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const stop = () => new Promise((resolve) => server.close(resolve));
    return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, stop };
  }

  async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  it('delivers with the secret, runs the call in the answer, and refuses getUpdates meanwhile', async () => {
    const hook = await receiver(() => ({
      status: 200,
      body: { method: 'sendMessage', chat_id: ADMIN, text: 'from the answer' },
    }));
    const set = await telegram.bot('setWebhook', { url: hook.url, secret_token: 's3cret' });
    expect(set).toMatchObject({ ok: true, result: true, description: 'Webhook was set' });
    await telegram.opened();
    await until(async () => (await telegram.control<{ messages: Message[] }>(`/chats/${ADMIN}`)).messages.length === 2);
    expect(hook.received).toMatchObject([{ secret: 's3cret', update: { message: { text: '/start' } } }]);
    expect(await telegram.bot('getUpdates')).toMatchObject({ status: 409 });
    expect(await telegram.done('getWebhookInfo')).toMatchObject({ url: hook.url, pending_update_count: 0 });
    await telegram.done('deleteWebhook');
    expect(await telegram.updates()).toEqual([]);
    await hook.stop();
  });

  it('repeats a failed delivery, in order, and tells the error', async () => {
    const hook = await receiver((_delivery, n) => ({ status: n === 1 ? 500 : 200 }));
    await telegram.done('setWebhook', { url: hook.url });
    await telegram.control(`/chats/${ADMIN}/message`, { text: 'one' });
    await telegram.control(`/chats/${ADMIN}/message`, { text: 'two' });
    await until(() => hook.received.length === 3);
    expect(hook.received.map(({ update }) => update.message?.text)).toEqual(['one', 'one', 'two']);
    expect(await telegram.done('getWebhookInfo')).toMatchObject({
      last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
    });
    await hook.stop();
  });

  it.each([
    ['http://example.com/', 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook'],
    ['https://example.com:8080/', 'Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443'],
  ])('refuses the address %s', async (url, description) => {
    expect(await telegram.bot('setWebhook', { url })).toMatchObject({ status: 400, description });
  });
});

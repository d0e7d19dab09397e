/** A Gupshup and a Telegram of the test's own over HTTP: each call is written down and answered as the test says. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGupshupClient, type GupshupClient } from '../../clients/gupshup/client';
import { createTelegramClient, type TelegramClient } from '../../clients/telegram';

/** `cut`: the connection ends without an answer. `held`: none within the client's time. */
export type GivenAnswer = { status: number; body?: unknown; headers?: Record<string, string> } | 'cut' | 'held';

export interface GupshupStandIn {
  client: GupshupClient;
  /** Numbers sent to, in the order of the calls. */
  calls: string[];
  /** How the next sends are answered; accepted when absent. */
  answer: (destination: string) => GivenAnswer | Promise<GivenAnswer> | undefined;
  /** Rows of the template list. */
  templates: object[];
  /** Nobody listens any more. */
  stop(): Promise<void>;
}

/** `timeoutMs`: of the client. */
export async function startGupshup(timeoutMs = 700): Promise<GupshupStandIn> {
  const server = createServer((request, response) => {
    void (async () => {
      if (request.method === 'GET') {
        return void response.end(JSON.stringify({ status: 'success', templates: standIn.templates }));
      }
      const destination = `+${new URLSearchParams(await bodyOf(request)).get('destination')}`;
      standIn.calls.push(destination);
      const answer = (await standIn.answer(destination)) ?? {
        status: 202,
        body: { status: 'submitted', messageId: `message-${standIn.calls.length}` },
      };
      if (answer === 'cut') request.socket.destroy();
      else if (answer !== 'held') {
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
      }
    })();
  });
  const baseUrl = await listen(server);
  const client = createGupshupClient({ baseUrl, apiKey: 'k', appName: 'DemoApp', appId: 'id', source: '79990000000', timeoutMs }); // prettier-ignore
  const standIn: GupshupStandIn = {
    client,
    calls: [],
    answer: () => undefined,
    templates: [],
    stop: async () => {
      await client.close();
      await closed(server);
    },
  };
  return standIn;
}

interface SentMessage {
  chat_id: number;
  text: string;
  reply_markup?: { inline_keyboard: TelegramStandIn['messages'][number]['buttons'] };
}

export interface TelegramStandIn {
  client: TelegramClient;
  messages: { chat: number; text: string; buttons: { text: string; callback_data: string }[][] }[];
  /** Status with which a chat refuses to be written to. */
  refusals: Map<number, number>;
  stop(): Promise<void>;
}

export async function startTelegramStandIn(): Promise<TelegramStandIn> {
  const messages: TelegramStandIn['messages'] = [];
  const refusals = new Map<number, number>();
  const server = createServer((request, response) => {
    void (async () => {
      const { chat_id: chat, text, reply_markup: keyboard } = JSON.parse(await bodyOf(request)) as SentMessage;
      const status = refusals.get(chat) ?? 200;
      if (status === 200) messages.push({ chat, text, buttons: keyboard?.inline_keyboard ?? [] });
      const answer = status === 200 ? { ok: true, result: { message_id: 1 } } : { ok: false, error_code: status, description: 'refused' }; // prettier-ignore
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    })();
  });
  const apiRoot = await listen(server);
  return {
    client: createTelegramClient({ token: '1:token', apiRoot }),
    messages,
    refusals,
    stop: () => closed(server),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += String(piece);
  return body;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
}

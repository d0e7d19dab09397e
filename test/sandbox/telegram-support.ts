/** A Telegram sandbox on a free port for a test, with the two sides of the conversation as functions. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { SandboxBus } from '../../sandbox/contract';
import { telegramSandbox, type TelegramSandboxOptions } from '../../sandbox/telegram';
import type { Message, Update } from '../../sandbox/telegram/types';

export const TOKEN = '7000000001:sandbox-AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
export const ADMIN = 5001;

export const keyboard = (data: string, text = 'Go'): object => ({ inline_keyboard: [[{ text, callback_data: data }]] });

export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  ok: boolean;
  result: T;
  description?: string;
  error_code?: number;
  parameters?: { retry_after: number };
}

export interface TestTelegram {
  url: string;
  bus: SandboxBus;
  home: string;
  server: FastifyInstance;
  /** A Bot API call with a JSON body. */
  bot<T = unknown>(method: string, args?: Record<string, unknown>): Promise<Answer<T>>;
  /** The result of a call that must succeed. */
  done<T = Message>(method: string, args?: Record<string, unknown>): Promise<T>;
  /** The sandbox's own interface: POST when there is a body. */
  control<T = Record<string, unknown>>(path: string, body?: unknown): Promise<T>;
  updates(args?: Record<string, unknown>): Promise<Update[]>;
  /** The admin has written, so that the bot may answer. */
  opened(): Promise<Message>;
  /** The bot writes to the admin. */
  say(text: string, more?: Record<string, unknown>): Promise<Message>;
  /** Moves the sandbox's clock, which also refills the flood limits. */
  later(seconds: number): Promise<void>;
  restart(): Promise<TestTelegram>;
  stop(): Promise<void>;
}

export async function startTelegram(
  options: Partial<TelegramSandboxOptions> = {},
  more: (server: FastifyInstance, bus: SandboxBus) => Promise<void> = async () => undefined,
): Promise<TestTelegram> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'bobcofer-telegram-')));
  const bus = options.bus ?? new SandboxBus();
  const server = fastify({ forceCloseConnections: true });
  await server.register(telegramSandbox({ home, bus, speed: 1, token: TOKEN, ...options }));
  await more(server, bus);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });

  const bot: TestTelegram['bot'] = async <T>(method: string, args: Record<string, unknown> = {}) => {
    const response = await fetch(`${url}/bot${TOKEN}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(args),
    });
    return { status: response.status, headers: response.headers, ...((await response.json()) as object) } as Answer<T>;
  };
  const done: TestTelegram['done'] = async <T>(method: string, args?: Record<string, unknown>) => {
    const answer = await bot<T>(method, args);
    if (!answer.ok) throw new Error(`${method}: ${answer.description}`);
    return answer.result;
  };
  const control: TestTelegram['control'] = async <T>(path: string, body?: unknown) => {
    const response = await fetch(`${url}/sandbox/telegram${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };

  return {
    url,
    bus,
    home,
    server,
    bot,
    done,
    control,
    updates: (args) => done<Update[]>('getUpdates', args),
    opened: async () =>
      (await control<{ messages: Message[] }>(`/chats/${ADMIN}/message`, { text: '/start' })).messages[0]!,
    say: (text, more) => done('sendMessage', { chat_id: ADMIN, text, ...more }),
    later: async (seconds) => void (await control('/clock', { advanceSeconds: seconds })),
    restart: async () => {
      await server.close();
      return startTelegram({ ...options, home }, more);
    },
    stop: async () => {
      await server.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

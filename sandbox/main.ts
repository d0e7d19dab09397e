/** The sandbox: Gupshup, amoCRM, Telegram and the chat page as one HTTP server on this machine. */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import fastify from 'fastify';
import { z } from 'zod';
import { createLogger } from '../config/logger';
import { mountAmocrm } from './amocrm';
import { namesByPhone } from './company/directory';
import { DEFAULT_LEADS, generateCompany } from './company/generate';
import { SandboxBus } from './contract';
import { SANDBOX_CREDENTIALS } from './credentials';
import { guardCallers } from './guard';
import { mountGupshup, toOwnApp } from './gupshup';
import { chatPage } from './page';
import { telegramSandbox } from './telegram';

export interface SandboxSettings {
  /** Folder for the state over restarts. */
  home: string;
  /** 0 = a free one. */
  port?: number;
  /** Receipt delays are divided by this. */
  speed?: number;
  /** Size of the demo company. */
  leads?: number;
  /** Address to listen on; default 127.0.0.1. */
  host?: string;
  /** Names it answers to besides those of the loopback interface. */
  names?: readonly string[];
}

export interface Sandbox {
  url: string;
  bus: SandboxBus;
  /** Writes the state and ends all connections. */
  close(): Promise<void>;
}

/** Starts a sandbox. Resolves once it answers. */
export async function createSandbox({
  home,
  port = 0,
  speed = 1,
  leads = DEFAULT_LEADS,
  host = '127.0.0.1',
  names = [],
}: SandboxSettings): Promise<Sandbox> {
  mkdirSync(home, { recursive: true });
  const app = fastify({
    pluginTimeout: 60_000,
    forceCloseConnections: true,
    bodyLimit: 64 * 1024 * 1024,
    rewriteUrl: ({ url = '/', headers }) => toOwnApp(url, headers['apikey']),
    routerOptions: { ignoreTrailingSlash: true },
  });
  guardCallers(app, names);
  const bus = new SandboxBus();
  bus.setMaxListeners(0);
  const company = generateCompany(leads);
  const people = namesByPhone(company);
  const options = { home, bus, speed };

  app.get('/healthz', async () => ({ status: 'ok' }));
  await mountGupshup(app, { ...options, nameOf: (phone) => people.get(phone) });
  await mountAmocrm(app, { home, company, bus });
  await app.register(telegramSandbox({ ...options, token: SANDBOX_CREDENTIALS.TELEGRAM_BOT_TOKEN }));
  await app.register(chatPage({ bus }));
  const url = await app.listen({ host, port });
  return { url, bus, close: () => app.close() };
}

const environment = z.object({
  SANDBOX_HOME: z.string().min(1).default('.bobcofer/sandbox'),
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  SANDBOX_HOST: z.string().min(1).default('127.0.0.1'),
  SANDBOX_NAMES: z.string().default(''),
  SANDBOX_SPEED: z.coerce.number().positive().default(1),
  SANDBOX_LEADS: z.coerce.number().int().positive().max(200_000).default(DEFAULT_LEADS),
});

async function main(): Promise<void> {
  const logger = createLogger('sandbox', process.env['LOG_LEVEL'] ?? 'info');
  const parsed = environment.safeParse(process.env);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    console.error(['Wrong settings:', ...problems, 'docs/sandbox.md explains each.'].join('\n'));
    process.exit(1);
  }
  const settings = parsed.data;
  const sandbox = await createSandbox({
    home: resolve(settings.SANDBOX_HOME),
    port: settings.SANDBOX_PORT,
    host: settings.SANDBOX_HOST,
    names: settings.SANDBOX_NAMES.split(',').filter(Boolean),
    speed: settings.SANDBOX_SPEED,
    leads: settings.SANDBOX_LEADS,
  });
  logger.info({ url: sandbox.url }, 'sandbox ready');
  const stop = (): void => void sandbox.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

if (require.main === module) void main();

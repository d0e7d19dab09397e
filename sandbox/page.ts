/** Serves the chat page at `/` and, at `/sandbox/events`, the live stream of what changed. */
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';
import type { SandboxBus, WhatsAppMessage } from './contract';

/** Changes are gathered this long: hundreds of receipts a second become ten writes. */
const GATHER_MS = 100;
const HEARTBEAT_MS = 15_000;
/** Nothing from anywhere but this server, and no inline code: the page also shows what strangers wrote. */
const CONTENT_POLICY =
  "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

export interface ChatPageOptions {
  bus: SandboxBus;
}

/**
 * Events of the stream: `telegram` `{"chatIds":[…]}` (chats to read again) and `whatsapp` `[WhatsAppMessage, …]`
 * (new or changed, each once, in its newest state).
 */
export function chatPage({ bus }: ChatPageOptions): FastifyPluginAsync {
  return async (fastify) => {
    await fastify.register(fastifyStatic, {
      root: join(__dirname, 'page'),
      // One route a file: paths of the other services stay free.
      wildcard: false,
      cacheControl: false,
      setHeaders: (response) => {
        response.setHeader('content-security-policy', CONTENT_POLICY);
        response.setHeader('cache-control', 'no-cache');
        response.setHeader('x-content-type-options', 'nosniff');
      },
    });

    const clients = new Set<ServerResponse>();
    const changed = { chats: new Set<number>(), messages: new Map<string, WhatsAppMessage>() };
    let gathering: NodeJS.Timeout | undefined;

    const write = (text: string): void => {
      for (const client of clients) client.write(text);
    };
    const flush = (): void => {
      gathering = undefined;
      if (changed.chats.size > 0) write(event('telegram', { chatIds: [...changed.chats] }));
      if (changed.messages.size > 0) write(event('whatsapp', [...changed.messages.values()]));
      changed.chats.clear();
      changed.messages.clear();
    };
    const gather = (): void => {
      if (clients.size > 0) gathering ??= setTimeout(flush, GATHER_MS);
    };
    const onTelegram = ({ chatId }: { chatId: number }): void => {
      if (clients.size > 0) changed.chats.add(chatId);
      gather();
    };
    const onWhatsapp = (message: WhatsAppMessage): void => {
      if (clients.size > 0) changed.messages.set(message.id, message);
      gather();
    };
    bus.on('telegram', onTelegram);
    bus.on('whatsapp', onWhatsapp);
    const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS);

    fastify.get('/sandbox/events', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        // Behind nginx the stream must not be held back.
        'x-accel-buffering': 'no',
      });
      reply.raw.write('retry: 1000\n\n');
      clients.add(reply.raw);
      reply.raw.on('close', () => clients.delete(reply.raw));
    });

    fastify.addHook('preClose', async () => {
      bus.off('telegram', onTelegram);
      bus.off('whatsapp', onWhatsapp);
      clearInterval(heartbeat);
      clearTimeout(gathering);
      for (const client of clients) client.end();
    });
  };
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * The codec server: decrypts payloads for whoever looks at Temporal through its UI or console tool, and shows its token. By
 * Temporal's remote codec protocol: `POST /decode` and `POST /encode` with `{payloads: [{metadata, data}]}` in base64.
 *
 * The token comes as `Authorization: Bearer …` (the console tool), or in a cookie that a browser gets at `/login` (the UI,
 * with "include cross-origin credentials"). From a browser only pages of the UI's origin may ask.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import type { Payload, PayloadCodec } from '@temporalio/common';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Logger } from '../config/logger';

export interface CodecServerOptions {
  codec: PayloadCodec;
  token: string;
  /** Where the Temporal UI is opened, such as http://127.0.0.1:8233. */
  uiOrigin: string;
  log: Logger;
}

const COOKIE = 'bobcofer-codec';
/** A browser asks for the token again after a working day (seconds). */
const COOKIE_SECONDS = 12 * 3600;
/** Wrong tokens from one address a minute; each guess would otherwise be free. */
const WRONG_A_MINUTE = 20;
const BODY_LIMIT = 8 * 1024 * 1024;

const base64 = z.base64().transform((text) => Uint8Array.from(Buffer.from(text, 'base64')));
const bodySchema = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), base64).default({}), data: base64.optional() })),
});

export function createCodecServer({ codec, token, uiOrigin, log }: CodecServerOptions): FastifyInstance {
  const server = Fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true, pluginTimeout: 60_000 });
  const isToken = (given: string | undefined): boolean => given !== undefined && isSame(given, token);

  server.addHook('onRequest', async (request, reply) => {
    // No page but the UI's reads an answer.
    if (request.headers.origin === uiOrigin)
      void reply.headers({
        'access-control-allow-origin': uiOrigin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': 'authorization, content-type, x-namespace',
        'access-control-allow-methods': 'POST',
        vary: 'Origin',
      });
    void reply.headers({ 'cache-control': 'no-store' });
  });
  server.options('*', (_request, reply) => reply.code(204).send());
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );

  void server.register(async (guarded) => {
    await guarded.register(rateLimit, { global: false });
    const wrongs = guarded.createRateLimit({ max: WRONG_A_MINUTE, timeWindow: 60_000 });
    /** 401, or 429 once there were too many; undefined for the right token. */
    const refusal = async (request: FastifyRequest, given: string | undefined): Promise<401 | 429 | undefined> => {
      if (isToken(given)) return undefined;
      const tried = await wrongs(request);
      if (!tried.isAllowed && tried.isExceeded) return 429;
      log.warn({ from: request.ip }, 'The codec server was asked without its token');
      return 401;
    };
    for (const [path, work] of [
      ['/decode', codec.decode],
      ['/encode', codec.encode],
    ] as const) {
      guarded.post(path, async (request, reply) => {
        const refused = await refusal(request, tokenOf(request));
        if (refused) return reply.code(refused).send();
        const body = bodySchema.safeParse(request.body);
        if (!body.success) return reply.code(400).send({ error: 'expected {"payloads":[{"metadata":{},"data":""}]}' });
        const payloads = await work(body.data.payloads as Payload[]).catch((error: Error) => error);
        if (payloads instanceof Error) {
          log.warn({ reason: payloads.message }, 'A payload could not be decrypted');
          return reply.code(422).send({ error: payloads.message });
        }
        return { payloads: payloads.map(written) };
      });
    }
    guarded.post('/login', async (request, reply) => {
      const given = z.object({ token: z.string() }).safeParse(request.body).data?.token;
      const refused = await refusal(request, given);
      if (refused) return reply.code(refused).type('text/html').send(page('That was not the token.'));
      const secure = request.protocol === 'https' ? '; Secure; SameSite=None' : '; SameSite=Strict';
      void reply.header('set-cookie', `${COOKIE}=${token}; HttpOnly; Path=/; Max-Age=${COOKIE_SECONDS}${secure}`);
      return reply.type('text/html').send(page('Payloads in the Temporal UI are legible in this browser now.'));
    });
  });
  server.get('/login', (_request, reply) => reply.type('text/html').send(page('')));
  return server;
}

function tokenOf({ headers }: FastifyRequest): string | undefined {
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  return bearer ?? new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(headers.cookie ?? '')?.[1];
}

/** Compares in a time that tells nothing. */
function isSame(one: string, other: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

function written({ metadata, data }: Payload): object {
  const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64');
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, text(value)]);
  return { metadata: Object.fromEntries(entries) as object, data: text(data) };
}

const page = (said: string): string => `<!doctype html><meta charset="utf-8"><title>Codec server</title>
<p>${said}</p><form method="post" action="/login">
<label>CODEC_TOKEN <input name="token" type="password" autocomplete="current-password" required></label>
<button>Sign in</button></form>`;

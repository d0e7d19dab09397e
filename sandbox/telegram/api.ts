/**
 * The Bot API's HTTP face: paths, tokens, envelope, status codes, file downloads (telegram.md#transport,
 * telegram.md#errors).
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { collectArguments, readArguments, type CallArguments } from './arguments';
import { ApiError, forbidden, tooManyRequests } from './errors';
import type { Fault, Faults } from './faults';
import { MAX_DOCUMENT_BYTES, type Files } from './files';
import type { Method } from './methods/method';

/** Room for the other parts of a multipart body around the largest file. */
const MAX_BODY_BYTES = MAX_DOCUMENT_BYTES + 1024 * 1024;
const BAD_GATEWAY =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n';

interface ApiDeps {
  token: string;
  files: Files;
  faults: Faults;
}

/** One call, from its arguments to the content beside `ok`. */
export type Caller = (
  method: string,
  args: CallArguments,
  signal: AbortSignal,
) => Promise<{ result: unknown; description?: string }>;

/** Runs one call; shared by HTTP and by what a webhook's answer asks for. Throws ApiError. */
export function createCaller(methods: Record<string, Method>): Caller {
  const byLowerName = new Map(Object.entries(methods).map(([name, found]) => [name.toLowerCase(), { name, ...found }]));
  return async (name, { values, uploads }, signal) => {
    const method = byLowerName.get(name.toLowerCase());
    if (!method) throw new ApiError(404, 'Not Found: method not found');
    // A file part may stand directly under the parameter's name.
    const attached = [...uploads.keys()].filter((part) => part in method.parameters.shape);
    const all = { ...values, ...Object.fromEntries(attached.map((part) => [part, `attach://${part}`])) };
    const result = await method.run(readArguments(method.name, method.parameters, all) as never, { uploads, signal });
    return { result, ...(method.describe ? { description: method.describe(result) } : {}) };
  };
}

/** Mounts `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
export function mountApi(fastify: FastifyInstance, { token, files, faults }: ApiDeps, call: Caller): void {
  fastify.route<{ Params: { token: string; method: string } }>({
    method: ['GET', 'POST'],
    url: '/bot:token/:method',
    bodyLimit: MAX_BODY_BYTES,
    async handler(request, reply) {
      checkToken(request.params.token, token);
      const hungUp = new AbortController();
      reply.raw.on('close', () => hungUp.abort());
      const fault = faults.take(request.params.method);
      if (fault && fault.kind !== 'lost_answer') return misbehave(fault, reply);
      const done = await call(request.params.method, await collectArguments(request), hungUp.signal);
      return fault ? misbehave(fault, reply) : { ok: true, ...done };
    },
  });

  fastify.get<{ Params: { token: string; '*': string } }>('/file/bot:token/*', async (request, reply) => {
    checkToken(request.params.token, token);
    const file = files.byPath(request.params['*']);
    if (!file) throw new ApiError(404, 'Not Found');
    // Name and type are not kept on this road: Telegram serves bytes.
    return reply.type('application/octet-stream').send(await files.read(files.find(file.fileId)));
  });

  fastify.all('/bot*', () => {
    throw new ApiError(404, 'Not Found');
  });
}

/** The envelope of a refusal. Anything that is not an ApiError is the sandbox's own fault. */
export function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  const refusal = error instanceof ApiError ? error : undefined;
  const status = refusal?.code ?? (error as { statusCode?: number }).statusCode ?? 500;
  if (refusal?.parameters) void reply.header('retry-after', refusal.parameters.retry_after);
  const description =
    refusal?.description ??
    (status === 413
      ? 'Request Entity Too Large'
      : status < 500
        ? "Bad Request: can't parse the request"
        : 'Internal Server Error');
  if (status >= 500 && !refusal) reply.log.error(error);
  return reply.status(status).send({
    ok: false,
    error_code: status,
    description,
    ...(refusal?.parameters ? { parameters: refusal.parameters } : {}),
  });
}

function checkToken(given: string, expected: string): void {
  if (!/^\d+:[\w-]+$/.test(given)) throw new ApiError(401, 'Unauthorized: invalid token specified');
  if (given !== expected) throw new ApiError(401, 'Unauthorized');
}

function misbehave(fault: Fault, reply: FastifyReply): FastifyReply {
  switch (fault.kind) {
    case 'flood':
      throw tooManyRequests(fault.retryAfter);
    case 'blocked':
      throw forbidden('bot was blocked by the user');
    case 'server_error':
      throw new ApiError(500, 'Internal Server Error: restart');
    case 'bad_gateway':
      return reply.status(502).type('text/html').send(BAD_GATEWAY);
    case 'reset':
    case 'lost_answer':
      reply.hijack();
      reply.raw.destroy();
      return reply;
    case 'hang':
      return reply.hijack();
  }
}

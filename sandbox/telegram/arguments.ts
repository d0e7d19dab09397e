/**
 * Arguments of a Bot API call: from query, form, JSON or multipart, typed as the server types them
 * (telegram.md#transport).
 */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError, badRequest } from './errors';
import type { Upload } from './files';

export interface CallArguments {
  values: Record<string, unknown>;
  /** Multipart file parts by name: what `attach://<name>` refers to. */
  uploads: Map<string, Upload>;
}

/** A whole number, also as digits in a string, as everywhere outside a JSON body. */
export const integer = z.preprocess(
  (value) => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value),
  z.number().int(),
);

export const flag = z.preprocess(
  (value) => (typeof value === 'string' ? ['true', 'yes', '1'].includes(value.toLowerCase()) : value),
  z.boolean(),
);

export const text = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string());

export const chatId = z.union([integer, z.string()]);

/** A nested value: JSON in a JSON body, or a string that holds it. */
export const nested = <S extends z.ZodType>(schema: S): z.ZodType<z.output<S>> =>
  z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.issues.push({ code: 'custom', message: 'not a JSON value', input: value });
      return z.NEVER;
    }
  }, schema) as unknown as z.ZodType<z.output<S>>;

/** Telegram's own words for what is most often missing. */
const MISSING: Record<string, string> = {
  chat_id: 'chat_id is empty',
  text: 'message text is empty',
  message_id: 'message identifier is not specified',
  document: 'there is no document in the request',
  photo: 'there is no photo in the request',
  file_id: 'file_id not specified',
  media: 'parameter "media" is required',
};

/**
 * The arguments as the method wants them. Throws 400. An unknown or unsupported parameter is refused too,
 * which the real server silently ignores: a misspelt name must not pass here.
 */
export function readArguments<S extends z.ZodType>(method: string, schema: S, values: unknown): z.output<S> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    throw badRequest(`sandbox: unknown parameter "${issue.keys.join('", "')}" of ${method}`);
  }
  const name = String(issue?.path[0] ?? '');
  if ((values as Record<string, unknown>)[name] === undefined) {
    throw badRequest(MISSING[name] ?? `parameter "${name}" is required`);
  }
  throw badRequest(`sandbox: wrong parameter ${issue?.path.join('.')} of ${method}: ${issue?.message}`);
}

/** Everything a request carries, query first, body over it. */
export async function collectArguments(request: FastifyRequest): Promise<CallArguments> {
  const values: Record<string, unknown> = { ...(request.query as Record<string, unknown>) };
  const uploads = new Map<string, Upload>();
  if (request.isMultipart()) {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        uploads.set(part.fieldname, {
          name: part.filename,
          mime: part.mimetype,
          bytes: await part.toBuffer().catch(() => {
            throw new ApiError(413, 'Request Entity Too Large');
          }),
        });
      } else values[part.fieldname] = part.value;
    }
  } else if (request.body && typeof request.body === 'object') Object.assign(values, request.body);
  // Telegraf sends the method's name along in multipart calls; null means "not given".
  delete values.method;
  for (const [name, value] of Object.entries(values)) if (value === null) delete values[name];
  return { values, uploads };
}

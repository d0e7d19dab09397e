/** The sandbox's own HTTP interface: the people's side of the chat, for the chat page and tests, and the switches. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { commandsFor } from './commands';
import { ApiError } from './errors';
import { collectArguments } from './arguments';
import { faultSchema, type Faults } from './faults';
import { MAX_DOCUMENT_BYTES, type Files } from './files';
import type { Presence } from './methods/method';
import { profileText } from './methods/profile';
import { CannotDo, type People } from './people';
import { personAsUser, type World } from './state';
import type { UpdateQueue } from './updates';

/** A chat's older messages stay out of the page. */
const SHOWN_MESSAGES = 300;
/** Only these are opened in the browser; the rest is downloaded, since a file may hold a script. */
const OPENED_TYPES = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
  'text/csv',
];

export interface ControlDeps {
  world: World;
  people: People;
  files: Files;
  updates: UpdateQueue;
  faults: Faults;
  presence: Presence;
}

const inChat = z.object({ userId: z.coerce.number().int() });
const uploadSchema = z.object({ caption: z.string().optional(), albumId: z.string().max(20).optional() });
const pressSchema = z
  .strictObject({ messageId: z.number().int(), data: z.string().optional(), text: z.string().optional() })
  .refine(
    ({ data, text }) => (data === undefined) !== (text === undefined),
    'Give either "data" or "text" of the button',
  );
const userSchema = z.strictObject({
  id: z.number().int().positive(),
  first_name: z.string().min(1).max(64),
  last_name: z.string().max(64).optional(),
  username: z.string().optional(),
  language_code: z.string().optional(),
});

/** Mounts `/sandbox/telegram/…`. Refusals are `{"error": "…"}` with 400, 404 or 409. */
export function mountControl(fastify: FastifyInstance, deps: ControlDeps): void {
  const { world, people, files, updates, faults } = deps;
  const chat = '/sandbox/telegram/chats/:userId';

  fastify.get<{ Querystring: { lang?: string } }>('/sandbox/telegram', ({ query }) => ({
    bot: {
      id: world.bot.id,
      username: world.bot.username,
      name: profileText(world, 'name') ?? world.bot.first_name,
      description: profileText(world, 'description', query.lang) ?? '',
      shortDescription: profileText(world, 'short_description', query.lang) ?? '',
    },
    users: Object.values(world.state.people),
    pendingUpdates: updates.pending().length,
    polling: updates.isPolled(),
    webhook: world.state.webhook?.url ?? null,
    now: world.now(),
  }));

  fastify.post('/sandbox/telegram/users', (request) => {
    const given = Object.entries(userSchema.parse(request.body)).filter(([, value]) => value !== undefined);
    const user = Object.fromEntries(given) as z.output<typeof userSchema> & { last_name?: string };
    const former = world.state.people[String(user.id)];
    const person = { ...(user as { id: number; first_name: string }), is_bot: false as const };
    world.state.people[String(user.id)] = { ...person, blockedBot: former?.blockedBot ?? false };
    world.changed();
    return user;
  });

  fastify.get(chat, (request) => chatView(deps, inChat.parse(request.params).userId));

  fastify.post(`${chat}/message`, (request) => {
    const { text, replyTo } = z
      .strictObject({ text: z.string().trim().min(1), replyTo: z.number().int().optional() })
      .parse(request.body);
    return { messages: people.write(inChat.parse(request.params).userId, text, replyTo) };
  });

  fastify.post(`${chat}/edit`, (request) => {
    const { messageId, text } = z
      .strictObject({ messageId: z.number().int(), text: z.string().min(1) })
      .parse(request.body);
    return people.rewrite(inChat.parse(request.params).userId, messageId, text);
  });

  fastify.post(`${chat}/press`, (request) => {
    const { messageId, ...button } = pressSchema.parse(request.body);
    return people.press(inChat.parse(request.params).userId, messageId, button);
  });

  for (const as of ['document', 'photo'] as const) {
    fastify.post(`${chat}/${as}`, { bodyLimit: MAX_DOCUMENT_BYTES + 1024 * 1024 }, async (request) => {
      const { values, uploads } = await collectArguments(request);
      const [upload] = uploads.values();
      if (!upload) throw new CannotDo('No file in the request: send multipart/form-data with one file part');
      const { caption, albumId } = uploadSchema.parse(values);
      return people.upload(inChat.parse(request.params).userId, upload, as, { caption, albumId });
    });
  }

  for (const [path, blocked] of [
    ['block', true],
    ['unblock', false],
  ] as const) {
    fastify.post(`${chat}/${path}`, (request) => {
      people.setBlocked(inChat.parse(request.params).userId, blocked);
      return { blocked };
    });
  }

  fastify.get<{ Params: { fileId: string } }>('/sandbox/telegram/files/:fileId', async (request, reply) => {
    const file = world.state.files[request.params.fileId];
    if (!file) throw new ApiError(404, `No file ${request.params.fileId}`);
    const opened = OPENED_TYPES.includes(file.mime);
    return reply
      .type(file.mime.startsWith('text/') ? 'text/plain; charset=utf-8' : file.mime)
      .header('content-security-policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'private, max-age=86400')
      .header(
        'content-disposition',
        `${opened ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      )
      .send(await files.read(file));
  });

  fastify.get('/sandbox/telegram/faults', () => faults.list());
  fastify.post('/sandbox/telegram/faults', (request) => {
    faults.add(faultSchema.parse(request.body));
    return faults.list();
  });
  fastify.delete('/sandbox/telegram/faults', () => {
    faults.clear();
    return [];
  });

  fastify.post('/sandbox/telegram/clock', (request) => {
    const { advanceSeconds } = z.strictObject({ advanceSeconds: z.number().positive() }).parse(request.body);
    world.state.clockAheadMs += advanceSeconds * 1000;
    world.changed();
    return { now: world.now() };
  });
}

/** A chat as the person's app shows it. `messages` are the Bot API's objects; fields hidden by the API are added. */
function chatView({ world, presence, updates }: ControlDeps, userId: number) {
  const person = world.state.people[String(userId)];
  if (!person) throw new ApiError(404, `No user ${userId}`);
  const chat = world.state.chats[String(userId)];
  const shown = chat?.messages.slice(-SHOWN_MESSAGES) ?? [];
  const waiting = new Set(updates.pending().map((update) => update.update_id));
  const action = presence.actions.get(userId);
  return {
    user: personAsUser(person),
    blocked: person.blockedBot,
    messages: shown.map((entry) => entry.message),
    /** Ids of the person's messages that the bot has fetched. */
    fetched: shown
      .filter((entry) => entry.updateId !== undefined && !waiting.has(entry.updateId))
      .map((entry) => entry.message.message_id),
    reactions: Object.fromEntries(
      shown.flatMap((entry) => (entry.reaction ? [[entry.message.message_id, entry.reaction]] : [])),
    ),
    pinned: chat?.messages.find((entry) => entry.message.message_id === chat.pinnedId)?.message ?? null,
    replyKeyboard: chat?.replyKeyboard ?? [],
    callbacks: world.state.callbacks.filter((callback) => callback.userId === userId).slice(-30),
    action: action && action.until > Date.now() ? { action: action.action, forMs: action.until - Date.now() } : null,
    draft: presence.drafts.get(userId) ?? null,
    commands: commandsFor(world.state, userId, person.language_code),
  };
}

/** Errors of the sandbox's own interface. */
export function controlError(error: unknown): { status: number; body: { error: string } } {
  if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
  if (error instanceof CannotDo) return { status: 409, body: { error: error.message } };
  if (error instanceof ApiError) return { status: error.code, body: { error: error.description } };
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  return { status, body: { error: error instanceof Error ? error.message : 'Unknown error' } };
}

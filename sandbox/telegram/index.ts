/** The sandbox's Telegram: the Bot API for the bot, and the people's side for the chat page and tests. */
import { join } from 'node:path';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { SandboxOptions } from '../contract';
import { openSnapshot } from '../snapshot';
import { createCaller, mountApi, sendError } from './api';
import { controlError, mountControl } from './control';
import { ApiError } from './errors';
import { createFaults } from './faults';
import { createFiles, MAX_DOCUMENT_BYTES } from './files';
import { createFloodLimits } from './limits';
import { createMessages } from './messages';
import { createMethods } from './methods';
import type { Presence } from './methods/method';
import { createPeople } from './people';
import { initialState, type World } from './state';
import type { BotUser, User } from './types';
import { createUpdateQueue } from './updates';
import { createWebhookDelivery } from './webhook';

export interface TelegramSandboxOptions extends SandboxOptions {
  /** The one bot this Telegram knows; its id is the number before the colon. */
  token: string;
  bot?: { first_name: string; username: string };
  /** Who sits at the chat page, on the first start. More by POST /sandbox/telegram/users. */
  people?: readonly User[];
  /** Whether a second answer to one button press is refused; reports about the real one disagree. */
  secondAnswerFails?: boolean;
}

const DEFAULT_BOT = { first_name: 'Bobcofer', username: 'bobcofer_bot' };
const DEFAULT_PEOPLE: User[] = [
  { id: 5001, is_bot: false, first_name: 'Анна', last_name: 'Админ', username: 'anna_admin', language_code: 'ru' },
  { id: 6666, is_bot: false, first_name: 'Олег', last_name: 'Чужой', username: 'oleg_stranger', language_code: 'ru' },
];
/** After a crash the last moments may be lost: ids given out then are not given out again. */
const ID_GAP = 100;

/**
 * Mounts `/bot<token>/<method>`, `/file/bot<token>/…` and `/sandbox/telegram/…`. State and files are kept in
 * `<home>/telegram`. Protocol: telegram.md#transport.
 */
export function telegramSandbox(options: TelegramSandboxOptions): FastifyPluginAsync {
  return async (fastify) => {
    const folder = join(options.home, 'telegram');
    const snapshot = openSnapshot(join(folder, 'state.json'), () => initialState(options.people ?? DEFAULT_PEOPLE));
    const world: World = {
      state: snapshot.value,
      changed: snapshot.changed,
      bus: options.bus,
      bot: botUser(options),
      now: () => Date.now() + snapshot.value.clockAheadMs,
    };
    skipIds(world);

    const updates = createUpdateQueue(world);
    const files = createFiles({ world, folder: join(folder, 'files') });
    const messages = createMessages({ world, limits: createFloodLimits(world) });
    const presence: Presence = { actions: new Map(), drafts: new Map() };
    const faults = createFaults();
    const methods = createMethods(
      { world, updates, messages, files, presence },
      { secondAnswerFails: options.secondAnswerFails ?? false },
    );
    const call = createCaller(methods);
    const closing = new AbortController();
    const webhook = createWebhookDelivery({
      world,
      updates,
      execute: (method, values) => call(method, { values, uploads: new Map() }, closing.signal),
    });

    await acceptBodies(fastify);
    await fastify.register(async (api) => {
      api.setErrorHandler((error, _request, reply) => sendError(error, reply));
      api.addHook('onResponse', async (request) => {
        // A webhook set just now has a queue to empty.
        if (/\/setWebhook/i.test(request.url)) webhook.pump();
      });
      mountApi(api, { token: options.token, files, faults }, call);
    });
    await fastify.register(async (control) => {
      control.setErrorHandler((error, _request, reply) => {
        const { status, body } = controlError(error);
        return reply.status(status).send(body);
      });
      const people = createPeople({ world, updates, files });
      mountControl(control, { world, people, files, updates, faults, presence });
    });

    webhook.pump();
    fastify.addHook('preClose', async () => {
      closing.abort();
      updates.interrupt(new ApiError(500, 'Internal Server Error: restart'));
      await webhook.stop();
    });
    fastify.addHook('onClose', async () => snapshot.flush());
  };
}

/** The four encodings of a call. A JSON body may be empty. */
async function acceptBodies(fastify: FastifyInstance): Promise<void> {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.trim() === '') done(null, {});
    else void parseJson(request, body, done);
  });
  fastify.addContentTypeParser<string>(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body)));
    },
  );
  await fastify.register(multipart, { limits: { fileSize: MAX_DOCUMENT_BYTES, fieldSize: 1024 * 1024, files: 12 } });
}

function botUser({ token, bot = DEFAULT_BOT }: TelegramSandboxOptions): BotUser {
  return {
    id: Number(token.split(':')[0]),
    is_bot: true,
    ...bot,
    can_join_groups: false,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
  };
}

function skipIds({ state }: World): void {
  if (Object.keys(state.chats).length === 0) return;
  state.nextUpdateId += ID_GAP;
  state.nextCallbackId += ID_GAP;
  state.nextFileNumber += ID_GAP;
  for (const chat of Object.values(state.chats)) chat.nextMessageId += ID_GAP;
}

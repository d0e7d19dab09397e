/** The sandbox against the machine-readable Bot API: its methods and parameters, and every object it emits. */
import { SandboxBus } from '../../sandbox/contract';
import { createMethods } from '../../sandbox/telegram/methods';
import type { Parts } from '../../sandbox/telegram/methods/method';
import type { Message } from '../../sandbox/telegram/types';
import specification from '../fixtures/telegram/bot-api-10.1-reduced.json';
import { ADMIN, keyboard, startTelegram, TOKEN, type TestTelegram } from './telegram-support';

interface Field {
  name: string;
  types: string[];
  required: boolean;
}
const METHODS: Record<string, { returns: string[]; fields: Field[] }> = specification.methods;
const TYPES: Record<string, { fields: Field[]; subtypes?: string[] }> = specification.types;

/** What is wrong with a value that should be one of these types; `[]` when nothing is. */
function problems(value: unknown, types: readonly string[], path: string): string[] {
  const each = types.map((type) => problemsOf(value, type, path));
  return each.find((found) => found.length === 0) ?? each[0] ?? [`${path}: no type`];
}

function problemsOf(value: unknown, type: string, path: string): string[] {
  if (type.startsWith('Array of ')) {
    if (!Array.isArray(value)) return [`${path}: ${type} expected`];
    return value.flatMap((item, n) => problems(item, [type.slice('Array of '.length)], `${path}[${n}]`));
  }
  const simple = { String: 'string', Integer: 'number', Boolean: 'boolean' }[type];
  if (simple) return typeof value === simple ? [] : [`${path}: ${type} expected, got ${typeof value}`];
  const known = TYPES[type];
  if (!known) return [`${path}: type ${type} is not in the fixture`];
  if (known.subtypes) return problems(value, known.subtypes, path);
  if (typeof value !== 'object' || value === null) return [`${path}: ${type} expected`];
  const given = value as Record<string, unknown>;
  return [
    ...known.fields
      .filter((field) => field.required && !(field.name in given))
      .map((field) => `${path}.${field.name}: missing`),
    ...Object.entries(given).flatMap(([name, inner]) => {
      const field = known.fields.find((candidate) => candidate.name === name);
      return field ? problems(inner, field.types, `${path}.${name}`) : [`${path}.${name}: not a field of ${type}`];
    }),
  ];
}

const methods = createMethods(
  { world: { state: {}, now: Date.now, changed: () => undefined, bus: new SandboxBus() } } as unknown as Parts,
  { secondAnswerFails: false },
);

it.each(Object.entries(methods))('%s takes only documented parameters, and wants the required ones', (name, method) => {
  const documented = METHODS[name]?.fields ?? [];
  const taken = Object.entries(method.parameters.shape);
  expect(documented.map((field) => field.name)).toEqual(expect.arrayContaining(taken.map(([parameter]) => parameter)));
  const required = taken.filter(([, schema]) => !schema.safeParse(undefined).success).map(([parameter]) => parameter);
  expect(required.sort()).toEqual(documented.flatMap((field) => (field.required ? field.name : [])).sort());
});

describe('every object is as documented', () => {
  let telegram: TestTelegram;
  const seen = new Set<string>();

  /** Calls and checks the result against the method's documented type. */
  async function call<T = Message>(method: string, args: Record<string, unknown> = {}): Promise<T> {
    await telegram.later(60);
    const result = await telegram.done<T>(method, args);
    expect(problems(result, METHODS[method]?.returns ?? [], method)).toEqual([]);
    seen.add(method);
    return result;
  }

  async function multipart(method: string, file: Blob, field: string, args: Record<string, string>): Promise<Message> {
    const form = new FormData();
    for (const [name, value] of Object.entries(args)) form.set(name, value);
    form.set(field, file, 'file.bin');
    const response = await fetch(`${telegram.url}/bot${TOKEN}/${method}`, { method: 'POST', body: form });
    const { result } = (await response.json()) as { result: Message };
    expect(problems(result, METHODS[method]?.returns ?? [], method)).toEqual([]);
    seen.add(method);
    return result;
  }

  beforeAll(async () => {
    telegram = await startTelegram();
  });
  afterAll(() => telegram.stop());

  it('in results of all methods and in all kinds of updates', async () => {
    const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const chat = { chat_id: ADMIN };
    const own = await telegram.opened();
    const buttons = {
      inline_keyboard: [
        [
          { text: 'a', callback_data: 'a', style: 'danger' },
          { text: 'b', url: 'https://a.b' },
          { text: 'c', copy_text: { text: 'x' } },
        ],
      ],
    };
    const sent = await call('sendMessage', {
      ...chat,
      text: '<b>x</b> <a href="https://a.b">y</a> <pre><code class="language-js">z</code></pre>',
      parse_mode: 'HTML',
      reply_markup: buttons,
      reply_parameters: { message_id: own.message_id },
      link_preview_options: { is_disabled: true },
      protect_content: true,
    });
    const at = { ...chat, message_id: sent.message_id };
    await call('editMessageText', { ...at, text: 'y', reply_markup: keyboard('a') });
    await call('editMessageReplyMarkup', { ...at, reply_markup: keyboard('b') });
    const document = await multipart('sendDocument', new Blob(['x']), 'document', {
      chat_id: String(ADMIN),
      caption: 'c',
    });
    await multipart('sendPhoto', new Blob([Buffer.from(PIXEL, 'base64')]), 'photo', { chat_id: String(ADMIN) });
    const media = [1, 2].map(() => ({ type: 'document', media: document.document?.file_id }));
    await call('sendMediaGroup', { ...chat, media });
    await call('editMessageCaption', { ...chat, message_id: document.message_id, caption: 'd' });
    await call('getFile', { file_id: document.document?.file_id });
    await call('copyMessage', { ...at, from_chat_id: ADMIN });
    await call('forwardMessage', { ...at, from_chat_id: ADMIN });
    await call('sendChatAction', { ...chat, action: 'typing' });
    await call('sendMessageDraft', { ...chat, draft_id: 1, text: 'thinking' });
    await call('pinChatMessage', at);
    await call('setMessageReaction', { ...at, reaction: [{ type: 'emoji', emoji: '👍' }] });
    await call('setMyCommands', { commands: [{ command: 'new', description: 'New' }] });
    await call('getMyCommands');
    await call('deleteMyCommands');
    await call('setMyName', { name: 'Camp' });
    await call('setMyDescription', { description: 'd' });
    await call('setMyShortDescription', { short_description: 's' });
    await call('setChatMenuButton', { menu_button: { type: 'commands' } });
    await call('getMe');

    await telegram.control(`/chats/${ADMIN}/press`, { messageId: sent.message_id, data: 'b' });
    await telegram.control(`/chats/${ADMIN}/edit`, { messageId: own.message_id, text: 'rewritten' });
    await telegram.control(`/chats/${ADMIN}/block`, {});
    await telegram.control(`/chats/${ADMIN}/unblock`, {});
    const form = new FormData();
    form.set('file', new Blob(['a,b']), 'a.csv');
    form.set('caption', 'list');
    await fetch(`${telegram.url}/sandbox/telegram/chats/${ADMIN}/document`, { method: 'POST', body: form });
    const updates = await telegram.updates();
    expect(problems(updates, METHODS.getUpdates!.returns, 'getUpdates')).toEqual([]);
    seen.add('getUpdates');
    const press = updates.find((update) => update.callback_query)?.callback_query;
    await telegram.done('answerCallbackQuery', { callback_query_id: press?.id });
    seen.add('answerCallbackQuery');
    expect(new Set(updates.flatMap((update) => Object.keys(update).slice(1)))).toEqual(
      new Set(['message', 'callback_query', 'edited_message', 'my_chat_member']),
    );

    await call('deleteMessage', at);
    await call('deleteMessages', { ...chat, message_ids: [document.message_id] });
    await call('setWebhook', { url: 'http://127.0.0.1:9/' });
    await call('getWebhookInfo');
    await call('deleteWebhook');
    await call('logOut');
    await telegram.later(600);
    await call('close');
    expect(Object.keys(methods).filter((name) => !seen.has(name))).toEqual([]);
  });
});

/** `templates draft|check|submit|status|delete` against the sandbox, and the watch that tells the team of Meta's answer. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTemplateDesk } from '../../campaigns/template-desk';
import { runTemplateReviews } from '../../campaigns/template-reviews';
import { createGupshupClient } from '../../clients/gupshup/client';
import type { TeamMessage } from '../../clients/tell-team';
import { createLogger } from '../../config/logger';
import { createTemplateEvents } from '../../receipts/template-events';
import { SANDBOX_CREDENTIALS } from '../../sandbox/credentials';
import { createSandbox, type Sandbox } from '../../sandbox/main';
import { connectStore, type Store } from '../../store/connect';
import { call } from '../sandbox/sandbox-support';
import { startStore, type TestStore } from '../store/support';
import { waitFor } from '../support/servers';
import { runHere, settingsFor, type Outcome } from './harness';

const folder = mkdtempSync(join(tmpdir(), 'bobcofer-cli-drafts-'));
const OWNER = 7_001;
let own: TestStore;
let sandbox: Sandbox;
let store: Store;
let environment: Record<string, string>;
const told: { text: string; to: number }[] = [];
const stop = new AbortController();
let watching: Promise<void>;
let close: () => Promise<void>;

beforeAll(async () => {
  own = await startStore();
  sandbox = await createSandbox({ home: folder, leads: 5, speed: 50 });
  const baseUrl = `${sandbox.url}/gupshup`;
  environment = { ...settingsFor(own.uri), ...SANDBOX_CREDENTIALS, GUPSHUP_BASE_URL: baseUrl };
  store = await connectStore(own.uri);
  await store.users.admit(OWNER, 'owner', { kind: 'cli' }, new Date());
  const {
    GUPSHUP_API_KEY: apiKey,
    GUPSHUP_APP_NAME: app,
    GUPSHUP_APP_ID: appId,
    GUPSHUP_SOURCE: source,
  } = SANDBOX_CREDENTIALS;
  const gupshup = createGupshupClient({ baseUrl, apiKey, appName: app, appId, source, timeoutMs: 5_000 });
  close = () => gupshup.close();
  const sender = { app, gupshup } as never;
  const desk = createTemplateDesk({ store, senders: { all: [sender], byDefault: sender, find: () => sender } });
  const log = createLogger('test', 'silent');
  watching = runTemplateReviews(
    {
      ...{ store, desk, log, everyMs: 50 },
      tell: async (_right, to, _subject, write, onSent) => {
        for (const id of to as Set<number>) {
          told.push({ to: id, text: ((await write('ru')) as TeamMessage).text });
          await onSent?.({ chatId: id, messageId: 1 });
        }
        return 1;
      },
    },
    stop.signal,
  );
});
afterAll(async () => {
  stop.abort();
  await watching;
  await close?.();
  await store?.close();
  await sandbox?.close();
  await own?.close();
  rmSync(folder, { recursive: true, force: true });
});

const templates = (...words: string[]): Promise<Outcome> => runHere(['templates', ...words], environment);
async function json<T>(...words: string[]): Promise<T> {
  const { stdout, stderr } = await templates(...words, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as T;
}
interface Draft {
  id: string;
  state: string;
  draft: { name: string };
  ready: boolean;
  category?: string;
  reason?: string;
  why?: string;
  problems: { code: string; text: string }[];
}
const BODY = 'Здравствуйте, {{1}}! Вышел новый каталог кухонь, посмотрите, что появилось.';
const good = [
  '--category',
  'MARKETING',
  '--language',
  'ru',
  '--body',
  BODY,
  '--sample',
  'Анна',
  '--button',
  'Отписаться',
];
/** What came of it, read from the store: `status` would look by itself. */
const decided = (id: string): Promise<NonNullable<Awaited<ReturnType<Store['templateDrafts']['find']>>>> =>
  waitFor(
    async () => {
      const one = await store.templateDrafts.find(id);
      return one?.decidedAt ? one : undefined;
    },
    { what: 'an answer of Meta' },
  );
/** The watch looks first after 15 s; as if that had passed. */
const lookNow = (id: string): Promise<void> => store.templateDrafts.lookAgain(id, new Date());
const toldOf = (name: string): Promise<string> =>
  waitFor(() => Promise.resolve(told.find(({ text }) => text.includes(`<b>${name}</b>`))?.text), { what: 'a notice' });

test('drafted with a suggested name, with problems, changed, submitted and approved; the team is told once', async () => {
  const first = await json<Draft>('draft', '--category', 'MARKETING', '--language', 'ru', '--body', `${BODY} {{2}}`);
  expect(first).toMatchObject({ state: 'draft', ready: false, draft: { name: 'vyshel_novyy_katalog_kukhon' } });
  expect(first.problems.map(({ code }) => code)).toEqual([
    'variable_edge',
    'sample_missing',
    'sample_missing',
    'opt_out_missing',
  ]);
  const { stdout, exitCode } = await templates('check', first.id);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('⛔️ Text: The text begins or ends with the variable {{2}}.');
  expect(await templates('submit', first.id)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('cannot be submitted yet: 4 things to correct. The first: Text:'),
  });

  expect(await templates('draft', '--id', first.id, '--sender', 'Other', ...good)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`draft ${first.id} is for ${SANDBOX_CREDENTIALS.GUPSHUP_APP_NAME}`),
  });
  const changed = await json<Draft>('draft', '--id', first.id, ...good);
  expect(changed).toMatchObject({ id: first.id, ready: true, problems: [] });
  expect((await templates('check', first.id)).exitCode).toBe(0);
  expect(await json<Draft>('submit', first.id)).toMatchObject({ state: 'pending' });
  expect(await templates('draft', '--id', first.id, ...good)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('cannot be changed: under review by Meta'),
  });
  await waitFor(async () => (await json<Draft>('status', first.id)).state === 'approved', { what: 'the review' });
  expect(await toldOf('vyshel_novyy_katalog_kukhon')).toContain('Meta одобрила шаблон');
  expect(told.filter(({ text }) => text.includes('vyshel_novyy_katalog_kukhon'))).toHaveLength(1);
  const listed = await json<{ name: string; status: string }[]>('list');
  expect(listed).toContainEqual(expect.objectContaining({ name: 'vyshel_novyy_katalog_kukhon', status: 'APPROVED' }));
});

test('a rejection comes by the event alone, with the reason in plain words; written anew it has another name', async () => {
  const words = 'Здравствуйте, {{1}}! Пришлите нам номер карты и пароль, чтобы получить каталог.';
  const bad = await json<Draft>('draft', ...good.with(good.indexOf(BODY), words), '--name', 'card_data');
  await templates('submit', bad.id);
  const { templateId } = (await store.templateDrafts.find(bad.id))!;
  // Long before the watch looks by itself: within 15 s nothing has asked Gupshup.
  const events = createTemplateEvents({ store, stopCampaigns: { ofTemplate: async () => undefined } as never });
  await events.apply(
    {
      kind: 'template',
      event: 'status',
      status: 'REJECTED',
      reason: 'SCAM',
      templateId: templateId!,
      at: new Date(),
    } as never,
    SANDBOX_CREDENTIALS.GUPSHUP_APP_NAME,
  );
  expect(await decided(bad.id)).toMatchObject({ state: 'rejected', reason: 'SCAM' });
  const notice = await toldOf('card_data');
  expect(notice).toContain('Meta отклонила шаблон');
  expect(notice).toContain('Meta приняла это за обман');
  // Nobody is told a second time, as of a template that was in use.
  expect(await store.alerts.ofKinds(['template'])).toEqual([]);
  const status = await json<Draft>('status', bad.id);
  expect(status.why).toContain('Meta took it for fraud');
  expect(await templates('submit', bad.id)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('rejected') });
});

test('Meta changes the category: said with the price', async () => {
  const offer = await json<Draft>(
    'draft',
    '--category',
    'UTILITY',
    '--language',
    'ru',
    '--name',
    'offer',
    '--body',
    'Ваш заказ готов, а на следующий дарим скидку.',
  );
  expect(offer).toMatchObject({ ready: true, problems: [{ code: 'utility_sounds_marketing' }] });
  await templates('submit', offer.id);
  await waitFor(
    async () => {
      await lookNow(offer.id);
      return (await store.templateDrafts.find(offer.id))?.decidedAt !== undefined;
    },
    { what: 'the review' },
  );
  expect(await decided(offer.id)).toMatchObject({ state: 'approved', category: 'MARKETING' });
  expect(await toldOf('offer')).toMatch(
    /Meta перевела его из категории «сервисный» в категорию <b>реклама<\/b>\.\n\n.*дороже/s,
  );
});

test('without an answer it is looked for by its name, found, and not submitted again', async () => {
  const fault = (kind: string): Promise<unknown> =>
    call(`${sandbox.url}/sandbox/gupshup/template-faults`, 'POST', { kind });
  const one = await json<Draft>('draft', ...good, '--name', 'unanswered');
  await fault('no-answer');
  expect(await templates('submit', one.id)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('unknown whether it has'),
  });
  expect(await store.templateDrafts.find(one.id)).toMatchObject({ state: 'unsure' });
  // Submitting again finds it.
  expect(await json<Draft>('submit', one.id)).toMatchObject({ state: expect.stringMatching(/pending|approved/) });

  const lost = await json<Draft>('draft', ...good, '--name', 'lost');
  await fault('lost');
  await templates('submit', lost.id);
  expect(await templates('submit', lost.id)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('may be on its way'),
  });
  expect(await templates('delete', lost.id)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('may be on its way'),
  });
});

test('a name that is taken is refused before Gupshup; deleting takes it from Gupshup too, unless a campaign needs it', async () => {
  const taken = await json<Draft>('draft', ...good, '--name', 'spring_sale');
  expect(await templates('submit', taken.id)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('has a template “spring_sale/ru” already'),
  });
  expect(await templates('delete', taken.id)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('The draft spring_sale is gone'),
  });

  const one = await json<Draft>('draft', ...good, '--name', 'to_delete');
  await templates('submit', one.id);
  await waitFor(async () => (await json<Draft>('status', one.id)).state === 'approved', { what: 'the review' });
  const needing = await runHere(
    [
      'campaign',
      'create',
      '--name',
      'x',
      '--template',
      'to_delete',
      '--phones',
      '+79261234567',
      '--param',
      '1=text:Анна',
      '--json',
    ],
    environment,
  );
  if (needing.exitCode === 0) {
    expect(await templates('delete', one.id)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('these campaigns still need it: x'),
    });
    await store.campaigns.move((JSON.parse(needing.stdout) as { id: string }).id, 'cancelled', { whatever: true });
  }
  expect(needing.exitCode).toBe(0);
  expect(await json('delete', one.id)).toMatchObject({ name: 'to_delete', atGupshup: true });
  const listed = await json<{ name: string }[]>('list');
  expect(listed.map(({ name }) => name)).not.toContain('to_delete');
});

test('a file of JSON: a carousel; what is no draft is refused with the place', async () => {
  const file = join(folder, 'carousel.json');
  const card = (body: string): object => ({
    mediaUrl: 'https://svetly-dom.example/1.jpg',
    body,
    buttons: [{ type: 'QUICK_REPLY', text: 'Отписаться' }],
  });
  const carousel = {
    language: 'ru',
    category: 'MARKETING',
    body: 'Новые диваны, посмотрите все сразу.',
    cardMedia: 'IMAGE',
    cards: [card('Осло'), card('Берген')],
  };
  writeFileSync(file, JSON.stringify(carousel));
  const draft = await json<Draft>('draft', file);
  expect(draft).toMatchObject({ ready: true, draft: { name: 'novye_divany_posmotrite_vse' } });
  await templates('submit', draft.id);
  await waitFor(async () => (await json<Draft>('status', draft.id)).state === 'approved', { what: 'the review' });
  writeFileSync(file, JSON.stringify({ ...carousel, kind: 'x' }));
  expect(await templates('draft', file)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('Unrecognized key: "kind"'),
  });
});

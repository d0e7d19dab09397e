/** A started campaign's follow-ups in the bot: seen, paused, resumed, cancelled and edited as one thing. */
import type { FollowUpsStatus } from '../../campaigns/contract';
import { refused } from '../../config/errors';
import { emptyLedger } from '../../domain/story/ledger';
import { waitFor } from '../support/servers';
import { statusOf, WELCOME, PHOTO } from './fake-services';
import { ADMIN, buttonsOf, joined, openCard, startWorld, type World } from './support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const DAY_MS = 86_400_000;
const filled = [
  { kind: 'column' as const, column: 'p1' },
  { kind: 'text' as const, value: '5 %' },
];

/** One step is through, the other waits for its time. */
function chainOf(values: Partial<FollowUpsStatus> = {}): FollowUpsStatus {
  return {
    id: 'c1',
    name: 'Осень',
    state: 'counting',
    next: 2,
    dueAt: new Date('2026-01-18T09:00:00Z'),
    editable: 2,
    sender: 'DemoApp',
    columns: ['name', 'p1', 'p2'],
    steps: [
      {
        ...{
          step: 1,
          to: 'not_read',
          afterMs: 3 * DAY_MS,
          template: 'welcome/ru',
          parameters: filled,
          content: WELCOME,
        },
        campaign: statusOf('s1', 'completed', {
          ledger: { ...emptyLedger(), total: 100, delivered: 40, read: 20, skipped: 40 },
          skips: { replied: 10, lead_moved: 5, acted: 22, opted_out: 3 },
          followUpOf: { campaignId: 'c1', step: 1 },
        }),
      },
      { step: 2, to: 'not_replied', afterMs: 2 * DAY_MS, template: 'welcome/ru', parameters: filled, content: WELCOME },
    ],
    ...values,
  };
}

/** The campaign's card, then its follow-ups. */
async function open({ admin, services }: World, chain = chainOf()): Promise<void> {
  services.statuses.set(
    'c1',
    statusOf('c1', 'completed', { chain: { state: chain.state, steps: chain.steps.length } }),
  );
  services.statuses.set('s1', chain.steps[0]!.campaign ?? statusOf('s1', 'draft'));
  services.chains.set('c1', chain);
  services.chains.set('s1', chain);
  await openCard(admin, '— завершена');
  await admin.press('↪️ Догоны');
}

it('shows each step with who got it, who left and why, and what comes when; a step leads to its card and back', async () => {
  const { admin } = world;
  await open(world);
  const { text = '' } = await admin.sees('Догоны: Осень — идёт отсчёт');
  expect(text).toContain('Следующий — догон 2: 18 января 2026, 12:00 (Москва)');
  expect(text).toContain('1. Через 3 дня тем, кто не прочитал');
  expect(text).toContain('завершена · людей: 100');
  expect(text).toContain('выбыли: ответили × 10, сделка сдвинулась × 5, прочитали × 22');
  expect(text).toContain('× 3');
  expect(text).toContain('отправлено 60 ▸ доставлено 60 ▸ прочитано 20');
  expect(text).toContain('2. Через 2 дня тем, кто не ответил');
  await admin.press('📋 Догон 1');
  const card = await admin.sees('Рассылка s1');
  expect(buttonsOf(card)).toContain('↪️ Догоны');
  await admin.press('↪️ Догоны');
  await admin.sees('Догоны: Осень');
});

it('pause, resume and cancel, which asks; a stale button shows what is true now', async () => {
  const { admin, services } = world;
  await open(world);
  await admin.press('⏸ Пауза');
  await admin.sees('Пауза: Ольга.');
  await admin.press('▶️ Продолжить');
  await admin.sees('идёт отсчёт');
  await admin.press('Отменить догоны');
  await admin.sees('Отменить догоны рассылки «Осень»?');
  await admin.press('‹ Нет');
  await admin.sees('идёт отсчёт');
  await admin.press('Отменить догоны');
  await admin.press('Да, отменить');
  const gone = await admin.sees('— отменены');
  expect(buttonsOf(gone).join()).not.toMatch(/Пауза|Отменить/);
  const by = { kind: 'telegram', id: ADMIN };
  const updateId = expect.stringMatching(/^telegram-\d+$/);
  expect(services.asked.chains).toEqual(
    ['pause', 'resume', 'cancel'].map((command) => ({ id: 'c1', command, by, updateId })),
  );
});

it('a button that fits no more hears so, a second tap nothing', async () => {
  const { admin, services } = world;
  await open(world);
  await admin.sees('идёт отсчёт');
  services.chains.set('c1', chainOf({ state: 'completed' }));
  await admin.press('⏸ Пауза');
  await admin.sees('Уже не требуется: догоны рассылки «Осень» — все отправлены.');
  expect(services.asked.chains).toEqual([]);
});

it('a step that does not obey, though its chain does, is said', async () => {
  const { admin, services } = world;
  await open(world);
  await admin.sees('идёт отсчёт');
  services.campaigns.followUps.pause = async () => {
    services.chains.set('c1', chainOf({ state: 'paused', reason: { by: 'telegram:1' } }));
    return refused('temporal_unreachable', { detail: 'no answer' });
  };
  await admin.press('⏸ Пауза');
  await admin.seesAnywhere('на паузе');
  await admin.sees('Temporal');
});

it('two taps on pause are one pause and no complaint', async () => {
  const { admin, services } = world;
  await open(world);
  await admin.pressTwice('⏸ Пауза');
  await admin.sees('на паузе');
  await world.bot().idle();
  expect(services.asked.chains).toHaveLength(1);
  expect((await admin.messages()).map(({ text }) => text)).not.toContainEqual(expect.stringContaining('Уже не'));
});

it('lost, and paused by a step that failed: says what to do', async () => {
  const { admin, services } = world;
  await open(world, chainOf({ lost: true }));
  await admin.sees('Temporal больше ничего не знает');
  const stateReason = { error: { code: '131042', detail: 'Business eligibility payment issue' } };
  services.chains.set(
    'c1',
    chainOf({
      state: 'paused',
      reason: { why: 'step_failed' },
      steps: [
        chainOf().steps[0]!,
        {
          ...chainOf().steps[1]!,
          campaign: statusOf('s2', 'failed', { ledger: emptyLedger(), skips: {}, stateReason }),
        },
      ],
    }),
  );
  await admin.press('🔄 Обновить');
  const { text = '' } = await admin.sees('догон не удался');
  expect(text).toContain('«Продолжить» начнёт его заново');
  // A code of Meta's can be looked up.
  expect(text).toContain('Остановлена ошибкой 131042: ');
  services.chains.set('c1', chainOf({ state: 'paused', reason: { why: 'step_cancelled' } }));
  await admin.press('🔄 Обновить');
  expect((await admin.sees('догон отменили')).text).toContain('«Продолжить» перейдёт к догону 2');
});

it('a step that has not begun is edited: its time, its template with its file; it stays as it was until it is saved', async () => {
  const { admin, services } = world;
  await open(world);
  await admin.press('✏️ Изменить 2');
  const card = await admin.sees('Догон 2 рассылки «Осень»');
  expect(card.text).toContain('Здравствуйте, ‹');
  await admin.press('Через: 2 дня');
  await admin.write('36 часов');
  await admin.sees('Догон 2 рассылки «Осень»');
  await admin.press('Шаблон: welcome');
  await admin.press('photo · ru');
  await admin.sees('Картинка');
  await admin.press('Взять образец');
  const changed = await admin.sees('Догон 2 рассылки «Осень»');
  expect(buttonsOf(changed).join()).toMatch(/36\sч.*photo/);
  expect(services.asked.chains).toEqual([]);
  await admin.press('Сохранить');
  await admin.sees('Догон 2 рассылки «Осень» изменён. Он придёт: 18 января 2026, 12:00');
  expect(services.asked.chains).toEqual([
    {
      ...{ id: 'c1', command: 'edit', step: 2, by: { kind: 'telegram', id: ADMIN } },
      // Whom it is for was not touched: what another admin makes of that meanwhile stays.
      ...{ afterMs: 36 * 3_600_000, template: 'photo/ru', parameters: [] },
      mediaUrl: (PHOTO.header as { exampleUrl: string }).exampleUrl,
    },
  ]);
});

it('saved without a change it stays as it was: nothing is asked of it', async () => {
  const { admin, services } = world;
  await open(world);
  await admin.press('✏️ Изменить 2');
  await admin.press('Через: 2 дня');
  await admin.sees('Через сколько?');
  await admin.press('✓ 2 дня');
  await admin.sees('Догон 2 рассылки «Осень»');
  await admin.press('Сохранить');
  await admin.sees('ничего не меняю');
  expect(services.asked.chains).toEqual([]);
});

it('one that has begun meanwhile is shown as it is; saving it says why not', async () => {
  const { admin, services } = world;
  await open(world);
  await admin.press('✏️ Изменить 2');
  await admin.press('Через: 2 дня');
  await admin.sees('Через сколько?');
  await admin.write('36 часов');
  await admin.sees('Догон 2 рассылки «Осень»');
  const { editable: _none, ...begun } = chainOf({ state: 'sending' });
  services.chains.set('c1', begun);
  await admin.press('Сохранить');
  await admin.sees('уже идёт или прошёл');
  await admin.press('Отмена');
  await admin.press('✏️ Изменить 2');
  await admin.seesAnywhere('Догоны: Осень — отправляются');
  expect(services.asked.chains).toEqual([]);
});

it('a viewer sees them and can change nothing', async () => {
  const admin = await joined(world, 7001, 'viewer');
  await open({ ...world, admin });
  const shown = await admin.sees('Догоны: Осень');
  expect(buttonsOf(shown).filter((text) => /Пауза|Отменить|Изменить/.test(text))).toEqual([]);
});

it('the progress of a running campaign does not come back over its follow-ups', async () => {
  const { admin, services } = world;
  services.statuses.set('c1', statusOf('c1', 'running', { chain: { state: 'waiting', steps: 2 } }));
  services.chains.set('c1', chainOf({ state: 'waiting' }));
  await openCard(admin);
  await admin.press('↪️ Догоны');
  await admin.sees('ждут конца рассылки');
  await waitFor(() => (services.watched.get('c1') ?? []).length === 0, { what: 'nobody follows it' });
  await admin.press('К рассылке');
  await admin.sees('— идёт');
  expect(services.watched.get('c1')).toHaveLength(1);
});

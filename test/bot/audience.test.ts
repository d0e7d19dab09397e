/** Whom a campaign goes to, from several places: one more, some left out, an earlier campaign's people. */
import { emptyLedger } from '../../domain/story/ledger';
import { statusOf } from './fake-services';
import { buttonsOf, changePart, startNow, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const CSV = 'Имя;Телефон\nИван;+7 900 111-22-33\n';

async function toPeople({ admin }: World, choose: () => Promise<void>): Promise<void> {
  await admin.write('/new');
  await admin.sees('Какой шаблон');
  await admin.press('photo');
  await admin.sees('Кому отправить?');
  await choose();
}

async function toPreview({ admin }: World): Promise<void> {
  await admin.press('Взять образец');
  await admin.sees('Название рассылки?');
  await admin.press('✅');
  await admin.sees('Отправим 10');
}

/** An earlier campaign with everything in its ledger. */
function earlier({ services }: World): void {
  const ledger = { ...emptyLedger(), total: 40, sent: 4, delivered: 10, read: 20, failed: 5, unknown: 1 };
  services.statuses.set('c0', statusOf('c0', 'completed', { name: 'Осень', ledger }));
}

it('puts several places together, and leaves out whom an earlier campaign reached', async () => {
  const { admin, services } = world;
  earlier(world);
  await toPeople(world, async () => {
    await admin.upload('clients.csv', CSV);
    await admin.press('Всё верно');
  });
  await admin.sees('https, доступную всем');
  await toPreview(world);
  await changePart(admin, '✅ Кому');
  await admin.sees('➕ clients.csv');
  await admin.press('➕ Добавить');
  await admin.sees('Кого добавить?');
  await admin.press('Сделки amoCRM');
  await admin.press('Продажи');
  await admin.press('Договор');
  await admin.sees('➕ Продажи / Договор');
  await admin.press('➖ Исключить');
  await admin.sees('Кого исключить?');
  await admin.press('Из прошлой рассылки');
  await admin.press('Осень · 40');
  const outcomes = await admin.sees('Кого из рассылки Осень?');
  expect(buttonsOf(outcomes).slice(0, 5)).toEqual([
    'Получили или могли получить · 35',
    'Не ответили',
    'Доставлено, но не прочитано · 10',
    'Не доставлено (включая без отчёта) · 9',
    'Временный сбой',
  ]);
  await admin.press('Получили или');
  const chosen = await admin.sees('➖ «Осень»: Получили или могли получить');
  expect(buttonsOf(chosen)).toEqual([
    '➕ Добавить',
    '➖ Исключить',
    '✕ ➕ clients.csv',
    '✕ ➕ Продажи / Договор',
    '✕ ➖ «Осень»: Получили или могли получить',
    '🔄 Выбрать заново',
    '✅ Готово',
    '✖️ Отмена',
  ]);
  await admin.press('✅ Готово');
  await admin.sees('Отправим 10');
  await startNow(world.admin);
  expect(services.asked.created).toMatchObject([
    {
      audience: {
        kind: 'combined',
        include: [
          { kind: 'list', listId: expect.any(String) },
          { kind: 'crm', pipelineId: 7, statusId: 72 },
        ],
        exclude: [{ kind: 'outcome', campaignId: 'c0', states: expect.arrayContaining(['read', 'unknown']) }],
      },
      audienceLabel: 'clients.csv + Продажи / Договор − «Осень»: Получили или могли получить',
    },
  ]);
});

it('takes a place back, and leaves people of a stage out with all their numbers', async () => {
  const { admin, services } = world;
  await toPeople(world, () => admin.write('89001112233'));
  await admin.sees('https, доступную всем');
  await toPreview(world);
  await changePart(admin, '✅ Кому');
  await admin.press('➕ Добавить');
  await admin.sees('Кого добавить?');
  await admin.write('89001112244');
  await admin.sees('Номеров: 1');
  await admin.press('✕ ➕ 1 номер');
  await admin.sees('Кому отправим');
  await admin.press('➖ Исключить');
  await admin.sees('Кого исключить?');
  await admin.press('Сделки amoCRM');
  await admin.press('Продажи');
  await admin.press('Все этапы воронки');
  await admin.sees('➖ Продажи');
  await admin.press('✅ Готово');
  await admin.sees('Отправим 10');
  await startNow(world.admin);
  expect(services.asked.created[0]?.audience).toEqual({
    kind: 'combined',
    include: [{ kind: 'phones', phones: ['89001112244'] }],
    exclude: [{ kind: 'crm', pipelineId: 7, phones: 'all' }],
  });
});

it('an earlier campaign’s outcome is an audience of its own; one that nobody had is refused', async () => {
  const { admin, services } = world;
  const ledger = { ...emptyLedger(), total: 12, read: 12 };
  services.statuses.set('c0', statusOf('c0', 'running', { name: 'Осень', ledger }));
  services.statuses.set('d', statusOf('d', 'draft', { name: 'Черновик', ledger: emptyLedger() }));
  await toPeople(world, () => admin.press('Из прошлой рассылки'));
  const list = await admin.sees('Из какой рассылки взять получателей?');
  expect(buttonsOf(list)).toEqual(['▶️ Осень · 12', '‹ Назад', '✖️ Отмена']);
  await admin.press('Осень');
  await admin.press('Доставлено, но не прочитано');
  await admin.sees('Отправлять некому');
  await admin.press('Не ответили');
  await admin.sees('https, доступную всем');
  await toPreview(world);
  await startNow(world.admin);
  expect(services.asked.created[0]).toMatchObject({
    audience: { kind: 'outcome', campaignId: 'c0', states: ['delivered', 'read'], unanswered: true },
    audienceLabel: '«Осень»: Не ответили',
  });
});

it('goes back to what was chosen when nothing is added after all', async () => {
  const { admin } = world;
  await toPeople(world, () => admin.write('89001112233'));
  await admin.sees('https, доступную всем');
  await toPreview(world);
  await changePart(admin, '✅ Кому');
  await admin.press('➖ Исключить');
  await admin.sees('Кого исключить?');
  await world.restartBot();
  await admin.press('‹ Назад');
  await admin.sees('➕ 1 номер');
  await admin.press('✅ Готово');
  await admin.sees('Отправим 10');
});

it('leads may be narrowed by days and a field, whatever their stage, tag or user', async () => {
  const { admin, services } = world;
  await toPeople(world, () => admin.press('Сделки amoCRM'));
  await admin.press('По дате');
  await admin.sees('созданы');
  await admin.press('По дате изменения');
  await admin.sees('менялись');
  await admin.write('вчера');
  await admin.sees('Не понимаю дни «вчера»');
  await admin.write('20.12-05.01');
  await admin.sees('Только: изменены 20.12.2025–05.01.2026');
  await admin.press('По дате');
  await admin.press('7 дней');
  await admin.sees('создан');
  await admin.press('По полю');
  await admin.press('Источник');
  await admin.sees('«Источник»');
  await world.restartBot();
  await admin.press('Звонок');
  expect(buttonsOf(await admin.sees('Источник = Звонок'))).toContain('🗂 Сделки всех воронок');
  await admin.press('По полю');
  await admin.press('Город');
  await admin.sees('«Город»');
  await admin.write('Омск');
  const only = await admin.sees('Город = Омск');
  expect(only.text).not.toContain('Звонок');
  await admin.press('Продажи');
  await admin.press('Договор');
  await admin.sees('https, доступную всем');
  await toPreview(world);
  await startNow(world.admin);
  expect(services.asked.created[0]).toMatchObject({
    audience: {
      kind: 'crm', pipelineId: 7, statusId: 72, createdFrom: '2026-01-09', updatedFrom: '2025-12-20', updatedTo: '2026-01-05',
      field: { id: 51, value: 'Омск' },
    },
    audienceLabel: 'Продажи / Договор, изменены 20.12.2025–05.01.2026, созданы с 09.01.2026, Город = Омск',
  }); // prettier-ignore
});

it('leads may be chosen by a tag, or by who is responsible', async () => {
  const { admin, services } = world;
  await toPeople(world, () => admin.press('Сделки amoCRM'));
  await admin.press('По тегу');
  expect(buttonsOf(await admin.sees('с каким тегом'))).toEqual(['VIP', 'опт', '‹ Назад', '✖️ Отмена']);
  await admin.press('опт');
  await admin.sees('https, доступную всем');
  await toPreview(world);
  await changePart(admin, '✅ Кому');
  await admin.press('➖ Исключить');
  await admin.sees('Кого исключить?');
  await admin.press('Сделки amoCRM');
  await admin.press('По ответственному');
  await admin.press('Ольга');
  await admin.sees('➖ сделки: Ольга');
  await admin.press('✅ Готово');
  await admin.sees('Отправим 10');
  await startNow(world.admin);
  expect(services.asked.created[0]).toMatchObject({
    audience: {
      include: [{ kind: 'crm', tags: ['опт'] }],
      exclude: [{ kind: 'crm', responsibleUserIds: [31], phones: 'all' }],
    },
    audienceLabel: 'тег «опт» − сделки: Ольга',
  });
});

/** Recurring campaigns in the bot: made from a campaign's message, looked after in /schedules. */
import { buttonsOf, startWorld, ADMIN, type World } from './support';
import { statusOf } from './fake-services';

let world: World;

beforeEach(async () => {
  world = await startWorld();
  world.services.statuses.set('c1', statusOf('c1', 'completed'));
});
afterEach(() => world.stop());

async function toRhythm({ admin }: World): Promise<void> {
  await admin.write('/campaigns');
  await admin.press('Рассылка c1');
  await admin.press('🔁 По расписанию');
  await admin.sees('Как часто повторять «Рассылка c1»?');
}

it('a campaign is repeated every Tuesday at a typed time', async () => {
  const { admin, services } = world;
  await toRhythm(world);
  await admin.press('вт');
  await admin.sees('каждую неделю, вторник');
  await admin.write('в обед');
  await admin.sees('Не понимаю время «в обед»');
  await admin.write('10:30');
  const made = await admin.sees('каждую неделю, вторник, в 10:30');
  expect(made.text).toContain('Следующий запуск: 20.01.26 10:30');
  expect(services.series.asked).toEqual([
    { campaignId: 'c1', cron: '30 10 * * 2', timezone: 'Europe/Moscow', by: { kind: 'telegram', id: ADMIN } },
  ]);
});

it.each([
  ['Каждый день', '12:00', '0 12 * * *'],
  ['Пн–Пт', '09:00', '0 9 * * 1-5'],
  ['15 числа', '18:00', '0 18 15 * *'],
])('a schedule can repeat %s at %s', async (rhythm, clock, cron) => {
  const { admin, services } = world;
  await toRhythm(world);
  await admin.press(rhythm === 'Пн–Пт' ? 'Пн–пт' : rhythm);
  await admin.sees('Во сколько?');
  await admin.press(clock);
  await admin.sees('будет повторяться');
  expect(services.series.asked[0]?.cron).toBe(cron);
});

it('/schedules lists, pauses, resumes, and deletes after a yes', async () => {
  const { admin, services } = world;
  await admin.write('/schedules');
  await admin.sees('Пока ничего не повторяется');
  await services.series.create({ campaignId: 'c1', cron: '30 10 * * 2', by: { kind: 'cli' } });
  await admin.write('/schedules');
  await admin.press('🔁 Рассылка c1 · каждую неделю, вторник, в 10:30');
  await admin.sees('Следующий запуск: 20.01.26 10:30');
  await admin.press('Пауза');
  const paused = await admin.sees('На паузе');
  expect(buttonsOf(paused)).toEqual(['▶️ Продолжить', '🗑 Удалить', '‹ К списку']);
  await admin.press('Продолжить');
  await admin.sees('Следующий запуск:');
  await admin.press('Удалить');
  await admin.sees('Запусков больше не будет');
  await admin.press('‹ Нет');
  await admin.sees('Следующий запуск:');
  await admin.press('Удалить');
  await admin.sees('Запусков больше не будет');
  await admin.pressTwice('Да, удалить');
  await admin.sees('Удалено');
  expect(services.series.all.size).toBe(0);
});

it('says that one is gone which another admin has deleted', async () => {
  const { admin, services } = world;
  await services.series.create({ campaignId: 'c1', cron: '5 4 1-7 * *', by: { kind: 'cli' } });
  await admin.write('/schedules');
  await admin.press('5 4 1-7 * *');
  await admin.sees('Следующий запуск:');
  services.series.all.clear();
  await admin.press('Пауза');
  await admin.sees('Расписания s1 больше нет');
});

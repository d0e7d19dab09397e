/** Reports in the bot: of days, of a template, of a campaign; their files, and what can be done after one. */
import { emptyLedger } from '../../domain/story/ledger';
import { waitFor } from '../support/servers';
import { statusOf } from './fake-services';
import { buttonsOf, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const ended = statusOf('c1', 'completed', {
  ledger: { ...emptyLedger(), total: 20, delivered: 6, read: 4, failed: 8, unknown: 2 },
  failures: { '131026': 5, '131049': 1, http_503: 2 },
  hasLeads: true,
});

async function reportOf({ admin, services }: World): Promise<string[]> {
  services.statuses.set('c1', ended);
  await admin.write('/campaigns');
  await admin.sees('Рассылки: ');
  await admin.press(ended.name);
  await admin.press('Отчёт');
  return buttonsOf(await admin.sees('Отчёт c1'));
}

it('of days and of a template', async () => {
  const { admin } = world;
  await admin.write('/reports');
  expect(buttonsOf(await admin.sees('За какие дни?'))).toEqual([
    ...['Сегодня', 'Вчера', '7 дней', '30 дней', 'Этот месяц', 'Прошлый месяц', '3 месяца', 'Этот год'],
    ...['🧩 По шаблону…', '📋 Одна рассылка…'],
  ]);
  await admin.press('7 дней');
  expect(buttonsOf(await admin.sees('Отчёт days7'))).toEqual([
    ...['🖼 Картинка', '📊 Excel', '📄 CSV', '📵 Кому не дошло', '‹ Другие отчёты'],
  ]);
  await admin.press('Другие отчёты');
  await admin.press('По шаблону');
  await admin.press('promo_autumn');
  await admin.sees('Отчёт abc');
});

it.each([
  ['Excel', 'report-c1.xlsx'],
  ['CSV', 'report-c1.csv'],
  ['📵 Кому не дошло', 'report-c1.failed'],
])('%s comes as a file', async (button, fileName) => {
  await reportOf(world);
  await world.admin.press(button);
  const file = await waitFor(async () => (await world.admin.messages()).find(({ document }) => document), {
    what: 'a file',
  });
  expect(file.document?.file_name).toBe(fileName);
});

it('answers come into the chat, page by page in one message, and as a file', async () => {
  const { admin } = world;
  await reportOf(world);
  await admin.press('Ответы');
  const shown = await admin.sees('12 ответов');
  expect(shown.text).toContain('Человек 1 +79160001000 15.01.26 12:00\nДа, <хочу>');
  expect(shown.text).not.toContain('Человек 11');
  await admin.press('›');
  expect((await admin.sees('Человек 11')).message_id).toBe(shown.message_id);
  await admin.press('Все файлом');
  const file = await waitFor(async () => (await admin.messages()).find(({ document }) => document), { what: 'a file' });
  expect(file.document?.file_name).toBe('report-c1.answers');
});

it('the picture comes as a photo', async () => {
  await reportOf(world);
  await world.admin.press('Картинка');
  await waitFor(async () => (await world.admin.messages()).find(({ photo }) => photo), { what: 'a photo' });
});

it('of a campaign that has ended offers what can be done, with the numbers', async () => {
  expect(await reportOf(world)).toEqual([
    ...['🖼 Картинка', '📊 Excel', '📄 CSV', '📵 Кому не дошло', '💬 Ответы'],
    '↻ Отправить тем, кому не дошло · 8',
    '🎯 Новая рассылка: временный сбой · 3',
    '🎯 Новая рассылка: не доставлено · 8',
    '🎯 Новая рассылка: не прочитали · 6',
    '🎯 Новая рассылка: не ответили',
    '🚫 Мёртвые номера в стоп-лист · 5',
    '📇 Итоги в amoCRM',
    '📋 Такая же другим',
    '📋 Открыть рассылку',
  ]);
});

it('a new campaign to those who have not read it asks only for the template', async () => {
  await reportOf(world);
  await world.admin.press('не прочитали');
  await world.admin.sees('Какой шаблон');
});

it('the same to others asks only for the people', async () => {
  await reportOf(world);
  await world.admin.press('Такая же другим');
  await world.admin.sees('Кому отправить?');
});

it('dead numbers go to the stop list after a question, once', async () => {
  const { admin, people } = world;
  await reportOf(world);
  await admin.press('Мёртвые номера');
  await admin.sees('Внести в стоп-лист номера');
  expect(await people.suppressions.of('+79160000001')).toEqual([]);
  await admin.press('Да, больше не писать');
  await admin.sees('В стоп-лист внесены 2 номера.');
  expect(await people.suppressions.of('+79160000001')).toMatchObject([{ reason: 'manual', scope: 'all' }]);
});

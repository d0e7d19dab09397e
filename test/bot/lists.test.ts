/** /lists: saved lists in the bot, looked at, named, sent to and deleted; what was only looked at leaves none. */
import { waitFor } from '../support/servers';
import { buttonsOf, joined, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const CSV = 'Имя;Телефон;Город\nИван;+7 900 111-22-33;Омск\nПётр;8 900 111 22 44;Тула\n';

/** A list of the name, as a new campaign makes it. */
async function saveList({ admin }: World, name: string): Promise<void> {
  await admin.write('/new');
  await admin.press('welcome');
  await admin.sees('Кому отправить?');
  await admin.upload(name, CSV);
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
  await admin.write('/cancel');
  await admin.sees('Отменено');
}

it('are listed, shown with their first people, renamed and deleted, and the journal says how it was before', async () => {
  const { admin, services } = world;
  await admin.write('/lists');
  await admin.sees('Сохранённых списков пока нет');
  await saveList(world, 'clients.csv');
  await admin.write('/lists');
  expect(buttonsOf(await admin.sees('1 сохранённый список'))).toEqual(['clients.csv · 2']);
  await admin.press('clients.csv');
  const shown = await admin.sees('Первые в списке');
  expect(shown.text).toContain('2 человека');
  expect(shown.text).toContain('+79001112233 · Иван · Омск');
  expect(shown.text).toContain('колонка «Телефон»');
  await admin.press('Переименовать');
  await admin.sees('Как назвать список clients.csv');
  await admin.write('x'.repeat(81));
  await admin.sees('от 1 до 80 знаков');
  await admin.write('  Гости   ярмарки ');
  await admin.sees('Список теперь называется Гости ярмарки');
  await admin.write('/lists');
  await admin.press('Гости ярмарки');
  await admin.press('Файлом CSV');
  const file = await waitFor(async () => (await admin.messages()).find(({ document }) => document), { what: 'a file' });
  expect(file.document?.file_name).toMatch(/^list-.+\.csv$/);
  await admin.press('🗑 Удалить');
  await admin.seesAnywhere('Удалить список «Гости ярмарки»');
  await admin.press('Да, удалить');
  await admin.seesAnywhere('Список удалён. Гости ярмарки');
  expect(await services.lists.list()).toEqual([]);
  const kept = await services.audit.find({}).toArray();
  expect(kept).toContainEqual(
    expect.objectContaining({
      action: 'list_renamed',
      before: { list: 'clients.csv' },
      after: { list: 'Гости ярмарки' },
    }),
  );
  expect(kept).toContainEqual(
    expect.objectContaining({ action: 'list_removed', before: { list: 'Гости ярмарки', count: 2 } }),
  );
});

it('a campaign to a list asks only for the template', async () => {
  const { admin } = world;
  await saveList(world, 'clients.csv');
  await admin.write('/lists');
  await admin.press('clients.csv');
  await admin.press('Рассылка по этому списку');
  await admin.sees('Какой шаблон');
  await admin.press('welcome');
  await admin.sees('Параметр 1 из 2');
});

it.each(['‹ Назад', '✖️ Отмена'])('a file that was only looked at leaves no list: %s', async (button) => {
  const { admin, services } = world;
  await admin.write('/new');
  await admin.press('welcome');
  await admin.sees('Кому отправить?');
  await admin.upload('clients.csv', CSV);
  await admin.sees('clients.csv');
  await admin.press(button);
  await admin.sees(button === '‹ Назад' ? 'Кому отправить?' : 'Отменено');
  expect(await services.lists.list()).toEqual([]);
});

it('whoever may not see people sees no lists', async () => {
  const viewer = await joined(world, 7001, 'viewer');
  await viewer.write('/lists');
  await viewer.sees('нужна роль');
});

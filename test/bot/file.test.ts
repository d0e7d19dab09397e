/** An uploaded file: what was understood of it is shown before its people are taken; bad lines come back as a file. */
import { TOKEN } from '../local/sandbox/telegram-support';
import { waitFor } from '../support/servers';
import { workbook } from '../support/workbook';
import { buttonsOf, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

async function upload({ admin }: World, name: string, content: string | Buffer): Promise<void> {
  await admin.write('/new');
  await admin.sees('Какой шаблон');
  await admin.press('welcome');
  await admin.sees('Кому отправить?');
  await admin.upload(name, content);
}

const CSV = 'Имя;Телефон;Сумма\nИван;+7 900 111-22-33;5000\nПётр;8 900 111 22 44;700\nНикто;12-34;1\nПусто;;2\n';

it('is shown as it was understood: format, columns, counts, first rows, bad lines', async () => {
  const { admin, services } = world;
  await upload(world, 'clients.csv', CSV);
  const shown = await admin.sees('clients.csv');
  expect(shown.text).toBe(
    [
      '📄 clients.csv',
      'CSV, utf-8, разделитель — точка с запятой',
      '',
      'Всего 4 строки, с верным номером — 2.',
      '',
      '📱 Телефоны: Телефон',
      '🏷 Ещё: Имя, Сумма',
      '',
      'Первые строки',
      '2. +79001112233 Иван · 5000',
      '3. +79001112244 Пётр · 700',
      '',
      '⚠️ 2 строки пропустим:',
      '• строка 4: «12-34» — не номер телефона: мало цифр',
      '• строка 5: в строке нет телефона',
    ].join('\n'),
  );
  expect(buttonsOf(shown)).toEqual(['✅ Всё верно', '📄 Негодные строки файлом', '‹ Назад', '✖️ Отмена']);
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
  expect(services.asked.lists).toEqual([{ name: 'clients.csv', count: 4 }]);
});

it('gives back every bad line with its value, its reason and all that stood in it, after a restart too', async () => {
  const { admin, telegram } = world;
  await upload(world, 'clients.csv', CSV);
  await admin.sees('clients.csv');
  await world.restartBot();
  await admin.press('Негодные строки');
  const { document } = await waitFor(async () => (await admin.messages()).find((one) => one.document), {
    what: 'the document',
  });
  expect(document?.file_name).toBe('негодные-clients.csv');
  const { file_path: path } = await telegram.done<{ file_path: string }>('getFile', { file_id: document!.file_id });
  // text() drops the byte-order mark.
  expect(await (await fetch(`${telegram.url}/file/bot${TOKEN}/${path}`)).text()).toBe(
    'строка;значение;причина;Имя;Телефон;Сумма\r\n4;12-34;не номер телефона: мало цифр;Никто;12-34;1\r\n5;;в строке нет телефона;Пусто;;2\r\n',
  );
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
});

it('may be Excel', async () => {
  const { admin } = world;
  await upload(world, 'клиенты.xlsx', workbook([{ rows: [['Телефон', 'Имя'], [79001112233, 'Иван']] }]));
  expect((await admin.sees('клиенты.xlsx')).text).toContain('Excel, лист «');
  await admin.press('Всё верно');
  await admin.press('Имя: Иван');
  await admin.sees('Параметр 2 из 2');
}); // prettier-ignore

it('without one good number cannot be taken; another one takes its place', async () => {
  const { admin, services } = world;
  await upload(world, 'bad.csv', 'Имя;Телефон\nИван;12-34\n');
  expect(buttonsOf(await admin.sees('с верным номером — 0'))).toEqual([
    '📄 Негодные строки файлом',
    '‹ Назад',
    '✖️ Отмена',
  ]);
  await admin.upload('clients.csv', CSV);
  await admin.sees('clients.csv');
  await admin.press('‹ Назад');
  await admin.sees('Кому отправить?');
  await admin.press('Сохранённый список');
  await admin.press('clients.csv · 4');
  await admin.sees('Параметр 1 из 2');
  expect(services.asked.lists).toHaveLength(2);
});

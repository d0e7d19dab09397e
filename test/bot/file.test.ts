/** An uploaded file: what was understood of it is shown before its people are taken; bad lines come back as a file. */
import { TOKEN } from '../sandbox/telegram-support';
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
      'Первые строки',
      '2. +79001112233 Иван · 5000',
      '3. +79001112244 Пётр · 700',
      '🏷 Другие столбцы: Имя, Сумма',
      '',
      '📱 Телефоны: столбец Телефон',
      '   так он называется, и в ячейках телефоны',
      '',
      '⚠️ 2 строки пропустим:',
      '• строка 4: «12-34» — не номер телефона: мало цифр',
      '• строка 5: в строке нет телефона',
    ].join('\n'),
  );
  expect(buttonsOf(shown)).toEqual([
    '✅ Всё верно',
    '📄 Строки с ошибками — файлом',
    '📱 Другой столбец',
    '‹ Назад',
    '✖️ Отмена',
  ]);
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
  expect(services.asked.lists).toEqual([{ name: 'clients.csv', count: 4 }]);
});

describe('pasted into the chat', () => {
  async function paste({ admin }: World, text: string): Promise<void> {
    await admin.write('/new');
    await admin.sees('Какой шаблон');
    await admin.press('welcome');
    await admin.sees('Кому отправить?');
    await admin.write(text);
  }

  it('names beside numbers fill a parameter', async () => {
    const { admin, services } = world;
    await paste(world, 'Иванова Анна, 8 900 111-22-33\n+79001112244 "Пётр"');
    const question = await admin.sees('Параметр 1 из 2');
    expect(question.text).toContain('Номеров: 2 (+79001112233, +79001112244)');
    expect(question.text).toContain('Слова рядом с номерами стали столбцом «Имя»: «Иванова Анна», «Пётр»');
    expect(buttonsOf(question)).toEqual(expect.arrayContaining(['Имя: Иванова Анна ✨', 'Имя → Анна']));
    expect(services.asked.lists).toEqual([{ name: '2 номера', count: 2 }]);
    expect(await services.lists.list()).toMatchObject([{ phoneColumn: 'Телефон', columns: ['Телефон', 'Имя'] }]);
  });

  it('a line without a number is shown as a bad row of a file is, and a number with two readings keeps both', async () => {
    const { admin, services } = world;
    await paste(world, 'Клиенты:\n84912345678 Анна\n8 900 111-22-44 Пётр');
    const shown = await admin.sees('Всего 3 строки, с верным номером — 2.');
    expect(shown.text).toContain('• строка 2: «Клиенты:» — не номер телефона');
    await admin.press('Всё верно');
    await admin.sees('Параметр 1 из 2');
    const [list] = await services.lists.list();
    expect(services.listed.get(list!._id)?.flatMap(({ phones }) => phones)).toContain('84912345678 Анна');
  });

  it('cells of a table are shown as a file is; another column cannot be asked for, since they are not kept', async () => {
    const { admin } = world;
    await paste(world, 'Имя\tТелефон\tСумма\nИван\t8 900 111-22-33\t5000\nПётр\t12-34\t700');
    const shown = await admin.sees('Всего 2 строки, с верным номером — 1.');
    expect(shown.text).toContain('🏷 Другие столбцы: Имя, Сумма');
    expect(buttonsOf(shown)).toEqual(['✅ Всё верно', '📄 Строки с ошибками — файлом', '‹ Назад', '✖️ Отмена']);
    await admin.press('Всё верно');
    expect(buttonsOf(await admin.sees('Параметр 1 из 2'))).toContain('Имя: Иван ✨');
  });
});

it('gives back every bad line with its value, its reason and all that stood in it, after a restart too', async () => {
  const { admin, telegram } = world;
  await upload(world, 'clients.csv', CSV);
  await admin.sees('clients.csv');
  await world.restartBot();
  await admin.press('Строки с ошибками');
  const { document } = await waitFor(async () => (await admin.messages()).find((one) => one.document), {
    what: 'the document',
  });
  expect(document?.file_name).toBe('ошибки-clients.csv');
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
    '📄 Строки с ошибками — файлом',
    '📱 Другой столбец',
    '‹ Назад',
    '✖️ Отмена',
  ]);
  await admin.upload('clients.csv', CSV);
  await admin.sees('clients.csv');
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
  expect(services.asked.lists).toHaveLength(2);
});

const AMO =
  'Имя;Рабочий телефон;Телефон менеджера\nИван;+7 900 111-22-33;89005550011\nПётр;8 900 111 22 44;89005550012\n';

it('says why it took a column of phones and not another, and takes another when told, after a restart too', async () => {
  const { admin, services } = world;
  await upload(world, 'amo.csv', AMO);
  const shown = await admin.sees('amo.csv');
  expect(shown.text).toContain('📱 Телефоны: столбец Рабочий телефон\n   так он называется, и в ячейках телефоны\n   не взяли: Телефон менеджера (2) — телефоны менеджеров или ваших линий'); // prettier-ignore
  await admin.press('Другой столбец');
  expect(buttonsOf(await admin.sees('В каком столбце телефоны?'))).toEqual([
    '✓ Рабочий телефон: +7 900 111-22-33',
    '📱 2 · Телефон менеджера: 89005550011',
    'Имя: Иван',
    '‹ Назад',
    '✖️ Отмена',
  ]);
  await world.restartBot();
  await admin.press('Телефон менеджера');
  expect((await admin.sees('вы его выбрали')).text).toContain('📱 Телефоны: столбец Телефон менеджера');
  await admin.press('Другой столбец');
  await admin.press('Выбрать автоматически');
  await admin.sees('📱 Телефоны: столбец Рабочий телефон');
  await admin.press('Другой столбец');
  expect(buttonsOf(await admin.sees('В каком столбце телефоны?'))[0]).toMatch(/^✓ Рабочий/);
  await admin.press('Телефон менеджера');
  await admin.sees('вы его выбрали');
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
  // What it was taken for before is no list any more.
  expect(services.asked.lists).toHaveLength(4);
  expect(await services.lists.list()).toMatchObject([{ phoneColumn: 'Телефон менеджера' }]);
});

it('with nothing but the phones of managers asks for the column instead of taking one', async () => {
  const { admin } = world;
  await upload(world, 'staff.csv', 'Имя;Телефон менеджера\nИван;89005550011\nПётр;89005550012\n');
  await admin.sees('В каком столбце телефоны?');
  await admin.press('Телефон менеджера');
  await admin.sees('вы его выбрали');
});

it('a sum that can be read in two ways is offered in both', async () => {
  const { admin } = world;
  await upload(world, 'sums.csv', 'Телефон;Сумма\n89001112233;1.049\n89001112244;900\n');
  await admin.sees('sums.csv');
  await admin.press('Всё верно');
  const asked = await admin.sees('Параметр 1 из 2');
  const buttons = buttonsOf(asked).map((button) => button.replace(/[\u00a0\u202f]/g, ' '));
  expect(buttons).toEqual(expect.arrayContaining(['Сумма → 1,05 ₽', 'Сумма → 1 049 ₽']));
});

const PEOPLE = [['Имя', 'Телефон'], ['Анна', 79001112233], ['Пётр', 79001112244], ['Олег', 79001112255]]; // prettier-ignore

it('says how many rows a filter hides, leaves them out, and takes them with one tap; another sheet too', async () => {
  const { admin, services } = world;
  const other = [
    ['Имя', 'Телефон'],
    ['Вера', 79001112266],
  ];
  await upload(world, 'filtered.xlsx', workbook([{ name: 'Москва', rows: PEOPLE, hiddenRows: [3, 4], hiddenColumns: [1] }, { name: 'Омск', rows: other }])); // prettier-ignore
  const shown = await admin.sees('filtered.xlsx');
  expect(shown.text).toContain('Всего 1 строка');
  expect(shown.text).toContain('не взяли: лист Омск (телефонов: 1)\n🙈 Скрытых и отфильтрованных строк: 2, не включены.\n🙈 Скрытые столбцы, не включены: Имя'); // prettier-ignore
  await admin.press('Включить скрытые строки · 2');
  expect((await admin.sees(', включены')).text).toContain('Всего 3 строки');
  await admin.press('Без скрытых строк · 2');
  await admin.sees('Всего 1 строка');
  await admin.press('Другой лист');
  await admin.sees('На каком листе люди?');
  await world.restartBot();
  await admin.press('Омск · телефонов: 1');
  expect((await admin.sees('лист «Омск»')).text).toContain('+79001112266');
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
  expect(await services.lists.list()).toMatchObject([{ count: 1 }]);
});

const TWO_PHONES = [['Имя', 'Телефон', 'Рабочий телефон'], ['Анна', 79001112233, 79005550011], ['Пётр', 79001112244, 79005550012]]; // prettier-ignore

it('takes the columns that a sheet hides with one tap, their phones too, and leaves them out again, after a restart too', async () => {
  const { admin, services } = world;
  await upload(world, 'hidden.xlsx', workbook([{ rows: TWO_PHONES, hiddenColumns: [1, 2] }]));
  const shown = await admin.sees('🙈 Скрытые столбцы, не включены: Имя, Телефон');
  expect(shown.text).toContain('2. +79005550011');
  await world.restartBot();
  await admin.press('Включить скрытые столбцы · 2');
  const taken = await admin.sees('👁 Скрытые столбцы, включены: Имя, Телефон');
  expect(taken.text).toContain('2. +79001112233 Анна');
  await admin.press('Без скрытых столбцов · 2');
  const without = await admin.sees('🙈 Скрытые столбцы, не включены: Имя, Телефон');
  expect(without.text).toContain('2. +79005550011');
  expect(without.text).not.toContain('Анна');
  await admin.press('Включить скрытые столбцы · 2');
  await admin.sees('2. +79001112233 Анна');
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
  // What it was taken for before is no list any more.
  expect(services.asked.lists).toHaveLength(4);
  expect(await services.lists.list()).toMatchObject([{ phoneColumn: 'Телефон' }]);
});

it('does not say that a hidden column is left out when an admin has named it as that of the phones', async () => {
  const { admin } = world;
  await upload(world, 'hidden.xlsx', workbook([{ rows: TWO_PHONES, hiddenColumns: [1, 2] }]));
  await admin.sees('не включены: Имя, Телефон');
  await admin.press('Включить скрытые столбцы · 2');
  await admin.sees(', включены');
  await admin.press('Другой столбец');
  await admin.sees('В каком столбце телефоны?');
  await admin.press('✓ Телефон');
  await admin.sees('вы его выбрали');
  await admin.press('Без скрытых столбцов · 2');
  const shown = await admin.sees('не включены: Имя');
  expect(shown.text).not.toContain('Имя, Телефон');
  expect(shown.text).toContain('2. +79001112233');
  expect(buttonsOf(shown)).toContain('👁 Включить скрытые столбцы · 1');
});

it.each([
  ['columns', { hiddenColumns: [2] }, 'Столбец с телефонами скрыт (Телефон)', ['столбцы'], 'столбцы, включены: Телефон'],
  ['rows', { hiddenRows: [2, 3, 4] }, 'Все строки (3) скрыты', ['строки'], 'строк: 3, включены'],
  ['rows and columns', { hiddenRows: [2, 3, 4], hiddenColumns: [2] }, /Все строки \(3\) скрыты[^]*Столбец с телефонами скрыт/, ['столбцы'], 'строк: 3, включены'],
])('with all phones in hidden %s asks whether to take them, and takes nothing without a word', async (_what, hidden, why, [button], taken) => {
  const { admin, services } = world;
  const bytes = workbook([{ rows: PEOPLE, ...hidden }]);
  await upload(world, 'all.xlsx', bytes);
  const asked = await admin.sees('Можно прислать и другой файл');
  expect(asked.text).toMatch(why);
  expect(buttonsOf(asked)).toEqual([`👁 Включить скрытые ${button}`, '‹ Назад', '✖️ Отмена']);
  await admin.press('‹ Назад');
  await admin.sees('Кому отправить?');
  await admin.upload('all.xlsx', bytes);
  await admin.sees('Можно прислать и другой файл');
  await world.restartBot();
  await admin.press(`Включить скрытые ${button}`);
  expect((await admin.sees(taken)).text).toContain('2. +79001112233 Анна');
  // Once for each upload: what was read to ask is what is taken.
  expect(services.asked.lists).toHaveLength(2);
  await admin.press(`Без скрытых ${button === 'строки' ? 'строк' : 'столбцов'}`);
  await admin.sees('Можно прислать и другой файл');
  await admin.press(`Включить скрытые ${button}`);
  await admin.sees(taken);
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
}); // prettier-ignore

it('of several hidden columns takes that of the phones alone, by a press', async () => {
  const { admin } = world;
  await upload(world, 'hidden.xlsx', workbook([{ rows: PEOPLE, hiddenColumns: [1, 2] }]));
  const asked = await admin.sees('Столбец с телефонами скрыт (Телефон)');
  expect(buttonsOf(asked).slice(0, 2)).toEqual(['👁 Включить скрытые столбцы', '📱 Только «Телефон»']);
  await admin.press('Только «Телефон»');
  const shown = await admin.sees('вы его выбрали');
  expect(shown.text).toContain('Скрытые столбцы, не включены: Имя');
  expect(shown.text).toContain('2. +79001112233');
});

it('another sheet whose phones are all hidden is asked about; what was taken of the first says nothing of it', async () => {
  const { admin } = world;
  const sheets = [{ name: 'Москва', rows: PEOPLE, hiddenColumns: [1] }, { name: 'Омск', rows: PEOPLE.slice(0, 2), hiddenColumns: [2] }]; // prettier-ignore
  await upload(world, 'sheets.xlsx', workbook(sheets));
  await admin.sees('Скрытые столбцы, не включены: Имя');
  await admin.press('Включить скрытые столбцы · 1');
  await admin.sees('Скрытые столбцы, включены: Имя');
  await admin.press('Другой лист');
  await admin.sees('На каком листе люди?');
  await admin.press('Омск');
  await admin.sees('Столбец с телефонами скрыт (Телефон)');
  await admin.press('Включить скрытые столбцы');
  expect((await admin.sees('лист «Омск»')).text).toContain('Скрытые столбцы, включены: Телефон');
});

it('shows how the words read in other encodings when it is not sure, and takes another', async () => {
  const { admin } = world;
  // vārds;tel, Jānis Bērziņš in windows-1257.
  await upload(world, 'riga.csv', Buffer.from('v\xe2rds;tel\nJ\xe2nis B\xe7rzi\xf2\xf0;+37121234567\n', 'latin1'));
  const shown = await admin.sees('Кодировка под вопросом. Взяли windows-1257');
  expect(shown.text).toContain('windows-1250: vârds, Jânis Bçrziňđ');
  await admin.press('Другая кодировка');
  await admin.sees('Где текст читается правильно?');
  await admin.press('windows-1250');
  expect((await admin.sees('CSV, windows-1250')).text).toContain('Jânis Bçrziňđ');
  await admin.press('Другая кодировка');
  await admin.press('windows-1257');
  await admin.sees('Jānis Bērziņš');
});

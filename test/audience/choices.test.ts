/**
 * Where a file can be understood in several ways: sheets, hidden rows and columns, the row that wins, broken entries.
 */
import { openPeopleFile, readAudienceFile, type AudienceFile, type FileChoice } from '../../audience/file';
import { workbook } from '../support/workbook';

async function read(bytes: Buffer | string, choice: FileChoice = {}): Promise<AudienceFile> {
  const result = await readAudienceFile(Buffer.from(bytes as string), { country: 'RU', choice });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}
const phonesOf = ({ rows }: AudienceFile): string[] => rows.flatMap(({ phones }) => phones);

const LIST = [['Имя', 'Телефон'], ['Анна', 79001234561], ['Пётр', 79001234562], ['Олег', 79001234563]]; // prettier-ignore
const HELP = [['Как заполнять'], ['Вопросы: +7 800 555-35-35']];

describe('choosing a sheet of a workbook', () => {
  test.each([
    ['instructions with the support number', [{ name: 'Инструкция', rows: HELP }, { name: 'Контакты', rows: LIST }], 'Контакты'],
    ['instructions without a phone', [{ name: 'Читать', rows: [['Заполните все поля']] }, { name: 'Контакты', rows: LIST }], 'Контакты'],
    ['instructions behind the list', [{ name: 'Лист1', rows: LIST }, { name: 'Справка', rows: HELP }], 'Лист1'],
    ['sums before the list', [{ name: 'Итоги', rows: [['Месяц', 'Сумма'], ['Май', 100]] }, { name: 'Р', rows: HELP }, { name: 'К', rows: LIST }], 'К'],
  ])('%s: the one that holds people is taken', async (_what, sheets, taken) => {
    const file = await read(workbook(sheets));
    expect(file.understood.sheet).toBe(taken);
    expect(phonesOf(file)).toEqual(['79001234561', '79001234562', '79001234563']);
  }); // prettier-ignore

  test('several lists are named with their people, also when one of them was chosen', async () => {
    const bytes = workbook([{ name: 'Москва', rows: LIST }, { name: 'Омск', rows: LIST.slice(0, 3) }]);
    const sheets = [{ name: 'Москва', rows: 3 }, { name: 'Омск', rows: 2 }];
    expect((await read(bytes)).understood).toMatchObject({ sheet: 'Москва', sheets });
    const chosen = (await read(bytes, { sheet: 'омск' })).understood;
    expect(chosen.sheet).toBe('Омск');
    expect(chosen.sheets).toEqual(expect.arrayContaining(sheets));
  }); // prettier-ignore
});

describe('hidden rows of a sheet', () => {
  test('are left out unless they are wanted, and counted over the whole file', async () => {
    const rows = [['Имя', 'Телефон'], ...Array.from({ length: 3000 }, (_, at) => [`Имя${at}`, 79001230000 + at])];
    // Rows 2 to 2001: the sample of the shown ones lies behind them.
    const bytes = workbook([{ rows, hiddenRows: Array.from({ length: 2000 }, (_, at) => at + 2) }]);
    const opened = await openPeopleFile(bytes, { country: 'RU' });
    expect(opened.ok && (await opened.value.read(() => undefined))).toMatchObject({ value: { count: 1000, hidden: 2000 } }); // prettier-ignore
    const all = await openPeopleFile(bytes, { country: 'RU', choice: { hiddenRows: 'include' } });
    expect(all.ok && (await all.value.read(() => undefined))).toMatchObject({ value: { count: 3000, hidden: 2000 } });
  });

  test('alone are refused with their number', async () => {
    const bytes = workbook([{ rows: LIST, hiddenRows: [2, 3, 4] }]);
    expect(await openPeopleFile(bytes, { country: 'RU' })).toMatchObject({
      refusal: { code: 'file_rows_hidden', values: { rows: 3 } },
    });
  });

  test.each<[string, number[], FileChoice, string[], string]>([
    ['left out', [1, 7], {}, ['Телефон', 'Рабочий телефон'], '79001234561'],
    ['taken when they are wanted', [1, 7], { hiddenColumns: 'include' }, ['Имя', 'Телефон', 'Рабочий телефон'], '79001234561'],
    ['of phones: the ones that are shown lead', [2], {}, ['Имя', 'Рабочий телефон'], '79007654321'],
    ['of phones, named by an admin', [2], { phoneColumn: 'Телефон' }, ['Имя', 'Телефон', 'Рабочий телефон'], '79001234561'],
  ])('hidden columns are %s', async (_what, hiddenColumns, choice, columns, first) => {
    const rows = LIST.map((row, at) => [...row, at === 0 ? 'Рабочий телефон' : 79007654320 + at]);
    const file = await read(workbook([{ rows, hiddenColumns }]), choice);
    expect(file.columns).toEqual(columns);
    expect(Object.keys(file.rows[0]!.columns)).toEqual(columns);
    expect(file.first[0]!.cells).toHaveLength(columns.length);
    expect(file.rows[0]!.phones[0]).toBe(first);
    expect(file.understood.hiddenColumns).toEqual([LIST[0]![hiddenColumns[0]! - 1]]);
  }); // prettier-ignore

  test('hidden phones with no others shown are refused with their name', async () => {
    const bytes = workbook([{ rows: LIST, hiddenColumns: [2] }]);
    expect(await openPeopleFile(bytes, { country: 'RU' })).toMatchObject({
      refusal: { code: 'file_columns_hidden', values: { columns: 'Телефон' } },
    });
  });

  test.each<[string, object, string]>([
    ['phones', { hiddenColumns: [2] }, 'file_columns_hidden'],
    ['rows', { hiddenRows: [2, 3, 4] }, 'file_rows_hidden'],
  ])('behind a sheet without people: the hidden %s are why the file is refused', async (_what, hidden, code) => {
    const bytes = workbook([{ rows: [['Заполните все поля']] }, { rows: LIST, ...hidden }]);
    expect(await openPeopleFile(bytes, { country: 'RU' })).toMatchObject({ refusal: { code } });
  });
});

describe('a JSON list with one bad entry loses that entry only', () => {
  const entry = (at: number): Record<string, unknown> => ({ имя: `Имя${at}`, phone: `+7900123456${at}`, tags: ['a', 'b'], place: { city: 'Омск' } }); // prettier-ignore
  const four = [0, 1, 2, 3].map(entry);
  const pretty = JSON.stringify(four, undefined, 2);
  const wrapped = JSON.stringify({ contacts: four, total: 4 }, undefined, '\t');
  const close = pretty.replaceAll('  },\n  {', '}, {').replace('[\n  {', '[{').replace('  }\n]', '}]');
  const flat = JSON.stringify(four.map(({ имя, phone }) => ({ имя, phone })));
  const broken: [string, (text: string) => string][] = [
    ['a comma is missing', (text) => text.replace(/("имя": ?"Имя1"),/, '$1')],
    ['a quote is missing', (text) => text.replace('"Имя1"', '"Имя1')],
    ['a name has a quote in it', (text) => text.replace('Имя1', 'ООО "Имя1"')],
    ['a value is missing', (text) => text.replace('"Имя1"', '')],
  ];
  test.each([
    ...broken.map(([what, spoil]) => [`${what}, laid out`, spoil(pretty)]),
    ...broken.map(([what, spoil]) => [`${what}, in an object`, spoil(wrapped.replace(/,\s*"total": 4/, ''))]),
    ...broken.map(([what, spoil]) => [`${what}, braces on one line`, spoil(close)]),
    ...broken.map(([what, spoil]) => [`${what}, on one line`, spoil(flat)]),
    ['a brace is missing', pretty.replace('  },\n  {', '  {')],
  ])('%s', async (_what, text) => {
    const file = await read(text);
    expect(phonesOf(file)).toEqual(expect.arrayContaining(['+79001234562', '+79001234563']));
    expect(phonesOf(file)).toHaveLength(3);
    expect(file.rejected).toMatchObject([{ reason: 'unreadable' }]);
  });

  test.each([
    ['a cut file', pretty.slice(0, pretty.lastIndexOf('Имя3'))],
    ['a file cut between two entries', pretty.slice(0, pretty.lastIndexOf('  {'))],
  ])('but %s is refused: those behind are missing', async (_what, text) => {
    expect(await openPeopleFile(Buffer.from(text), { country: 'RU' })).toMatchObject({
      refusal: { code: 'file_json_broken' },
    });
  });
});

/** Uploaded tables: encodings, delimiters, headers, phone columns, and everything that is not one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import Papa from 'papaparse';
import { readAudienceFile, type AudienceFile } from '../../audience/file';
import { rejectedHeading, rejectedLines } from '../../audience/rejected';
import type { Refusal, Result } from '../../config/errors';
import { shownIn } from '../support/shown';
import { createParameterFiller } from '../../domain/templates/parameters';
import { template } from '../domain/samples';

const read = (content: string | Buffer): Promise<Result<AudienceFile>> =>
  readAudienceFile(Buffer.from(content as string), { country: 'RU' });

async function table(content: string | Buffer): Promise<AudienceFile> {
  const result = await read(content);
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}
async function refusal(content: string | Buffer): Promise<Refusal> {
  const result = await read(content);
  if (result.ok) throw new Error('expected a refusal');
  return result.refusal;
}
const file = (name: string): Buffer => readFileSync(join(__dirname, '../fixtures/csv', name));

test("Russian Excel's file: its encoding, semicolons, quoted newlines, two phone columns, two numbers in a cell", async () => {
  const { columns, phoneColumn, rows, rejected } = await table(file('excel-ru-cp1251.csv'));
  expect(columns).toEqual(['ФИО', 'Мобильный телефон', 'Рабочий телефон', 'Город', 'Сумма']);
  expect(phoneColumn).toBe('Мобильный телефон');
  expect(rows.map(({ origin, phones }) => [origin, phones])).toEqual([
    ['2', ['8 900 123-45-67', '8 (495) 123-45-67']],
    ['3', ['+7 901 765-43-21, 8 902 111-22-33']],
    ['6', []],
    ['7', ['8 900 12']],
  ]);
  expect(rows[1]!.columns).toEqual({
    ФИО: 'Пётр "Петя" Петров',
    'Мобильный телефон': '+7 901 765-43-21, 8 902 111-22-33',
    'Рабочий телефон': '',
    Город: 'Москва;\nЮг',
    Сумма: '100',
  });
  expect(rejected).toEqual([
    { line: 6, value: '', reason: 'no_phone' },
    { line: 7, value: '8 900 12', reason: 'invalid_phone', problem: 'too_short' },
  ]);
});

test.each([
  '=HYPERLINK("http://evil")',
  "=cmd|' /C calc'!A0",
  "+cmd|' /C calc'!A0",
  "@SUM(1+1)*cmd|' /C calc'!A0",
  '=A1+B1',
  '=$B$2',
  '=1+1',
  '-SUM(A1)',
  '=СЦЕПИТЬ(A1;B1)',
  '=ЕСЛИ(A1="";"";B1)',
  '-СУММ(A1:B1)',
  "='Лист 2'!A1",
  '=Лист2!A1',
  '="+7"&A1',
])('the formula %p is no text: what takes it costs its row, all else nothing', async (formula) => {
  const quoted = `"${formula.replaceAll('"', '""')}"`;
  const { rows, rejected } = await table(`phone;name\n89001234567;Анна\n89001234568;${quoted}\n${quoted};Пётр`);
  expect(rows[1]!.columns['name']).toEqual({ formula, shown: '' });
  expect(rejected).toEqual([{ line: 4, value: formula, reason: 'formula' }]);
  const fill = createParameterFiller(template({ body: '{{1}}' }), [
    { kind: 'column', column: 'name', fallback: 'друг' },
  ]);
  expect(fill(rows[1]!.columns)).toMatchObject({ ok: false, detail: 'parameter 1 {{1}}: formula' });
});

test.each([
  ['="00123"', '00123'],
  ['="ООО ""Ромашка"""', 'ООО "Ромашка"'],
  ['= "+7 900"', '+7 900'],
  ['=""', ''],
])('%s is the text in it', async (given, text) => {
  const { rows } = await table(`phone;name\n="89001234567";"${given.replaceAll('"', '""')}"`);
  expect(rows[0]).toMatchObject({ phones: ['89001234567'], columns: { name: text } });
});

test.each(['#N/A', '#Н/Д', '#REF!', '#ССЫЛКА!', '#ИМЯ?', '#ЗНАЧ!', '#DIV/0!'])('%s is nobody’s name', async (error) => {
  const { rows } = await table(`phone;name\n89001234567;${error}\n89007654321;#1 клиент`);
  expect(rows.map(({ columns }) => columns['name'])).toEqual([{ error, shown: '' }, '#1 клиент']);
});

test.each(['=)', '= 5 000 руб.', '@anna', '-', '+7', '-Анна(сестра)', '=>', '@ivan(tg)'])(
  'what only looks like a formula is text: %p',
  async (text) => {
    expect((await table(`phone;name\n89001234567;${text}`)).rows[0]!.columns['name']).toBe(text);
  },
);

const CONTENT = 'Имя;Телефон\nАнна;89001234567\n';
test.each([
  ['UTF-8', Buffer.from(CONTENT)],
  ['UTF-8 with BOM', Buffer.from(`\ufeff${CONTENT}`)],
  ['UTF-16 LE with BOM', Buffer.from(`\ufeff${CONTENT}`, 'utf16le')],
  ['UTF-16 BE with BOM', Buffer.from(`\ufeff${CONTENT}`, 'utf16le').swap16()],
  ['old Mac line ends', Buffer.from(CONTENT.replaceAll('\n', '\r'))],
  ['Windows line ends', Buffer.from(CONTENT.replaceAll('\n', '\r\n'))],
  ["Excel's sep line", Buffer.from(`sep=;\r\n${CONTENT}`)],
  ['no newline at the end', Buffer.from(CONTENT.trim())],
])('reads %s', async (_what, bytes) => {
  const { phoneColumn, rows } = await table(bytes);
  expect(phoneColumn).toBe('Телефон');
  expect(rows).toMatchObject([{ phones: ['89001234567'], columns: { Имя: 'Анна' } }]);
});

test.each([',', ';', '\t', '|'])('finds out the delimiter %p', async (delimiter) => {
  const lines = [
    ['Имя', 'Телефон', 'Город'],
    ['Анна', '89001234567', 'Казань'],
    ['Пётр', '89007654321', 'Омск'],
  ];
  const { columns, rows } = await table(lines.map((cells) => cells.join(delimiter)).join('\n'));
  expect(columns).toEqual(['Имя', 'Телефон', 'Город']);
  expect(rows.map(({ phones }) => phones[0])).toEqual(['89001234567', '89007654321']);
});

test.each([
  'phone', 'Phone Number', 'PHONE', 'Телефон', 'телефон клиента', 'Тел.', 'тел', 'Моб. номер', 'Mobile', 'WhatsApp', 'Ватсап', 'Сотовый', 'tel',
])('takes the column %p for the phones by its name', async (name) => {
  // The other column looks like one of phones as well.
  expect((await table(`account,${name}\n79990000001,89001234567\n79990000002,89001234568`)).phoneColumn).toBe(name);
}); // prettier-ignore

test('a column named "Номер" is taken only if it holds phones', async () => {
  expect((await table('Номер;Имя\n89001234567;Анна')).phoneColumn).toBe('Номер');
  expect((await table('Номер;Куда писать\n17;89001234567\n18;89001234568')).phoneColumn).toBe('Куда писать');
});

test('a file without a header: columns are numbered, every line is a person', async () => {
  const { columns, phoneColumn, rows } = await table('Анна,89001234567\nПётр,89007654321\n');
  expect({ columns, phoneColumn }).toEqual({ columns: ['1', '2'], phoneColumn: '2' });
  expect(rows).toMatchObject([
    { origin: '1', columns: { 1: 'Анна' } },
    { origin: '2', columns: { 1: 'Пётр' } },
  ]);
});

test('bare numbers, one a line', async () => {
  const { rows, rejected } = await table('89001234567\n\n+7 901 765-43-21\nне номер\n');
  expect(rows.map(({ origin }) => origin)).toEqual(['1', '3', '4']);
  expect(rejected).toEqual([{ line: 4, value: 'не номер', reason: 'invalid_phone', problem: 'no_number' }]);
});

test('many rows without a number before the first with one are people, not titles', async () => {
  const { rows, rejected } = await table(`${'Анна;\n'.repeat(50)}Пётр;89001234567\n`);
  expect(rows).toHaveLength(50);
  expect(rejected).toHaveLength(49);
});

test('empty and repeated column names are told apart', async () => {
  expect((await table('Телефон,Имя,,Имя\n89001234567,a,b,c')).columns).toEqual(['Телефон', 'Имя', '3', 'Имя 2']);
});

test('a column called __proto__ is a column like any other', async () => {
  const [person] = (await table('phone,__proto__\n89001234567,x')).rows;
  expect(Object.entries(person!.columns)).toEqual([
    ['phone', '89001234567'],
    ['__proto__', 'x'],
  ]);
});

test('missing cells at the end of a line are empty', async () => {
  expect((await table('phone,name,city\n89001234567,Анна')).rows[0]!.columns).toEqual({
    phone: '89001234567',
    name: 'Анна',
    city: '',
  });
});

describe('a file is refused', () => {
  test.each([
    ['a PDF', '%PDF-1.7\n1 0 obj'],
    ['RTF', '{\\rtf1\\ansi 89001234567}'],
    ['business cards', 'BEGIN:VCARD\r\nVERSION:3.0\r\nTEL:89001234567\r\nEND:VCARD\r\n'],
    ['SYLK', 'ID;PWXL;N;E\nC;Y1;X1;K89001234567\nE\n'],
    ['HTML saved as .xls', '<html><table><tr><td>89001234567'],
    ['XML', '<?xml version="1.0"?><a/>'],
    ['bytes', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0])],
    ['a few bytes, one of them zero', '\u0000\u0001\u0002PNG'],
    ['a few bytes of nothing', '\u0000\u0001\u0002\u0003'],
  ])('%s is not a table', async (_what, content) => {
    await expect(refusal(content)).resolves.toEqual({ code: 'file_not_text', values: {} });
  });

  test.each(['', '\n\n \n', ';;\n;;', 'Имя;Телефон\n', '\ufeff'])('%p is empty', async (content) => {
    await expect(refusal(content)).resolves.toEqual({ code: 'file_empty', values: {} });
  });

  test('no phone column: names the line of the header and the columns', async () => {
    await expect(refusal('\nИмя;Город\nАнна;Казань\n')).resolves.toEqual({
      code: 'file_no_phone_column',
      values: { line: 2, columns: 'Имя, Город' },
    });
  });

  test('a delimiter too many: names the line and its text, since the values would be in wrong columns', async () => {
    const rejected = { line: 3, value: '89007654321, Петров, Пётр', reason: 'unreadable' };
    expect(await table('phone,name\n89001234567,Анна\n89007654321,Петров, Пётр\n')).toMatchObject({
      rejected: [rejected],
    });
    // All of them: the table was misread.
    await expect(refusal('phone,name\n89001234567,a,b\n89007654321,Петров, Пётр\n')).resolves.toEqual({
      code: 'file_line_invalid',
      values: { line: 2, value: '89001234567, a, b' },
    });
  });

  test.each([
    ['a quote that never ends', '"Анна'],
    ['text behind a closing quote', '"Анна" Петрова'],
  ])('%s costs its line', async (_what, cell) => {
    const { rows, rejected } = await table(`phone,name\n89001234567,${cell}\n89007654321,Пётр\n89001112233,Вера\n`);
    expect(rejected).toEqual([{ line: 2, value: `89001234567,${cell}`, reason: 'unreadable' }]);
    expect(rows.slice(1).map(({ origin, columns }) => [origin, columns['name']])).toEqual([
      ['3', 'Пётр'],
      ['4', 'Вера'],
    ]);
  });

  test('more than 20 MB', async () => {
    const result = await read(Buffer.alloc(21 * 1024 * 1024, '8'));
    expect(result).toEqual({ ok: false, refusal: { code: 'file_too_large', values: { megabytes: 21, limit: 20 } } });
  });

  test('more columns than any table of people has', async () => {
    await expect(refusal(`phone\n89001234567,${'yes,'.repeat(600)}`)).resolves.toEqual({
      code: 'file_too_many_columns',
      values: { line: 2, columns: 602, limit: 500 },
    });
  });
});

test('reads 100,000 lines in a few seconds', async () => {
  const lines = Array.from({ length: 100_000 }, (_, at) => `Имя ${at};8900${String(at).padStart(7, '0')};Казань`);
  const { rows, rejected } = await table(`Имя;Телефон;Город\n${lines.join('\n')}`);
  expect(rows).toHaveLength(100_000);
  expect(rows.at(-1)!.origin).toBe('100001');
  expect(rejected).toEqual([]);
});

test('whatever is in the cells, it comes out as it went in, on the line where it stands', async () => {
  const cell = fc
    .string({ unit: fc.constantFrom(...'aя1=+-@ ,;|\t"\'\n') })
    .map((value) => value.trim().replace(/^=+/, '').trim());
  const people = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      people,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n'),
      async (cells, delimiter, newline) => {
        const lines = [['Имя', 'Телефон', 'Заметка'], ...cells.map(([name, note]) => [name, '+79001234567', note])];
        const { rows } = await table(Papa.unparse(lines, { delimiter, newline, quotes: true }));
        let line = 2;
        expect(rows.map(({ origin, columns }) => [origin, columns['Имя'], columns['Заметка']])).toEqual(
          cells.map(([name, note]) => {
            const at = String(line);
            line += 1 + `${name}${note}`.split('\n').length - 1;
            return [at, name, note];
          }),
        );
      },
    ),
  );
});

test('never throws, whatever the bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array(),
        fc.string().map((value) => Buffer.from(value)),
      ),
      async (bytes) => {
        expect(typeof (await read(Buffer.from(bytes))).ok).toBe('boolean');
      },
    ),
  );
});

describe('a file of people in JSON', () => {
  test.each([
    ['a list of objects', '[{"name":"Анна","phone":79001234567,"address":{"city":"Казань"}}]', { name: 'Анна', phone: '79001234567', 'address.city': 'Казань' }],
    ['an object that holds the list', '{"total":1,"contacts":[{"name":"Анна","phone":"89001234567"}]}', { name: 'Анна', phone: '89001234567' }],
    ['a map of phones', '{"79001234567":"Анна"}', { phone: '79001234567', name: 'Анна' }],
    ['a map of phones to objects', '{"79001234567":{"city":"Казань"}}', { phone: '79001234567', city: 'Казань' }],
    ['bare numbers', '[79001234567]', { 1: '79001234567' }],
    ['a list of lists', '[["Анна","89001234567"]]', { 1: 'Анна', 2: '89001234567' }],
    ['an entry a line', '{"name":"Анна","phone":"89001234567"}\n{"name":"Пётр","phone":"89001234568"}\n', { name: 'Анна', phone: '89001234567' }],
    ['several phones of one', '{"phones":["89001234567","89001234568"],"name":"Анна"}', { phones: '89001234567, 89001234568', name: 'Анна' }],
    ['nothing and truth', '[{"phone":"89001234567","x":null,"y":true}]', { phone: '89001234567', x: '', y: 'true' }],
  ])('%s', async (_what, content, columns) => {
    const { rows, format, rejected } = await table(content);
    expect(format).toEqual({ kind: 'json' });
    expect({ ...rows[0], columns: shownIn(rows[0]!) }).toMatchObject({ columns, origin: '1' });
    expect(rejected).toEqual([]);
  }); // prettier-ignore

  test('entries with different keys have all of them', async () => {
    const { columns, rows } = await table('[{"phone":"89001234567"},{"name":"Анна"},{}]');
    expect(columns).toEqual(['phone', 'name']);
    expect(rows.map((row) => row.columns)).toEqual([{ phone: '89001234567', name: '' }, { phone: '', name: 'Анна' }]);
  }); // prettier-ignore

  test.each([
    ['[{"phone":"89001234567"},', 'file_json_broken', { detail: '1:26' }],
    ['{"phone":"89001234567"}\n{"phone":', 'file_json_broken', { detail: '2:1' }],
    ['[]', 'file_empty', {}],
    ['[{"name":"Анна"}]', 'file_no_phone_column', { line: 1, columns: 'name' }],
  ])('%s is refused', async (content, code, values) => {
    await expect(refusal(content)).resolves.toEqual({ code, values });
  });
});

test('a preview says what was understood', async () => {
  const { format, headerLine, phoneColumns, first } = await table('sep=;\nИмя;Телефон;Раб. тел.\nАнна;89001234567;84951234567\n;abc;'); // prettier-ignore
  expect({ format, headerLine, phoneColumns }).toEqual({
    format: { kind: 'csv', encoding: 'utf-8', delimiter: ';' },
    headerLine: 2,
    phoneColumns: ['Телефон', 'Раб. тел.'],
  });
  expect(first).toEqual([
    { line: 3, cells: ['Анна', '89001234567', '84951234567'], phones: ['+79001234567', '+74951234567'] },
    { line: 4, cells: ['', 'abc', ''], phones: [], rejected: { line: 4, value: 'abc', reason: 'invalid_phone', problem: 'no_number' } },
  ]); // prettier-ignore
});

test('the rejected lines as CSV: each with line, value, reason and all its cells, in the language, nothing a spreadsheet would run', () => {
  const rejected = [
    { line: 3, value: '', reason: 'no_phone' as const },
    { line: 4, value: '=1;"2"', reason: 'invalid_phone' as const, problem: 'too_short' as const },
  ];
  const people = [
    { phones: [], columns: { Имя: '@Анна', Телефон: '' }, origin: '3' },
    { phones: ['=1;"2"'], columns: { Имя: 'Иван\nПетров', Телефон: '=1;"2"' }, origin: '4' },
  ];
  const columns = ['Имя', 'Телефон'];
  expect(rejectedHeading(columns, 'ru') + rejectedLines(rejected, people, columns, 'ru')).toBe(
    '\ufeffстрока;значение;причина;Имя;Телефон\r\n' +
      `3;;в строке нет телефона;"'@Анна";\r\n` +
      '4;"\'=1;""2""";не номер телефона: мало цифр;"Иван\nПетров";"\'=1;""2"""\r\n',
  );
  expect(rejectedLines([], people, columns, 'en')).toBe('');
});

test.each([
  ['with a header', 'Имя;Телефон;Город\nИван;+79001112233;Пермь\nАнна;12-34;Омск\nОлег;;Уфа\n', 'Телефон'],
  ['without a header', 'Иван;+79001112233;Пермь\nАнна;12-34;Омск\nОлег;;Уфа\n', '2'],
])('the rejected lines of a file %s can be corrected and read again', async (_what, text, phoneColumn) => {
  const first = await table(text);
  const csv = rejectedHeading(first.columns, 'ru') + rejectedLines(first.rejected, first.rows, first.columns, 'ru');
  const corrected = csv.replace('Анна;12-34', 'Анна;+79001112255').replace('Олег;;', 'Олег;+79001112266;');
  const again = await table(corrected);
  expect(again).toMatchObject({ phoneColumn, rejected: [] });
  expect(again.rows.map((person) => person.phones)).toEqual([['+79001112255'], ['+79001112266']]);
});

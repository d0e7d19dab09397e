/** Excel workbooks: numbers with all digits, dates as text, the first sheet with data, and those that are none. */
import { readAudienceFile, type AudienceFile } from '../../audience/file';
import type { Refusal } from '../../config/errors';
import { shownIn } from '../support/shown';
import { STYLES, workbook, workbookParts, zip, type WorkbookCell, type WorkbookSheet } from '../support/workbook';

async function table(bytes: Buffer): Promise<AudienceFile> {
  const result = await readAudienceFile(bytes, { country: 'RU' });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}
async function refusal(bytes: Buffer): Promise<Refusal> {
  const result = await readAudienceFile(bytes, { country: 'RU' });
  if (result.ok) throw new Error('expected a refusal');
  return result.refusal;
}
const PEOPLE: WorkbookSheet = { rows: [['Имя', 'Телефон'], ['Анна', 79001234567]] }; // prettier-ignore
const phonesOf = async (cells: readonly WorkbookCell[]): Promise<(string | undefined)[]> =>
  (await table(workbook([{ rows: [['Имя', 'Телефон'], ...cells.map((cell) => ['Анна', cell])] }]))).first.map(
    ({ phones }) => phones[0],
  );

test('a workbook as Excel saves it: header, numbers as phones, empty cells, gaps between rows', async () => {
  const { format, columns, phoneColumn, headerLine, rows, rejected } = await table(
    workbook([
      {
        name: 'Клиенты',
        rows: [
          ['Имя', 'Телефон', null, 'Город'],
          ['Анна', 79001234567, null, 'Казань'],
          null,
          ['Пётр', '8 900 12', 'x', null],
          [null, null, null],
        ],
      },
    ]),
  );
  expect(format).toEqual({ kind: 'xlsx', sheet: 'Клиенты', sheets: ['Клиенты'] });
  expect({ columns, phoneColumn, headerLine }).toEqual({
    columns: ['Имя', 'Телефон', '3', 'Город'],
    phoneColumn: 'Телефон',
    headerLine: 1,
  });
  expect(rows.map((row) => ({ ...row, columns: shownIn(row) }))).toEqual([
    { phones: ['79001234567'], columns: { Имя: 'Анна', Телефон: '79001234567', 3: '', Город: 'Казань' }, origin: '2' },
    { phones: ['8 900 12'], columns: { Имя: 'Пётр', Телефон: '8 900 12', 3: 'x', Город: '' }, origin: '4' },
  ]);
  expect(rejected).toEqual([{ line: 4, value: '8 900 12', reason: 'invalid_phone', problem: 'too_short' }]);
});

test('phones in every form a workbook keeps them in', async () => {
  const style = `s="${STYLES.phone}"`;
  expect(
    await phonesOf([
      { xml: '<c><v>7.9001234567E10</v></c>' },
      { xml: '<c><v>79001234567.0</v></c>' },
      { xml: `<c ${style}><v>79001234567</v></c>` },
      { xml: '<c t="inlineStr"><is><r><t>8 900 </t></r><r><t>123-45-67</t></r></is></c>' },
      { xml: '<c t="str"><f>CONCATENATE("+7",A1)</f><v>+79001234567</v></c>' },
    ]),
  ).toEqual(Array(5).fill('+79001234567'));
});

test.each([
  ['a date', { xml: `<c s="${STYLES.date}"><v>46173</v></c>` }, '31.05.2026'],
  ['a date with its time', { xml: `<c s="${STYLES.dateTime}"><v>46173.6041666667</v></c>` }, '31.05.2026 14:30'],
  ['a date that is shown year first', { xml: `<c s="${STYLES.iso}"><v>46173</v></c>` }, '2026-05-31'],
  ['a date that is shown month first', { xml: `<c s="${STYLES.american}"><v>46173</v></c>` }, '5/31/2026'],
  ['a time', { xml: `<c s="${STYLES.time}"><v>0.375</v></c>` }, '09:00'],
  ['an amount', { xml: `<c s="${STYLES.money}"><v>5000.5</v></c>` }, '5\u00a0000,50 руб.'],
  ['what floating point leaves', { xml: '<c><v>0.30000000000000004</v></c>' }, '0,3'],
  ['truth', { xml: '<c t="b"><v>1</v></c>' }, 'TRUE'],
  ['an error', { xml: '<c t="e"><v>#N/A</v></c>' }, ''],
  ['a formula by its value', { xml: '<c><f>A1*2</f><v>84</v></c>' }, '84'],
  ['a formula whose value is empty text', { xml: '<c t="str"><f>IF(A1,"","x")</f><v></v></c>' }, ''],
  ['an escaped line break', 'Казань_x000D_\nЮг', 'Казань \nЮг'],
  ['text like a formula', '=A1+1', '=A1+1'],
])('%s is read as text', async (_what, cell, expected) => {
  const { rows } = await table(workbook([{ rows: [['Телефон', 'x', 'y'], [79001234567, cell, 'end']] }])); // prettier-ignore
  expect(shownIn(rows[0]!)).toMatchObject({ x: expected, y: 'end' });
});

test.each([
  ['an empty cell', '<c/>'],
  ['one that has only a style', '<c s="0"/>'],
  ['one with an empty text', '<c t="inlineStr"><is><t></t></is></c>'],
])('cells without references keep their places behind %s', async (_what, empty) => {
  const texts = ['Имя', 'Город', 'Телефон'];
  const parts = workbookParts([{ rows: [texts, ['Анна', { xml: empty }, 79001234567]] }]);
  // The attribute is optional: ECMA-376 part 1, §18.3.1.4.
  const bare = parts.map((part) => ({
    ...part,
    content: String(part.content).replaceAll(/(<c\b[^>]*?) r="[A-Z]+\d+"/g, '$1'),
  }));
  const { rows } = await table(zip(bare));
  expect(shownIn(rows[0]!)).toEqual({ Имя: 'Анна', Город: '', Телефон: '79001234567' });
});

test('dates of a workbook that counts from 1904', async () => {
  const sheet = { rows: [['Телефон', 'x'], [79001234567, { xml: `<c s="${STYLES.date}"><v>44711</v></c>` }]] }; // prettier-ignore
  expect((await table(workbook([sheet], { epoch1904: true }))).rows[0]!.columns['x']).toEqual({
    day: '2026-05-31',
    shown: '31.05.2026',
  });
});

test('the first visible sheet that has data is read', async () => {
  const other: WorkbookSheet = { rows: [['Телефон'], [79990000000]] };
  const { format, rows } = await table(
    workbook([
      { ...other, hidden: true },
      { rows: [] },
      { rows: [null, [null]] },
      { ...PEOPLE, name: 'Третий' },
      other,
    ]),
  );
  expect(format).toEqual({ kind: 'xlsx', sheet: 'Третий', sheets: ['Третий', 'Лист5'] });
  expect(rows).toHaveLength(1);
});

test('a title above the table and merged cells above its names are not its header', async () => {
  const { headerLine, columns, rows } = await table(
    workbook([
      {
        rows: [
          ['Клиенты, май 2026'],
          null,
          ['Клиент', null, 'Контакты', null],
          ['Имя', 'Фамилия', 'Телефон', 'Город'],
          ['Анна', 'Иванова', 79001234567, 'Казань'],
        ],
      },
    ]),
  );
  expect({ headerLine, columns }).toEqual({ headerLine: 4, columns: ['Имя', 'Фамилия', 'Телефон', 'Город'] });
  expect(rows).toHaveLength(1);
});

describe('a workbook is refused', () => {
  const parts = workbookParts([PEOPLE]);
  const without = (name: string): Buffer => zip(parts.filter((part) => part.name !== name));
  const whole = zip(parts);

  test('a zip that is no workbook', async () => {
    await expect(refusal(zip([{ name: 'word/document.xml', content: '<a/>' }]))).resolves.toMatchObject({
      code: 'file_not_text',
    });
  });

  test('an .xlsb', async () => {
    await expect(refusal(zip([{ name: 'xl/workbook.bin', content: 'x' }]))).resolves.toMatchObject({
      code: 'file_xls_old',
    });
  });

  test.each([
    ['cut off', whole.subarray(0, whole.length - 40)],
    ['only its first bytes', whole.subarray(0, 30)],
    ['without its list of sheets', without('xl/_rels/workbook.xml.rels')],
    ['XML that ends in the middle', zip(parts.map((part) => (/sheet1/.test(part.name) ? { ...part, content: '<worksheet><sheetData><row>' } : part)))],
    ['bytes changed', Buffer.concat([whole.subarray(0, 60), Buffer.alloc(40, 7), whole.subarray(100)])],
  ])('%s: damaged', async (_what, bytes) => {
    await expect(refusal(bytes)).resolves.toMatchObject({ code: 'file_xlsx_broken' });
  }); // prettier-ignore

  test('protected with a password, as Excel does it and as a zip', async () => {
    const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le')]); // prettier-ignore
    await expect(refusal(ole)).resolves.toMatchObject({ code: 'file_encrypted' });
    const encrypted = zip(parts.map((part) => ({ ...part, encrypted: true as const })));
    await expect(refusal(encrypted)).resolves.toMatchObject({ code: 'file_encrypted' });
  });

  test('an .xls', async () => {
    const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);
    await expect(refusal(ole)).resolves.toMatchObject({ code: 'file_xls_old' });
  });

  test('a formula that nobody has calculated is no text', async () => {
    const sheet = { rows: [['Телефон', 'x'], [79001234567, { xml: '<c><f>A1*2</f></c>' }]] }; // prettier-ignore
    expect((await table(workbook([sheet]))).rows[0]!.columns['x']).toEqual({ formula: '=A1*2', shown: '' });
  });

  test('a cell far to the right', async () => {
    const sheet = { rows: [['Телефон'], [{ xml: '<c r="XFD2"><v>1</v></c>' }]] };
    const far = zip(workbookParts([sheet]).map((part) => ({ ...part, content: String(part.content).replace('r="A2" r=', 'r=') }))); // prettier-ignore
    await expect(refusal(far)).resolves.toMatchObject({ code: 'file_too_many_columns', values: { line: 2, columns: 16384 } });
  }); // prettier-ignore
});

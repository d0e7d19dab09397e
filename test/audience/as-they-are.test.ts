/** Files as other programs and people leave them: marks, ends, broken entries, parts under other names, hidden rows. */
import { openTable } from '../../audience/open-table';
import type { TableRow } from '../../audience/table';
import { readAudienceFile, type AudienceFile } from '../../audience/file';
import type { Cell } from '../../domain/reading/cell';
import { createParameterFiller } from '../../domain/templates/parameters';
import { template } from '../domain/samples';
import { shownIn } from '../support/shown';
import { STYLES, workbook, workbookParts, zip, type WorkbookCell } from '../support/workbook';

async function table(content: string | Buffer): Promise<AudienceFile> {
  const result = await readAudienceFile(Buffer.from(content as string), { country: 'RU' });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

async function rowsOf(content: Buffer, sheet?: string): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const batch of (await openTable(content, { ...(sheet && { sheet }) })).rows) rows.push(...batch.rows);
  return rows;
}

const JSON_ROW = '{"phone":"89001234567","name":"Анна"}';
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

test.each<[string, string | Buffer, string[]]>([
  ['Ctrl-Z at the end', 'Имя;Телефон\r\nАнна;89001234567\r\n\u001a', ['Анна']],
  ['Ctrl-Z and zeros up to the end of a block', 'Имя;Телефон\nАнна;89001234567\n\u001a\0\0\0', ['Анна']],
  ['lines quoted whole', '"Имя;Телефон"\r\n"Анна;89001234567"\r\n', ['Анна']],
  ['lines quoted whole, with quotes in them', '"Имя,Телефон"\n"""Анна"",89001234567"\n', ['Анна']],
  ['lines quoted whole, each ended', '"Имя,Телефон";\n"Анна,89001234567";\n', ['Анна']],
  ['lines quoted whole, but for the header', 'Имя,Телефон\n"Анна,89001234567"\n"Анна,89001234568"\n', ['Анна', 'Анна']],
  ['a bad quote in a short file', 'Имя;Телефон\nАнна;89001234567\n"Анна;89001234568\nАнна;89001234569\nАнна;89001234570\n', ['Анна', '', 'Анна', 'Анна']],
  ['cells quoted one by one', '"Имя";"Телефон"\n"Анна";"89001234567"\n', ['Анна']],
  ['JSON in UTF-16 with a mark', utf16(`\ufeff[${JSON_ROW}]`), ['Анна']],
  ['JSON in UTF-16 without one', utf16(`[${JSON_ROW}]`), ['Анна']],
  ['JSON in UTF-16 BE', utf16(`\ufeff[${JSON_ROW}]`).swap16(), ['Анна']],
  ['NaN for a name', '[{"phone": 79001234567.0, "name": NaN},{"phone":89007654321,"name":"NaN, Inc"}]', ['', 'NaN, Inc']],
  ['infinities', '[{"phone":"89001234567","name":-Infinity},{"phone":"89007654321","name":Infinity}]', ['', '']],
  ['a comma before the bracket', `[${JSON_ROW},]`, ['Анна']],
  ['a broken entry among others', `[${JSON_ROW},\n{"phone":"89001112233","name":"Бор"ис"},\n${JSON_ROW}]`, ['Анна', '', 'Анна']],
  ['a broken line of JSON Lines', `${JSON_ROW}\n{"phone":\n${JSON_ROW}\n`, ['Анна', '', 'Анна']],
])('a file as it was left is read: %s', async (_what, content, names) => {
  const { rows, rejected } = await table(content);
  const nameOf = (columns: Record<string, string>): string => columns['name'] ?? columns['Имя'] ?? '';
  expect(rows.map((row) => nameOf(shownIn(row)))).toEqual(names);
  // Nothing but what is broken is lost.
  expect(rejected.every(({ reason }) => reason === 'unreadable')).toBe(true);
  expect(rejected.length).toBeLessThan(rows.length);
}); // prettier-ignore

test('a quote that is never closed costs its own row of a large file', async () => {
  const many = Array.from({ length: 10_000 }, (_, at) => `Борис;8900${1_000_000 + at}`);
  const { rows, rejected } = await table(['Имя;Телефон', 'Анна;89001234567', '"Вера;89001234568', ...many].join('\n'));
  expect(rows).toHaveLength(many.length + 2);
  expect(rejected).toEqual([{ line: 3, value: '"Вера;89001234568', reason: 'unreadable' }]);
});

test.each<[string, string[]]>([
  ['Анна;89001234567;1049,50\nБорис;89007654321;99,90\n', ['Анна', '89001234567', '1049,50']],
  ['89001234567;1049,50\n89007654321;99,90\n', ['89001234567', '1049,50']],
  ['89001234567;1,5;2,5;3,5\n89007654321;1,5;2,5;3,5\n', ['89001234567', '1,5', '2,5', '3,5']],
  ['89001234567\t15,5\n89007654321\t20,5\n', ['89001234567', '15,5']],
  ['89001234567,15\n89007654321,20\n', ['89001234567', '15']],
])('without a header, decimal commas part no columns: %j', async (content, cells) => {
  expect((await table(content)).first[0]!.cells).toEqual(cells);
});

describe('a workbook', () => {
  const people: (WorkbookCell[] | null)[] = [['Имя', 'Телефон'], ['Анна', 79001234567], ['Борис', '8 900 765-43-21']]; // prettier-ignore
  const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const named = (from: string, to: string, extra: { name: string; content: string }[] = []): Buffer =>
    zip([
      ...workbookParts([{ rows: people }]).map(({ name, content }) => ({
        name: name.replace(from, to),
        content: String(content).replace(from, to),
      })),
      ...extra,
    ]);
  const root = (target: string, type = `${RELATIONS}/officeDocument`): { name: string; content: string } => ({
    name: '_rels/.rels',
    content: `<Relationships><Relationship Id="r" Type="${type}" Target="${target}"/></Relationships>`,
  });

  test.each([
    ['under another name', named('workbook.xml', 'workbook2.xml', [root('xl/workbook2.xml')])],
    ['named from the root', named('workbook.xml', 'book.xml', [root('/xl/book.xml')])],
    ['in the strict namespaces', named('workbook.xml', 'book.xml', [root('xl/book.xml', 'http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument')])],
    ['in a folder of another name', zip([...workbookParts([{ rows: people }]).map((part) => ({ ...part, name: part.name.replace('xl/', 'data/') })), root('data/workbook.xml')].map((part) => (/rels$/.test(part.name) && /data/.test(part.name) ? { ...part, content: String(part.content).replace('</Relationships>', `<Relationship Id="s" Type="${RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`) } : part)))],
  ])('%s is found by its relationships', async (_what, bytes) => {
    expect((await table(bytes)).rows.map((row) => shownIn(row)['Имя'])).toEqual(['Анна', 'Борис']);
  }); // prettier-ignore

  test('that names its texts otherwise keeps them', async () => {
    const parts = workbookParts([{ rows: people }]).map((part) =>
      part.name.endsWith('sharedStrings.xml')
        ? { ...part, name: 'xl/texts2.xml' }
        : part.name.endsWith('workbook.xml.rels')
          ? { ...part, content: String(part.content).replace('</Relationships>', `<Relationship Id="s" Type="${RELATIONS}/sharedStrings" Target="/xl/texts2.xml"/></Relationships>`) }
          : part,
    ); // prettier-ignore
    expect((await table(zip(parts))).columns).toEqual(['Имя', 'Телефон']);
  });

  test('marks rows that its sheet hides', async () => {
    const parts = workbookParts([{ rows: people }]).map((part) =>
      /sheet1/.test(part.name)
        ? { ...part, content: String(part.content).replace('<row r="2"', '<row r="2" hidden="1"') }
        : part,
    );
    expect((await rowsOf(zip(parts))).map(({ line, hidden }) => [line, hidden])).toEqual([
      [1, undefined],
      [2, true],
      [3, undefined],
    ]);
  });

  test('names its sheets, and opens the one that is asked for', async () => {
    const bytes = workbook([
      { name: 'Инструкция', rows: [['Как заполнять'], ['Вопросы: +7 800 555-35-35']] },
      { name: 'Пусто', rows: [] },
      { name: 'Скрыт', hidden: true, rows: people },
      { name: 'Контакты', rows: people },
    ]);
    const { format } = await openTable(bytes, {});
    expect(format).toEqual({ kind: 'xlsx', sheet: 'Инструкция', sheets: ['Инструкция', 'Контакты'] });
    expect(await rowsOf(bytes, 'контакты')).toHaveLength(3);
    await expect(openTable(bytes, { sheet: 'Скрыт' })).rejects.toMatchObject({
      refusal: { code: 'file_sheet_unknown', values: { sheet: 'Скрыт', sheets: 'Инструкция, Контакты' } },
    });
  });

  test('cells without a value are empty, whatever their type; furigana is no text', async () => {
    const cells = ['<c t="s"/>', '<c t="s"><v/></c>', '<c t="s"><v></v></c>', '<c t="inlineStr"/>', '<c t="inlineStr"><is><r><t>Ан</t></r><r><t>на</t></r><rPh sb="0" eb="1"><t>アン</t></rPh></is></c>']; // prettier-ignore
    const { rows } = await table(
      workbook([{ rows: [['Телефон', 'Имя'], ...cells.map((xml) => [79001234567, { xml }])] }]),
    );
    expect(rows.map((row) => shownIn(row)['Имя'])).toEqual(['', '', '', '', 'Анна']);
  });

  /** A workbook with one cell of a format of its own. */
  async function cellOf(code: string, value: number | string, type = 'n'): Promise<Cell> {
    const xml = `<c s="1" t="${type}"><v>${value}</v></c>`;
    const parts = workbookParts([{ rows: [['Телефон', 'x'], [79001234567, { xml }]] }]).map((part) =>
      part.name === 'xl/styles.xml'
        ? {
            ...part,
            content: `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="${code.replaceAll('"', '&quot;')}"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
          }
        : part,
    ); // prettier-ignore
    return (await table(zip(parts))).rows[0]!.columns['x']!;
  }

  test.each<[string, number, Cell]>([
    ['0%', 0.15, '15%'],
    ['0.0%', 0.125, '12,5%'],
    ['00000', 123, { number: 123, shown: '00123' }],
    ['"+7 "0000000000', 9001234567, { number: 9001234567, shown: '+7 9001234567' }],
    ['0.00E+00', 79001234567, { number: 79001234567, shown: '79001234567' }],
    ['m/d/yyyy', 46148, { day: '2026-05-06', shown: '5/6/2026' }],
    ['MM/DD/YY', 46173, { day: '2026-05-31', shown: '05/31/26' }],
    ['[$-419]d mmmm yyyy;@', 46148, { day: '2026-05-06', shown: '6 мая 2026' }],
    ['ДД.ММ.ГГГГ', 46148, { day: '2026-05-06', shown: '06.05.2026' }],
    ['dd.mm.yyyy', 1, { day: '1900-01-01', shown: '01.01.1900' }],
    ['dd.mm.yyyy', 59, { day: '1900-02-28', shown: '28.02.1900' }],
    ['[h]:mm', 1.5, '36:00'],
    ['bad[', 5, { number: 5, shown: '5' }],
  ])('shows %s of %d as its sheet does', async (code, value, cell) => expect(await cellOf(code, value)).toEqual(cell));

  test('dates by the letter of the standard are days', async () => {
    expect(await cellOf('0', '2026-05-06T00:00:00', 'd')).toEqual({ day: '2026-05-06', shown: '2026-05-06' });
  });

  test('a country code in the format is the phone’s', async () => {
    const xml = `<c s="${STYLES.phone}"><v>79001234567</v></c>`;
    expect((await table(workbook([{ rows: [['Телефон'], [{ xml }]] }]))).first[0]!.phones).toEqual(['+79001234567']);
  });
});

test('sums and birthdays of JSON come through as they are meant', async () => {
  const content = '[{"phone":"89001234567","sum":1049.325,"birthday":-147398400},{"phone":"89007654321","sum":33.333333333333336,"birthday":86400000}]'; // prettier-ignore
  const { rows } = await table(content);
  const fill = createParameterFiller(template({ body: '{{1}}, {{2}}!', language: 'ru', buttons: [] }), [
    { kind: 'column', column: 'sum', transform: [{ name: 'money', currency: 'RUB' }] },
    { kind: 'column', column: 'birthday', transform: [{ name: 'date' }] },
  ]);
  const said = rows.map(({ columns }) => fill(columns)).map((filled) => (filled.ok ? filled.params : filled.detail));
  expect(JSON.parse(JSON.stringify(said).replace(/[\u00a0\u202f]/g, ' '))).toEqual([
    ['1 049,33 ₽', '1 мая 1965 г.'],
    ['33,33 ₽', '27 сентября 1972 г.'],
  ]);
});

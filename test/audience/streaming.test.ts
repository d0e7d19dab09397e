/** Files longer than the pieces they are read in: whatever stands at the border of two pieces comes out whole. */
import fc from 'fast-check';
import Papa from 'papaparse';
import { openPeopleFile, readAudienceFile, type AudienceFile, type PeopleBatch } from '../../audience/file';
import { workbook } from '../support/workbook';

/** As audience/bytes.ts reads them. */
const PIECE = 64 * 1024;

async function table(bytes: Buffer): Promise<AudienceFile> {
  const result = await readAudienceFile(bytes, { country: 'RU' });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

const cell = fc.string({ unit: fc.constantFrom(...'aяё🎉1 ,;\t"\'\n'), maxLength: 30 }).map((value) => value.trim());
const rows = fc.array(fc.tuple(cell, cell), { minLength: 5, maxLength: 40 });

/** The rows again and again until they fill some pieces; a filler moves every border by a few bytes. */
function longFile(cells: [string, string][], filler: number): string[][] {
  const lines = [
    ['Имя', 'Телефон', 'Заметка'],
    ['x'.repeat(filler), '+79001234567', ''],
  ];
  for (let size = 0; size < 2 * PIECE + 1000;) {
    for (const [name, note] of cells) {
      lines.push([name, '+79001234567', note]);
      size += Buffer.byteLength(name + note) + 20;
    }
  }
  return lines;
}

test.each(['utf8', 'utf16le'] as const)('CSV in %s, whatever is in the cells', async (encoding) => {
  await fc.assert(
    fc.asyncProperty(rows, fc.nat(200), fc.constantFrom('\n', '\r\n', '\r'), async (cells, filler, newline) => {
      const lines = longFile(cells, filler);
      const text = `\ufeff${Papa.unparse(lines, { delimiter: ';', newline, quotes: true })}`;
      const file = await table(Buffer.from(text, encoding));
      expect(file.rows.map(({ columns }) => [columns['Имя'], columns['Телефон'], columns['Заметка']])).toEqual(lines.slice(1)); // prettier-ignore
      let line = 1;
      const begins = lines.map((row) => {
        const at = line;
        line += row.join('').split('\n').length;
        return String(at);
      });
      expect(file.rows.map(({ origin }) => origin)).toEqual(begins.slice(1));
    }),
    { numRuns: 6 },
  );
});

test('Excel and JSON, whatever is in the cells', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async (cells) => {
      const lines = cells.map(([name, note]) => [name, '+79001234567', note]);
      const expected = lines.map(([name, , note]) => [name, note]);
      const sheet = workbook([{ rows: [['Имя', 'Телефон', 'Заметка'], ...lines] }]);
      const json = JSON.stringify(lines.map(([Имя, Телефон, Заметка]) => ({ Имя, Телефон, Заметка })));
      for (const content of [sheet, Buffer.from(json)]) {
        const file = await table(content);
        expect(file.rows.map(({ columns }) => [columns['Имя'], columns['Заметка']])).toEqual(expected);
      }
    }),
    { numRuns: 30 },
  );
});

test('people come in batches, the next one not before the last is taken; the share rises to the whole', async () => {
  const lines = Array.from({ length: 10_000 }, (_, n) => `Имя ${n};8900${String(n).padStart(7, '0')}`);
  const opened = await openPeopleFile(Buffer.from(`Имя;Телефон\n${lines.join('\n')}`), { country: 'RU' });
  if (!opened.ok) throw new Error('refused');
  const batches: PeopleBatch[] = [];
  let [open, most] = [0, 0];
  const read = await opened.value.read(async (batch) => {
    most = Math.max(most, ++open);
    await Promise.resolve();
    batches.push(batch);
    open--;
  });
  expect(read).toEqual({ ok: true, value: { count: 10_000, rejected: 0, hidden: 0 } });
  expect(most).toBe(1);
  expect(Math.max(...batches.map(({ people }) => people.length))).toBeLessThanOrEqual(500);
  const shares = batches.map(({ share }) => share);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBe(1);
  expect(batches.flatMap(({ numbers }) => numbers).at(-1)).toEqual([{ e164: '+79000009999', mobile: true }]);
});

test('a row of a file without a header that is wider than those before brings its columns with it', async () => {
  const narrow = '89001234567;Анна\n'.repeat(1_000);
  const { columns, rows: people } = await table(Buffer.from(`${narrow}89007654321;Пётр;Казань\n`));
  expect(columns).toEqual(['1', '2', '3']);
  expect(people.at(-1)!.columns).toEqual({ 1: '89007654321', 2: 'Пётр', 3: 'Казань' });
});

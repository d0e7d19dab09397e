/**
 * Files made to exhaust whoever reads them: refused with a sentence, within bounded memory (measured in a process of
 * its own).
 */
import { execFile } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { explain, type Result } from '../../config/errors';
import { nodeArguments } from '../support/programs';
import { workbookParts, zip } from '../support/workbook';
import { PATIENCE } from '../support/patience';

const folder = mkdtempSync(join(tmpdir(), 'bobcofer-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  read: Result<{ count: number; rejected: number }>;
  /** Above what the process had before. */
  megabytes: number;
  longestPauseMs: number;
}

/** Whatever the file; the reader's own buffers and the collector's leisure are in it. */
const MOST_MEGABYTES = 160;

async function readInChild(path: string): Promise<Outcome> {
  // Node 24 collects its young generation later than Node 20: at one size both are measured alike.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--max-semi-space-size=16', ...nodeArguments('test/audience/read-in-child.ts'), path],
    {
      cwd: resolve(__dirname, '../..'),
      timeout: 100_000,
    },
  );
  return JSON.parse(stdout) as Outcome;
}

async function written(name: string, content: Buffer | Iterable<string>): Promise<string> {
  const path = join(folder, name);
  if (Buffer.isBuffer(content)) {
    writeFileSync(path, content);
    return path;
  }
  const file = createWriteStream(path);
  for (const piece of content) if (!file.write(piece)) await once(file, 'drain');
  file.end();
  await once(file, 'close');
  return path;
}

const MEGABYTE = 1024 * 1024;
function* repeated(start: string, piece: string, megabytes: number, end = ''): Generator<string> {
  yield start;
  const block = piece.repeat(Math.ceil(MEGABYTE / piece.length));
  for (let count = 0; count < megabytes; count++) yield block;
  yield end;
}

const parts = workbookParts([{ rows: [['Имя', 'Телефон'], ['Анна', 79001234567]] }]); // prettier-ignore
const withSheet = (content: Buffer | string, declaredSize?: number): Buffer =>
  zip(
    parts.map((part) =>
      /sheet1/.test(part.name) ? { ...part, content, ...(declaredSize && { declaredSize }) } : part,
    ),
  );
const SHEET = '<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>';

const HOSTILE: [string, () => Buffer | Iterable<string>, string][] = [
  ['a line of 10 MB', () => repeated('phone,name\n89001234567,', 'Анна', 10, '\n'), 'file_line_too_long'],
  // The quote costs its own line; the lines behind it are rows again, and too many of them.
  ['a quote that never ends, in 100 MB', () => repeated('phone,name\n89001234567,"', 'Анна\n', 100), 'file_too_many_rows'],
  ['100 MB of quotes', () => repeated('phone,name\n', '"', 100), 'file_line_too_long'],
  ['100 MB of delimiters', () => repeated('phone,name\n89001234567', ';', 100), 'file_line_too_long'],
  ['NUL bytes', () => Buffer.concat([Buffer.from('phone\n89001234567\n'), Buffer.alloc(30 * MEGABYTE)]), 'file_not_text'],
  ['600 MB', () => repeated('phone\n', '89001234567\n', 600), 'file_too_large'],
  ['100 MB of JSON', () => repeated('[', '{},', 100, '1]'), 'file_too_large'],
  ['an .xlsx that unpacks to 400 MB', () => withSheet(Buffer.alloc(400 * MEGABYTE, '<row/>')), 'file_unpacks_too_large'],
  ['an .xlsx that says it is small', () => withSheet(Buffer.alloc(200 * MEGABYTE, '<row/>'), 1000), 'file_xlsx_broken'],
  ['an .xlsx with one text of 200 MB', () => withSheet(Buffer.from(SHEET + 'a'.repeat(200 * MEGABYTE))), 'file_xlsx_broken'],
  ['an .xlsx with one text in 10 million parts', () => withSheet(SHEET + 'a</t></is><is><t>'.repeat(5_000_000)), 'file_line_too_long'],
]; // prettier-ignore

test.each(HOSTILE)(
  '%s is refused within bounded memory',
  async (what, content, code) => {
    const path = await written(`${what.replace(/\W+/g, '-')}.csv`, content());
    const { read, megabytes } = await readInChild(path);
    rmSync(path);
    if (read.ok) throw new Error(`read ${JSON.stringify(read.value)}`);
    expect(read.refusal.code).toBe(code);
    expect(explain(read.refusal, 'ru')).not.toMatch(/\{\{|refusals\./);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  },
  120_000,
);

test('150,000 rows are read within the same memory, and the process answers others meanwhile', async () => {
  const path = await written('long.csv', repeated('name;phone\n', 'Анна;89001234567\n', 4));
  const { read, megabytes, longestPauseMs } = await readInChild(path);
  expect(read).toMatchObject({ ok: true, value: { rejected: 0 } });
  expect(megabytes).toBeLessThan(MOST_MEGABYTES);
  expect(longestPauseMs).toBeLessThan(PATIENCE > 1 ? 2_000 : 1_000);
}, 120_000);

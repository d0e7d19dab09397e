/** The rows of an Excel workbook (.xlsx): its first sheet with data. Formulas count by the value that Excel saved. */
import { FileRefused, type Table } from './table';
import type { FileSource } from './bytes';
import { openPackage, type XlsxPackage } from './xlsx-package';
import { readSheet, type SheetContext } from './xlsx-sheet';
import { dateFormatOf, type DateFormat } from './xlsx-values';

interface Sheet {
  name: string;
  part: string;
}

/** All shared texts together; they are kept in memory while the sheet is read. */
const MAX_SHARED_CHARACTERS = 50_000_000;

/** Opens the workbook as a table. Throws FileRefused, here or while the rows are read. */
export async function openXlsx(source: FileSource): Promise<Table> {
  const parts = await openPackage(source);
  try {
    const { sheets, epoch1904 } = await readWorkbook(parts);
    const dates = await readDateFormats(parts);
    const context: SheetContext = { texts: await readSharedTexts(parts), dates, epoch1904 };
    for (const { name, part } of sheets) {
      const rows = readSheet(parts, part, context);
      // One that is empty is left for the next.
      let first = await rows.next();
      while (!first.done && first.value.rows.length === 0) first = await rows.next();
      if (!first.done) return { format: { kind: 'xlsx', sheet: name }, rows: closing(first.value, rows, parts) };
    }
    throw new FileRefused('file_empty');
  } catch (error) {
    parts.close();
    throw error;
  }
}

async function* closing(
  first: { rows: { line: number; cells: string[] }[]; share: number },
  rest: Table['rows'],
  parts: XlsxPackage,
): Table['rows'] {
  try {
    yield first;
    yield* rest;
  } finally {
    parts.close();
  }
}

/** The visible sheets in the order of their tabs. */
async function readWorkbook(parts: XlsxPackage): Promise<{ sheets: Sheet[]; epoch1904: boolean }> {
  const targets = new Map<string, string>();
  await drain(
    parts.read('xl/_rels/workbook.xml.rels', {
      open: (name, { Id = '', Target = '' }) => {
        if (name === 'Relationship') targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`);
      },
    }),
  );
  const sheets: Sheet[] = [];
  let epoch1904 = false;
  await drain(
    parts.read('xl/workbook.xml', {
      open: (name, attributes) => {
        if (name === 'workbookPr') epoch1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
        if (name !== 'sheet' || /hidden/i.test(attributes['state'] ?? '')) return;
        const id = Object.entries(attributes).find(([key]) => /(^|:)id$/.test(key))?.[1];
        const part = targets.get(id ?? '');
        if (part && parts.has(part)) sheets.push({ name: attributes['name'] ?? '', part });
      },
    }),
  );
  return { sheets, epoch1904 };
}

/** By style number: the format of those that show dates. */
async function readDateFormats(parts: XlsxPackage): Promise<DateFormat[]> {
  const codes = new Map<number, string>();
  const styles: DateFormat[] = [];
  let inCells = false;
  if (!parts.has('xl/styles.xml')) return styles;
  await drain(
    parts.read('xl/styles.xml', {
      open: (name, { numFmtId = '0', formatCode = '' }) => {
        if (name === 'numFmt') codes.set(Number(numFmtId), formatCode);
        if (name === 'cellXfs') inCells = true;
        if (name === 'xf' && inCells) styles.push(dateFormatOf(Number(numFmtId), codes.get(Number(numFmtId))));
      },
      close: (name) => {
        if (name === 'cellXfs') inCells = false;
      },
    }),
  );
  return styles;
}

/** The texts that cells name by number. Text in several fonts is one; furigana is left out. */
async function readSharedTexts(parts: XlsxPackage): Promise<string[]> {
  const texts: string[] = [];
  if (!parts.has('xl/sharedStrings.xml')) return texts;
  let [current, inText, inPhonetic, characters] = ['', false, false, 0];
  await drain(
    parts.read('xl/sharedStrings.xml', {
      open: (name) => {
        if (name === 'si') current = '';
        if (name === 'rPh') inPhonetic = true;
        if (name === 't') inText = !inPhonetic;
      },
      text: (text) => {
        if (inText) current += text;
      },
      close: (name) => {
        if (name === 't') inText = false;
        if (name === 'rPh') inPhonetic = false;
        if (name !== 'si') return;
        characters += current.length;
        if (characters > MAX_SHARED_CHARACTERS) {
          throw new FileRefused('file_unpacks_too_large', {
            megabytes: characters / 1e6,
            limit: MAX_SHARED_CHARACTERS / 1e6,
          });
        }
        texts.push(current);
      },
    }),
  );
  return texts;
}

async function drain(pieces: AsyncIterator<unknown, void>): Promise<void> {
  while (!(await pieces.next()).done);
}

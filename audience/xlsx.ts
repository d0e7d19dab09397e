/** Reads an Excel workbook (.xlsx): the rows of one visible sheet. Formulas count with the value that Excel saved. */
import type { CountryCode } from 'libphonenumber-js';
import { FileRefused, type Table, type TableBatch } from './table';
import type { FileSource } from './bytes';
import { openPackage, type XlsxPackage } from './xlsx-package';
import { drain, relationsOf, workbookPart, type Relation } from './xlsx-relations';
import { readSheet, type SheetContext } from './xlsx-sheet';
import { formatOf, localeOfCountry } from './xlsx-values';

interface Sheet {
  name: string;
  part: string;
}

/** All shared texts together; they are kept in memory while the sheet is read. */
const MAX_SHARED_CHARACTERS = 50_000_000;
/** At most this many sheets are checked for data. */
const MAX_SHEETS = 20;

export interface XlsxOptions {
  /** The sheet's name; absent = the first visible one with data. */
  sheet?: string;
  /** The country whose notation numbers and dates use. */
  country: CountryCode;
}

/**
 * Opens the workbook as a table. Throws FileRefused, here or while the rows are read; `file_sheet_unknown` for a
 * missing sheet or one without data.
 */
export async function openXlsx(source: FileSource, { sheet: wanted, country }: XlsxOptions): Promise<Table> {
  const parts = await openPackage(source);
  try {
    const workbook = await workbookPart(parts);
    const relations = await relationsOf(parts, workbook);
    const { sheets, epoch1904 } = await readWorkbook(parts, workbook, relations);
    const context: SheetContext = {
      texts: await readSharedTexts(parts, partOf(parts, relations, 'sharedStrings')),
      formats: await readFormats(parts, partOf(parts, relations, 'styles'), country),
      locale: localeOfCountry(country),
      epoch1904,
    };
    const filled: Sheet[] = [];
    for (const sheet of sheets.slice(0, MAX_SHEETS)) {
      const rows = readSheet(parts, sheet.part, context);
      if (await firstOf(rows)) filled.push(sheet);
      await rows.return();
    }
    if (filled.length === 0) throw new FileRefused('file_empty');
    // All sheets share texts and formats: they are read once, and the archive stays open while a sheet is being read.
    let open = 0;
    const close = (): void => {
      if (--open === 0) parts.close();
    };
    const names = filled.map(({ name }) => name);
    const sheet = async (name: string): Promise<Table> => {
      const chosen = filled.find((one) => sameName(one.name, name));
      if (!chosen) throw new FileRefused('file_sheet_unknown', { sheet: name, sheets: names.join(', ') });
      const hiddenColumns: number[] = [];
      const rows = readSheet(parts, chosen.part, context, hiddenColumns);
      const first = (await firstOf(rows))!;
      open++;
      const format = { kind: 'xlsx' as const, sheet: chosen.name, sheets: names };
      return { format, rows: closing(first, rows, close), ...(hiddenColumns.length > 0 && { hiddenColumns }), sheet };
    };
    return await sheet(wanted ?? names[0]!);
  } catch (error) {
    parts.close();
    throw error;
  }
}

function sameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** The first batch that holds a row; undefined for an empty sheet. */
async function firstOf(rows: Table['rows']): Promise<TableBatch | undefined> {
  for (let next = await rows.next(); !next.done; next = await rows.next()) {
    if (next.value.rows.length > 0) return next.value;
  }
  return undefined;
}

async function* closing(first: TableBatch, rest: Table['rows'], close: () => void): Table['rows'] {
  try {
    yield first;
    yield* rest;
  } finally {
    close();
  }
}

/** A part named by the workbook, otherwise its usual place in Excel's files. */
function partOf(
  parts: XlsxPackage,
  relations: readonly Relation[],
  type: 'sharedStrings' | 'styles',
): string | undefined {
  const candidates = [relations.find((relation) => relation.type === type)?.part, `xl/${type}.xml`];
  return candidates.find((part) => part !== undefined && parts.has(part));
}

/** The visible sheets in the order of their tabs. */
async function readWorkbook(
  parts: XlsxPackage,
  workbook: string,
  relations: readonly Relation[],
): Promise<{ sheets: Sheet[]; epoch1904: boolean }> {
  const targets = new Map(relations.map((relation) => [relation.id, relation]));
  const sheets: Sheet[] = [];
  let [epoch1904, named] = [false, 0];
  await drain(
    parts.read(workbook, {
      open: (name, attributes) => {
        if (name === 'workbookPr') epoch1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
        if (name !== 'sheet') return;
        named++;
        if (/hidden/i.test(attributes['state'] ?? '')) return;
        const id = Object.entries(attributes).find(([key]) => /(^|:)id$/.test(key))?.[1];
        const { type = '', part } = targets.get(id ?? '') ?? {};
        // A chart sheet is not a table.
        if (part && parts.has(part) && /^(worksheet)?$/.test(type))
          sheets.push({ name: attributes['name'] ?? '', part });
      },
    }),
  );
  if (named > 0 && targets.size === 0) throw new FileRefused('file_xlsx_broken', { detail: 'no list of its parts' });
  return { sheets, epoch1904 };
}

/** By style number. */
async function readFormats(
  parts: XlsxPackage,
  part: string | undefined,
  country: CountryCode,
): Promise<SheetContext['formats']> {
  const codes = new Map<number, string>();
  const styles: SheetContext['formats'][number][] = [];
  let inCells = false;
  if (part === undefined) return styles;
  await drain(
    parts.read(part, {
      open: (name, { numFmtId = '0', formatCode = '' }) => {
        if (name === 'numFmt') codes.set(Number(numFmtId), formatCode);
        if (name === 'cellXfs') inCells = true;
        if (name === 'xf' && inCells) styles.push(formatOf(Number(numFmtId), codes.get(Number(numFmtId)), country));
      },
      close: (name) => {
        if (name === 'cellXfs') inCells = false;
      },
    }),
  );
  return styles;
}

/** The texts that cells refer to by number. Text in several fonts is joined; furigana is left out. */
async function readSharedTexts(parts: XlsxPackage, part: string | undefined): Promise<string[]> {
  const texts: string[] = [];
  if (part === undefined) return texts;
  let [current, inText, inPhonetic, characters] = ['', false, false, 0];
  await drain(
    parts.read(part, {
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

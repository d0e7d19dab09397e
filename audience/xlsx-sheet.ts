/** Reads one sheet of a workbook as rows of cells. */
import type { Cell } from '../domain/reading/cell';
import { checkRow, FileRefused, isEmptyRow, LIMITS, quote, rowOf, tooLong, type Table, type TableRow } from './table';
import type { XlsxPackage } from './xlsx-package';
import { numberCell, type NumberFormat } from './xlsx-values';

/** What cells refer to. */
export interface SheetContext {
  /** Shared texts by number. */
  texts: readonly string[];
  /** By style number. */
  formats: readonly NumberFormat[];
  /** The locale in which numbers and dates are shown. */
  locale: string;
  epoch1904: boolean;
}

interface RawCell {
  reference: string;
  type: string;
  style: number;
  value: string;
  /** Without its equals sign. */
  formula?: string;
}

/**
 * The non-empty rows; `hiddenColumns` receives the positions of hidden columns before the first row. Throws
 * FileRefused.
 */
export async function* readSheet(
  parts: XlsxPackage,
  part: string,
  context: SheetContext,
  hiddenColumns: number[] = [],
): Table['rows'] {
  let rows: TableRow[] = [];
  /** `next`: where a cell without a reference stands, also behind an empty one. */
  let row: { line: number; cells: Cell[]; hidden: boolean; next: number } | undefined;
  let cell: RawCell | undefined;
  let line = 0;
  let reading: 'value' | 'formula' | undefined;
  let inPhonetic = false;

  const endCell = (): void => {
    if (!cell || !row) return;
    const value = cellOf(cell, context);
    const column = columnOf(cell.reference) ?? row.next;
    row.next = column + 1;
    if (value === '') return;
    if (column >= LIMITS.columns) {
      throw new FileRefused('file_too_many_columns', { line: row.line, columns: column + 1, limit: LIMITS.columns });
    }
    while (row.cells.length < column) row.cells.push('');
    row.cells[column] = value;
  };

  const progress = parts.read(part, {
    open: (name, { r, t = 'n', s = '0', hidden = '', ht, customHeight = '', min, max, width }) => {
      if (name === 'col' && (isTrue(hidden) || Number(width ?? 1) === 0)) {
        for (let at = Number(min); at <= Math.min(Number(max), LIMITS.columns); at++) hiddenColumns.push(at - 1);
      }
      if (name === 'row') {
        line = Number(r) || line + 1;
        const isFlat = Number(ht ?? 1) === 0 && isTrue(customHeight);
        row = { line, cells: [], hidden: isTrue(hidden) || isFlat, next: 0 };
      } else if (name === 'c') {
        cell = { reference: r ?? '', type: t, style: Number(s), value: '' };
      } else if (name === 'f' && cell) {
        cell.formula = '';
        reading = 'formula';
      } else if (name === 'rPh') {
        inPhonetic = true;
      } else {
        reading = cell && !inPhonetic && (name === 'v' || name === 't') ? 'value' : undefined;
      }
    },
    text: (text) => {
      if (!reading || !cell) return;
      if (reading === 'formula') cell.formula += text;
      else cell.value += text;
      if (cell.value.length > LIMITS.rowCharacters) throw tooLong(line, cell.value);
    },
    close: (name) => {
      if (name === 'v' || name === 't' || name === 'f') reading = undefined;
      if (name === 'rPh') inPhonetic = false;
      if (name === 'c') {
        endCell();
        cell = undefined;
      }
      if (name !== 'row' || !row) return;
      const whole = { ...rowOf(row.line, row.cells), ...(row.hidden && { hidden: true as const }) };
      row = undefined;
      checkRow(whole);
      if (!isEmptyRow(whole.cells)) rows.push(whole);
    },
  });
  for await (const share of progress) {
    yield { rows, share };
    rows = [];
  }
  if (rows.length > 0) yield { rows, share: 1 };
}

function cellOf({ type, style, value, formula }: RawCell, { texts, formats, locale, epoch1904 }: SheetContext): Cell {
  // Never calculated: a program wrote the file.
  if (formula !== undefined && value === '' && type !== 'str') return { formula: quote(`=${formula}`), shown: '' };
  switch (type) {
    case 's':
      // A cell without a value is empty (ECMA-376 part 1, §18.3.1.4) and names no text.
      return value.trim() === '' ? '' : unescaped(texts[Number(value)] ?? '');
    case 'n':
      return numberCell(value, formats[style], locale, epoch1904);
    // An error such as #N/A is not a value: the parameter's fallback applies.
    case 'e':
      return { error: value, shown: '' };
    // ISO 8601, in files that strictly follow the standard.
    case 'd':
      return /^\d{4}-\d{2}-\d{2}/.test(value)
        ? { day: value.slice(0, 10), shown: value.replace(/T00:00.*$/, '') }
        : value;
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    default:
      return unescaped(value);
  }
}

function isTrue(attribute: string): boolean {
  return attribute === '1' || attribute === 'true';
}

/** `_x000D_`: how a workbook encodes characters that XML does not allow. */
function unescaped(text: string): string {
  return text.replace(/_x([0-9a-f]{4})_/gi, (_all, hex: string) => {
    const character = String.fromCharCode(parseInt(hex, 16));
    return /[\u0000-\u001f]/.test(character) ? ' ' : character;
  });
}

/** `AB12` → 27; undefined if the writer omitted the reference. */
function columnOf(reference: string): number | undefined {
  const letters = /^[A-Z]{1,3}/i.exec(reference)?.[0].toUpperCase();
  if (!letters) return undefined;
  return [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

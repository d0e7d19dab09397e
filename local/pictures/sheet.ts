/** A sheet of a report's workbook as a page that looks like one: read from the file, because no spreadsheet is at hand. */
import { inflateRawSync } from 'node:zlib';
import { format as formatValue } from 'numfmt';
import { SaxesParser } from 'saxes';
import { escapeHtml } from '../../config/text';

interface Cell {
  text: string;
  isBold: boolean;
  isNumber: boolean;
}

/** HTML with the first rows of the workbook's sheet of that number (1-based). */
export function sheetPage(
  workbook: Buffer,
  sheet: number,
  { rows, columns }: { rows: number; columns: number },
): string {
  const styles = stylesOf(partOf(workbook, 'xl/styles.xml'));
  const cells = cellsOf(partOf(workbook, `xl/worksheets/sheet${sheet}.xml`), styles).slice(0, rows);
  const letters = Array.from({ length: columns }, (_, at) => `<th>${String.fromCharCode(65 + at)}</th>`).join('');
  const body = cells.map((row, at) => {
    const shown = Array.from({ length: columns }, (_, column) => cellHtml(row[column]));
    return `<tr><th>${at + 1}</th>${shown.join('')}</tr>`;
  });
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; font: 13px/1.5 Roboto, 'Segoe UI', 'Liberation Sans', sans-serif; color: #1b1f23; }
    table { border-collapse: collapse; }
    td, th { padding: 3px 9px; border: 1px solid #dfe3e8; white-space: nowrap; max-width: 250px; overflow: hidden; text-overflow: ellipsis; }
    th { background: #f3f5f7; color: #6b7580; font-weight: 400; text-align: center; }
    b { font-weight: 600; } .n { text-align: right; font-variant-numeric: tabular-nums; }
  </style><table><tr><th></th>${letters}</tr>${body.join('')}</table>`;
}

function cellHtml(cell: Cell | undefined): string {
  if (!cell) return '<td></td>';
  const text = escapeHtml(cell.text);
  return `<td${cell.isNumber ? ' class="n"' : ''}>${cell.isBold ? `<b>${text}</b>` : text}</td>`;
}

/** A part of the package by its name: our own workbooks have no comment at their end and deflated parts. */
function partOf(zip: Buffer, wanted: string): string {
  const end = zip.lastIndexOf(Buffer.from('504b0506', 'hex'));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, name, extra, comment, local] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
      zip.readUInt32LE(at + 42),
    ];
    if (zip.toString('utf8', at + 46, at + 46 + name) === wanted) {
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const bytes = zip.subarray(start, start + size);
      return (method === 8 ? inflateRawSync(bytes) : bytes).toString('utf8');
    }
    at += 46 + name + extra + comment;
  }
  throw new Error(`workbook: expected the part ${wanted}, got none`);
}

interface Style {
  format: string;
  isBold: boolean;
}

function stylesOf(xml: string): Style[] {
  const [formats, bold, styles] = [
    new Map<number, string>([
      [1, '0'],
      [3, '#,##0'],
    ]),
    [] as boolean[],
    [] as Style[],
  ];
  let place = '';
  parse(xml, {
    open: (name, attributes) => {
      if (['fonts', 'cellXfs'].includes(name)) place = name;
      if (name === 'numFmt') formats.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      if (name === 'font') bold.push(false);
      if (name === 'b') bold[bold.length - 1] = true;
      if (name === 'xf' && place === 'cellXfs')
        styles.push({
          format: formats.get(Number(attributes['numFmtId'])) ?? '',
          isBold: bold[Number(attributes['fontId'])] ?? false,
        });
    },
    close: (name) => {
      if (name === place) place = '';
    },
  });
  return styles;
}

function cellsOf(xml: string, styles: readonly Style[]): Cell[][] {
  const rows: Cell[][] = [];
  let [cell, text]: [Record<string, string> | undefined, string] = [undefined, ''];
  let takes = false;
  parse(xml, {
    open: (name, attributes) => {
      if (name === 'row') rows.push([]);
      if (name === 'c') [cell, text] = [attributes, ''];
      takes = name === 'v' || name === 't';
    },
    text: (more) => {
      if (takes) text += more;
    },
    close: (name) => {
      takes = false;
      if (name !== 'c' || !cell) return;
      const { format, isBold } = styles[Number(cell['s'] ?? 0)] ?? { format: '', isBold: false };
      const isNumber = cell['t'] === undefined && text !== '';
      const shown = isNumber && format !== '' ? formatValue(format, Number(text)) : text;
      rows.at(-1)?.push({ text: shown, isBold, isNumber });
    },
  });
  return rows;
}

function parse(
  xml: string,
  {
    open,
    text,
    close,
  }: {
    open: (name: string, attributes: Record<string, string>) => void;
    text?: (text: string) => void;
    close: (name: string) => void;
  },
): void {
  const parser = new SaxesParser();
  parser.on('opentag', (tag) => open(tag.name, tag.attributes as Record<string, string>));
  parser.on('text', (more) => text?.(more));
  parser.on('closetag', (tag) => close(tag.name));
  parser.write(xml).close();
}

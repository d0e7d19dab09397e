/** Makes .xlsx files (and zips that only look like them), as Excel and as its enemies write them. */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

interface Part {
  name: string;
  content: Buffer | string;
  /** What the archive says of itself instead of the truth. */
  declaredSize?: number;
  encrypted?: true;
}

/** A zip of deflated parts. */
export function zip(parts: readonly Part[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, declaredSize, encrypted } of parts) {
    const bytes = Buffer.from(content as string);
    const packed = deflateRawSync(bytes, { level: 9 });
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(encrypted ? 1 : 0, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(declaredSize ?? bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const head = Buffer.concat([Buffer.from('504b0304', 'hex'), fields, Buffer.from(name)]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    // In the directory a comment length comes after the extra field's; both are 0.
    central.push(Buffer.from('504b01021400', 'hex'), fields, rest, Buffer.from(name));
    local.push(head, packed);
    offset += head.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

/** A cell: a number or a text; or its XML, for all else. */
export type WorkbookCell = string | number | { xml: string } | null;

export interface WorkbookSheet {
  name?: string;
  hidden?: true;
  /** Numbers of rows, and of columns, that it hides; from 1. */
  hiddenRows?: readonly number[];
  hiddenColumns?: readonly number[];
  /** Rows from the first on; `null` leaves a cell, or a whole row, out. */
  rows: readonly (readonly WorkbookCell[] | null)[];
}

/** The styles of every workbook made here: what `s="1"` and so on in a cell's XML mean. */
export const STYLES = { plain: 0, date: 1, dateTime: 2, iso: 3, time: 4, american: 5, money: 6, phone: 7 } as const;
const FORMATS = '<numFmts count="4"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="m/d/yyyy"/><numFmt numFmtId="166" formatCode="#,##0.00\\ &quot;руб.&quot;;[Red]\\-#,##0"/><numFmt numFmtId="167" formatCode="\\+0\\ \\(000\\)\\ 000\\-00\\-00"/></numFmts>'; // prettier-ignore
const STYLE_IDS = [0, 14, 22, 164, 20, 165, 166, 167];
const NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The parts of a workbook; texts are shared, as Excel writes them. */
export function workbookParts(sheets: readonly WorkbookSheet[], options: { epoch1904?: true } = {}): Part[] {
  const texts: string[] = [];
  const parts = sheets.map(({ rows, hiddenRows = [], hiddenColumns = [] }, index) => ({
    name: `xl/worksheets/sheet${index + 1}.xml`,
    content: `<?xml version="1.0" encoding="UTF-8"?><worksheet ${NAMESPACE}>${colsXml(hiddenColumns)}<sheetData>${rows
      .map((row, at) => row && rowXml(row, at + 1, texts, hiddenRows.includes(at + 1)))
      .filter(Boolean)
      .join('')}</sheetData></worksheet>`,
  }));
  const tabs = sheets.map(
    ({ name, hidden }, index) =>
      `<sheet name="${name ?? `Лист${index + 1}`}" sheetId="${index + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${index + 1}"/>`,
  );
  const links = sheets.map(
    (_, index) => `<Relationship Id="rId${index + 1}" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  return [
    { name: '[Content_Types].xml', content: '<Types/>' },
    {
      name: 'xl/workbook.xml',
      content: `<workbook ${NAMESPACE} xmlns:r="${RELATIONS}"><workbookPr${options.epoch1904 ? ' date1904="1"' : ''}/><sheets>${tabs.join('')}</sheets></workbook>`,
    },
    { name: 'xl/_rels/workbook.xml.rels', content: `<Relationships>${links.join('')}</Relationships>` },
    {
      name: 'xl/styles.xml',
      content: `<styleSheet ${NAMESPACE}>${FORMATS}<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${STYLE_IDS.map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
    },
    {
      name: 'xl/sharedStrings.xml',
      content: `<sst ${NAMESPACE}>${texts.map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('')}</sst>`,
    },
    ...parts,
  ];
}

export function workbook(sheets: readonly WorkbookSheet[], options: { epoch1904?: true } = {}): Buffer {
  return zip(workbookParts(sheets, options));
}

function colsXml(hidden: readonly number[]): string {
  const cols = hidden.map((column) => `<col min="${column}" max="${column}" width="9" hidden="1"/>`);
  return cols.length > 0 ? `<cols>${cols.join('')}</cols>` : '';
}

function rowXml(row: readonly WorkbookCell[], line: number, texts: string[], isHidden: boolean): string {
  const cells = row.map((cell, column) => {
    if (cell === null) return '';
    const reference = `${columnLetters(column)}${line}`;
    if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
    if (typeof cell === 'object') return cell.xml.replace('<c', `<c r="${reference}"`);
    return `<c r="${reference}" t="s"><v>${texts.push(cell) - 1}</v></c>`;
  });
  return `<row r="${line}"${isHidden ? ' hidden="1"' : ''}>${cells.join('')}</row>`;
}

function columnLetters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnLetters(Math.floor(column / 26) - 1) + last;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** The parts of a zip by name, as text: central directory, then each local file. */
export function unzip(bytes: Buffer): Record<string, string> {
  const files: Record<string, string> = {};
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'));
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const size = bytes.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + size);
    const stored = bytes.readUInt16LE(at + 10) === 0;
    files[bytes.toString('utf8', at + 46, at + 46 + name)] = (stored ? content : inflateRawSync(content)).toString(
      'utf8',
    );
    at += 46 + name + extra + comment;
  }
  return files;
}

/**
 * Writes an Excel workbook row by row: whatever its size, only some rows of it are in memory. The parts and elements are
 * those of ECMA-376, part 1; a zip of them is a workbook.
 */
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { escapeHtml } from '../config/text';

/** A number is shown as one, a text stays text whatever it begins with; undefined is an empty cell. */
export type Cell =
  | undefined
  | string
  | number
  /** A moment on some clock, as a Date whose UTC fields are that clock's. */
  | { at: Date; dayOnly?: true }
  /** 0 to 1, shown as a percentage. */
  | { share: number }
  | { dollars: number }
  | { label: string }
  /** Opens `to` in a browser. */
  | { link: string; to: string };

export interface Sheet {
  name: string;
  /** Of the columns, in characters. */
  widths: readonly number[];
  /** A row of headings: bold, always in view, with a filter. Without it the sheet begins with its rows. */
  headings?: readonly string[];
  rows(): Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>;
}

/** Of a sheet in Excel. */
export const MOST_SHEET_ROWS = 1_048_576;
const LONGEST_CELL = 32_767;
/** Characters handed on at once. */
const PIECE = 64 * 1024;

/** How moments, days and sums of dollars are shown, in Excel's own notation. */
interface Formats {
  moment: string;
  day: string;
  dollars: string;
}

/** Places in `cellXfs` of the styles below. */
const STYLE = { plain: 0, heading: 1, moment: 2, day: 3, share: 4, dollars: 5, label: 6, link: 7, number: 8 } as const;

/** The file as a stream. It is read while it is written; an error of the rows is an error of the stream. */
export function writeWorkbook(sheets: readonly Sheet[], formats: Formats): Readable {
  const zip = new ZipFile();
  const add = (path: string, content: string): void => zip.addBuffer(Buffer.from(XML + content), path);
  add('[Content_Types].xml', contentTypes(sheets));
  add('_rels/.rels', relations([['officeDocument', 'xl/workbook.xml']]));
  add('xl/workbook.xml', workbookPart(sheets));
  add(
    'xl/_rels/workbook.xml.rels',
    relations([
      ...sheets.map((_, at) => ['worksheet', `worksheets/sheet${at + 1}.xml`] as const),
      ['styles', 'styles.xml'],
    ]),
  );
  add('xl/styles.xml', styles(formats));
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  for (const [at, sheet] of sheets.entries()) {
    zip.addReadStreamLazy(`xl/worksheets/sheet${at + 1}.xml`, (ready) => {
      const rows = Readable.from(inPieces(sheetPart(sheet, at === 0)), { objectMode: false });
      rows.on('error', (error) => output.destroy(error));
      ready(null, rows);
    });
  }
  zip.end();
  return output;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

async function* sheetPart({ widths, headings, rows }: Sheet, first: boolean): AsyncGenerator<string> {
  const pane = headings ? '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' : '';
  const columns = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`);
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"${first ? ' tabSelected="1"' : ''}>${pane}</sheetView></sheetViews>`;
  yield `<cols>${columns.join('')}</cols><sheetData>`;
  let row = 0;
  if (headings)
    yield rowPart(
      ++row,
      headings.map((text) => textCell(text, STYLE.heading)),
    );
  for await (const cells of rows()) yield rowPart(++row, cells.map(cellPart));
  yield '</sheetData>';
  if (headings) yield `<autoFilter ref="A1:${columnName(widths.length - 1)}${Math.max(row, 1)}"/>`;
  yield '</worksheet>';
}

/** Excel finds cells by their place in the row where no address is given; LibreOffice and others do as well. */
function rowPart(row: number, cells: readonly string[]): string {
  return `<row r="${row}">${cells.join('')}</row>`;
}

const DAY_MS = 86_400_000;
/** Excel's day 0. */
const EPOCH_MS = Date.UTC(1899, 11, 30);

function cellPart(cell: Cell): string {
  if (cell === undefined || cell === '') return '<c/>';
  if (typeof cell === 'string') return textCell(cell, STYLE.plain);
  if (typeof cell === 'number') return numberCell(cell, STYLE.number);
  if ('at' in cell) return numberCell((cell.at.getTime() - EPOCH_MS) / DAY_MS, cell.dayOnly ? STYLE.day : STYLE.moment);
  if ('share' in cell) return numberCell(cell.share, STYLE.share);
  if ('dollars' in cell) return numberCell(cell.dollars, STYLE.dollars);
  if ('label' in cell) return textCell(cell.label, STYLE.label);
  // A sheet holds at most 65,530 links of the other kind, and a campaign may have more leads.
  const formula = `HYPERLINK("${quoted(cell.to)}","${quoted(cell.link)}")`;
  return `<c t="str" s="${STYLE.link}"><f>${clean(formula)}</f><v>${clean(cell.link)}</v></c>`;
}

function numberCell(value: number, style: number): string {
  return `<c s="${style}"><v>${value}</v></c>`;
}

function textCell(value: string, style: number): string {
  return `<c t="inlineStr" s="${style}"><is><t xml:space="preserve">${clean(value)}</t></is></c>`;
}

/** Removes what XML does not allow and what exceeds a cell: Excel would call the whole file broken. */
function clean(value: string): string {
  const allowed = value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd-\uffff]|\p{Surrogate}/gu, '');
  return escapeHtml(allowed.slice(0, LONGEST_CELL).replace(/[\ud800-\udbff]$/, '')).replaceAll('"', '&quot;');
}

const quoted = (value: string): string => value.replaceAll('"', '""');

/** `0` is A, `26` is AA. */
function columnName(at: number): string {
  const letter = String.fromCharCode(65 + (at % 26));
  return at < 26 ? letter : columnName(Math.floor(at / 26) - 1) + letter;
}

async function* inPieces(parts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let piece = '';
  for await (const part of parts) {
    piece += part;
    if (piece.length < PIECE) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(piece);
}

function contentTypes(sheets: readonly Sheet[]): string {
  const kind = (part: string): string => `application/vnd.openxmlformats-officedocument.spreadsheetml.${part}+xml`;
  const override = (path: string, part: string): string =>
    `<Override PartName="/xl/${path}" ContentType="${kind(part)}"/>`;
  return [
    `<Types xmlns="${PACKAGE}/content-types">`,
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    override('workbook.xml', 'sheet.main'),
    override('styles.xml', 'styles'),
    ...sheets.map((_, at) => override(`worksheets/sheet${at + 1}.xml`, 'worksheet')),
    '</Types>',
  ].join('');
}

function relations(targets: readonly (readonly [type: string, target: string])[]): string {
  const all = targets.map(
    ([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;
}

function workbookPart(sheets: readonly Sheet[]): string {
  const all = sheets.map(({ name }, at) => `<sheet name="${clean(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`);
  return `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${all.join('')}</sheets></workbook>`;
}

/** In the order of STYLE. */
function styles({ moment, day, dollars }: Formats): string {
  const format = (id: number, code: string): string => `<numFmt numFmtId="${id}" formatCode="${clean(code)}"/>`;
  const font = (inside: string): string => `<font>${inside}<sz val="11"/><name val="Calibri"/></font>`;
  const xf = (numFmtId: number, fontId = 0, rest = '/>'): string =>
    `<xf numFmtId="${numFmtId}" fontId="${fontId}" fillId="${fontId === 1 ? 2 : 0}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"${rest}`;
  const heading = ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>';
  return [
    `<styleSheet xmlns="${MAIN}">`,
    `<numFmts count="4">${format(164, moment)}${format(165, day)}${format(166, '0.0%')}${format(167, dollars)}</numFmts>`,
    `<fonts count="4">${font('')}${font('<b/>')}${font('<b/>')}<font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/></font></fonts>`,
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EDF3"/><bgColor indexed="64"/></patternFill></fill></fills>',
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    `<cellXfs count="9">${xf(0)}${xf(0, 1, heading)}${xf(164)}${xf(165)}${xf(166)}${xf(167)}${xf(0, 2)}${xf(0, 3)}${xf(3)}</cellXfs>`,
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
    '</styleSheet>',
  ].join('');
}

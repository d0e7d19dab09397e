/** A report as an Excel workbook: one sheet with the counts, one with every delivery. */
import { IANAZone } from 'luxon';
import writeXlsx, { type Cell, type Row } from 'write-excel-file/node';
import { refused, done, type Result } from '../config/errors';
import type { Language } from '../config/i18n';
import type { DeliveryDocument } from '../store/documents';
import { DELIVERY_COLUMNS, textCells, TIME_COLUMNS } from './columns';
import type { CsvPart } from './csv';
import type { RangeReportData, ReportData } from './data';
import { summaryRows } from './xlsx-summary';
import { createWords, type TextOptions } from './words';

/** A workbook is built in memory, about 5 KB per row at its peak; a CSV has no limit. */
const MOST_ROWS = 200_000;

const WIDTHS = { n: 8, phone: 16, name: 26, state: 14, skipReason: 24, code: 10, meaning: 44, messageId: 40 };
const TIME_WIDTH = 20;
const SUMMARY_WIDTHS = [34, 40, 12, 60];

/**
 * The file. Times are Excel times in `timezone`; phones and codes are text, and no cell is a formula. Refuses with
 * `report_too_large` above 200,000 deliveries.
 */
export async function renderXlsx(
  report: ReportData | RangeReportData,
  parts: Iterable<CsvPart>,
  options: TextOptions,
): Promise<Result<Buffer>> {
  const words = createWords(options);
  const clock = clockOf(options.timezone);
  const format = words.t('xlsx.timeFormat');
  const timeCell = (at: Date | undefined): Cell => (at ? { value: clock(at), type: Date, format } : null);
  const several = 'campaigns' in report;
  const columns = [...(several ? ['campaign', 'campaignName'] : []), ...DELIVERY_COLUMNS];
  const rows: Row[] = [columns.map((column) => heading(words.t(`csv.${column}`)))];
  for (const { campaign, deliveries } of parts) {
    const lead = several ? [text(campaign.id), text(campaign.name)] : [];
    for await (const delivery of deliveries) {
      if (rows.length > MOST_ROWS) return refused('report_too_large', { limit: MOST_ROWS });
      rows.push([...lead, ...rowOf(delivery, options.language, timeCell)]);
    }
  }
  const widths = [...(several ? [14, 26] : []), ...Object.values(WIDTHS), ...TIME_COLUMNS.map(() => TIME_WIDTH)];
  const workbook = writeXlsx([
    {
      sheet: words.t('xlsx.summary'),
      data: summaryRows(report, options).map((row) => row.map(summaryCell)),
      columns: SUMMARY_WIDTHS.map((width) => ({ width })),
    },
    {
      sheet: words.t('xlsx.deliveries'),
      data: rows,
      columns: widths.map((width) => ({ width })),
      stickyRowsCount: 1,
    },
  ]);
  return done(await workbook.toBuffer());
}

function rowOf(delivery: DeliveryDocument, language: Language, timeCell: (at: Date | undefined) => Cell): Row {
  const [, ...texts] = textCells(delivery, language);
  return [
    { value: delivery.n, type: Number },
    ...texts.map(text),
    ...TIME_COLUMNS.map((time) => timeCell(delivery[time])),
  ];
}

/**
 * Zone offsets change only on a quarter of an hour: looking up each of a hundred thousand times takes half a minute.
 */
const QUARTER_MS = 15 * 60_000;

/** The zone's wall-clock time as Excel stores it: Excel knows no zones. */
function clockOf(timezone: string): (at: Date) => Date {
  const zone = IANAZone.create(timezone);
  const offsets = new Map<number, number>();
  return (at) => {
    const quarter = Math.floor(at.getTime() / QUARTER_MS);
    const minutes = offsets.get(quarter) ?? zone.offset(at.getTime());
    offsets.set(quarter, minutes);
    return new Date(at.getTime() + minutes * 60_000);
  };
}

function summaryCell(value: string | number | undefined, at: number): Cell {
  if (value === undefined) return null;
  if (typeof value === 'string') return at === 0 ? { ...textObject(value), fontWeight: 'bold' } : text(value);
  return { value, type: Number, ...(at === SHARE_AT && { format: '0.0%' }) };
}

/** Shares are in the third column of the summary. */
const SHARE_AT = 2;

function heading(value: string): Cell {
  return { ...textObject(value), fontWeight: 'bold', wrap: true };
}

function text(value: string): Cell {
  return value === '' ? null : textObject(value);
}

/** Removes what XML does not allow and what exceeds a cell: Excel would call the whole file broken. */
function textObject(value: string): { value: string; type: StringConstructor } {
  const clean = value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '');
  return { value: clean.slice(0, LONGEST_CELL), type: String };
}

const LONGEST_CELL = 32_767;

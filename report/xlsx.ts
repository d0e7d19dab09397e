/** A report as an Excel workbook: the counts, a row for each campaign, every delivery, and the failed ones. */
import type { Readable } from 'node:stream';
import { refused, done, type Result } from '../config/errors';
import type { DeliveryDocument } from '../store/documents';
import { chainSheet } from './chain-text';
import { DELIVERY_COLUMNS, leadLink, textCells, TIME_COLUMNS } from './columns';
import type { DeliveryPart } from './csv';
import type { RangeReportData, ReportData } from './data';
import { createRowWords, type RowWords } from './row-words';
import { wallClock } from './wall-clock';
import { MOST_SHEET_ROWS, writeWorkbook, type Cell, type Sheet } from './workbook';
import { rangeResultsSheet } from './range-results-text';
import { campaignSheet, daySheet, summarySheet, templateSheet } from './xlsx-summary';
import { createWords, type TextOptions, type Words } from './words';

const WIDTHS = {
  ...{
    n: 8,
    phone: 16,
    name: 26,
    origin: 18,
    state: 14,
    skipReason: 24,
    code: 10,
    meaning: 44,
    messageId: 40,
    sender: 18,
  },
};
const TIME_WIDTH = 20;
const CAMPAIGN_WIDTHS = [14, 26];
const FAILED_COLUMNS = { phone: 16, name: 26, origin: 18, code: 10, meaning: 50, advice: 50, failedAt: 20 };

export interface XlsxOptions extends TextOptions {
  /** Where the leads are: makes each a link. */
  crmUrl?: string | undefined;
}

/** The deliveries, all or only the failed ones; asked for once for each sheet. */
export type PartsOf = (options: { failed: boolean }) => AsyncIterable<DeliveryPart>;

/**
 * The file as a stream, which reads the deliveries while it is read. Times are Excel times in the zone; phones and codes
 * are text, and only the links to leads are formulas. With `failed`, only the failed deliveries. Refuses with
 * `report_too_large` what does not fit a sheet.
 */
export function renderXlsx(
  report: ReportData | RangeReportData,
  partsOf: PartsOf,
  options: XlsxOptions & { failed?: boolean | undefined },
): Result<Readable> {
  const { ledger } = report;
  if ((options.failed ? ledger.failed : ledger.total) >= MOST_SHEET_ROWS) {
    return refused('report_too_large', { limit: MOST_SHEET_ROWS - 1 });
  }
  const words = createWords(options);
  const rowWords = createRowWords(options.language);
  const several = 'campaigns' in report;
  const sheets = [
    summarySheet(report, words),
    campaignSheet(several ? report.campaigns : [report], words),
    ...(!several && report.chain ? [chainSheet(report.chain, report.campaign, words)] : []),
    ...(several ? [daySheet(report.byDay, words), templateSheet(report.byTemplate, words)] : []),
    ...(several && report.results ? [rangeResultsSheet(report.results, words)] : []),
    ...(options.failed ? [] : [deliverySheet(several, partsOf, { ...options, words, rowWords })]),
    failedSheet(several, partsOf, { ...options, words, rowWords }),
  ];
  const [moment, day, dollars] = ['timeFormat', 'dayFormat', 'dollarFormat'].map((key) => words.t(`xlsx.${key}`)) as [
    string,
    string,
    string,
  ];
  return done(writeWorkbook(sheets, { moment, day, dollars }));
}

type SheetOptions = XlsxOptions & { words: Words; rowWords: RowWords };

function deliverySheet(several: boolean, partsOf: PartsOf, options: SheetOptions): Sheet {
  const { rowWords } = options;
  const { t, timezone } = options.words;
  const clock = wallClock(timezone);
  return {
    name: t('xlsx.deliveries'),
    headings: [...campaignHeadings(several, t), ...DELIVERY_COLUMNS.map((column) => t(`csv.${column}`))],
    widths: [...(several ? CAMPAIGN_WIDTHS : []), ...Object.values(WIDTHS), ...TIME_COLUMNS.map(() => TIME_WIDTH)],
    rows: () =>
      rowsOf(partsOf({ failed: false }), several, (delivery, campaign) => {
        const [, ...texts] = textCells(delivery, campaign, rowWords);
        const cells: Cell[] = [delivery.n, ...texts];
        cells[ORIGIN_AT] = originCell(delivery, campaign.audience, options);
        return [...cells, ...TIME_COLUMNS.map((time): Cell => delivery[time] && { at: clock(delivery[time]) })];
      }),
  };
}

const ORIGIN_AT = DELIVERY_COLUMNS.indexOf('origin');

function failedSheet(several: boolean, partsOf: PartsOf, options: SheetOptions): Sheet {
  const { rowWords } = options;
  const { t, timezone } = options.words;
  const clock = wallClock(timezone);
  return {
    name: t('xlsx.failures'),
    headings: [...campaignHeadings(several, t), ...Object.keys(FAILED_COLUMNS).map((column) => t(`csv.${column}`))],
    widths: [...(several ? CAMPAIGN_WIDTHS : []), ...Object.values(FAILED_COLUMNS)],
    rows: () =>
      rowsOf(partsOf({ failed: true }), several, (delivery, { audience }) => {
        const { phone, original, name, code = 'none', detail, failedAt } = delivery;
        return [
          ...[phone ?? original, name, originCell(delivery, audience, options), code],
          ...[rowWords.meaning(code, detail), rowWords.advice(code, detail)],
          failedAt && { at: clock(failedAt) },
        ];
      }),
  };
}

async function* rowsOf(
  parts: AsyncIterable<DeliveryPart>,
  several: boolean,
  row: (delivery: DeliveryDocument, campaign: DeliveryPart['campaign']) => Cell[],
): AsyncGenerator<Cell[]> {
  for await (const { campaign, deliveries } of parts) {
    const lead = several ? [campaign.id, campaign.name] : [];
    for await (const delivery of deliveries) yield [...lead, ...row(delivery, campaign)];
  }
}

function originCell(
  delivery: DeliveryDocument,
  audience: DeliveryPart['campaign']['audience'],
  { crmUrl, rowWords }: SheetOptions,
): Cell {
  const [link, to] = [rowWords.origin(delivery, audience), leadLink(delivery, audience, crmUrl)];
  return to === undefined ? link : { link, to };
}

const campaignHeadings = (several: boolean, t: Words['t']): string[] =>
  several ? [t('csv.campaign'), t('csv.campaignName')] : [];

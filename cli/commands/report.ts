/** `report`: the results of one campaign, or of all that started within some days. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import { LANGUAGES, type Language } from '../../config/i18n';
import { buildRangeReport, buildReport } from '../../report/build';
import { renderCsv, type CsvPart } from '../../report/csv';
import type { RangeReportData, ReportData } from '../../report/data';
import { renderFailedText, renderRangeText, renderText } from '../../report/text';
import type { Store } from '../../store/connect';
import type { Answer, CommandContext } from '../answer';
import { CommandRefused, valueOf, WrongUsage } from '../errors';
import { parseRangeEdge } from '../time';

interface ReportOptions {
  format: 'text' | 'csv' | 'xlsx' | 'png';
  failed?: true;
  from?: string;
  to?: string;
  out?: string;
  language: Language;
}

const EXAMPLES = `
Examples:
  bobcofer report c1a2b3
  bobcofer report c1a2b3 --format csv --failed --out failed.csv
  bobcofer report --from 2026-11-01 --to 2026-11-30
  bobcofer report --from 2026-11-01 --to 2026-11-30 --format xlsx --out november.xlsx

csv: UTF-8 with a byte-order mark, one row per delivery, times in UTC; separated by commas, or by semicolons with
--language ru. A cell that a spreadsheet would run as a formula starts with an apostrophe; phones stay +7….
xlsx: a sheet with the counts and a sheet with every delivery, times in DEFAULT_TIMEZONE.
png: a picture of the counts.`;

export function addReport(program: Command, { terminal, services, action }: CommandContext): void {
  program
    .command('report')
    .description('report on one campaign, or on all that started between two dates')
    .argument('[id]', 'campaign id')
    .addOption(
      new Option('--format <format>', 'format of the report').choices(['text', 'csv', 'xlsx', 'png']).default('text'),
    )
    .option('--failed', 'only failed deliveries, one per line')
    .option('--from <date>', 'first day, or time')
    .option('--to <date>', 'last day (inclusive), or time')
    .option('--out <file>', 'write to this file')
    .addOption(new Option('--language <language>', 'language of the report').choices([...LANGUAGES]).default('en'))
    .addHelpText('after', EXAMPLES)
    .action(
      action(async (id: string | undefined, options: ReportOptions): Promise<Answer> => {
        const { format, out, failed } = options;
        const range = rangeOf(id, options);
        if ((format === 'xlsx' || format === 'png') && !out)
          throw new WrongUsage(`--format ${format}: expected --out FILE`);
        if (terminal.json && format === 'csv' && !out) {
          throw new WrongUsage(
            '--json with --format csv: expected --out FILE for the CSV, or --json alone for the report as JSON',
          );
        }
        const store = await services.store();
        const report = range ? await buildRangeReport(store, range) : valueOf(await buildReport(store, id!));
        const text = await contentOf(report, store, options);
        if (out) {
          await write(out, text);
          return { json: { file: out, format }, text: `Written: ${out}` };
        }
        return {
          json: terminal.json && failed ? { ...report, deliveries: await failedOf(report, store) } : report,
          text: text as Answer['text'],
        };
      }),
    );

  function rangeOf(id: string | undefined, { from, to }: ReportOptions): { from: Date; to: Date } | undefined {
    if (id !== undefined && from === undefined && to === undefined) return undefined;
    if (id !== undefined) throw new WrongUsage('report: expected either a campaign id or --from and --to, got both');
    if (from === undefined || to === undefined)
      throw new WrongUsage('report: expected a campaign id, or both --from and --to');
    const zone = services.common().DEFAULT_TIMEZONE;
    const range = { from: parseRangeEdge('--from', from, zone, 'start'), to: parseRangeEdge('--to', to, zone, 'end') };
    if (range.from >= range.to) throw new WrongUsage(`--from: expected a time before --to ${to}, got ${from}`);
    return range;
  }

  /** The content to print or write; `text` and `csv` are text. */
  async function contentOf(
    report: ReportData | RangeReportData,
    store: Store,
    given: ReportOptions,
  ): Promise<AsyncIterable<string> | string | Buffer> {
    const options = { language: given.language, timezone: services.common().DEFAULT_TIMEZONE };
    if (given.format === 'xlsx') {
      const { renderXlsx } = await import('../../report/xlsx');
      return valueOf(await renderXlsx(report, partsOf(report, store, given.failed === true), options));
    }
    if (given.format === 'png') {
      const [{ renderChart }, { renderPng }] = await Promise.all([
        import('../../report/chart'),
        import('../../report/chart'),
      ]);
      return renderPng(renderChart(report, options));
    }
    return rendered(report, store, given);
  }

  function rendered(
    report: ReportData | RangeReportData,
    store: Store,
    { format, failed, language }: ReportOptions,
  ): AsyncIterable<string> | string {
    const parts = partsOf(report, store, failed === true);
    if (format === 'csv') return renderCsv(parts, { language, withCampaign: 'campaigns' in report });
    if (failed) return renderFailedText(parts, language);
    const options = { language, timezone: services.common().DEFAULT_TIMEZONE };
    return 'campaigns' in report ? renderRangeText(report, options) : renderText(report, options);
  }
}

function* partsOf(report: ReportData | RangeReportData, store: Store, failed: boolean): Generator<CsvPart> {
  for (const { campaign } of 'campaigns' in report ? report.campaigns : [report]) {
    yield { campaign, deliveries: store.deliveries.stream(campaign.id, failed ? { states: ['failed'] } : {}) };
  }
}

async function failedOf(report: ReportData | RangeReportData, store: Store): Promise<object[]> {
  const failed: object[] = [];
  for (const { campaign, deliveries } of partsOf(report, store, true)) {
    for await (const { n, phone, name, code, family, detail, messageId, failedAt } of deliveries) {
      failed.push({ campaign: campaign.id, n, phone, name, code, family, detail, messageId, failedAt });
    }
  }
  return failed;
}

async function write(file: string, content: AsyncIterable<string> | string | Buffer): Promise<void> {
  try {
    await pipeline(
      Readable.from(typeof content === 'string' || Buffer.isBuffer(content) ? [content] : content),
      createWriteStream(file),
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // An error with a system call comes from the file, any other from the store.
    if (!(error as NodeJS.ErrnoException).syscall) throw error;
    throw new CommandRefused(`--out: cannot write "${file}" (${code ?? message})`, 'file_not_written');
  }
}

/** `report`: the results of one campaign, or of all that started within some days or have one template. */
import { Option, type Command } from 'commander';
import type { Language } from '../../config/i18n';
import type { RangeReportData, ReportData } from '../../report/data';
import { deliveryParts } from '../../report/parts';
import { REPORT_FORMATS, type ReportFormat } from '../../report/reports';
import type { Store } from '../../store/connect';
import type { Answer, CommandContext } from '../answer';
import { valueOf, WrongUsage } from '../errors';
import { languageOption, writeOut } from '../out';
import { parseRangeEdge } from '../time';

interface ReportOptions {
  format: ReportFormat;
  failed?: true;
  from?: string;
  to?: string;
  template?: string;
  out?: string;
  language: Language;
}

const EXAMPLES = `
Examples:
  bobcofer report c1a2b3
  bobcofer report c1a2b3 --format csv --failed --out failed.csv
  bobcofer report --from 2026-11-01 --to 2026-11-30
  bobcofer report --template promo_autumn
  bobcofer report --from 2026-11-01 --to 2026-11-30 --format xlsx --out november.xlsx

csv: UTF-8 with a byte-order mark, one row per delivery, times in UTC; separated by commas, or by semicolons with
--language ru. A cell that a spreadsheet would run as a formula starts with an apostrophe; phones stay +7….
xlsx: sheets with the counts, the campaigns (over dates also days, templates and what came of the leads), every delivery
and the failed ones, times in DEFAULT_TIMEZONE, links to the leads at AMOCRM_BASE_URL.
png: the funnel, how it went, and the reasons of what failed, for a phone.
Single sends are campaigns of one; tests sent from the bot are left out.`;

export function addReport(program: Command, { terminal, services, action }: CommandContext): void {
  program
    .command('report')
    .description('report on one campaign, or on all of some days or of one template')
    .argument('[id]', 'campaign id')
    .addOption(new Option('--format <format>', 'format of the report').choices([...REPORT_FORMATS]).default('text'))
    .option('--failed', 'only failed deliveries, one per line')
    .option('--from <date>', 'first day, or time')
    .option('--to <date>', 'last day (inclusive), or time')
    .option('--template <name>', 'only campaigns with this template; alone, all there have been')
    .option('--out <file>', 'write to this file')
    .addOption(languageOption('report', terminal.speech))
    .addHelpText('after', EXAMPLES)
    .action(
      action(async (id: string | undefined, options: ReportOptions): Promise<Answer> => {
        const { format, out, failed, language } = options;
        const range = rangeOf(id, options);
        if ((format === 'xlsx' || format === 'png') && !out)
          throw new WrongUsage('--format {{format}}: expected --out FILE', { format });
        if (format === 'png' && failed)
          throw new WrongUsage('--format png: expected no --failed, the picture shows all');
        if (terminal.json && format === 'csv' && !out) {
          throw new WrongUsage(
            '--json with --format csv: expected --out FILE for the CSV, or --json alone for the report as JSON',
          );
        }
        terminal.doing('Writing the report');
        const [reports, store] = [await services.reports(), await services.store()];
        const form = { format, language, failed };
        // As JSON the report itself is printed.
        const shown = terminal.json && !out ? undefined : form;
        const report = range ? await reports.range(range, shown) : valueOf(await reports.campaign(id!));
        const content = valueOf(await reports.content(report, form));
        if (out) {
          await writeOut(out, content);
          return { json: { file: out, format }, text: terminal.speech.t('Written: {{file}}', { file: out }) };
        }
        return {
          json: terminal.json && failed ? { ...report, deliveries: await failedOf(report, store) } : report,
          text: content as AsyncIterable<string>,
        };
      }),
    );

  function rangeOf(
    id: string | undefined,
    { from, to, template }: ReportOptions,
  ): { from: Date; to: Date; template?: string } | undefined {
    const asked = [from, to, template].some((option) => option !== undefined);
    if (id !== undefined && !asked) return undefined;
    if (id !== undefined) {
      throw new WrongUsage('report: expected either a campaign id or --from, --to and --template, got both');
    }
    if ((from === undefined) !== (to === undefined) || !asked)
      throw new WrongUsage('report: expected a campaign id, both --from and --to, or --template');
    if (from === undefined || to === undefined) return { from: new Date(0), to: new Date(), template: template! };
    const zone = services.common().DEFAULT_TIMEZONE;
    const range = { from: parseRangeEdge('--from', from, zone, 'start'), to: parseRangeEdge('--to', to, zone, 'end') };
    if (range.from >= range.to)
      throw new WrongUsage('--from: expected a time before --to {{to}}, got {{from}}', { to, from });
    return { ...range, ...(template !== undefined && { template }) };
  }
}

async function failedOf(report: ReportData | RangeReportData, store: Store): Promise<object[]> {
  const failed: object[] = [];
  for await (const { campaign, deliveries } of deliveryParts(store, report, { failed: true })) {
    for await (const { n, phone, name, code, family, detail, messageId, failedAt } of deliveries) {
      failed.push({ campaign: campaign.id, n, phone, name, code, family, detail, messageId, failedAt });
    }
  }
  return failed;
}

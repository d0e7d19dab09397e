/** Reports as plain text, at most 80 columns wide, for a terminal and Telegram's <pre>. */
import { optionLines } from '../config/spec-text';
import type { CsvPart } from './csv';
import type { RangeReportData, ReportData, ReportedCampaign } from './data';
import { translate, type Language } from '../config/i18n';
import { field, hanging, TEXT_WIDTH } from './layout';
import { explainTrouble, meaningOf } from './meaning';
import { outcomeSections, writeBackLines } from './outcome-text';
import { createWords, type TextOptions, type Words } from './words';

/** One campaign: who and when, the outcome, and why some people did not get it. */
export function renderText(report: ReportData, options: TextOptions): string {
  const words = createWords(options);
  return joined([
    header(report.campaign, words),
    ...outcomeSections(report, words),
    writeBackLines(report, words).join('\n  '),
    footer(report, options, words),
  ]);
}

/** Several campaigns: a line each, then the total. */
export function renderRangeText(report: RangeReportData, options: TextOptions): string {
  const words = createWords(options);
  const { from, to, campaigns } = report;
  const values = { from: words.time(from), to: words.time(to), n: campaigns.length };
  return joined([
    hanging('', words.t('rangeTitle', values)),
    table(campaigns, words),
    ...outcomeSections(report, words),
    footer(report, options, words),
  ]);
}

function joined(sections: string[]): string {
  return sections.filter((section) => section !== '').join('\n\n') + '\n';
}

function header(campaign: ReportedCampaign, { language, timezone, t, word, time, line }: Words): string {
  const { createdBy, createdAt, startedAt, endedAt } = campaign;
  return [
    hanging('', t('title', { name: campaign.name })),
    line(t('id'), campaign.id),
    line(t('template'), `${campaign.template} (${campaign.language})`),
    line(t('audience'), campaign.audienceLabel),
    ...optionLines(campaign.options, { language, timezone }).map(({ label, text }) => line(label, text)),
    line(t('sender'), campaign.sender),
    line(t('created'), `${time(createdAt)}, ${t(`by.${createdBy.kind}`, { ...createdBy })}`),
    ...(startedAt ? [line(t('started'), time(startedAt))] : []),
    ...(endedAt ? [line(t('ended'), time(endedAt))] : []),
    line(t('state'), word('campaignStates', campaign.state) + reason(campaign, language)),
  ].join('\n');
}

function reason({ stateReason }: ReportedCampaign, language: Language): string {
  if (!stateReason) return '';
  if ('by' in stateReason) return ` (${stateReason.by})`;
  return ` (${stateReason.error.code}: ${explainTrouble(stateReason.error, language)})`;
}

function footer({ countedAt }: { countedAt: Date }, { timezone }: TextOptions, { t, time }: Words): string {
  return t('countedAt', { time: time(countedAt), zone: timezone });
}

/** Two lines per campaign: its id, never cut, with its name; then its start and the counts. */
function table(campaigns: ReportData[], { t, time, number }: Words): string {
  if (campaigns.length === 0) return '';
  const columns: { head: string; width: number; align: 'left' | 'right'; cell: (report: ReportData) => string }[] = [
    { head: t('started'), width: 26, align: 'left', cell: ({ campaign }) => minute(campaign.startedAt) },
    { head: t('short.tried'), width: 8, align: 'right', cell: ({ tried }) => number(tried) },
    {
      head: t('short.delivered'),
      width: 8,
      align: 'right',
      cell: ({ ledger }) => number(ledger.delivered + ledger.read),
    },
    { head: t('short.read'), width: 7, align: 'right', cell: ({ ledger }) => number(ledger.read) },
    { head: t('short.failed'), width: 7, align: 'right', cell: ({ ledger }) => number(ledger.failed) },
    { head: t('short.unknown'), width: 5, align: 'right', cell: ({ ledger }) => number(ledger.unknown) },
  ];
  const row = (textOf: (column: (typeof columns)[number]) => string): string =>
    columns
      .map((column) => field(textOf(column), column.width, column.align))
      .join(' ')
      .trimEnd();
  const lines = campaigns.map((report) => {
    const { id, name } = report.campaign;
    return [`${field(`${id}  ${name}`, TEXT_WIDTH).trimEnd()}`, `  ${row(({ cell }) => cell(report))}`].join('\n');
  });
  return [
    `${t('id')}, ${t('name').toLowerCase()}`,
    `  ${row(({ head }) => head)}`,
    '-'.repeat(TEXT_WIDTH),
    ...lines,
  ].join('\n');

  function minute(at: Date | undefined): string {
    return at ? time(at).slice(0, -':00'.length) : '';
  }
}

/** A heading for each campaign, then phone, code and meaning of each given delivery. */
export async function* renderFailedText(parts: Iterable<CsvPart>, language: Language): AsyncGenerator<string> {
  for (const { campaign, deliveries } of parts) {
    yield `${hanging('', translate(language, 'report.failedTitle', { name: campaign.name, id: campaign.id }))}\n`;
    for await (const { phone = '', code = 'none' } of deliveries) {
      yield `${hanging(`  ${field(phone, 17)}${field(code, 8)}`, meaningOf(code, language))}\n`;
    }
  }
}

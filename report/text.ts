/** Reports as plain text, at most 80 columns wide, for a terminal and Telegram's <pre>. */
import { optionLines } from '../config/spec-text';
import type { DeliveryPart } from './csv';
import type { Outcome, RangeReportData, ReportData, ReportedCampaign, ReportGroup } from './data';
import { spanOfDaysText } from '../config/formats';
import { translate, type Language } from '../config/i18n';
import { field, hanging, TEXT_WIDTH } from './layout';
import { explainTrouble } from './meaning';
import { outcomeSections, sumText, writeBackLines } from './outcome-text';
import { chainLines, chainTitle } from './chain-text';
import { repliesText } from './replies-text';
import { leadTexts, winnerTexts } from './variant-text';
import { rangeResultsSection } from './range-results-text';
import { resultsSection } from './results-text';
import { asideTexts } from './aside';
import { canaryLines } from './canary';
import { createRowWords } from './row-words';
import { createWords, type TextOptions, type Words } from './words';

/** One campaign: who and when, the outcome, and why some people did not get it. */
export function renderText(report: ReportData, options: TextOptions): string {
  const words = createWords(options);
  return joined([
    header(report.campaign, words),
    ...outcomeSections(report, words),
    clickLine(report, words),
    repliesLine(report, words),
    resultsSection(report.results, words),
    variantLines(report, words),
    chainSection(report, words),
    report.bySender ? groupTable(words.t('bySender'), report.bySender, words) : '',
    writeBackLines(report, words).join('\n  '),
    footer(report, words),
  ]);
}

/** Several campaigns: a line each, then the total. */
export function renderRangeText(report: RangeReportData, options: TextOptions): string {
  const words = createWords(options);
  const { campaigns, byDay, byTemplate } = report;
  const days = byDay.map((group) => ({ ...group, key: words.date(group.key) }));
  return joined([
    hanging('', rangeHeading(report, words)),
    table(campaigns, words),
    // Their common pace would be that of the nights between them.
    ...outcomeSections(withoutPace(report), words),
    rangeResultsSection(report.results, words),
    byTemplate.length > 1 ? groupTable(words.t('byTemplate'), byTemplate, words) : '',
    days.length > 1 ? groupTable(words.t('byDay'), days, words) : '',
    footer(report, words),
  ]);
}

/** Which campaigns, and how many. */
export function rangeHeading({ from, to, template, campaigns }: RangeReportData, words: Words): string {
  const { t } = words;
  const n = campaigns.length;
  if (template !== undefined && from.getTime() <= 0) return t('templateTitle', { template, n });
  const title = t('rangeTitle', { span: spanOfDaysText(from, to, words), n });
  return template === undefined ? title : `${title}, ${t('rangeTemplate', { template })}`;
}

function chainSection({ chain }: ReportData, words: Words): string {
  if (!chain) return '';
  return [chainTitle(chain, words), ...chainLines(chain, words).map((line) => hanging('  ', line))].join('\n');
}

function withoutPace({
  firstSendAt: _first,
  lastSendAt: _last,
  durationSeconds: _duration,
  ...rest
}: Outcome): Outcome {
  return rest;
}

function joined(sections: string[]): string {
  return sections.filter((section) => section !== '').join('\n\n') + '\n';
}

function header(campaign: ReportedCampaign, words: Words): string {
  const { language, timezone, t, word, time, line } = words;
  const { createdBy, createdAt, startedAt, endedAt } = campaign;
  return [
    hanging('', t('title', { name: campaign.name })),
    line(t('id'), campaign.id),
    line(t('template'), `${campaign.template} (${campaign.language})`),
    line(t('audience'), campaign.audienceLabel),
    ...optionLines(campaign.options, { language, timezone }).map(({ label, text }) => line(label, text)),
    line(t('sender'), campaign.sender),
    ...canaryLines(campaign, words).map(({ label, text }) => line(label, text)),
    ...asideTexts(campaign, language).map((text) => line(t('without'), text)),
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

function footer({ countedAt }: { countedAt: Date }, { t, time, zoneName: zone }: Words): string {
  return t('countedAt', { time: time(countedAt), zone });
}

const COUNT_HEADS = ['tried', 'delivered', 'read', 'replied', 'failed', 'unknown'] as const;
const COUNT_WIDTHS = [8, 8, 7, 6, 7, 5];

type Counted = Pick<ReportData, 'ledger' | 'tried'> & { replied?: number };

function countCells({ ledger, tried, replied }: Counted, number: Words['number']): string[] {
  const { delivered, read, failed, unknown } = ledger;
  return [tried, delivered + read, read, replied, failed, unknown].map((count) =>
    count === undefined ? '' : number(count),
  );
}

function countRow(label: string, counts: readonly string[]): string {
  const cells = counts.map((count, at) => field(count, COUNT_WIDTHS[at]!, 'right'));
  return ['  ' + field(label, 26), ...cells].join(' ').trimEnd();
}

/** How many people pressed a link, as a share of all who were sent to. */
function clickLine({ clicked, tried }: ReportData, { t, line, number }: Words): string {
  if (!clicked) return '';
  const share = tried > 0 ? ` (${number((100 * clicked.people) / tried, 1)} %)` : '';
  return line(t('clicked'), `${t('clickedTimes', clicked)}${share}`);
}

function repliesLine(report: ReportData, words: Words): string {
  const said = repliesText(report, words);
  return said === undefined ? '' : hanging(`  ${words.t('repliesLine.label')}: `, said);
}

/** A line a variant; then who leads, and whether chance may have done it. */
function variantLines(report: ReportData, words: Words): string {
  const { byVariant, leads = [] } = report;
  if (!byVariant) return '';
  const spent = byVariant.flatMap(({ key, spent }) => (spent ? [`${key}: ${sumText(spent, words)}`] : []));
  return [
    groupTable(words.t('byVariant'), byVariant, words),
    ...(byVariant.some(({ clicked }) => clicked !== undefined)
      ? [
          hanging(
            `  ${words.t('clicked')}: `,
            byVariant.map(({ key, clicked = 0 }) => `${key}: ${words.number(clicked)}`).join('; '),
          ),
        ]
      : []),
    ...(spent.length > 0 ? [hanging(`  ${words.t('costSpent')}: `, spent.join('; '))] : []),
    ...[...leadTexts({ byVariant, leads }, words), ...winnerTexts(report, words)].map((line) => hanging('  ', line)),
  ].join('\n');
}

function groupTable(title: string, groups: readonly ReportGroup[], { t, number }: Words): string {
  return [
    countRow(
      title,
      COUNT_HEADS.map((head) => t(`short.${head}`)),
    ),
    ...groups.map((group) => countRow(group.key, countCells(group, number))),
  ].join('\n');
}

/** Two lines per campaign: its id, never cut, with its name; then its start and the counts. */
function table(campaigns: ReportData[], { t, time, number }: Words): string {
  if (campaigns.length === 0) return '';
  const lines = campaigns.map((report) => {
    const { id, name, startedAt } = report.campaign;
    return [
      `${field(`${id}  ${name}`, TEXT_WIDTH).trimEnd()}`,
      countRow(minute(startedAt), countCells(report, number)),
    ].join('\n');
  });
  return [
    `${t('id')}, ${t('name').toLowerCase()}`,
    countRow(
      t('started'),
      COUNT_HEADS.map((head) => t(`short.${head}`)),
    ),
    '-'.repeat(TEXT_WIDTH),
    ...lines,
  ].join('\n');

  function minute(at: Date | undefined): string {
    return at ? time(at).slice(0, -':00'.length) : '';
  }
}

/** A heading for each campaign, then phone, code and meaning of each given delivery. */
export async function* renderFailedText(
  parts: AsyncIterable<DeliveryPart>,
  language: Language,
): AsyncGenerator<string> {
  const words = createRowWords(language);
  for await (const { campaign, deliveries } of parts) {
    yield `${hanging('', translate(language, 'report.failedTitle', { name: campaign.name, id: campaign.id }))}\n`;
    for await (const delivery of deliveries) {
      const { phone = words.origin(delivery, campaign.audience), code = 'none' } = delivery;
      yield `${hanging(`  ${field(phone, 17)}${field(code, 8)}`, words.meaning(code, undefined))}\n`;
    }
  }
}

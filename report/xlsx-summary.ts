/** A report's counts as sheets: the summary (label, value, shares, explanation), campaigns, days and templates. */
import { optionLines } from '../config/spec-text';
import type { Outcome, RangeReportData, ReportData, ReportGroup } from './data';
import { isDocumented, meaningOf } from './meaning';
import { costPerLabel, estimateLabel, sumText, wideNote } from './outcome-text';
import { canaryLines } from './canary';
import { repliesText } from './replies-text';
import { leadTexts, winnerTexts } from './variant-text';
import { rangeResultsNotes, rangeResultsRows, rangeResultsTitle } from './range-results-text';
import { latestReading, readingTitle, resultsNotes, resultsRows, type ResultsRow } from './results-text';
import { rangeHeading } from './text';
import { asideTexts } from './aside';
import { wallClock } from './wall-clock';
import type { Cell, Sheet } from './workbook';
import type { Words } from './words';

const SUMMARY_WIDTHS = [34, 26, 18, 18, 70];

/** Label, value, share of the step before, share of all sent, explanation; an empty row between sections. */
export function summarySheet(report: ReportData | RangeReportData, words: Words): Sheet {
  const { t, language } = words;
  const parts: Cell[][][] = [
    'campaigns' in report ? [[{ label: rangeHeading(report, words) }]] : ofCampaign(report, words),
    counts(report, words),
    costs(report, words),
    report.failures.map(({ code, count, family, advice, detail }) => [
      { label: `${t('failed')}: ${code}` },
      count,
      undefined,
      undefined,
      `${meaningOf(code, language)}${detail && !isDocumented(code) ? ` "${detail}"` : ''} [${t(`families.${family}`)}] → ${t(`advice.${advice}`)}`,
    ]),
    report.skips.map(({ reason, count }) => [
      { label: `${t('skipped')}: ${words.word('skipReasons', reason)}` },
      count,
      undefined,
      undefined,
      t(`skipAdvice.${reason}`),
    ]),
    'campaigns' in report || !report.clicked
      ? []
      : [
          [
            { label: t('clicked') },
            report.clicked.people,
            undefined,
            { share: report.tried > 0 ? report.clicked.people / report.tried : 0 },
            t('clickedTimes', report.clicked),
          ],
        ],
    'campaigns' in report || !report.replies
      ? []
      : [[{ label: t('repliesLine.label') }, report.replies.people, undefined, undefined, repliesText(report, words)]],
    'campaigns' in report ? ofRangeResults(report, words) : ofResults(report, words),
    'campaigns' in report ? [] : byVariant(report, words),
    'campaigns' in report ? [] : bySender(report, words),
    [[{ label: t('countedAt', { time: words.time(report.countedAt), zone: words.zoneName }) }]],
  ];
  const rows = parts.filter((part) => part.length > 0).flatMap((part, at) => (at === 0 ? part : [[], ...part]));
  return { name: t('xlsx.summary'), widths: SUMMARY_WIDTHS, rows: () => rows };
}

function ofCampaign({ campaign, firstSendAt, lastSendAt, durationSeconds }: ReportData, words: Words): Cell[][] {
  const { language, timezone, t, word } = words;
  const clock = wallClock(timezone);
  const moment = (label: string, at: Date | undefined): Cell[][] =>
    at ? [[{ label: t(label) }, { at: clock(at) }]] : [];
  return [
    [{ label: t('title', { name: campaign.name }) }],
    [{ label: t('id') }, campaign.id],
    [{ label: t('template') }, `${campaign.template} (${campaign.language})`],
    [{ label: t('audience') }, campaign.audienceLabel],
    ...optionLines(campaign.options, { language, timezone }).map(({ label, text }) => [{ label }, text]),
    [{ label: t('sender') }, campaign.sender],
    ...canaryLines(campaign, words).map(({ label, text }): Cell[] => [{ label }, text]),
    ...asideTexts(campaign, language).map((text): Cell[] => [{ label: t('without') }, text]),
    [{ label: t('state') }, word('campaignStates', campaign.state)],
    ...moment('started', campaign.startedAt),
    ...moment('firstSend', firstSendAt),
    ...moment('lastSend', lastSendAt),
    ...moment('ended', campaign.endedAt),
    ...(durationSeconds === undefined ? [] : [[{ label: t('xlsx.duration') }, Math.round(durationSeconds)]]),
  ];
}

function counts({ ledger, tried, funnel }: Outcome, { t }: Words): Cell[][] {
  const share = (part: number | undefined): Cell => (part === undefined ? undefined : { share: part });
  const ofSent = (count: number): Cell => share(tried > 0 ? count / tried : undefined);
  const row = (label: string, count: number): Cell[] => [{ label: t(label) }, count, undefined, ofSent(count)];
  const waiting = ledger.queued + ledger.sending;
  return [
    [undefined, undefined, { label: t('xlsx.ofBefore') }, { label: t('xlsx.ofSent') }],
    [{ label: t('audienceSize') }, ledger.total],
    ...funnel.map(({ step, count, ofBefore, ofSent }) => [
      { label: t(`funnel.${step}`) },
      count,
      share(ofBefore),
      share(ofSent),
    ]),
    row('withoutReceipt', ledger.accepted + ledger.sent),
    row('failed', ledger.failed),
    row('unknown', ledger.unknown),
    [{ label: t('skipped') }, ledger.skipped],
    ...(waiting > 0 ? [[{ label: t('waiting') }, waiting]] : []),
  ];
}

/** Sent, delivered, read, replied and cost of each variant; then who leads. */
function byVariant(report: ReportData, words: Words): Cell[][] {
  const { byVariant: lines = [], leads = [] } = report;
  if (lines.length === 0) return [];
  const { t } = words;
  return [
    [
      { label: t('byVariant') },
      { label: t('short.tried') },
      { label: t('short.delivered') },
      { label: t('short.read') },
      { label: `${t('short.replied')}; ${t('costSpent')}` },
    ],
    ...lines.map(({ key, tried, ledger: { delivered, read }, replied, spent }): Cell[] => [
      { label: key },
      tried,
      delivered + read,
      read,
      [replied ?? '', ...(spent ? [sumText(spent, words)] : [])].join('; '),
    ]),
    ...[...leadTexts({ byVariant: lines, leads }, words), ...winnerTexts(report, words)].map((text): Cell[] => [
      undefined,
      undefined,
      undefined,
      undefined,
      text,
    ]),
  ];
}

/** Sent, delivered and read of each sender. */
function bySender({ bySender: groups = [] }: ReportData, { t }: Words): Cell[][] {
  if (groups.length === 0) return [];
  const heads = [t('funnel.sent'), t('funnel.delivered'), t('funnel.read')].map((label) => ({ label }));
  return [
    [{ label: t('bySender') }, ...heads],
    ...groups.map(({ key, ledger, tried }): Cell[] => [key, tried, ledger.delivered + ledger.read, ledger.read]),
  ];
}

/** Written to, control and difference of each measure; then what may be concluded. */
function ofResults({ results }: ReportData, words: Words): Cell[][] {
  if (!results) return [];
  const { t } = words;
  const reading = latestReading(results);
  const about = reading ? `${t('results.difference')}; ${readingTitle(reading, words)}` : '';
  return resultsPart(
    t('results.title'),
    about,
    reading ? resultsRows(reading, words) : [],
    resultsNotes(results, words),
    words,
  );
}

/** The same of several campaigns; templates, months and marks are a sheet of their own. */
function ofRangeResults({ results }: RangeReportData, words: Words): Cell[][] {
  return (results?.currencies ?? []).flatMap((one) =>
    resultsPart(
      rangeResultsTitle(results!, one, words),
      words.t('results.difference'),
      rangeResultsRows(one, words),
      rangeResultsNotes(results!, one, words),
      words,
    ),
  );
}

function resultsPart(
  title: string,
  about: string,
  rows: readonly ResultsRow[],
  notes: readonly string[],
  { t }: Words,
): Cell[][] {
  return [
    [{ label: title }, { label: t('results.writtenTo') }, { label: t('results.control') }, undefined, { label: about }],
    ...rows.map(({ label, written, control, difference }): Cell[] => [
      { label },
      written,
      control,
      undefined,
      difference,
    ]),
    ...notes.map((note): Cell[] => [undefined, undefined, undefined, undefined, note]),
  ];
}

function costs({ cost, costPer = [], ledger }: Outcome, words: Words): Cell[][] {
  if (!cost) return [];
  const { t, date } = words;
  const { spent, estimated } = cost;
  const day = t('costSum', { sum: '', day: date(estimated.pricesOf) }).trim();
  const row = (label: string, { from, to }: typeof spent, note: string): Cell[] => [
    { label: t(label) },
    { dollars: from },
    to === from ? undefined : { dollars: to },
    undefined,
    note,
  ];
  return [
    row('costSpent', spent, day),
    row(estimateLabel(ledger), estimated, [day, ...wideNote(estimated, words)].join(' ')),
    ...costPer.map((one): Cell[] => [
      { label: `${t('costPer.title')}: ${costPerLabel(one, words)}` },
      { dollars: one.from },
      one.from === one.to ? undefined : { dollars: one.to },
      undefined,
      `${words.number(one.count)}`,
    ]),
  ];
}

const CAMPAIGN_COLUMNS = {
  ...{ id: 14, name: 34, template: 24, category: 14, state: 16, audience: 28, started: 20, ended: 20, total: 12 },
  ...{ sent: 12, delivered: 12, deliveredShare: 12, read: 12, readShare: 12, replied: 12, failed: 14, unknown: 12 },
  ...{ skipped: 12, waiting: 12, spentFrom: 14, spentTo: 14, estimatedFrom: 14, estimatedTo: 14 },
};

/** A row for each campaign. */
export function campaignSheet(campaigns: readonly ReportData[], { t, word, timezone }: Words): Sheet {
  const clock = wallClock(timezone);
  const moment = (at: Date | undefined): Cell => at && { at: clock(at) };
  return {
    name: t('xlsx.campaigns'),
    headings: Object.keys(CAMPAIGN_COLUMNS).map((column) => t(`xlsx.columns.${column}`)),
    widths: Object.values(CAMPAIGN_COLUMNS),
    rows: () =>
      campaigns.map(({ campaign, cost, ...outcome }) => [
        ...[campaign.id, campaign.name, campaign.template, word('templateCategories', campaign.category)],
        ...[word('campaignStates', campaign.state), campaign.audienceLabel],
        ...[moment(campaign.startedAt), moment(campaign.endedAt)],
        ...countCells(outcome),
        ...[cost?.spent.from, cost?.spent.to, cost?.estimated.from, cost?.estimated.to].map((dollars) =>
          dollars === undefined ? undefined : { dollars },
        ),
      ]),
  };
}

const COUNT_COLUMNS = [
  ...['total', 'sent', 'delivered', 'deliveredShare', 'read', 'readShare', 'replied'],
  ...['failed', 'unknown', 'skipped', 'waiting'],
];

function countCells({
  ledger,
  tried,
  replied,
}: Pick<Outcome, 'ledger' | 'tried'> & { replied?: number | undefined }): Cell[] {
  const arrived = ledger.delivered + ledger.read;
  const share = (count: number): Cell => (tried > 0 ? { share: count / tried } : undefined);
  return [
    ...[ledger.total, tried, arrived, share(arrived), ledger.read, share(ledger.read), replied],
    ...[ledger.failed, ledger.unknown, ledger.skipped, ledger.queued + ledger.sending],
  ];
}

/** A row for each day. */
export function daySheet(days: readonly ReportGroup[], { t }: Words): Sheet {
  const toCell = (day: string): Cell => ({ at: new Date(`${day}T00:00:00Z`), dayOnly: true });
  return groupSheet(t('xlsx.days'), { column: 'day', groups: days, toCell }, t);
}

/** A row for each template. */
export function templateSheet(templates: readonly ReportGroup[], { t }: Words): Sheet {
  return groupSheet(t('xlsx.templates'), { column: 'template', groups: templates, toCell: (name) => name }, t);
}

function groupSheet(
  name: string,
  { column, groups, toCell }: { column: string; groups: readonly ReportGroup[]; toCell: (key: string) => Cell },
  t: Words['t'],
): Sheet {
  const columns = [column, ...COUNT_COLUMNS];
  return {
    name,
    headings: columns.map((each) => t(`xlsx.columns.${each}`)),
    widths: columns.map((_, at) => (at === 0 ? 26 : 13)),
    rows: () => groups.map((group) => [toCell(group.key), ...countCells(group)]),
  };
}

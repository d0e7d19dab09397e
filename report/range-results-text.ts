/** What came of the leads of several campaigns, in words and as a sheet: the counts of `range-results.ts`. */
import { monthText } from '../config/formats';
import { escapeHtml, shorten } from '../config/text';
import type { Compared } from '../domain/results';
import { field, hanging } from './layout';
import { costOfOne, sumText } from './outcome-text';
import type { CurrencyResults, RangeResults, ResultsGroup, ResultsTable } from './range-results';
import {
  conclusions,
  leftOut,
  pointsText,
  resultsRows,
  rowMessages,
  sumOf,
  sumsText,
  tableLines,
  type ResultFigures,
  type ResultsRow,
} from './results-text';
import type { Cell, Sheet } from './workbook';
import type { Words } from './words';

/** How many templates (the largest) and months (the latest) a message names; the workbook has all. */
const SHOWN = 6;
const SHOWN_MONTHS = 12;
const LABEL_WIDTH = 34;
const COUNT_WIDTHS = [8, 10, 12, 10];

const figuresOf = ({ campaigns, written, control, comparison }: ResultsGroup, currency: string): ResultFigures => ({
  ...{ written, currency },
  ...(campaigns > 1 && { together: true as const }),
  ...(control && { control }),
  ...(comparison && { comparison }),
});

/** The rows of one campaign's table, and what the campaigns have cost. */
export function rangeResultsRows({ currency, latest }: CurrencyResults, words: Words): ResultsRow[] {
  const { total } = latest;
  return [
    ...resultsRows(figuresOf(total, currency), words),
    ...(total.cost ? [{ label: words.t('results.range.cost'), written: sumText(total.cost, words) }] : []),
  ];
}

/** Where several currencies are shown, each says which it is. */
export function rangeResultsTitle(
  { currencies }: RangeResults,
  one: CurrencyResults | undefined,
  words: Words,
): string {
  return one && currencies.length > 1
    ? words.t('results.range.titleIn', { currency: one.currency })
    : words.t('results.range.title');
}

/** `campaigns 5, each by its latest reading, 1–30 days after its end` */
function readingsText({ latest: { total } }: CurrencyResults, { t, number }: Words): string {
  const { from, to } = total.days;
  const days = from === to ? number(from) : `${number(from)}–${number(to)}`;
  return t('results.range.latest', { campaigns: number(total.campaigns), days });
}

/** What may be concluded, and what the figures leave out or hold twice. */
export function rangeResultsNotes(results: RangeResults, one: CurrencyResults, words: Words): string[] {
  const { t, number } = words;
  const { total, byMonth, byTemplate } = one.latest;
  const { campaigns, withControl } = total;
  const compared = total.comparison !== undefined;
  const severalGroups = byMonth.length > 1 || byTemplate.length > 1;
  return [
    ...conclusions(figuresOf(total, one.currency), words),
    ...(compared && withControl > 1 ? [t('results.range.each')] : []),
    ...(compared && withControl < campaigns
      ? [t('results.range.someControl', { with: number(withControl), campaigns: number(campaigns) })]
      : []),
    ...leftOut({ ...total, mixed: results.mixed }, words),
    ...(results.sharedLeads > 0 ? [t('results.range.shared', { leads: number(results.sharedLeads) })] : []),
    ...(total.cost && total.followUps > 0 ? [t('results.range.followUps', { n: number(total.followUps) })] : []),
    ...(results.unread > 0 ? [t('results.range.unread', { unread: number(results.unread) })] : []),
    ...(severalGroups && total.days.from < total.days.to ? [t('results.range.oneMark')] : []),
  ];
}

/** `bought +4 points (2.1 to 5.9), really more; brought …`; undefined without a control group. */
function againstControl({ comparison }: ResultsGroup, currency: string, words: Words): string | undefined {
  if (!comparison) return undefined;
  const { t } = words;
  const { won, brought } = comparison;
  const verdict = (one: Compared): string => t(`results.range.verdict.${one.verdict}`);
  const parts = [
    t('results.range.against', { won: pointsText(won, words), verdict: verdict(won) }),
    ...(brought
      ? [
          t('results.range.broughtShort', {
            brought: sumsText(brought, currency, words),
            verdict: verdict(brought),
          }),
        ]
      : []),
  ];
  return parts.join('; ');
}

/** `sum RUB 3,000,000, cost $12.00, each who bought $0.20` */
function moneyText({ written, cost, costPer: [buyer] = [] }: ResultsGroup, currency: string, words: Words): string {
  const { t } = words;
  return [
    t('results.range.groupMoney', { sum: sumOf(written.sum, currency, words) }),
    ...(cost ? [t('results.range.groupCost', { cost: sumText(cost, words) })] : []),
    ...(buyer ? [t('results.range.perBuyer', { sum: costOfOne(buyer, words) })] : []),
  ].join(', ');
}

/** `After 7 days, campaigns 5: moved forward 200, bought 60, RUB 3,000,000`, and what the control group says. */
function markTexts({ marks, currency }: CurrencyResults, words: Words): string[] {
  const { t, number } = words;
  // One mark says what the table says already.
  if (marks.length < 2) return [];
  return marks.map(({ day, total }) => {
    const { written, campaigns } = total;
    const moved = t('results.range.moved', {
      forward: number(written.forward),
      won: number(written.won),
      sum: sumOf(written.sum, currency, words),
    });
    const against = againstControl(total, currency, words);
    const mark = t('results.range.mark', { count: day, campaigns: number(campaigns) });
    return `${mark}: ${moved}${against === undefined ? '' : `. ${against}`}.`;
  });
}

const monthOf = (group: ResultsGroup, { language }: Words): ResultsGroup => ({
  ...group,
  key: monthText(group.key, language),
});

/** The groups that a report shows, each kind if there is more than one of it. `shown`: those that a message has room for. */
function groupsOf(
  { latest }: CurrencyResults,
  words: Words,
): { title: string; groups: ResultsGroup[]; shown: ResultsGroup[] }[] {
  const { byMonth, byTemplate } = latest;
  const months = byMonth.map((group) => monthOf(group, words));
  return [
    { title: words.t('byMonth'), groups: months, shown: months.slice(-SHOWN_MONTHS) },
    { title: words.t('byTemplate'), groups: byTemplate, shown: byTemplate.slice(0, SHOWN) },
  ].filter(({ groups }) => groups.length > 1);
}

/** Plain text; empty where no campaign asks for results. */
export function rangeResultsSection(results: RangeResults | undefined, words: Words): string {
  if (!results) return '';
  if (results.currencies.length === 0) return hanging('', noneRead(results, words));
  return results.currencies.map((one) => currencySection(results, one, words)).join('\n\n');
}

function noneRead({ asked }: RangeResults, { t, number }: Words): string {
  return `${t('results.range.title')}. ${t('results.range.none', { asked: number(asked) })}`;
}

function currencySection(results: RangeResults, one: CurrencyResults, words: Words): string {
  return [
    hanging('', `${rangeResultsTitle(results, one, words)}: ${readingsText(one, words)}`),
    ...tableLines(rangeResultsRows(one, words), words),
    ...markTexts(one, words).map((line) => hanging('  ', line)),
    ...rangeResultsNotes(results, one, words).map((note) => hanging('  ', note)),
    ...groupsOf(one, words).map(({ title, groups }) => `\n${groupLines(title, groups, one.currency, words)}`),
  ].join('\n');
}

/** A line of counts for each group, and its money below: sums are never cut to fit a column. */
function groupLines(title: string, groups: readonly ResultsGroup[], currency: string, words: Words): string {
  const { t, number } = words;
  const line = (label: string, cells: readonly string[]): string =>
    `  ${field(label, LABEL_WIDTH)}${cells.map((cell, at) => field(cell, COUNT_WIDTHS[at]!, 'right')).join('')}`.trimEnd();
  const heads = (['campaigns', 'people', 'forward', 'won'] as const).map((name) => t(`results.range.short.${name}`));
  return [
    line(title, heads),
    ...groups.flatMap((group) => {
      const { people, forward, won } = group.written;
      const against = againstControl(group, currency, words);
      return [
        line(
          group.key,
          [group.campaigns, people, forward, won].map((count) => number(count)),
        ),
        hanging('    ', moneyText(group, currency, words)),
        ...(against === undefined ? [] : [hanging('    ', against)]),
      ];
    }),
  ].join('\n');
}

/** Telegram's HTML, for a phone; empty where no campaign asks for results. */
export function rangeResultsMessage(results: RangeResults | undefined, words: Words): string {
  if (!results) return '';
  if (results.currencies.length === 0) return `💰 ${escapeHtml(noneRead(results, words))}`;
  return results.currencies.map((one) => currencyMessage(results, one, words)).join('\n\n');
}

function currencyMessage(results: RangeResults, one: CurrencyResults, words: Words): string {
  const { t, number } = words;
  const bullet = (text: string): string => `• ${escapeHtml(text)}`;
  const groupText = (group: ResultsGroup): string => {
    const { campaigns, written } = group;
    const counts = [
      `${t('results.range.short.campaigns')} ${number(campaigns)}`,
      `${t('results.range.short.won')} ${number(written.won)}`,
    ];
    const against = againstControl(group, one.currency, words);
    return `${bullet(`${shorten(group.key, 60)}: ${counts.join(', ')}, ${moneyText(group, one.currency, words)}`)}${against === undefined ? '' : `\n  ${escapeHtml(against)}`}`;
  };
  return [
    `💰 <b>${escapeHtml(rangeResultsTitle(results, one, words))}</b>`,
    `<i>${escapeHtml(readingsText(one, words))}</i>`,
    ...rowMessages(rangeResultsRows(one, words), words),
    ...markTexts(one, words).map(bullet),
    ...rangeResultsNotes(results, one, words).map((note) => escapeHtml(note)),
    ...groupsOf(one, words).flatMap(({ title, groups, shown }) => [
      `<b>${escapeHtml(title)}</b>`,
      ...shown.map(groupText),
      ...(groups.length > shown.length ? [escapeHtml(t('more', { n: number(groups.length - shown.length) }))] : []),
    ]),
  ].join('\n');
}

const MEASURES = ['forward', 'won', 'brought'] as const;
const COLUMNS = ['what', 'key', 'mark', 'campaigns', 'people', 'forward', 'forwardShare', 'won', 'wonShare', 'sum', 'currency', 'perPerson', 'withControl', 'controlPeople', 'controlForward', 'controlWon', 'controlSum'] as const; // prettier-ignore
const COST_COLUMNS = ['spentFrom', 'spentTo', 'perBuyerFrom', 'perBuyerTo'] as const;

/** A row for all, each month and each template, by the latest readings and at each mark. */
export function rangeResultsSheet(results: RangeResults, words: Words): Sheet {
  const { t, language } = words;
  const column = (name: string): string => t(`xlsx.columns.${name}`);
  const measures = MEASURES.flatMap((measure) => {
    const name = column(`${measure}Difference`);
    return [name, ...(['lower', 'upper', 'verdict'] as const).map((part) => `${name}: ${column(part)}`)];
  });
  const headings = [...COLUMNS.map(column), ...measures, ...COST_COLUMNS.map(column)];
  const rowsOf = ({ total, byMonth, byTemplate }: ResultsTable, mark: Cell, currency: string): Cell[][] => [
    [t('results.range.whole'), undefined, mark, ...groupCells(total, currency, words)],
    ...byMonth.map((group): Cell[] => [
      t('byMonth'),
      monthText(group.key, language),
      mark,
      ...groupCells(group, currency, words),
    ]),
    ...byTemplate.map((group): Cell[] => [t('byTemplate'), group.key, mark, ...groupCells(group, currency, words)]),
  ];
  return {
    name: t('xlsx.results'),
    headings,
    widths: headings.map((_, at) => (at === 1 ? 26 : 14)),
    rows: () =>
      results.currencies.flatMap(({ currency, latest, marks }) => [
        ...rowsOf(latest, t('xlsx.columns.latest'), currency),
        ...marks.flatMap(({ day, ...table }) => rowsOf(table, day, currency)),
      ]),
  };
}

function groupCells(group: ResultsGroup, currency: string, { t }: Words): Cell[] {
  const { campaigns, written, control, withControl, comparison, cost, costPer: [buyer] = [] } = group;
  const { people, forward, won, sum } = written;
  const share = (count: number): Cell => (people > 0 ? { share: count / people } : undefined);
  const dollars = (amount: number | undefined): Cell => (amount === undefined ? undefined : { dollars: amount });
  const measured = (measure: (typeof MEASURES)[number]): Cell[] => {
    const found = comparison?.[measure];
    if (!found) return [undefined, undefined, undefined, undefined];
    const { difference, from, to, verdict } = found;
    const shown = (value: number): Cell => (measure === 'brought' ? Math.round(value) : { share: value });
    const interval = verdict === 'few' ? [undefined, undefined] : [shown(from), shown(to)];
    return [shown(difference), ...interval, t(`results.range.verdict.${verdict}`)];
  };
  return [
    ...[campaigns, people, forward, share(forward), won, share(won), sum, currency],
    people > 0 ? Math.round(sum / people) : undefined,
    ...[withControl, control?.people, control?.forward, control?.won, control?.sum],
    ...MEASURES.flatMap(measured),
    ...[cost?.from, cost?.to, buyer?.from, buyer?.to].map(dollars),
  ];
}

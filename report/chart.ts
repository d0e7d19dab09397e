/** Draws a report as a picture for a phone: the funnel, how it went, and why some people did not get it. */
import { monthText } from '../config/formats';
import { shorten } from '../config/text';
import type { FunnelStep } from '../domain/delivery-funnel';
import type { RangeReportData, ReportData } from './data';
import { drawTimeline, TIMELINE_COLOURS } from './chart-timeline';
import { box, GREY, LINE, text, wrap } from './drawing';
import { chainRows } from './chain-text';
import { meaningOf } from './meaning';
import { rangeResultsRows, rangeResultsTitle } from './range-results-text';
import { latestReading, resultsRows, sumOf, type ResultsRow } from './results-text';
import { rangeHeading } from './text';
import { createWords, type TextOptions, type Words } from './words';

/** A phone shows it at about half this size: letters below 18 would be too small. */
const WIDTH = 720;
const MARGIN = 36;
const INNER = WIDTH - 2 * MARGIN;
const TITLE_LINES = { characters: 40, most: 2 };
const SHOWN_REASONS = 4;
const SHOWN_MONTHS = 12;
const REASON_LINES = { characters: 46, most: 2 };
const TIMELINE_HEIGHT = 190;

const COLOURS: Record<FunnelStep['step'], string> = { ...TIMELINE_COLOURS, replied: '#8a4fc7' };
const FAILED = '#c5383c';
const SKIPPED = '#9aa7b8';

/** Something drawn, and how high it is. */
interface Part {
  height: number;
  draw(y: number): string;
}

/** An SVG. Its counts are those of every other form of the report. */
export function renderChart(report: ReportData | RangeReportData, options: TextOptions): string {
  const words = createWords(options);
  const parts = [
    heading(report, words),
    ...report.funnel.map((step) => funnelStep(step, report, words)),
    rest(report, words),
    ...('campaigns' in report ? rangeResults(report, words) : [...followUps(report, words), ...results(report, words)]),
    ...(report.timeline ? [timeline(report, words)] : []),
    ...reasons(words.t('failed'), FAILED, failureLines(report, words), words),
    ...reasons(words.t('skipped'), SKIPPED, skipLines(report, words), words),
    footer(report, words),
  ];
  let y = MARGIN;
  const drawn = parts.map(({ height, draw }) => {
    const part = draw(y);
    y += height;
    return part;
  });
  const height = Math.ceil(y + MARGIN / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="Roboto">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...drawn,
    '</svg>',
  ].join('\n');
}

function heading(report: ReportData | RangeReportData, words: Words): Part {
  const { title, below } = 'campaigns' in report ? headingOfRange(report, words) : headingOfCampaign(report, words);
  const lines = wrap(title, TITLE_LINES.characters, TITLE_LINES.most);
  return {
    height: lines.length * 38 + 30 + 26,
    draw: (y) =>
      [
        ...lines.map((line, at) => text(MARGIN, y + 26 + at * 38, line, { size: 30, bold: true })),
        text(MARGIN, y + lines.length * 38 + 20, shorten(below, 62), { size: 20, colour: GREY }),
      ].join('\n'),
  };
}

function headingOfCampaign(
  { campaign, durationSeconds }: ReportData,
  { word, time, duration }: Words,
): { title: string; below: string } {
  const { name, template, startedAt, state } = campaign;
  const took = durationSeconds === undefined ? [] : [duration(durationSeconds)];
  const started = startedAt ? [time(startedAt).slice(0, -':00'.length)] : [];
  return { title: name, below: [word('campaignStates', state), ...started, ...took, template].join(' · ') };
}

function headingOfRange(report: RangeReportData, words: Words): { title: string; below: string } {
  return { title: rangeHeading(report, words), below: '' };
}

function funnelStep(
  { step, count, ofBefore, ofSent }: FunnelStep,
  { ledger }: ReportData | RangeReportData,
  words: Words,
): Part {
  const { t, number } = words;
  const percent = (share: number): string => number(share * 100, 1);
  // As in the message: a share says nothing of nobody, nor twice the same.
  const before = ofBefore === undefined || count === 0 ? [] : [t(`share.${step}`, { share: percent(ofBefore) })];
  const whole =
    ofSent === undefined || count === 0 || ofSent === ofBefore || step === 'sent' || step === 'delivered'
      ? []
      : [t('share.ofSent', { share: percent(ofSent) })];
  const width = ledger.total > 0 ? (INNER * count) / ledger.total : 0;
  return {
    height: 78,
    draw: (y) =>
      [
        text(MARGIN, y + 22, t(`funnel.${step}`), { size: 24 }),
        text(MARGIN + 170, y + 22, number(count), { size: 24, bold: true }),
        text(WIDTH - MARGIN, y + 22, [...before, ...whole].join(' · '), { size: 19, colour: GREY, anchor: 'end' }),
        box(MARGIN, y + 34, INNER, 22, LINE),
        count > 0 ? box(MARGIN, y + 34, Math.max(4, width), 22, COLOURS[step]) : '',
      ].join('\n'),
  };
}

/** What the funnel does not hold, in one line: with it everybody of the audience is accounted for. */
function rest({ ledger }: ReportData | RangeReportData, { t, number }: Words): Part {
  const counts: [string, number][] = [
    ['withoutReceipt', ledger.accepted + ledger.sent],
    ['failed', ledger.failed],
    ['unknown', ledger.unknown],
    ['skipped', ledger.skipped],
    ['waiting', ledger.queued + ledger.sending],
  ];
  const named = [['audienceSize', ledger.total] as const, ...counts.filter(([, count]) => count > 0)];
  const lines = wrap(
    named.map(([label, count]) => `${t(label)}: ${number(count)}`.replaceAll(' ', '\u00a0')).join(' · '),
    62,
    3,
  );
  return {
    height: lines.length * 28 + 24,
    draw: (y) =>
      lines
        .map((line, at) =>
          text(MARGIN, y + 16 + at * 28, line.replaceAll('\u00a0', ' ').replace(/^· | ·$/g, ''), {
            size: 20,
            colour: GREY,
          }),
        )
        .join('\n'),
  };
}

function timeline({ timeline: when, funnel }: ReportData | RangeReportData, words: Words): Part {
  const legend = funnel.filter(({ step }) => step !== 'replied');
  return {
    height: 34 + TIMELINE_HEIGHT + 76,
    draw: (y) =>
      [
        ...legend.map(({ step }, at) => {
          const x = MARGIN + at * 190;
          return (
            box(x, y + 2, 18, 18, COLOURS[step]) +
            text(x + 28, y + 18, words.t(`funnel.${step}`), { size: 20, colour: GREY })
          );
        }),
        drawTimeline(when!, { x: MARGIN, y: y + 56, width: INNER, height: TIMELINE_HEIGHT - 22 }, words),
      ].join('\n'),
  };
}

function failureLines({ failures }: ReportData | RangeReportData, { language }: Words): [string, number][] {
  // What a vendor says of a code that nobody knows is in the other forms: here it would stand in another language.
  return failures.map(({ code, count }) => [`${meaningOf(code, language)} (${code})`, count]);
}

function skipLines({ skips }: ReportData | RangeReportData, { word }: Words): [string, number][] {
  return skips.map(({ reason, count }) => [word('skipReasons', reason), count]);
}

/** Of the columns of numbers. */
const STEP_COLUMN = 88;

/** The campaign and each follow-up: a line each, then everybody once. */
function followUps({ chain }: ReportData, words: Words): Part[] {
  if (!chain) return [];
  const { t } = words;
  const heads = ['tried', 'delivered', 'read', 'replied'].map((name) => t(`short.${name}`));
  const columns = (cells: readonly string[], y: number, look: Parameters<typeof text>[3]): string[] =>
    cells.map((cell, at) =>
      text(WIDTH - MARGIN - (cells.length - 1 - at) * STEP_COLUMN, y, cell, { ...look, anchor: 'end' }),
    );
  const head: Part = {
    height: 44,
    draw: (y) =>
      [
        box(MARGIN, y + 4, 8, 26, COLOURS.sent),
        text(MARGIN + 22, y + 26, t('xlsx.followUps'), { size: 24, bold: true }),
        ...columns(heads, y + 26, { size: 19, colour: GREY }),
      ].join('\n'),
  };
  const rows = chainRows(chain, words).map(({ label, figures }): Part => ({
    height: 32,
    draw: (y) =>
      [
        text(MARGIN + 22, y + 20, shorten(label, 26), { size: 21 }),
        ...columns(figures, y + 20, { size: 21, bold: true }),
      ].join('\n'),
  }));
  return [head, ...rows, { height: 18, draw: () => '' }];
}

/** What became of the leads: a line a measure, written to against control. */
function results({ results: found }: ReportData, words: Words): Part[] {
  const reading = found && latestReading(found);
  if (!reading) return [];
  return resultsPart(words.t('results.title'), resultsRows(reading, words), words);
}

/** The same of several campaigns, then a line for each month: who bought, and for how much. */
function rangeResults({ results: found }: RangeReportData, words: Words): Part[] {
  return (found?.currencies ?? []).flatMap((one) => {
    const { byMonth } = one.latest;
    const months = (byMonth.length > 1 ? byMonth : []).slice(-SHOWN_MONTHS).map(({ key, written }): ResultsRow => ({
      label: monthText(key, words.language),
      written: words.number(written.won),
      control: sumOf(written.sum, one.currency, words),
    }));
    const [won, sum] = (['won', 'sum'] as const).map((name) => words.t(`results.${name}`).toLowerCase());
    return [
      ...resultsPart(rangeResultsTitle(found!, one, words), rangeResultsRows(one, words), words),
      ...(months.length > 0 ? resultsPart(words.t('byMonth'), months, words, `${won} / ${sum}`) : []),
    ];
  });
}

function resultsPart(
  title: string,
  table: readonly ResultsRow[],
  { t }: Words,
  columns: string = t('results.picture'),
): Part[] {
  const head: Part = {
    height: 44,
    draw: (y) =>
      box(MARGIN, y + 4, 8, 26, COLOURS.replied) +
      text(MARGIN + 22, y + 26, title, { size: 24, bold: true }) +
      text(WIDTH - MARGIN, y + 26, columns, { size: 19, colour: GREY, anchor: 'end' }),
  };
  const rows = table.map(({ label, written, control }): Part => ({
    height: 32,
    draw: (y) =>
      text(MARGIN + 22, y + 20, label, { size: 21 }) +
      text(MARGIN + 440, y + 20, written, { size: 21, bold: true, anchor: 'end' }) +
      text(WIDTH - MARGIN, y + 20, control ?? '', { size: 21, colour: GREY, anchor: 'end' }),
  }));
  return [head, ...rows, { height: 18, draw: () => '' }];
}

/** A heading, then a line for each reason with its count. */
function reasons(title: string, colour: string, lines: readonly [string, number][], { number, t }: Words): Part[] {
  if (lines.length === 0) return [];
  const total = lines.reduce((sum, [, count]) => sum + count, 0);
  const head: Part = {
    height: 44,
    draw: (y) =>
      box(MARGIN, y + 4, 8, 26, colour) +
      text(MARGIN + 22, y + 26, `${title}: ${number(total)}`, { size: 24, bold: true }),
  };
  const shown = lines.slice(0, SHOWN_REASONS).map(([what, count]): Part => {
    const wrapped = wrap(what, REASON_LINES.characters, REASON_LINES.most);
    return {
      height: wrapped.length * 28 + 8,
      draw: (y) =>
        [
          text(MARGIN + 96, y + 22, number(count), { size: 22, bold: true, anchor: 'end' }),
          ...wrapped.map((line, at) => text(MARGIN + 110, y + 22 + at * 28, line, { size: 22 })),
        ].join('\n'),
    };
  });
  const more: Part[] =
    lines.length > SHOWN_REASONS
      ? [
          {
            height: 32,
            draw: (y) =>
              text(MARGIN + 110, y + 20, t('more', { n: lines.length - SHOWN_REASONS }), { size: 20, colour: GREY }),
          },
        ]
      : [];
  return [head, ...shown, ...more, { height: 18, draw: () => '' }];
}

function footer({ countedAt }: ReportData | RangeReportData, { t, time, zoneName: zone }: Words): Part {
  return {
    height: 34,
    draw: (y) => text(MARGIN, y + 22, t('countedAt', { time: time(countedAt), zone }), { size: 18, colour: GREY }),
  };
}

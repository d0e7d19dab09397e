/** What became of a campaign's leads in words: one table and its notes, the same in every form of the report. */
import { wholeMoneyText } from '../config/formats';
import { escapeHtml } from '../config/text';
import { LEAST_FOR_SUMS, LEAST_PEOPLE, type Compared, type ResultCell } from '../domain/results';
import { field, hanging } from './layout';
import type { ResultsReading, ResultsReport } from './results';
import { plainSpaces, type Words } from './words';

/** A line of the table. */
export interface ResultsRow {
  label: string;
  written: string;
  /** Absent without a control group. */
  control?: string;
  /** With its 95 % interval, unless there are too few for one. */
  difference?: string;
}

/** A campaign's reading, or several campaigns' together: then the shares of their control groups are no measure. */
export interface ResultFigures extends Pick<ResultsReading, 'written' | 'control' | 'comparison' | 'currency'> {
  together?: true;
}

/** The reading that counts: the latest. */
export function latestReading({ readings }: ResultsReport): ResultsReading | undefined {
  return readings.at(-1);
}

/** `after 7 days, read on 08.12.2026 10:00:00` */
export function readingTitle({ day, readAt }: ResultsReading, { t, time }: Words): string {
  const values = { count: day, at: time(readAt) };
  return t(day === 0 ? 'results.askedFor' : 'results.afterDays', values);
}

export function resultsRows(figures: ResultFigures, words: Words): ResultsRow[] {
  const { written, control, comparison, currency, together = false } = figures;
  const { t, number } = words;
  const row = (key: string, of: (cell: ResultCell) => string, difference?: string): ResultsRow => ({
    label: t(`results.${key}`),
    written: of(written),
    ...(control && { control: of(control) }),
    ...(difference !== undefined && { difference }),
  });
  const hasShare = (cell: ResultCell): boolean => cell.people > 0 && !(together && cell === control);
  const shared = (hits: 'forward' | 'won') => (cell: ResultCell) =>
    hasShare(cell) ? `${number(cell[hits])} (${percentOf(cell[hits] / cell.people, words)} %)` : number(cell[hits]);
  return [
    row('people', ({ people }) => number(people)),
    row('forward', shared('forward'), comparison && pointsText(comparison.forward, words)),
    row('won', shared('won'), comparison && pointsText(comparison.won, words)),
    row('sum', ({ sum }) => sumOf(sum, currency, words)),
    row(
      'perPerson',
      (cell) => (hasShare(cell) ? sumOf(cell.sum / cell.people, currency, words) : '–'),
      comparison?.sum && sumsText(comparison.sum, currency, words),
    ),
  ];
}

const percentOf = (share: number, { number }: Words): string => number(share * 100, 1);

/** `+10 points (5.2 to 13.1)`; without its interval where there are too few. */
export function pointsText(one: Compared, words: Words): string {
  return compared(one, (share) => percentOf(share, words), words, ` ${words.t('results.points')}`);
}

/** The same of sums in the CRM's currency. */
export function sumsText(one: Compared, currency: string, words: Words): string {
  return compared(one, (sum) => sumOf(sum, currency, words), words);
}

function compared(
  { difference, from, to, verdict }: Compared,
  text: (value: number) => string,
  { t }: Words,
  unit = '',
): string {
  const shown = `${signed(difference, text)}${unit}`;
  return verdict === 'few' ? shown : t('results.interval', { difference: shown, from: text(from), to: text(to) });
}

/** What may be concluded, what was left out, and what is still to come. */
export function resultsNotes(report: ResultsReport, words: Words): string[] {
  const { t, number, time } = words;
  const { failed, leads, missed, next } = report;
  const reading = latestReading(report);
  return [
    ...(failed === undefined ? [] : [t('results.failed', { detail: failed })]),
    ...(leads === 0 && failed === undefined ? [t('results.noLeads')] : []),
    ...(reading ? [...conclusions(reading, words), ...leftOut({ ...reading, mixed: report.mixed }, words)] : []),
    ...(missed.length > 0 ? [t('results.missed', { days: missed.map((day) => number(day)).join(', ') })] : []),
    ...(next ? [t('results.next', { count: next.day, at: time(next.at) })] : []),
  ];
}

/** What may be concluded, in whole sentences. */
export function conclusions(
  { control, comparison, currency, written, together }: ResultFigures,
  words: Words,
): string[] {
  const { t } = words;
  if (!control) return written.people > 0 ? [t('results.noControl')] : [];
  if (!comparison) return [];
  const { forward, won, sum, brought } = comparison;
  const judged = (key: 'forward' | 'won', { verdict }: Compared): string =>
    t(`results.verdict.${verdict}`, { what: t(`results.${key}`), people: LEAST_PEOPLE });
  const ofSums = (): string[] => {
    if (!sum || !brought) return [];
    if (sum.verdict === 'few') return [t('results.fewForSums', LEAST_FOR_SUMS)];
    const [difference, from, to] = [brought.difference, brought.from, brought.to].map((one) =>
      sumOf(one, currency, words),
    );
    return [
      t(`results.${together ? 'broughtTogether' : 'brought'}.${sum.verdict}`, {
        difference: difference!,
        from: from!,
        to: to!,
      }),
    ];
  };
  return [judged('forward', forward), judged('won', won), ...ofSums()];
}

/** Leads that count in none of the figures, or only as ones that did not move. */
export function leftOut(
  { written, control, mixed }: Pick<ResultFigures, 'written' | 'control'> & { mixed: number },
  { t, number }: Words,
): string[] {
  const of = (fate: keyof ResultCell['leads']): number => written.leads[fate] + (control?.leads[fate] ?? 0);
  const counts = [
    ['won_before', of('won_before')],
    ['unknown', of('unknown')],
    ['mixed', mixed],
  ] as const;
  const notes = [
    ['lost', of('lost')],
    ['elsewhere', of('elsewhere')],
    ['gone', of('gone')],
  ] as const;
  const listed = (all: readonly (readonly [string, number])[]): string =>
    all
      .filter(([, count]) => count > 0)
      .map(([key, count]) => `${t(`results.fates.${key}`)} ${number(count)}`)
      .join(', ');
  const [out, others] = [listed(counts), listed(notes)];
  return [
    ...(others ? [t('results.others', { counts: others })] : []),
    ...(out ? [t('results.leftOut', { counts: out })] : []),
  ];
}

/** Plain text: a heading, the table, the notes; empty where the campaign asks for no results. */
export function resultsSection(report: ResultsReport | undefined, words: Words): string {
  if (!report) return '';
  const { t } = words;
  const reading = latestReading(report);
  const heading = reading ? `${t('results.title')}, ${readingTitle(reading, words)}` : t('results.title');
  return [
    hanging('', heading),
    ...(reading ? tableLines(resultsRows(reading, words), words) : []),
    ...earlier(report, words),
    ...resultsNotes(report, words).map((note) => hanging('  ', note)),
  ].join('\n');
}

/** The table as text. */
export function tableLines(rows: readonly ResultsRow[], { t }: Words): string[] {
  const line = (label: string, written: string, control: string, difference: string): string =>
    hanging(
      `  ${field(label, 18)}${field(written, 16, 'right')}${field(control, 16, 'right')}  `,
      difference,
    ).trimEnd();
  const withControl = rows.some(({ control }) => control !== undefined);
  const head = withControl
    ? [line('', t('results.writtenTo'), t('results.control'), t('results.difference'))]
    : [line('', t('results.writtenTo'), '', '')];
  return [...head, ...rows.map((row) => line(row.label, row.written, row.control ?? '', row.difference ?? ''))];
}

/** A line for each earlier reading: whoever follows a campaign sees how it came to this. */
function earlier({ readings }: ResultsReport, words: Words): string[] {
  const { t, number } = words;
  return readings.slice(0, -1).map((reading) =>
    hanging(
      '  ',
      t('results.earlier', {
        when: readingTitle(reading, words),
        forward: number(reading.written.forward),
        won: number(reading.written.won),
        sum: sumOf(reading.written.sum, reading.currency, words),
      }),
    ),
  );
}

/** A sum of the CRM's in its currency, without cents: deals have none. */
export function sumOf(sum: number, currency: string, { language, number }: Words): string {
  // What the CRM calls its currency may be no code.
  if (!/^[A-Z]{3}$/.test(currency)) return `${number(Math.round(sum))} ${currency}`.trim();
  return plainSpaces(wholeMoneyText(Math.round(sum) || 0, currency, language));
}

function signed(value: number, text: (value: number) => string): string {
  return value > 0 ? `+${text(value)}` : text(value);
}

/** Telegram's HTML, for a phone: a line for each row of the table, then the notes; empty without results. */
export function resultsMessage(report: ResultsReport | undefined, words: Words): string {
  if (!report) return '';
  const { t } = words;
  const reading = latestReading(report);
  const title = `💰 <b>${escapeHtml(t('results.title'))}</b>`;
  return [
    reading ? `${title}\n<i>${escapeHtml(readingTitle(reading, words))}</i>` : title,
    ...(reading ? rowMessages(resultsRows(reading, words), words) : []),
    ...resultsNotes(report, words).map((note) => escapeHtml(note)),
  ].join('\n');
}

/** A line for each row of the table, with the difference below it. */
export function rowMessages(rows: readonly ResultsRow[], { t }: Words): string[] {
  return rows.map(({ label, written, control, difference }) => {
    const against = control === undefined ? '' : `, ${t('results.controlOf', { control })}`;
    return `• ${escapeHtml(`${label}: ${written}${against}`)}${difference === undefined ? '' : `\n  ${escapeHtml(difference)}`}`;
  });
}

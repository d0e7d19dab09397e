/**
 * What became of the leads of several campaigns: of all, by template and by the month of their start. People are added up;
 * written to and control are compared within each campaign, because campaigns differ in more than the message.
 */
import { costsTogether, type CostEstimate } from '../domain/cost';
import { compareResults, groupTogether, type ResultCell, type ResultComparison } from '../domain/results';
import type { Store } from '../store/connect';
import { costOfStep, type CostPer } from './cost-per';
import type { ReportData } from './data';
import type { ResultsReading } from './results';
import { wallClock } from './wall-clock';

/** Campaigns counted together. */
export interface ResultsGroup {
  /** The template's name, or the month as 2026-11; '' for all. */
  key: string;
  campaigns: number;
  /** Whole days from the end of a campaign to its reading: the least and the most among them. */
  days: { from: number; to: number };
  /** Everybody who was to be written to; who is in two campaigns counts in both. */
  written: ResultCell;
  /** The control groups of those that have one. Its shares are no measure for those of `written`: see `comparison`. */
  control?: ResultCell;
  /** How many campaigns have one. */
  withControl: number;
  /** Of the campaigns with a control group, each within itself. */
  comparison?: ResultComparison;
  /** What these campaigns and their follow-ups begun by then have cost; absent when one of them has no cost. */
  cost?: CostEstimate;
  /** How many such follow-ups there are. */
  followUps: number;
  /** `cost`, for each person who bought. */
  costPer?: CostPer[];
}

export interface ResultsTable {
  total: ResultsGroup;
  /** Most people first. */
  byTemplate: ResultsGroup[];
  /** Oldest first, by the zone of the report. */
  byMonth: ResultsGroup[];
}

/** Of the campaigns whose CRM reckons in one currency. */
export interface CurrencyResults {
  /** ISO 4217, as the CRM calls it. */
  currency: string;
  /** Each campaign by its latest reading. */
  latest: ResultsTable;
  /** At each mark, the campaigns that were read then: only at the same mark can months be compared. */
  marks: (ResultsTable & { day: number })[];
}

export interface RangeResults {
  /** Campaigns that ask for results. */
  asked: number;
  /** Of these, without a reading so far. */
  unread: number;
  /** Leads with people in both groups of a campaign: left out. */
  mixed: number;
  /** Leads that stand in several of the campaigns: they count in each. Those of forgotten campaigns are not known. */
  sharedLeads: number;
  /** Usually one; the one with most people first. */
  currencies: CurrencyResults[];
}

interface Read {
  report: ReportData;
  month: string;
  reading: ResultsReading;
}

const DAY_MS = 86_400_000;

/** Undefined when no campaign asks for results. Months are those of the zone. */
export async function rangeResults(
  { results }: { results: Pick<Store['results'], 'sharedLeads'> },
  campaigns: readonly ReportData[],
  timezone: string,
): Promise<RangeResults | undefined> {
  const asked = campaigns.filter((report) => report.results !== undefined);
  if (asked.length === 0) return undefined;
  const clock = wallClock(timezone);
  const monthOf = ({ campaign: { startedAt, createdAt } }: ReportData): string =>
    clock(startedAt ?? createdAt)
      .toISOString()
      .slice(0, 'YYYY-MM'.length);
  const all = asked.flatMap((report) =>
    report.results!.readings.map((reading): Read => ({ report, month: monthOf(report), reading })),
  );
  const latest = all.filter(({ report, reading }) => reading === report.results!.readings.at(-1));
  const ids = latest.map(({ report }) => report.campaign.id);
  const currencies = [...grouped(latest, ({ reading }) => reading.currency)].map(
    ([currency, reads]): CurrencyResults => ({
      currency,
      latest: tableOf(reads),
      marks: marksOf(all.filter(({ reading }) => reading.currency === currency)),
    }),
  );
  return {
    asked: asked.length,
    unread: asked.length - latest.length,
    mixed: latest.reduce((sum, { report }) => sum + report.results!.mixed, 0),
    sharedLeads: ids.length > 1 ? await results.sharedLeads(ids) : 0,
    currencies: currencies.sort((a, b) => b.latest.total.written.people - a.latest.total.written.people),
  };
}

/** Readings that somebody asked for stand at no mark. */
function marksOf(reads: readonly Read[]): CurrencyResults['marks'] {
  return [...grouped(reads, ({ reading }) => reading.day)]
    .filter(([day]) => day > 0)
    .map(([day, all]) => ({ day, ...tableOf(all) }))
    .sort((a, b) => a.day - b.day);
}

function tableOf(reads: readonly Read[]): ResultsTable {
  const groups = (keyOf: (read: Read) => string): ResultsGroup[] =>
    [...grouped(reads, keyOf)].map(([key, all]) => groupOf(key, all));
  return {
    total: groupOf('', reads),
    byTemplate: groups(({ report }) => report.campaign.template).sort(
      (a, b) => b.written.people - a.written.people || a.key.localeCompare(b.key),
    ),
    byMonth: groups(({ month }) => month).sort((a, b) => a.key.localeCompare(b.key)),
  };
}

function groupOf(key: string, reads: readonly Read[]): ResultsGroup {
  const readings = reads.map(({ reading }) => reading);
  const strata = readings.flatMap(({ written, control }) => (control ? [{ written, control }] : []));
  const comparison = compareResults(strata);
  const days = reads.map(daysSinceEnd);
  const written = groupTogether(
    readings.map((reading) => reading.written),
    'written',
  );
  const cost = costsTogether(readings.map(({ spent }) => spent));
  return {
    key,
    campaigns: reads.length,
    days: { from: Math.min(...days), to: Math.max(...days) },
    written,
    ...(strata.length > 0 && {
      control: groupTogether(
        strata.map(({ control }) => control),
        'control',
      ),
    }),
    withControl: strata.length,
    ...(comparison && { comparison }),
    ...(cost && { cost, costPer: costOfStep('won', written.won, cost) }),
    followUps: readings.reduce((sum, { followUps = 0 }) => sum + followUps, 0),
  };
}

function daysSinceEnd({ report: { campaign }, reading: { day, readAt } }: Read): number {
  if (day > 0) return day;
  return Math.max(0, Math.floor((readAt.getTime() - (campaign.endedAt ?? readAt).getTime()) / DAY_MS));
}

function grouped<T, K>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return groups;
}

/** What became of a campaign's leads, as reports and commands show it: its readings, each with its comparison. */
import type { CostEstimate } from '../domain/cost';
import { compareResults, groupTogether, type ResultCell, type ResultComparison } from '../domain/results';
import { nextReading } from '../domain/story/results';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { ReadingDocument } from '../store/results';

export interface ResultsReading {
  /** The mark, in days after the campaign's end; 0 = somebody asked for it. */
  day: number;
  readAt: Date;
  /** Of all sums, ISO 4217. */
  currency: string;
  /** Everybody who was to be written to. */
  written: ResultCell;
  /** Absent without a control group. */
  control?: ResultCell;
  /** Of one with variants: the people of each. */
  variants?: ResultCell[];
  /** Written to against control; absent without a control group. */
  comparison?: ResultComparison;
  /** What the campaign has cost, with the follow-ups that had begun at the reading; absent when that is not known. */
  spent?: CostEstimate;
  /** How many these are; absent without any. */
  followUps?: number;
}

export interface ResultsReport {
  days: number[];
  /** Leads that were found among the people to be compared. */
  leads: number;
  /** Leads with people in both groups: left out. */
  mixed: number;
  /** Why their stages at the start could not be read: then nothing can be told. */
  failed?: string;
  /** Marks that have no reading and will get none. */
  missed: number[];
  /** The next mark, and when it is due. */
  next?: { day: number; at: Date };
  /** The oldest first. */
  readings: ResultsReading[];
}

/** Undefined for a campaign that asks for no results, or whose people are not frozen yet. */
export async function resultsOf(
  { results }: { results: Pick<Store['results'], 'find' | 'readings'> },
  { _id, endedAt }: Pick<CampaignDocument, '_id' | 'endedAt'>,
): Promise<ResultsReport | undefined> {
  const head = await results.find(_id);
  if (!head) return undefined;
  const readings = await results.readings(_id);
  const { days, leads, mixed, failed, missed = [], closed } = head;
  const done = [...readings.map(({ day }) => day), ...missed];
  const next = endedAt && !closed && nextReading({ days, done, endedAt }, Date.now());
  return {
    ...{ days, leads, mixed, missed },
    ...(failed !== undefined && { failed }),
    ...(next && { next: { day: next.day, at: new Date(next.at) } }),
    readings: readings.map(readingOf),
  };
}

function readingOf({ day, readAt, currency, cells }: ReadingDocument): ResultsReading {
  const written = groupTogether(cells, 'written');
  const control = groupTogether(cells, 'control');
  const variants = cells.filter(({ variant }) => variant !== undefined);
  const comparison = compareResults([{ written, control }]);
  return {
    ...{ day, readAt, currency, written },
    ...(cells.some(({ group }) => group === 'control') && { control }),
    ...(variants.length > 0 && { variants }),
    ...(comparison && { comparison }),
  };
}

/**
 * What became of a campaign's leads: how far each has come since the people were frozen, and those who were written to
 * against the control group. Groups are compared as they were divided, whether or not the message arrived: otherwise they
 * would differ in more than the message.
 */
import { LOST_STATUS, WON_STATUS, type LeadStage } from './audience';
import { difference, type Interval, type Part } from './comparison';

/** What the bot offers. */
export const DEFAULT_RESULT_DAYS: readonly number[] = [1, 7, 30];

/** Most marks of one campaign, and the last possible day. */
export const RESULT_DAYS = { most: 6, last: 365 } as const;

/** `1,7,30` as days; undefined if they are not ascending whole days in bounds. */
export function readResultDays(text: string): number[] | undefined {
  const days = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  return areResultDays(days) ? days : undefined;
}

/** Whether a campaign may be read on these days. */
export function areResultDays(days: readonly number[]): boolean {
  const { most, last } = RESULT_DAYS;
  const fits = (day: number, at: number): boolean =>
    Number.isInteger(day) && day >= 1 && day <= last && (at === 0 || day > days[at - 1]!);
  return days.length <= most && days.every(fits);
}

export interface LeadState extends LeadStage {
  /** In the account's currency, whole units. */
  price: number;
}

/** The stages of a pipeline by id, in the order of the funnel; undefined for one that the CRM does not list. */
export type FunnelOrder = (pipelineId: number) => readonly number[] | undefined;

/**
 * - `won`       won since
 * - `forward`   in a later stage of its pipeline, or lost before and open again in it
 * - `lost`      lost since
 * - `elsewhere` in another pipeline, or where the order is not known: nobody can tell whether that is further
 * - `same`      where it was, or further back
 * - `gone`      deleted in the CRM
 * - `won_before` won when the people were frozen: no campaign could bring that, so it is left out of everything
 * - `unknown`   its stage at that time is not known, so it is left out as well
 */
const LEAD_FATES = [
  'won', 'forward', 'lost', 'elsewhere', 'same', 'gone', 'won_before', 'unknown',
] as const; // prettier-ignore
export type LeadFate = (typeof LEAD_FATES)[number];

/** How far a lead has come. */
export function leadFate(before: LeadStage | undefined, now: LeadStage | undefined, order: FunnelOrder): LeadFate {
  if (!before) return 'unknown';
  if (before.statusId === WON_STATUS) return 'won_before';
  if (!now) return 'gone';
  if (now.statusId === WON_STATUS) return 'won';
  if (now.statusId === LOST_STATUS) return before.statusId === LOST_STATUS ? 'same' : 'lost';
  if (now.pipelineId !== before.pipelineId) return 'elsewhere';
  if (now.statusId === before.statusId) return 'same';
  if (before.statusId === LOST_STATUS) return 'forward';
  const stages = order(now.pipelineId) ?? [];
  const [from, to] = [stages.indexOf(before.statusId), stages.indexOf(now.statusId)];
  if (from < 0 || to < 0) return 'elsewhere';
  return to > from ? 'forward' : 'same';
}

export type ResultGroup = 'written' | 'control';

/** One group, or the people of one variant in it. */
export interface ResultCell {
  group: ResultGroup;
  /** Position of the variant, 0 = the campaign's own template; absent without variants and for the control group. */
  variant?: number;
  /** With at least one lead that is not left out. */
  people: number;
  leads: Record<LeadFate, number>;
  /** People with a lead that has come forward, won ones included. */
  forward: number;
  /** People with a lead that was won since. */
  won: number;
  /** Prices of the leads won since, in the account's currency. */
  sum: number;
  /** Of each person's sum, squared and added up: for the spread. */
  squares: number;
}

/** A lead as it is counted. `person` is the same for all leads of one person. */
interface CountedLead {
  person: number;
  group: ResultGroup;
  variant?: number;
  fate: LeadFate;
  /** Counts only if it was won. */
  price: number;
}

/** Counts leads in any order; those of one person count once. Keeps one small entry per person in memory. */
export function createResultCount(): { add(lead: CountedLead): void; cells(): ResultCell[] } {
  const cells = new Map<string, ResultCell>();
  const people = new Map<number, { cell: ResultCell; counts: boolean; forward: boolean; won: boolean; sum: number }>();

  function cellOf({ group, variant }: CountedLead): ResultCell {
    const key = `${group}:${variant ?? ''}`;
    const cell = cells.get(key) ?? emptyCell(group, variant);
    cells.set(key, cell);
    return cell;
  }

  return {
    add: (lead) => {
      const cell = cellOf(lead);
      const { fate } = lead;
      cell.leads[fate]++;
      const person = people.get(lead.person) ?? { cell, counts: false, forward: false, won: false, sum: 0 };
      person.counts ||= fate !== 'won_before' && fate !== 'unknown';
      person.forward ||= fate === 'forward' || fate === 'won';
      person.won ||= fate === 'won';
      if (fate === 'won') person.sum += lead.price;
      people.set(lead.person, person);
    },
    cells: () => {
      const counted = new Map([...cells.values()].map((cell) => [cell, { ...cell, leads: { ...cell.leads } }]));
      for (const { cell, counts, forward, won, sum } of people.values()) {
        if (!counts) continue;
        const into = counted.get(cell)!;
        into.people++;
        if (forward) into.forward++;
        if (won) into.won++;
        into.sum += sum;
        into.squares += sum * sum;
      }
      return [...counted.values()].sort(byGroup);
    },
  };
}

function byGroup(one: ResultCell, other: ResultCell): number {
  return other.group.localeCompare(one.group) || (one.variant ?? 0) - (other.variant ?? 0);
}

function emptyCell(group: ResultGroup, variant?: number): ResultCell {
  const leads = Object.fromEntries(LEAD_FATES.map((fate) => [fate, 0])) as Record<LeadFate, number>;
  return {
    ...{ group, ...(variant !== undefined && { variant }) },
    ...{ people: 0, leads, forward: 0, won: 0, sum: 0, squares: 0 },
  };
}

/** All cells of a group as one. */
export function groupTogether(cells: readonly ResultCell[], group: ResultGroup): ResultCell {
  const whole = emptyCell(group);
  for (const cell of cells.filter((one) => one.group === group)) {
    for (const fate of LEAD_FATES) whole.leads[fate] += cell.leads[fate];
    for (const key of ['people', 'forward', 'won', 'sum', 'squares'] as const) whole[key] += cell[key];
  }
  return whole;
}

/**
 * - `higher`, `lower`  the interval lies on one side of 0
 * - `chance`           it holds 0: chance alone may have made the difference
 * - `few`              too few people to conclude anything
 */
type Verdict = 'higher' | 'lower' | 'chance' | 'few';

/** Written to less control, with its 95 % interval. */
export interface Compared extends Interval {
  difference: number;
  verdict: Verdict;
}

/** Written to against control, in one campaign. */
export interface Stratum {
  written: ResultCell;
  control: ResultCell;
}

export interface ResultComparison {
  /** Shares of people, as fractions. */
  forward: Compared;
  won: Compared;
  /** Mean sum a person, in the account's currency; absent where the spread cannot be reckoned. */
  sum?: Compared;
  /** What the message brought: the difference in sums times the people written to. */
  brought?: Compared;
}

/** Below this in either group no share is judged. */
export const LEAST_PEOPLE = 30;
/**
 * Sums of sales are nothing for most and much for some: their mean is near enough to normal for Welch's interval only with
 * so many people, and so many who bought, in each group.
 */
export const LEAST_FOR_SUMS = { people: 100, won: 10 } as const;

/**
 * Compares within each campaign, and weighs the differences by the people written to; one campaign is the usual case.
 * Shares: Newcombe's interval, of several joined by the square-and-add rule he uses himself. Sums: Welch's t-interval of
 * two means, which does not assume that both groups spread alike; it does assume groups large enough (`LEAST_FOR_SUMS`).
 * Campaigns count as independent of each other. Undefined when none has a control group.
 */
export function compareResults(all: readonly Stratum[]): ResultComparison | undefined {
  const strata = all.filter(({ written, control }) => written.people > 0 && control.people > 0);
  const people = total(strata, ({ written }) => written.people);
  if (people === 0) return undefined;
  const share = (hits: 'forward' | 'won'): Compared => {
    const parts = strata.map(({ written, control }) => ({
      weight: written.people / people,
      ...difference(partOf(written, hits), partOf(control, hits)),
    }));
    const found = total(parts, ({ weight, difference }) => weight * difference);
    return judged(
      {
        difference: found,
        from: found - Math.hypot(...parts.map(({ weight, difference, from }) => weight * (difference - from))),
        to: found + Math.hypot(...parts.map(({ weight, difference, to }) => weight * (to - difference))),
      },
      isEnough(strata, LEAST_PEOPLE, 0),
    );
  };
  const sum = sumsCompared(strata, people);
  const times = ({ difference, from, to, verdict }: Compared): Compared => ({
    ...{ difference: difference * people, from: from * people, to: to * people, verdict },
  });
  return { forward: share('forward'), won: share('won'), ...(sum && { sum, brought: times(sum) }) };
}

function partOf(cell: ResultCell, hits: 'forward' | 'won'): Part {
  return { hits: cell[hits], of: cell.people };
}

function sumsCompared(strata: readonly Stratum[], people: number): Compared | undefined {
  const means = strata.flatMap(({ written, control }) => {
    const weight = written.people / people;
    return [
      { cell: written, factor: weight },
      { cell: control, factor: -weight },
    ];
  });
  if (means.some(({ cell }) => cell.people < 2)) return undefined;
  const parts = means.map(({ cell, factor }) => ({
    mean: factor * (cell.sum / cell.people),
    variance: (factor * factor * varianceOf(cell)) / cell.people,
    freedom: cell.people - 1,
  }));
  const variance = total(parts, (part) => part.variance);
  const found = total(parts, ({ mean }) => mean);
  // Welch and Satterthwaite.
  const freedom = variance ** 2 / total(parts, (part) => part.variance ** 2 / part.freedom);
  const half = variance === 0 ? 0 : studentsT(freedom) * Math.sqrt(variance);
  return judged(
    { difference: found, from: found - half, to: found + half },
    isEnough(strata, LEAST_FOR_SUMS.people, LEAST_FOR_SUMS.won),
  );
}

/** Of one person's sum. */
function varianceOf({ people, sum, squares }: ResultCell): number {
  return Math.max(0, squares - sum ** 2 / people) / (people - 1);
}

/** The 97.5 % point of Student's t (Abramowitz and Stegun 26.7.5): within 0.1 % from ten degrees of freedom on. */
export function studentsT(freedom: number): number {
  const z = 1.959964;
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}

function isEnough(strata: readonly Stratum[], people: number, won: number): boolean {
  return (['written', 'control'] as const).every(
    (group) => total(strata, (one) => one[group].people) >= people && total(strata, (one) => one[group].won) >= won,
  );
}

function judged(found: Omit<Compared, 'verdict'>, isEnough: boolean): Compared {
  if (!isEnough) return { ...found, verdict: 'few' };
  if (found.from > 0) return { ...found, verdict: 'higher' };
  return { ...found, verdict: found.to < 0 ? 'lower' : 'chance' };
}

function total<T>(all: readonly T[], value: (one: T) => number): number {
  return all.reduce((sum, one) => sum + value(one), 0);
}

/** What the workflow is told of it. Tests have none. */
export function resultsInput({ spec, test }: { spec: { results?: { days: readonly number[] } }; test: boolean }): {
  results?: true;
} {
  return !test && spec.results && spec.results.days.length > 0 ? { results: true } : {};
}

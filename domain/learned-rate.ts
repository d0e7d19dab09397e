/**
 * How fast a provider takes messages, learned from its answers: additive increase, multiplicative decrease. Each refusal
 * for haste (HTTP 429) lowers the rate by a part of itself, then it rises evenly, never above the cap. Pure: a state and an
 * answer in, a state out. Times are milliseconds of one clock.
 */

export interface LearnedRate {
  /** Messages a second; the cap while the provider takes that many. */
  perSecond: number;
  /** Until when it has risen. */
  risenTo: number;
  /** When it was lowered in the last minute, oldest first. */
  cuts: readonly number[];
  /** The latest refusals that have not lowered it, oldest first. */
  refusals: readonly number[];
  /** Answers of the last minute, a count for each of its parts, oldest first. */
  parts: readonly AnswerCount[];
  /** The provider takes less than the cap, and the team should know. */
  isSlowed: boolean;
}

interface AnswerCount {
  from: number;
  taken: number;
  tooFast: number;
}

/** What remains after a refusal. */
const KEPT = 0.7;
/** Part of the cap that it rises by in a second: a third is won back in half a minute. */
const RISE = 0.01;
/** The least, as a part of the cap: it goes on asking, and no send grows old between its claim and its turn. */
const LEAST = 0.2;
/**
 * Refusals within a time (ms) lower it: so many, or two that are so large a share of the answers. One or two of many are
 * no sign: at a cap that is exactly the provider's limit, messages that bunch on their way meet one now and then.
 */
const CUT_BY = { many: 4, few: 2, share: 0.1, withinMs: 10_000 };
/** Refusals within this time (ms) are of messages that left before the rate was lowered: they lower it once. */
const CUT_APART_MS = 2_000;
/** A time without answers, as a pause, counts as no more (ms): nothing was tried in it. */
const RISES_AT_MOST_MS = 2_000;
const MINUTE_MS = 60_000;
const PART_MS = 5_000;
/** Refused this share of at least so many answers of a minute, or lowered so often in it: the cap is too high. */
const SLOWED = { share: 0.5, of: 20, cuts: 3 };

/** Nothing is known of the provider. */
export function startRate(cap: number, at: number): LearnedRate {
  return { perSecond: cap, risenTo: at, cuts: [], refusals: [], parts: [], isSlowed: false };
}

/** The rate after an answer: it was taken, or refused because it came too fast. */
export function learn(
  rate: LearnedRate,
  answer: 'taken' | 'tooFast',
  { at, cap }: { at: number; cap: number },
): LearnedRate {
  const parts = counted(rate.parts, answer, at);
  const recent = rate.cuts.filter((cut) => cut > at - MINUTE_MS);
  const now = Math.max(at, rate.risenTo);
  const fresh = at - (rate.cuts.at(-1) ?? -Infinity) >= CUT_APART_MS;
  const lately = rate.refusals.filter((one) => one > at - CUT_BY.withinMs);
  const refusals = answer === 'tooFast' && fresh ? [...lately, at] : lately;
  const { taken } = sum(parts.filter(({ from }) => from > at - CUT_BY.withinMs));
  const isMuch = refusals.length / (refusals.length + taken) >= CUT_BY.share;
  const isCut = answer === 'tooFast' && refusals.length >= (isMuch ? CUT_BY.few : CUT_BY.many);
  const cuts = isCut ? [...recent, at] : recent;
  const risen = answer === 'taken' ? cap * RISE * (Math.min(now - rate.risenTo, RISES_AT_MOST_MS) / 1000) : 0;
  const perSecond = isCut ? Math.max(cap * LEAST, rate.perSecond * KEPT) : Math.min(cap, rate.perSecond + risen);
  // Once told, until it is back at the cap: at the edge it would be over and begin again all the time.
  const isSlowed = isTooMuch(parts, cuts) || (rate.isSlowed && (cuts.length > 0 || perSecond < cap));
  return { perSecond, risenTo: now, cuts, refusals: isCut ? [] : refusals, parts, isSlowed };
}

/** The share of the last minute's answers that were refused for haste; 0 of none. */
export function tooFastShare({ parts }: Pick<LearnedRate, 'parts'>): number {
  const { taken, tooFast } = sum(parts);
  return taken + tooFast === 0 ? 0 : tooFast / (taken + tooFast);
}

function isTooMuch(parts: readonly AnswerCount[], cuts: readonly number[]): boolean {
  const { taken, tooFast } = sum(parts);
  return cuts.length >= SLOWED.cuts || (taken + tooFast >= SLOWED.of && tooFast / (taken + tooFast) >= SLOWED.share);
}

function counted(parts: readonly AnswerCount[], answer: 'taken' | 'tooFast', at: number): AnswerCount[] {
  const last = parts.at(-1);
  const current = last && at - last.from < PART_MS ? last : { from: at, taken: 0, tooFast: 0 };
  const others = parts.filter((part) => part !== current && part.from > at - MINUTE_MS);
  return [...others, { ...current, [answer]: current[answer] + 1 }];
}

function sum(parts: readonly AnswerCount[]): Omit<AnswerCount, 'from'> {
  return {
    taken: parts.reduce((all, { taken }) => all + taken, 0),
    tooFast: parts.reduce((all, { tooFast }) => all + tooFast, 0),
  };
}

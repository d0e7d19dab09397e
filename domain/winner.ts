/**
 * The winner among variants: a part of the people gets them as a test, and the rest gets the template that did best.
 * Who is in the test, and what its figures mean; pure.
 */
import type { CampaignSpec } from './campaign-spec';
import { leadOf, type Lead, type Part } from './comparison';
import { placeOf } from './stable-share';

export type WinnerRule = NonNullable<CampaignSpec['winner']>;

/** What the best is measured by; `admin`: somebody says which. */
export const WINNER_MEASURES = ['replies', 'clicks', 'reads', 'admin'] as const;
export type WinnerMeasure = (typeof WINNER_MEASURES)[number];

/** Whole percent of the people. With less than a tenth left the winner would go to hardly anybody. */
export const TEST_PERCENT = { least: 1, most: 90 } as const;

/** Says of an E.164 number whether its person is in the test: always the same with the same key, and more with a larger share. */
export function testOf({
  winner,
  splitKey,
  name,
}: Pick<CampaignSpec, 'winner' | 'splitKey' | 'name'>): (phone: string) => boolean {
  if (!winner) return () => true;
  return (phone) => placeOf('test', splitKey ?? name, phone) * 100 < winner.testPercent;
}

/** What the test says. `lead` is absent when fewer than two variants were sent to anybody. */
export interface TestVerdict {
  /** The variant that did best; the first one of equals. */
  best: number;
  lead?: Lead;
  /** Chance alone may have made the difference, or there is none. */
  mayBeChance: boolean;
  /** An admin is to say which goes to the rest. */
  ask: boolean;
}

/** `parts`: of each variant, how many of those it was sent to did what is measured. */
export function verdictOf(parts: readonly Part[], { by, ifChance }: Pick<WinnerRule, 'by' | 'ifChance'>): TestVerdict {
  const lead = leadOf(parts);
  const mayBeChance = !lead || lead.mayBeChance;
  return {
    best: lead?.best ?? 0,
    ...(lead && { lead }),
    mayBeChance,
    ask: by === 'admin' || (mayBeChance && ifChance === 'ask'),
  };
}

/** What a test's figures count; where an admin says which is best, what is nearest to what a campaign is for. */
export function measureOf(by: WinnerMeasure, countsClicks: boolean): Exclude<WinnerMeasure, 'admin'> {
  if (by !== 'admin') return by;
  return countsClicks ? 'clicks' : 'replies';
}

/** What the workflow is told of it: integers only. */
export function winnerInput({ winner, variants }: Pick<CampaignSpec, 'winner' | 'variants'>): {
  winner?: { waitMs: number; variants: number };
} {
  if (!winner || !variants || winner.known !== undefined) return {};
  return { winner: { waitMs: winner.waitMs, variants: variants.length + 1 } };
}

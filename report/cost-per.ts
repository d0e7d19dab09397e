/** What a campaign cost for each message that arrived, was read or answered, and for each person who pressed or bought. */
import type { CostEstimate } from '../domain/cost';
import type { Ledger } from '../domain/story/ledger';

const COST_STEPS = ['delivered', 'read', 'replied', 'clicked', 'won'] as const;
type CostStep = (typeof COST_STEPS)[number];

/** USD, from the lowest to the highest price that may have been paid. */
export interface CostPer {
  step: CostStep;
  count: number;
  from: number;
  to: number;
  /** How many follow-ups the cost of a buyer holds besides the campaign itself; absent without any. */
  followUps?: number;
}

interface Counted {
  ledger: Ledger;
  replied: number;
  /** Where links are counted. */
  clicked?: number | undefined;
  /** Where the leads were read again: people who bought since. */
  won?: number | undefined;
}

/** All of what was spent, divided by each count; steps that nobody reached, or that are not counted, are left out. */
export function costPer(
  spent: Pick<CostEstimate, 'from' | 'to'>,
  { ledger, replied, clicked, won }: Counted,
): CostPer[] {
  const counts: Record<CostStep, number | undefined> = {
    delivered: ledger.delivered + ledger.read,
    read: ledger.read,
    replied,
    clicked,
    won,
  };
  return COST_STEPS.flatMap((step) => costOfStep(step, counts[step], spent));
}

/** None of a step that nobody reached, or that is not counted. */
export function costOfStep(
  step: CostStep,
  count: number | undefined,
  spent: Pick<CostEstimate, 'from' | 'to'>,
): CostPer[] {
  return count ? [{ step, count, from: spent.from / count, to: spent.to / count }] : [];
}

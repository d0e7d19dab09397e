/** How the follow-ups of a campaign fared, step by step and together: from the ledgers of their campaigns alone. */
import type { LedgerReport } from './story/ledger';
import { notTriedCount } from './story/ledger';

/** Of one step, or of the campaign's own message; every person counts once in `people`. */
export interface ChainFunnelStep {
  /** All whom the campaign reached; of the campaign itself, its audience. */
  people: number;
  /** Who had left or reacted before it: no message. */
  left: { replied: number; leadMoved: number; acted: number };
  /** Other reasons for no message, the control group among them. */
  skipped: number;
  sent: number;
  delivered: number;
  read: number;
  /** People who answered it, where that is known. */
  replied?: number;
}

/** `people` = everybody who left + `skipped` + `sent` + those who still wait. */
export function chainFunnelStep({ ledger, skips }: LedgerReport, replied?: number): ChainFunnelStep {
  const left = { replied: skips.replied ?? 0, leadMoved: skips.lead_moved ?? 0, acted: skips.acted ?? 0 };
  return {
    people: ledger.total,
    left,
    skipped: ledger.skipped - left.replied - left.leadMoved - left.acted,
    sent: ledger.total - notTriedCount(ledger),
    delivered: ledger.delivered + ledger.read,
    read: ledger.read,
    ...(replied !== undefined && { replied }),
  };
}

/** Messages and answers of all together. A person who got several messages counts in each. */
export function chainTotal(steps: readonly ChainFunnelStep[]): Pick<ChainFunnelStep, 'sent' | 'delivered' | 'read'> & {
  replied?: number;
} {
  const sum = (of: (step: ChainFunnelStep) => number): number => steps.reduce((all, step) => all + of(step), 0);
  const areKnown = steps.every(({ replied }) => replied !== undefined);
  return {
    sent: sum(({ sent }) => sent),
    delivered: sum(({ delivered }) => delivered),
    read: sum(({ read }) => read),
    ...(areKnown && { replied: sum(({ replied = 0 }) => replied) }),
  };
}

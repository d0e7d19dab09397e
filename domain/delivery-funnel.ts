/**
 * How far the messages of a campaign got: sent, delivered, read, replied. The one way of counting behind the live card,
 * the report's text, picture and tables. Each step includes those that went further, so that none of them falls.
 */
import { notTriedCount, type Ledger } from './story/ledger';

const FUNNEL_STEPS = ['sent', 'delivered', 'read', 'replied'] as const;
type FunnelStepName = (typeof FUNNEL_STEPS)[number];

export interface FunnelStep {
  step: FunnelStepName;
  count: number;
  /**
   * Share of the step before, 0 to 1; `sent` is compared with the audience. Absent where it says nothing: the step
   * before is 0 or smaller, as when people who hide that they read have answered.
   */
  ofBefore?: number;
  /** Share of the messages sent, 0 to 1; absent when nothing was sent. */
  ofSent?: number;
}

/**
 * The steps in order. `sent` counts every request to Gupshup, its failures and unknown ones included. `replied` are
 * people, from the replies; without it the funnel ends at `read`.
 */
export function deliveryFunnel(ledger: Ledger, replied?: number): FunnelStep[] {
  const sent = ledger.total - notTriedCount(ledger);
  const counts = [sent, ledger.delivered + ledger.read, ledger.read, ...(replied === undefined ? [] : [replied])];
  return counts.map((count, at) => {
    const before = at === 0 ? ledger.total : counts[at - 1]!;
    return {
      step: FUNNEL_STEPS[at]!,
      count,
      ...(before > 0 && count <= before && { ofBefore: count / before }),
      ...(sent > 0 && { ofSent: count / sent }),
    };
  });
}

/** How a test of variants went, and which of them the rest gets (domain/winner.ts). */
import { heartbeat } from '@temporalio/activity';
import { winnersSettled } from '../config/metrics';
import { linkPositions } from '../domain/links';
import { trouble, type Trouble } from '../domain/story/trouble';
import { letterOf } from '../domain/variants';
import { measureOf, verdictOf, type WinnerMeasure } from '../domain/winner';
import type { VariantLine } from '../report/data';
import { createVariantTally } from '../report/variants';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';

type Shown = Exclude<WinnerMeasure, 'admin'>;

const HITS: Record<Shown, (line: VariantLine) => number> = {
  replies: ({ replied = 0 }) => replied,
  clicks: ({ clicked = 0 }) => clicked,
  reads: ({ ledger }) => ledger.read,
};

export interface WinnerJudge {
  /** Counts the test, notes its figures in the campaign, and says which did best. `test`: how many are in it. */
  judge(campaign: CampaignDocument, test: number): Promise<{ variant: number; trouble?: Trouble }>;
  /** Writes the variant into the deliveries of the rest, and answers with what had been settled first. */
  settle(
    campaign: CampaignDocument,
    chosen: { variant: number; from: number; to: number; by?: string | undefined },
  ): Promise<{ variant: number }>;
}

export function createWinnerJudge(store: Pick<Store, 'campaigns' | 'clicks' | 'deliveries' | 'replies'>): WinnerJudge {
  async function linesOf(campaign: CampaignDocument, test: number): Promise<VariantLine[]> {
    const clicked = linkPositions(campaign.spec) && new Set<number>();
    if (clicked) for await (const { n } of store.clicks.ofCampaign(campaign._id)) clicked.add(n);
    const tally = createVariantTally(campaign, store.replies, { day: '', ...(clicked && { clicked }) })!;
    for await (const delivery of store.deliveries.stream(campaign._id)) {
      if (delivery.n >= test) break;
      heartbeat();
      await tally.add(delivery);
    }
    return (await tally.outcome()).byVariant;
  }

  return {
    async judge(campaign, test) {
      const rule = campaign.spec.winner!;
      const measure = measureOf(rule.by, linkPositions(campaign.spec) !== undefined);
      const parts = (await linesOf(campaign, test)).map((line) => ({ hits: HITS[measure](line), of: line.tried }));
      const { best, mayBeChance, ask } = verdictOf(parts, rule);
      await store.campaigns.keepVerdict(campaign._id, { at: new Date(), parts, mayBeChance });
      if (!ask) return { variant: best };
      const values = {
        people: test,
        counts: parts.map(({ hits, of }, variant) => `${letterOf(variant)} ${hits}/${of}`).join(', '),
        by: measure,
        best: letterOf(best),
      };
      return { variant: best, trouble: trouble(rule.by === 'admin' ? 'winner_ask' : 'winner_chance', values) };
    },

    async settle(campaign, { variant, from, to, by }) {
      // First: a second attempt finds it, and never divides the rest between two.
      const settled = await store.campaigns.settleWinner(campaign._id, { variant, at: new Date(), ...(by && { by }) });
      await store.deliveries.settleVariant(campaign._id, { variant: settled, from, to }, () => heartbeat());
      winnersSettled.inc({ by: by ? 'admin' : campaign.winner?.judged?.mayBeChance ? 'chance' : 'figures' });
      return { variant: settled };
    },
  };
}

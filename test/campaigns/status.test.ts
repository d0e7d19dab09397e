/** How old the counts of a glance may be: large campaigns are counted less often, fresh counts whenever they are asked for. */
import { createStatusOf } from '../../campaigns/status';
import { emptyLedger } from '../../domain/story/ledger';
import type { GupshupClient } from '../../clients/gupshup/client';
import { campaignDocument } from '../store/support';
import { oneSender } from '../support/senders';

/** Whether a campaign of so many, counted so long ago (ms), is counted for a glance that takes counts of that age. */
async function isCounted(total: number, ageMs: number, freshMs: number): Promise<boolean> {
  const counts = { ledger: { ...emptyLedger(), total, queued: total }, failures: {}, skips: {} };
  let isAsked = false;
  const statusOf = createStatusOf({
    store: {
      deliveries: {
        ledger: async () => {
          isAsked = true;
          return counts;
        },
      },
      campaigns: { keepCounts: async () => undefined },
    } as unknown as Parameters<typeof createStatusOf>[0]['store'],
    senders: oneSender({} as GupshupClient),
  });
  const campaign = campaignDocument('c1', { state: 'paused' });
  const status = await statusOf({ ...campaign, counts, countedAt: new Date(Date.now() - ageMs) }, freshMs);
  expect(status.ledgerAgeMs < 1_000).toBe(isAsked);
  return isAsked;
}

test.each([
  [1_000, 1_500, 2_000, false],
  [1_000, 2_500, 2_000, true],
  [20_000, 2_500, 2_000, false],
  [20_000, 3_500, 2_000, true],
  [100_000, 14_000, 2_000, false],
  [1_000_000, 16_000, 2_000, true],
  [1_000_000, 1_500, 0, true],
  [1_000, 1_500, 900, true],
])('%i people, counted %i ms ago, for a glance at counts of %i ms', async (total, ageMs, freshMs, expected) => {
  expect(await isCounted(total, ageMs, freshMs)).toBe(expected);
});

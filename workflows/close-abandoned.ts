/** Ends a campaign whose own workflow is no more, such as one that was terminated in the Temporal UI. */
import { CancellationScope, setCurrentDetails, sleep } from '@temporalio/workflow';
import type { AbandonedInput, CampaignResult } from './messages';
import { bestEffort, light } from './activities';
import { beginWriteBack } from './write-back';

/** Sends that were under way end within this time: Gupshup's time limit, and room for the record. */
const SENDS_END_WITHIN = '20 seconds';

/** Not to be cut short: half-way the campaign would have ended with people who still wait. */
export function closeAbandoned({ campaignId, reason }: AbandonedInput): Promise<CampaignResult> {
  setCurrentDetails(`closes campaign ${campaignId}: ${reason.code}`);
  return CancellationScope.nonCancellable(async () => {
    // First the state: every send looks at it before it claims.
    await light.recordState.executeWithOptions({ summary: 'state: failed' }, [
      { campaignId, state: 'failed', reason: { error: reason } },
    ]);
    await sleep(SENDS_END_WITHIN, { summary: 'sends under way come to their end' });
    await light.skipQueued.executeWithOptions({ summary: 'nobody else is sent to' }, [{ campaignId }]);
    await light.abandonClaims.executeWithOptions({ summary: 'claims that nobody holds: unknown' }, [{ campaignId }]);
    const ledger = await light.closeLedger.executeWithOptions({ summary: 'close the ledger' }, [{ campaignId }]);
    await beginWriteBack(campaignId);
    await bestEffort.notify
      .executeWithOptions({ summary: 'report to the admins' }, [{ campaignId, event: 'ended' }])
      .catch(() => undefined);
    return { state: 'failed', ledger };
  });
}

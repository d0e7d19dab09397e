/** Closes a campaign whose workflow no longer exists, for example after it was terminated in the Temporal UI. */
import { CancellationScope, setCurrentDetails, sleep } from '@temporalio/workflow';
import { SEND_ENDS_WITHIN_MS } from '../domain/story/delivery';
import type { AbandonedInput, CampaignResult } from './messages';
import { bestEffort, light } from './activities';
import { beginWriteBack } from './write-back';

/** Not to be cut short: half-way the campaign would have ended with people who still wait. */
export function closeAbandoned({ campaignId, reason }: AbandonedInput): Promise<CampaignResult> {
  setCurrentDetails(`closes campaign ${campaignId}: ${reason.code}`);
  return CancellationScope.nonCancellable(async () => {
    // The state comes first: every send checks it before claiming.
    await light.recordState.executeWithOptions({ summary: 'state: failed' }, [
      { campaignId, state: 'failed', reason: { error: reason } },
    ]);
    await sleep(SEND_ENDS_WITHIN_MS, { summary: 'sends under way come to their end' });
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

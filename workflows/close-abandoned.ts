/** Closes a campaign whose workflow no longer exists, for example after it was terminated in the Temporal UI. */
import { CancellationScope, setCurrentDetails, sleep } from '@temporalio/workflow';
import type { AbandonedInput, CampaignResult } from './messages';
import { bestEffort, light } from './activities';
import { beginWriteBack } from './write-back';

/** Sends in progress end within this time: Gupshup's timeout plus time to record the answer. */
const SENDS_END_WITHIN = '20 seconds';

/** Cannot be cut short: otherwise the campaign would have ended with people still waiting. */
export function closeAbandoned({ campaignId, reason }: AbandonedInput): Promise<CampaignResult> {
  setCurrentDetails(`closes campaign ${campaignId}: ${reason.code}`);
  return CancellationScope.nonCancellable(async () => {
    // The state comes first: every send checks it before claiming.
    await light.recordState.executeWithOptions({ summary: 'state: failed' }, [
      { campaignId, state: 'failed', reason: { error: reason } },
    ]);
    await sleep(SENDS_END_WITHIN, { summary: 'wait for sends in progress' });
    await light.skipQueued.executeWithOptions({ summary: 'skip the rest of the queue' }, [{ campaignId }]);
    await light.abandonClaims.executeWithOptions({ summary: 'mark abandoned claims unknown' }, [{ campaignId }]);
    const ledger = await light.closeLedger.executeWithOptions({ summary: 'close the ledger' }, [{ campaignId }]);
    await beginWriteBack(campaignId);
    await bestEffort.notify
      .executeWithOptions({ summary: 'report to the admins' }, [{ campaignId, event: 'ended' }])
      .catch(() => undefined);
    return { state: 'failed', ledger };
  });
}

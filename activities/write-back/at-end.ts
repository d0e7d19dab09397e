/** Starts the write-back of a campaign that has ended, if one is ordered: by the settings, or for this campaign. */
import type { Client } from '@temporalio/client';
import { startOnce } from '../../clients/temporal-start';
import type { Logger } from '../../config/logger';
import { WRITE_BACK_WORKFLOW, writeBackStart, type WriteBackOrders } from '../../domain/write-back';
import type { Store } from '../../store/connect';
import type { CampaignActivities } from '../contract';

export interface AtEndDependencies {
  store: Pick<Store, 'campaigns' | 'writeBacks'>;
  /** Of the settings; absent = only for campaigns that order one themselves. */
  always: WriteBackOrders | undefined;
  /** The running activity's own, and the queue that it came from. */
  temporal: () => { client: Client; taskQueue: string };
  log: Logger;
}

/** The activity `notify`, which comes at a campaign's end, with the write-back started before anybody is told. */
export function withWriteBack(
  notify: CampaignActivities['notify'],
  { store, always, temporal, log }: AtEndDependencies,
): CampaignActivities['notify'] {
  async function begin(campaignId: string): Promise<void> {
    const campaign = await store.campaigns.find(campaignId);
    if (!campaign || campaign.test) return;
    if (!(await store.writeBacks.find(campaignId))) {
      if (!always) return;
      await store.writeBacks.order(campaignId, always, { kind: 'system' }, new Date());
    }
    const { client, taskQueue } = temporal();
    try {
      await startOnce(client, WRITE_BACK_WORKFLOW, {
        ...writeBackStart({ _id: campaignId, name: campaign.spec.name }),
        // The activity is tried again when somebody could not be told.
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        taskQueue,
      });
    } catch (err) {
      // It is ordered: campaigns/write-back-watch.ts begins it. The admins must be told of the end all the same.
      log.error({ err, campaignId }, 'the write-back could not be begun at the end of the campaign');
    }
  }

  return async (input) => {
    if (input.event === 'ended') await begin(input.campaignId);
    await notify(input);
  };
}

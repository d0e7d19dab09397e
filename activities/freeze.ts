/** Freezes a campaign's audience: everybody a delivery, the sendable ones numbered first. */
import { ApplicationFailure, heartbeat } from '@temporalio/activity';
import type { CountryCode } from 'libphonenumber-js';
import { metIn, type PlannedDelivery } from '../audience/plan';
import { createPlanner, toPlan, type PlannerDependencies } from '../audience/planner';
import { inBatches, batchesOf } from '../domain/batches';
import type { Person } from '../domain/audience';
import type { TemplateCategory } from '../domain/templates/template';
import type { Store } from '../store/connect';
import type { FrozenDelivery } from '../store/deliveries';
import type { CampaignDocument } from '../store/documents';

export interface FreezeDependencies extends PlannerDependencies {
  store: Pick<Store, 'campaigns' | 'deliveries' | 'contacts' | 'suppressions' | 'sent'>;
  country: CountryCode;
}

/** `category` is the template's as it stands now. What an earlier attempt has left is taken away first. */
type Freeze = (campaign: CampaignDocument, category: TemplateCategory) => Promise<{ sendable: number; total: number }>;

const SKIPPED_AT_ONCE = 1000;

export function createFreeze(dependencies: FreezeDependencies): Freeze {
  const { store, country } = dependencies;
  const plan = createPlanner(dependencies);

  /**
   * Throws when the campaign is past its preparing: an attempt that slept while another one froze the audience would
   * put everybody back into the queue, those who have their message as well.
   */
  async function mustPrepare(campaignId: string): Promise<void> {
    const state = (await store.campaigns.find(campaignId))?.state ?? 'gone';
    if (state === 'preparing') return;
    throw ApplicationFailure.nonRetryable(
      `campaign ${campaignId}: its audience cannot be frozen, the campaign is ${state}, expected preparing`,
      'NotPreparing',
    );
  }

  return async (campaign, category) => {
    const { _id: id } = campaign;
    // An attempt that died half-way has left some; nothing has been sent before the audience is frozen.
    await mustPrepare(id);
    await store.deliveries.clear(id);
    let sendable = 0;
    const skipped: Omit<FrozenDelivery, 'n'>[] = [];
    for await (const batch of plan({ ...toPlan(campaign), category }, { leftOut: withHeartbeats })) {
      const queued: FrozenDelivery[] = [];
      for (const planned of batch.map(kept)) {
        if (planned.state === 'queued') queued.push({ ...planned, n: sendable++, category });
        else {
          const { reason, ...rest } = planned;
          skipped.push({ ...rest, skipReason: reason });
        }
      }
      await mustPrepare(id);
      await Promise.all([
        store.deliveries.freeze(id, queued),
        // Whoever is written to can be found; those of a saved list are contacts already.
        store.contacts.met(metIn(batch, country), { source: `campaign:${id}`, at: new Date(), namesOnly: true }),
      ]);
      heartbeat(sendable);
    }
    let n = sendable;
    for (const part of batchesOf(skipped, SKIPPED_AT_ONCE)) {
      await store.deliveries.freeze(
        id,
        part.map((delivery) => ({ ...delivery, n: n++ })),
      );
      heartbeat(sendable);
    }
    return { sendable, total: sendable + skipped.length };
  };
}

/** Without what is for the preview alone. */
function kept({ otherwise: _otherwise, ...planned }: PlannedDelivery): PlannedDelivery {
  return planned;
}

/** The people, with a sign of life now and then while they come. */
async function* withHeartbeats(people: AsyncIterable<Person>): AsyncGenerator<Person> {
  for await (const batch of inBatches(people, 500)) {
    heartbeat(0);
    yield* batch;
  }
}

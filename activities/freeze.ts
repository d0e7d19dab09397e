/** Freezes a campaign's audience: one delivery per person, sendable ones numbered first. */
import { ApplicationFailure, cancellationSignal, heartbeat } from '@temporalio/activity';
import type { CountryCode } from 'libphonenumber-js';
import { metIn, type PlannedDelivery } from '../audience/plan';
import { createPlanner, toPlan, type PlannerDependencies } from '../audience/planner';
import { heldBackAsControl } from '../config/metrics';
import { sourcesIn, type AudienceSource, type Person } from '../domain/audience';
import { inBatches, severalAtOnce } from '../domain/batches';
import { templatesOf } from '../domain/campaign-variants';
import { createLinkCodes } from '../domain/link-code';
import { linkPositions } from '../domain/links';
import { createPacked } from '../domain/packed';
import type { Store } from '../store/connect';
import type { FrozenDelivery } from '../store/deliveries';
import type { CampaignDocument } from '../store/documents';

export interface FreezeDependencies extends PlannerDependencies {
  store: Pick<
    Store,
    'campaigns' | 'clicks' | 'countryRules' | 'deliveries' | 'contacts' | 'lists' | 'suppressions' | 'sent' | 'replies'
  >;
  country: CountryCode;
}

/** The campaign with its templates as they are now. Removes what an earlier attempt left. */
type Freeze = (campaign: CampaignDocument) => Promise<{ sendable: number; total: number; test?: number }>;

const SKIPPED_AT_ONCE = 1000;
/** Batches that are being written while the next people are read and planned. */
const WRITES_AT_ONCE = 3;

export function createFreeze(dependencies: FreezeDependencies): Freeze {
  const { store, country } = dependencies;
  const plan = createPlanner(dependencies);

  /**
   * Throws when the campaign is no longer preparing: a suspended attempt that continues after another one froze the
   * audience would put everyone back into the queue, including people already messaged.
   */
  async function mustPrepare(campaignId: string): Promise<void> {
    stillAsked();
    const state = (await store.campaigns.find(campaignId))?.state ?? 'gone';
    if (state === 'preparing') return;
    throw ApplicationFailure.nonRetryable(
      `campaign ${campaignId}: cannot freeze its audience: expected state preparing, got ${state}`,
      'NotPreparing',
    );
  }

  /** Those of a file that was taken in are contacts since: looking each of them up takes longer than all the rest. */
  async function areContacts(audience: AudienceSource): Promise<boolean> {
    const ids = sourcesIn(audience).include.map((source) => (source.kind === 'list' ? source.listId : undefined));
    return ids.every((id) => id !== undefined) && store.lists.areMet(ids);
  }

  /** Puts each person's own codes in the places of tracked links; undefined when the campaign has none. */
  async function linkedParams({
    _id: campaignId,
    spec,
  }: CampaignDocument): Promise<((delivery: FrozenDelivery) => FrozenDelivery) | undefined> {
    const positions = linkPositions(spec);
    if (!positions) return undefined;
    const { codeOf } = createLinkCodes(await store.clicks.key());
    return (delivery) => {
      const { n, variant = 0, otherParams } = delivery;
      const filled = (params: readonly string[], of: number): string[] => {
        const linked = [...params];
        for (const position of positions[of]!) {
          const code = codeOf({ campaignId, n, variant: of, position });
          if (code === undefined)
            throw ApplicationFailure.nonRetryable(
              `campaign ${campaignId}: no link code for delivery ${n}`,
              'NoLinkCode',
            );
          linked[position - 1] = code;
        }
        return linked;
      };
      return {
        ...delivery,
        params: filled(delivery.params, variant),
        ...(otherParams && { otherParams: otherParams.map((params, index) => filled(params, index + 1)) }),
      };
    };
  }

  return async (campaign) => {
    const { _id: id } = campaign;
    const linked = await linkedParams(campaign);
    const categories = templatesOf(campaign).map(({ category }) => category);
    // An attempt that died halfway may have left some; nothing is sent before the audience is frozen.
    await mustPrepare(id);
    await store.deliveries.clear(id, stillAsked);
    const met = await areContacts(campaign.spec.audience);
    const meeting = { source: `campaign:${id}`, at: new Date(), namesOnly: true };
    let sendable = 0;
    let control = 0;
    const skipped = createPacked<Omit<FrozenDelivery, 'n'>>(SKIPPED_AT_ONCE);
    const rest = createPacked<Omit<FrozenDelivery, 'n'>>(SKIPPED_AT_ONCE);
    const frozen = (delivery: Omit<FrozenDelivery, 'n'>): FrozenDelivery => {
      const one = { ...delivery, n: sendable++, category: categories[delivery.variant ?? 0]! };
      return linked ? linked(one) : one;
    };

    /**
     * The sendable ones get their numbers in the order of the plan; those who get what wins a test wait for its end, and
     * so do those who are skipped.
     */
    async function* numbered(): AsyncGenerator<{ planned: PlannedDelivery[]; queued: FrozenDelivery[] }> {
      for await (const planned of plan(toPlan(campaign), { leftOut: withHeartbeats })) {
        const queued: FrozenDelivery[] = [];
        for (const delivery of planned.map((one) => kept(one, campaign))) {
          if (delivery.state === 'queued' && delivery.otherParams) rest.add([delivery]);
          else if (delivery.state === 'queued') queued.push(frozen(delivery));
          else {
            const { reason, ...rest } = delivery;
            skipped.add([{ ...rest, skipReason: reason }]);
            if (reason === 'control') control++;
          }
        }
        yield { planned, queued };
      }
    }
    await severalAtOnce(numbered(), WRITES_AT_ONCE, async ({ planned, queued }) => {
      await mustPrepare(id);
      await store.deliveries.freeze(id, queued);
      // Whoever is written to can be found.
      if (!met) await store.contacts.met(metIn(planned, country), meeting);
      heartbeat(sendable);
    });
    const test = sendable;
    await severalAtOnce(rest.batches(), WRITES_AT_ONCE, async (part) => {
      await mustPrepare(id);
      await store.deliveries.freeze(id, part.map(frozen));
      heartbeat(sendable);
    });
    let n = sendable;
    await severalAtOnce(skipped.batches(), WRITES_AT_ONCE, async (part) => {
      const last = part.map((delivery) => ({ ...delivery, n: n++ }));
      await store.deliveries.freeze(id, last);
      heartbeat(sendable);
    });
    heldBackAsControl.inc(control);
    return { sendable, total: sendable + skipped.length, ...(test < sendable && { test }) };
  };
}

/** Tells Temporal that this attempt lives. Throws when another one has taken its place: it must write nothing more. */
function stillAsked(): void {
  heartbeat(0);
  cancellationSignal().throwIfAborted();
}

/** Without the fields that only the preview needs, or only a campaign with follow-ups. */
function kept(
  { otherwise: _otherwise, stage, ...planned }: PlannedDelivery,
  { chain }: CampaignDocument,
): PlannedDelivery {
  return { ...planned, ...(stage && chain && { stage }) };
}

/** Passes the people through with regular heartbeats. */
async function* withHeartbeats(people: AsyncIterable<Person>): AsyncGenerator<Person> {
  for await (const batch of inBatches(people, 500)) {
    heartbeat(0);
    yield* batch;
  }
}

/**
 * When a send may leave: its campaign's rate, its sender's cap, and who goes first.
 *
 * From a pace to the moment of one send, and where each step is decided:
 *
 * 1. The pace asked for (`rate` or `spread`) is in the spec: domain/campaign-spec.ts.
 * 2. The rate in force, the window of sends in flight and the size of a group: domain/story/pace.ts.
 * 3. The workflow keeps that window full of groups, and spaces a campaign slower than a send in two seconds by its own
 * timers: workflows/send-window.ts. A group is one activity: activities/send-groups.ts.
 * 4. Each send of a group waits here for its campaign's own slot, if the campaign is slower than its sender, and then for
 * the sender's slot.
 * 5. Slots are instants handed out by one counter in MongoDB (store/senders.ts), taken in batches and converted to this
 * process's clock by pacer.ts; a test or single send swaps its slot for an earlier one there.
 * 6. departures.ts starts the claim early enough for the slot and lets the first send that is ready leave at it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../config/logger';
import { paceNow, SLOW_RATE } from '../domain/story/pace';
import type { CampaignDocument } from '../store/documents';
import { campaignSlots, type SenderStore, type SlotOffer } from '../store/senders';
import { createClaimLead, createDepartures, type Departure, type Departures } from './departures';
import { retryForever } from './retry-forever';
import { createPacer, senderSlots } from './pacer';

/** How often a send that waits for its campaign's slot looks whether the rate is still the same (ms). */
const RATE_LOOK_MS = 200;
/** A slow campaign is spaced by its workflow: its slots are a little closer, so that it never waits twice. */
const SLOW_SLACK = 1.2;
/** How often a send that waits for its slot looks whether another one goes first (ms). */
const YIELD_LOOK_MS = 200;

export interface SendSlots {
  /** Waits for the campaign's own slot, if it has a rate below the cap. False when its rate has changed meanwhile. */
  ownSlot(campaign: CampaignDocument): Promise<boolean>;
  /** Takes the sender's next slot; a test or single send an early one. Resolves at once with its instant (Unix ms). */
  senderSlot(campaign: CampaignDocument): Promise<number>;
  /** Waits until it is time to claim, and lets a send that goes first have the slot. Resolves with the slot to use. */
  untilClaim(campaign: CampaignDocument, slot: number): Promise<number>;
  /** From here on the send gets ready to leave at its slot. */
  prepare(sender: string, slot: number): Departure;
  /** The provider asked to slow down: no slot of the sender for `ms`. */
  holdBack(sender: string, ms: number): Promise<void>;
}

export interface SendSlotsOptions {
  senders: SenderStore;
  /** The sender's cap over all workers and campaigns. */
  sendsPerSecond: number;
  /** The campaign as it is now, a moment old at most. */
  readCampaign: (id: string) => Promise<CampaignDocument>;
  /** Likewise who would like to go first. */
  readSender: (sender: string) => Promise<{ offer?: SlotOffer }>;
  log: Logger;
}

export function createSendSlots({
  senders,
  sendsPerSecond,
  readCampaign,
  readSender,
  log,
}: SendSlotsOptions): SendSlots {
  const pacer = createPacer(senders);
  const claimLead = createClaimLead();
  const departures = new Map<string, Departures>();

  function departuresOf(sender: string): Departures {
    const known = departures.get(sender);
    if (known) return known;
    const another = (): Promise<number> => retryForever(() => pacer.take(senderSlots(sender), sendsPerSecond), log);
    const made = createDepartures(another);
    departures.set(sender, made);
    return made;
  }

  return {
    async ownSlot(campaign) {
      const { _id: id } = campaign;
      const rate = paceNow(campaign).ratePerSecond;
      if (rate === undefined || rate >= sendsPerSecond) return true;
      const slot = await pacer.take(campaignSlots(id, rate), rate < SLOW_RATE ? rate * SLOW_SLACK : rate);
      while (slot > Date.now()) {
        await sleep(Math.min(slot - Date.now(), RATE_LOOK_MS));
        if (paceNow(await readCampaign(id)).ratePerSecond !== rate) return false;
      }
      return true;
    },
    senderSlot: ({ sender, test }) =>
      test ? pacer.takeFirst(sender, sendsPerSecond) : pacer.take(senderSlots(sender), sendsPerSecond, claimLead.ms()),
    async untilClaim({ sender, test }, slot) {
      while (!test && slot - claimLead.ms() - Date.now() > YIELD_LOOK_MS) {
        await sleep(YIELD_LOOK_MS);
        const { offer } = await readSender(sender);
        slot = await pacer.yield(sender, slot, { offer, claimMs: claimLead.ms() });
      }
      await claimLead.until(slot);
      return slot;
    },
    prepare(sender, slot) {
      const begunAt = Date.now();
      const departure = departuresOf(sender).prepare(slot);
      return {
        ...departure,
        leave: () => {
          claimLead.took(Date.now() - begunAt);
          return departure.leave();
        },
      };
    },
    holdBack: (sender, ms) => pacer.holdBack(senderSlots(sender), ms),
  };
}

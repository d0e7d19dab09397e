/**
 * One send, at most once: wait to be admitted, look again, claim, leave, call, record.
 *
 * The claim is durable before the call. Anything after the claim without a recorded answer ends as `unknown`, never as
 * a second message.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { nanoid } from 'nanoid';
import { createExclusions, type ClaimedDelivery, type ContactRules } from '../audience/exclusions';
import { createOpeningHours } from '../audience/hours';
import type { GupshupClient } from '../clients/gupshup/client';
import type { SendAnswer } from '../clients/gupshup/send';
import { atPoint } from '../config/crash-points';
import type { Logger } from '../config/logger';
import type { Actor } from '../domain/story/actor';
import { trouble, WINNER_OPEN } from '../domain/story/trouble';
import { DATABASE_OLDER_TROUBLE, type Witness } from '../domain/story/restored';
import { paceNow } from '../domain/story/pace';
import { hoursAsked } from '../domain/times/sending-hours';
import { suppressionBy } from '../domain/opt-outs/suppression';
import { cardMediaOf } from '../domain/templates/template';
import { messageOf, templateIdAt } from '../domain/campaign-variants';
import { campaignSender, campaignSenders, type CampaignSender } from '../domain/campaign-senders';
import type { CampaignDocument, DeliveryDocument } from '../store/documents';
import type { Settlement } from '../store/deliveries';
import type { Store } from '../store/connect';
import { createCampaignReader } from './campaign-check';
import type { SendOutcome } from './outcome';
import { applyErrorPolicy, type Decision } from './apply-error-policy';
import type { HeldLease } from './dispatch-lease';
import { createDispatcher, type Departure } from './dispatcher';
import { countSends } from './count-sends';
import { createLearnedPace } from './learned-pace';
import { retryForever } from './retry-forever';
import { createMessagingGate } from './messaging-gate';
import { createShortCache } from '../store/short-cache';

/** An older claim is not used: its holder was suspended, and others may consider it dead. */
const CLAIM_LIFE_MS = 8_000;
/** How long a send waits for a pause to end before it gives its place in the window back. */
const PAUSE_LOOK_MS = 1_000;
/** If no sending hour is in sight, the campaign checks again after a day. */
const DAY_MS = 86_400_000;

export interface SendDependencies {
  store: Pick<
    Store,
    | 'alerts'
    | 'campaigns'
    | 'contacts'
    | 'countryRules'
    | 'deliveries'
    | 'messaging'
    | 'senders'
    | 'sent'
    | 'suppressions'
  >;
  /** The Gupshup app. */
  sender: string;
  gupshup: GupshupClient;
  /** The sender's cap over all campaigns. */
  sendsPerSecond: number;
  /** Without it nothing of this sender leaves. */
  lease: Pick<HeldLease, 'epoch' | 'restMs' | 'leavesUntil'>;
  contactRules: ContactRules;
  log: Logger;
}

/** A delivery that this attempt has claimed, and its way out. */
interface Claim {
  campaign: CampaignDocument;
  delivery: DeliveryDocument;
  token: string;
  departure: Departure;
  listener: SendListener;
}

const SYSTEM: Actor = { kind: 'system' };

/** Hears how far a send has come. */
interface SendListener {
  claimed?(claim: Witness): void;
  /** It may be called from now on: what is outstanding is the provider's answer and its record. */
  left?(): void;
}

/** Sends delivery `n` of the campaign at most once; returns the outcome. Begun only inside an activity. */
type Send = (campaignId: string, n: number, listener?: SendListener) => Promise<SendOutcome>;

export interface Sending {
  send: Send;
  /** The campaign as its sends see it, read a few times a second at most. */
  readCampaign(id: string): Promise<CampaignDocument>;
  /** Nothing leaves from now on. Answers with how long (ms) a successor must wait before its first message. */
  close(): number;
  /** All sends have ended. */
  finish(): void;
}

export function createSend(dependencies: SendDependencies): Sending {
  const { store, sender, gupshup, sendsPerSecond, lease, contactRules, log } = dependencies;
  const exclusions = createExclusions(store, contactRules);
  const readCampaign = createCampaignReader(store.campaigns);
  const readSender = createShortCache((app) => store.senders.look(app));
  const opening = createOpeningHours();
  const dispatcher = createDispatcher({
    cap: sendsPerSecond,
    restMs: lease.restMs,
    leavesUntil: () => lease.leavesUntil(),
    rateOf: async (campaignId) => ownRate(await readCampaign(campaignId)),
  });
  const gate = createMessagingGate(store.messaging);
  const count = countSends({ sender, cap: sendsPerSecond, log });
  const pace = createLearnedPace({ store, sender, cap: sendsPerSecond, dispatcher, log });

  /** What the campaign has to do with this sender. Throws for one read a moment before it was moved here: Temporal tries again. */
  function fromHere(campaign: CampaignDocument): CampaignSender {
    const own = campaign.senders ? campaignSender(campaign, sender) : campaignSenders(campaign)[0];
    if (!own) throw new Error(`campaign ${campaign._id} does not go from sender ${sender}`);
    return own;
  }

  /** The campaign's messages a second from this sender, where that is less than the sender's cap. */
  function ownRate(campaign: CampaignDocument): number | undefined {
    const { ratePerSecond } = paceNow(campaign);
    const own =
      ratePerSecond && ratePerSecond * (campaign.senders ? (campaignSender(campaign, sender)?.share ?? 1) : 1);
    return own !== undefined && own < sendsPerSecond ? own : undefined;
  }

  /** True if the campaign may send now; waits a moment for a pause that is just ending. */
  async function maySend(campaignId: string): Promise<boolean> {
    for (const startedAt = Date.now(); ; await sleep(200)) {
      const { state } = await readCampaign(campaignId);
      if (state === 'running' || state === 'settling') return true;
      if (state !== 'paused' || Date.now() - startedAt > PAUSE_LOOK_MS) return false;
    }
  }

  /**
   * The outcome of a send whose sender has trouble, if any. Read again, campaign first: data read a moment ago, or
   * before a resume was recorded, would stop what has just been resumed.
   */
  async function troubleOf(campaign: CampaignDocument): Promise<SendOutcome | undefined> {
    const { sender: app } = fromHere(campaign);
    if (!(await readSender(app)).trouble) return undefined;
    const now = await store.campaigns.find(campaign._id);
    const { trouble } = await store.senders.look(app);
    if (!trouble) return undefined;
    return now?.state === 'paused' ? { kind: 'held' } : { kind: 'stop', ...trouble };
  }

  async function send(campaignId: string, n: number, listener: SendListener = {}): Promise<SendOutcome> {
    if (!(await maySend(campaignId))) return { kind: 'held' };
    const campaign = await readCampaign(campaignId);
    const trouble = await troubleOf(campaign);
    if (trouble) return trouble;
    const departure = await dispatcher.admit({
      campaignId,
      goesFirst: campaign.test === true,
      ratePerSecond: ownRate(campaign),
      // Given up by Temporal, which has begun another attempt: it would only stand in that one's way.
      signal: cancellationSignal(),
    });
    if (!departure) return { kind: 'held' };
    try {
      return await sendAt(departure, campaign, n, listener);
    } finally {
      departure.forgo();
    }
  }

  async function sendAt(
    departure: Departure,
    campaign: CampaignDocument,
    n: number,
    listener: SendListener,
  ): Promise<SendOutcome> {
    const { _id: campaignId } = campaign;
    if (!(await maySend(campaignId))) return { kind: 'held' };
    // It has waited to be admitted, for seconds perhaps.
    const trouble = await troubleOf(campaign);
    if (trouble) return trouble;
    const hours = opening.ofCampaign(hoursAsked(campaign.spec), new Date());
    if (!hours.open) return { kind: 'closed', until: hours.opensAt?.getTime() ?? Date.now() + DAY_MS };

    // Shows which holder of the lease made the claim.
    const token = `${lease.epoch}-${nanoid()}`;
    const delivery = await claim(campaign, n, token);
    // The workflow knows that the delivery was frozen, so the database is an older backup.
    if (!delivery) return { kind: 'stop', ...DATABASE_OLDER_TROUBLE };
    const { claims, claimedAt } = delivery;
    if (claims && claimedAt) listener.claimed?.({ n, claims, at: claimedAt.getTime() });
    if (delivery.state !== 'sending' || delivery.token !== token) return afterLostClaim(delivery);
    return sendClaimed({ campaign, delivery, token, departure, listener });
  }

  /** If the claim's answer is lost, the claim may still exist: take it back, because nothing was sent. */
  async function claim(
    { _id: campaignId, senders }: CampaignDocument,
    n: number,
    token: string,
  ): Promise<DeliveryDocument | undefined> {
    try {
      return await store.deliveries.claim(campaignId, n, token, senders && sender);
    } catch (error) {
      await retryForever(
        () => store.deliveries.settle(campaignId, n, token, { to: 'queued', countAttempt: false }),
        log,
      );
      throw error;
    }
  }

  /** The claim is ours: look at the recipient once more, leave, call, record. */
  async function sendClaimed({ campaign, delivery, token, departure, listener }: Claim): Promise<SendOutcome> {
    const { campaignId, n } = delivery;
    const record = async (settlement: Settlement): Promise<void> => {
      const held = await retryForever(() => store.deliveries.settle(campaignId, n, token, settlement), log);
      if (held) count.settled(campaignId, settlement);
    };

    // Restored from a copy of before the winner was settled; the workflow writes it down again.
    if (delivery.otherParams) {
      await record({ to: 'queued', countAttempt: false });
      return { kind: 'stop', ...trouble(WINNER_OPEN, {}) };
    }
    // Retried until it succeeds: giving up here would leave a claim that looks as if the call had been made.
    const exclusion = await retryForever(() => exclusions.of(claimedDelivery(delivery, campaign)), log);
    if (exclusion) {
      await record({ to: 'skipped', ...exclusion });
      return { kind: 'done' };
    }
    const local = opening.ofRecipient(hoursAsked(campaign.spec), delivery.phone!, new Date());
    if (!local.open) {
      await record(
        local.opensAt
          ? { to: 'queued', dueAt: local.opensAt, countAttempt: false }
          : { to: 'skipped', reason: 'outside_hours' },
      );
      return local.opensAt ? { kind: 'later', until: local.opensAt.getTime() } : { kind: 'done' };
    }
    const entering = { _id: delivery._id, phone: delivery.phone! };
    const admission = await retryForever(() => gate.enter(entering, { isTest: campaign.test }), log);
    if (!admission.admitted) {
      const { limit, kept, until } = admission;
      await record({ to: 'queued', countAttempt: false });
      await store.campaigns.setRoomWait(campaignId, { limit, ...(kept && { kept }), until: new Date(until) });
      return { kind: 'full', limit, until };
    }
    const mayLeave = await departure.leave();
    if (!mayLeave || Date.now() - delivery.claimedAt!.getTime() > CLAIM_LIFE_MS) {
      await record({ to: 'queued', countAttempt: false });
      return { kind: 'held' };
    }
    listener.left?.();
    const mayLeaveAt = performance.now();
    const answer = await call(campaign, delivery, () => {
      const leaves = departure.left();
      if (leaves) count.left();
      return leaves;
    });
    count.answered(performance.now() - mayLeaveAt);
    const decision = applyErrorPolicy(answer, delivery, campaign.spec.laterWaves);
    // Before the record: once it is written, nothing returns to this answer, and a crash in between would lose it.
    await suppress(decision, delivery.phone!);
    await record(decision.settlement);
    await takeEffect(decision, campaign);
    return decision.outcome;
  }

  /** The effects of an answer beyond its own delivery. */
  async function takeEffect(
    { holdBackMs, tooFast, outcome, settlement, senderTrouble }: Decision,
    campaign: CampaignDocument,
  ): Promise<void> {
    if (tooFast) pace.answered('tooFast');
    else if (outcome.kind === 'done' && settlement.to !== 'unknown') pace.answered('taken');
    if (holdBackMs) {
      dispatcher.holdBack(holdBackMs);
      count.rests(holdBackMs);
    }
    if (senderTrouble) await store.senders.trip(fromHere(campaign).sender, senderTrouble);
  }

  /** Suppresses the number if the answer says so. */
  async function suppress({ suppress: found }: Decision, phone: string): Promise<void> {
    const suppression = found && suppressionBy(found.code);
    if (!suppression) return;
    const entry = { ...suppression, phone, createdAt: new Date(), createdBy: SYSTEM };
    await retryForever(() => store.suppressions.add([entry]), log);
  }

  function call(campaign: CampaignDocument, delivery: DeliveryDocument, onStart: () => boolean): Promise<SendAnswer> {
    const { template, mediaUrl } = messageOf(campaign, delivery.variant);
    const type = template.header?.type;
    const media =
      mediaUrl && (type === 'IMAGE' || type === 'VIDEO' || type === 'DOCUMENT') ? { type, link: mediaUrl } : undefined;
    const cards = template.type === 'CAROUSEL' ? cardMediaOf(template) : undefined;
    return atPoint(
      'call',
      () =>
        gupshup.sendTemplate({
          destination: delivery.phone!,
          templateId: templateIdAt(campaign, fromHere(campaign).sender, delivery.variant)!,
          params: delivery.params,
          ...(media && { media }),
          ...(cards && { cards }),
          onStart,
        }),
      () => [{ id: delivery._id, token: delivery.token }],
    );
  }

  /** The delivery is not ours to send: already settled, not due yet, or claimed by an attempt that no longer exists. */
  async function afterLostClaim(delivery: DeliveryDocument): Promise<SendOutcome> {
    if (delivery.state === 'queued')
      return { kind: 'later', ...(delivery.dueAt && { until: delivery.dueAt.getTime() }) };
    if (delivery.state === 'sending' && delivery.token) {
      const abandoned = await store.deliveries.abandon(delivery.campaignId, delivery.n, delivery.token);
      if (abandoned) {
        log.warn(
          { campaignId: delivery.campaignId, n: delivery.n, attempt: activityInfo().attempt },
          'Marked unknown: its claim holder died without a recorded answer',
        );
      }
    }
    return { kind: 'done' };
  }

  return {
    send,
    readCampaign,
    close() {
      count.close();
      return dispatcher.close();
    },
    finish: () => count.finish(),
  };
}

/** The delivery as the contact rules see it. */
function claimedDelivery(
  { _id, phone, claimedAt, category }: DeliveryDocument,
  campaign: CampaignDocument,
): ClaimedDelivery {
  return {
    _id,
    phone: phone!,
    claimedAt: claimedAt!,
    category: category ?? campaign.template.category,
    single: campaign.test,
    test: campaign.test && !campaign.single,
  };
}

/**
 * What becomes of a send, and the states that it goes through.
 *
 * A delivery is **queued** with a due time. The worker that dispatches its sender (dispatch-lease.ts) takes its group,
 * and the send waits until it is **admitted** (dispatcher.ts). It looks again whether the campaign may send at this hour,
 * then **claims** the delivery: one write before the call, under a token that only this attempt knows. With the claim in
 * hand it checks what concerns the person: suppression, their own hour, the messaging limit; a "no" settles the claim
 * without a call. Then it **leaves**, when the sender's pace allows it (departure-pace.ts).
 *
 * Without its own claim no attempt calls Gupshup, so one that dies in between costs no second message: the next attempt
 * finds a claim that is not its own and makes the delivery **unknown**.
 *
 * Gupshup's answer settles the claim (apply-error-policy.ts): **accepted** with its message id; **failed** for good;
 * back to **queued** with a later due time when nothing can have been sent, or the policy says that it may go again;
 * **unknown** when the request may have arrived and no answer came. A code that ends all sending puts the delivery back
 * and stops the campaign.
 */
import type { Witness } from '../domain/story/restored';
import type { Trouble } from '../domain/story/trouble';

/** What became of one send. Everything a workflow needs to go on, and no more: it is kept in history. */
export type SendOutcome =
  /** Recorded; nothing more to do with this delivery now. */
  | { kind: 'done' }
  /** Still queued and not tried: the campaign is paused. */
  | { kind: 'held' }
  /** Queued again with a due time: a later wave takes it. */
  | { kind: 'later' }
  /** Still queued and not tried: the campaign's sending hours are over until this instant (Unix ms). */
  | { kind: 'closed'; until: number }
  /** Still queued: the messaging limit has no room for one more person. Worth asking again then (Unix ms). */
  | { kind: 'full'; limit: number; until: number }
  /** Still queued: the sender or the template cannot send at all. The campaign must stop and say so. */
  | ({ kind: 'stop' } & Trouble);

/** A delivery of a group that is not done. */
export type OpenSend = { n: number } & Exclude<SendOutcome, { kind: 'done' }>;

/** What became of a group: those that are not done, and the latest claim that it made. */
export interface SentGroup {
  open: OpenSend[];
  latest?: Witness;
}

/**
 * The outcomes of a send, and the states it goes through.
 *
 * A delivery is **queued** with a due time. The worker that dispatches its sender (dispatch-lease.ts) takes its group,
 * and the send waits until it is **admitted** (dispatcher.ts). It looks again whether the campaign may send at this hour,
 * then **claims** the delivery: one write before the call, under a token that only this attempt knows. With the claim in
 * hand it checks what concerns the person: suppression, their own hour, the messaging limit; a "no" settles the claim
 * without a call. Then it **leaves**, when the sender's pace allows it (departure-pace.ts).
 *
 * No attempt calls Gupshup without its own claim, so an attempt that dies causes no second message: the next one finds
 * a foreign claim and makes the delivery **unknown**.
 *
 * Gupshup's answer settles the claim (apply-error-policy.ts): **accepted** with its message id; **failed** for good;
 * back to **queued** with a later due time if nothing can have been sent or the policy allows a retry; **unknown** if
 * the request may have arrived but no answer came. A code that ends all sending puts the delivery back and stops the
 * campaign.
 *
 * A group of sends ends once all have left and the quick answers are there. One that is still **unanswered** then ends by
 * itself, in the same process; the workflow counts it as outstanding until it has asked what became of it.
 */
import type { Witness } from '../domain/story/restored';
import type { Trouble } from '../domain/story/trouble';

/** The outcome of one send. It holds only what the workflow needs, because it is kept in history. */
export type SendOutcome =
  /** Recorded; nothing more to do for this delivery now. */
  | { kind: 'done' }
  /** Still queued and not tried, because the campaign is paused. */
  | { kind: 'held' }
  /** Queued again with a due time (Unix ms): a later wave takes it. */
  | { kind: 'later'; until?: number }
  /** Still queued and not tried: the campaign's sending hours are over until this instant (Unix ms). */
  | { kind: 'closed'; until: number }
  /** Still queued: the messaging limit has no room. Try again at `until` (Unix ms). */
  | { kind: 'full'; limit: number; until: number }
  /** Still queued: the sender or the template cannot send at all. The campaign must stop and say why. */
  | ({ kind: 'stop' } & Trouble)
  /** It has left, and its answer takes long: the send itself records it. `awaitAnswers` tells what becomes of it. */
  | { kind: 'unanswered' };

/** A delivery of a group that is not done. */
export type OpenSend = { n: number } & Exclude<SendOutcome, { kind: 'done' }>;

/** The outcome of a group: the deliveries that are not done or not yet, and its latest claim. */
export interface SentGroup {
  open: OpenSend[];
  latest?: Witness;
  /** It was the first attempt: those that are not done have not been called for by an earlier one. */
  first?: true;
}

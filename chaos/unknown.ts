/** Sends without an answer: which were settled by their receipts, and which deed explains each of the others. */
import type { DeliveryDocument } from '../store/documents';
import { RESTORED } from '../domain/story/restored';
import { isDisaster, SILENT_FAULTS } from './plan';
import type { Deed } from './troubles';

/** A claim this long before a deed may still be cut by it, and this long after it may still feel it (ms). */
const NEAR_MS = 5_000;

/** True when a receipt, not the answer, told that it was accepted: then it counts from its claim. */
export function isSettledByReceipt({ messageId, acceptedAt, claimedAt }: DeliveryDocument): boolean {
  return messageId !== undefined && acceptedAt !== undefined && acceptedAt.getTime() === claimedAt?.getTime();
}

/** True when a deed of a kind that can do this was near its claim. */
export function isExplained({ code, claimedAt }: DeliveryDocument, deeds: readonly Deed[]): boolean {
  const at = claimedAt?.getTime();
  if (at === undefined) return false;
  return deeds.some(
    ({ trouble, from, to = Infinity }) =>
      at > from - NEAR_MS &&
      at < to + NEAR_MS &&
      (trouble.kind === 'fault'
        ? code === 'no_answer' && SILENT_FAULTS.some((silent) => silent === trouble.fault)
        : isDisaster(trouble)
          ? // Sends in progress are cut off, as by a kill; only a restore makes unclaimed deliveries unknown.
            code === 'interrupted' || code === 'no_answer' || (code === RESTORED && trouble.kind === 'restore')
          : trouble.kind === 'takeover'
            ? // One that is told to stop waits for its answers.
              trouble.by === 'SIGSTOP' || (trouble.by === 'SIGKILL' && code === 'interrupted')
            : // The webhook receiver has no part in a send.
              trouble.target !== 'webhooks' && (code === 'interrupted' || trouble.kind === 'stop')),
  );
}

/** True when it is unknown since the database was restored. */
export function isOfRestore({ code }: DeliveryDocument): boolean {
  return code === RESTORED;
}

/** True when its receipts may have come between a copy and its restore, and are lost with all that came then. */
export function mayLackReceipts(delivery: DeliveryDocument, deeds: readonly Deed[]): boolean {
  const at = delivery.claimedAt?.getTime() ?? 0;
  return isOfRestore(delivery) || deeds.some(({ trouble, to = Infinity }) => trouble.kind === 'restore' && at < to);
}

/** Sends without an answer: which were settled by their receipts, and which deed explains each of the others. */
import type { DeliveryDocument } from '../../store/documents';
import { SILENT_FAULTS } from './plan';
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
        : // The webhook receiver has no part in a send.
          trouble.target !== 'webhooks' && (code === 'interrupted' || trouble.kind === 'stop')),
  );
}

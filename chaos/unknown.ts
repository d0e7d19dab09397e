/** Sends without an answer: which were settled by their receipts, and which deed explains each of the others. */
import type { DeliveryDocument } from '../store/documents';
import { RESTORED } from '../domain/story/restored';
import { SILENT_FAULTS, type Trouble } from './plan';
import type { Deed } from './troubles';

/** A claim this long before a deed may still be cut by it, and this long after it may still feel it (ms). */
const NEAR_MS = 5_000;

/** True when a receipt, not the answer, told that it was accepted: then it counts from its claim. */
export function isSettledByReceipt({ messageId, acceptedAt, claimedAt }: DeliveryDocument): boolean {
  return messageId !== undefined && acceptedAt !== undefined && acceptedAt.getTime() === claimedAt?.getTime();
}

/** True when a deed of a kind that can do this was near its claim. */
export function isExplained({ code, claimedAt }: DeliveryDocument, deeds: readonly Deed[]): boolean {
  return deeds.some(
    ({ trouble, from, to = Infinity }) =>
      possibleTimes(claimedAt, deeds).some((at) => at > from - NEAR_MS && at < to + NEAR_MS) && canDo(trouble, code),
  );
}

/** Whether a deed of this kind leaves deliveries unknown with this code. */
function canDo(trouble: Trouble, code: string | undefined): boolean {
  const isCut = code === 'interrupted' || code === 'no_answer';
  switch (trouble.kind) {
    case 'fault':
      return code === 'no_answer' && SILENT_FAULTS.some((silent) => silent === trouble.fault);
    // Sends in progress are cut off, as by a kill; only a restore makes unclaimed deliveries unknown.
    case 'restore':
      return isCut || code === RESTORED;
    case 'empty':
    // Its database dies, or answers nothing for so long.
    case 'disk':
      return isCut;
    case 'takeover':
      // One that is told to stop waits for its answers.
      return trouble.by === 'SIGSTOP' || (trouble.by === 'SIGKILL' && code === 'interrupted');
    case 'partition':
      return trouble.who === 'worker' && isCut;
    case 'clock':
      return false;
    case 'kill':
    case 'stop':
      // The webhook receiver has no part in a send.
      return trouble.target !== 'webhooks' && (code === 'interrupted' || trouble.kind === 'stop');
  }
}

/** When it may have been: as noted, or while a clock was wrong by as much as the note then is. */
function possibleTimes(noted: Date | undefined, deeds: readonly Deed[]): number[] {
  if (!noted) return [];
  const at = noted.getTime();
  const wrong = deeds.flatMap(({ trouble, from, to = Infinity }) => {
    if (trouble.kind !== 'clock') return [];
    const real = at - trouble.byMs;
    return real > from - NEAR_MS && real < to + NEAR_MS ? [real] : [];
  });
  return [at, ...wrong];
}

/** True when it is unknown since the database was restored. */
export function isOfRestore({ code }: DeliveryDocument): boolean {
  return code === RESTORED;
}

/** True when its receipts may have come between a copy and its restore, and are lost with all that came then. */
export function mayLackReceipts(delivery: DeliveryDocument, deeds: readonly Deed[]): boolean {
  const at = Math.min(...possibleTimes(delivery.claimedAt ?? new Date(0), deeds));
  return isOfRestore(delivery) || deeds.some(({ trouble, to = Infinity }) => trouble.kind === 'restore' && at < to);
}

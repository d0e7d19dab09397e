/** Asks other workers for senders while they dispatch clearly more of them than this one. */
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import { leaseToAskFor } from '../domain/lease-balance';
import type { SenderLeaseStore } from '../store/sender-leases';

/** How often (ms). Each look reads one document a sender. */
const EVERY_MS = 1_000;

/** Runs until stopped. Never rejects. */
export function balanceLeases(
  {
    leases,
    standingBy,
    holder,
    log,
  }: {
    leases: SenderLeaseStore;
    /** Senders that it could dispatch at once. */
    standingBy: () => string[];
    /** This process. */
    holder: string;
    log: Logger;
  },
  stop: AbortSignal,
): Promise<void> {
  const look = async (): Promise<void> => {
    const able = standingBy();
    if (able.length === 0) return;
    const sender = leaseToAskFor(holder, able, await leases.all());
    if (sender === undefined) return;
    await leases.bid(sender, holder);
    log.info({ sender }, 'Asks for this sender: the worker that has it dispatches more of them');
  };
  return periodically(look, {
    everyMs: EVERY_MS,
    stop,
    failed: (err) => log.warn({ err }, 'MongoDB does not say who sends: asking again'),
  });
}

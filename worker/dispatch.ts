/** The sends of a sender: taken from its queue by the one process that holds its lease, while the others stand by. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { SendWorker } from '../activities/send-groups';
import { SEND_ENDS_WITHIN_MS } from '../domain/story/delivery';
import { takeLease, type HeldLease } from '../sending/dispatch-lease';
import type { Logger } from '../config/logger';
import { leaseHeld } from '../config/metrics';
import type { Store } from '../store/connect';
import { sendQueue } from '../workflows/messages';

/**
 * Groups of sends that wait in here to be admitted: several campaigns with full windows. What is more waits in Temporal's
 * queue, which gives each campaign its share.
 */
const GROUPS_AT_ONCE = 90;
/**
 * Questions for groups that are open at a time: enough for a thousand sends a second, 60 groups. Temporal hands a group to
 * each of those that a frozen process has left open, and notices only when its heartbeats are missing: with the usual ten
 * a successor at a cap of 10 a second got none for twice that time (seen with `npm run chaos`).
 */
const QUESTIONS_AT_ONCE = 4;

export interface DispatchOptions {
  store: Pick<Store, 'senderLeases'>;
  sender: string;
  /** This process, as its leases name it. */
  holder: string;
  /** Connection, namespace, and what all workers of the process have in common. */
  worker: Omit<WorkerOptions, 'taskQueue'>;
  /** What carries out the sends while it holds the lease. */
  begin: (lease: HeldLease) => SendWorker;
  log: Logger;
}

export interface Dispatch {
  /** Whether it does its work: it takes sends, or stands by. */
  isWell(): boolean;
  /** It waits for the sender to be free. */
  standsBy(): boolean;
  /** Resolves when told to stop, once sends under way have ended. Rejects when the queue cannot be polled. */
  run(stop: AbortSignal): Promise<void>;
}

export function createDispatch({ store, sender, holder, worker: common, begin, log }: DispatchOptions): Dispatch {
  let polling: Worker | undefined;
  let standsBy = false;

  /** Sends until the lease is lost or the process is to stop. */
  async function dispatch(lease: HeldLease, stop: AbortSignal): Promise<void> {
    const { activities, close, ended } = begin(lease);
    let worker: Worker | undefined;
    let running: Promise<void> | undefined;
    try {
      worker = await Worker.create({
        ...common,
        taskQueue: sendQueue(sender),
        activities: { ...activities },
        maxConcurrentActivityTaskExecutions: GROUPS_AT_ONCE,
        maxConcurrentActivityTaskPolls: QUESTIONS_AT_ONCE,
      });
      running = worker.run();
      polling = worker;
      log.info({ sender, epoch: lease.epoch }, 'This worker sends from now on');
      await Promise.race([running, lease.lost]);
    } finally {
      polling = undefined;
      const restMs = close();
      if (worker?.getState() === 'RUNNING') worker.shutdown();
      // A successor begins while the last calls of this one wait for their answers.
      await lease.release(restMs);
    }
    if (!stop.aborted) log.warn({ sender, epoch: lease.epoch }, 'Another worker sends: this one stands by');
    await running;
    // Those whose answers outlasted their activities; without MongoDB they never end.
    await Promise.race([ended(), sleep(SEND_ENDS_WITHIN_MS, undefined, { ref: false })]);
  }

  return {
    standsBy: () => standsBy,
    isWell: () => polling === undefined || polls(polling),
    async run(stop) {
      while (!stop.aborted) {
        standsBy = true;
        leaseHeld.set({ sender }, 0);
        const lease = await takeLease({ leases: store.senderLeases, sender, holder, log }, stop);
        standsBy = false;
        if (!lease) continue;
        leaseHeld.set({ sender }, 1);
        await dispatch(lease, stop);
      }
    },
  };
}

/** It takes tasks of the kinds that it has: workflows, activities. */
export function polls(worker: Worker): boolean {
  const { runState, workflowPollerState, activityPollerState } = worker.getStatus();
  return runState === 'RUNNING' && workflowPollerState !== 'FAILED' && activityPollerState === 'POLLING';
}

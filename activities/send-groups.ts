/** Sends as Temporal's activities: in groups, each alive as long as its heart beats. */
import { heartbeat } from '@temporalio/activity';
import type { SendActivities } from './contract';
import { createSend, type SendDependencies } from './send';

const HEARTBEAT_MS = 4_000;

export function createSendActivities(dependencies: SendDependencies): SendActivities {
  const send = createSend(dependencies);

  async function alive<T>(work: () => Promise<T>): Promise<T> {
    const beat = setInterval(() => heartbeat(), HEARTBEAT_MS);
    try {
      return await work();
    } finally {
      clearInterval(beat);
    }
  }

  return {
    sendDeliveries: ({ campaignId, ns }) =>
      alive(async () => {
        // All come to their end, even if one breaks: the next attempt must not meet the claims of a living one.
        const ends = await Promise.allSettled(ns.map((n) => send(campaignId, n)));
        return ends.flatMap((end, index) => {
          if (end.status === 'rejected') throw end.reason;
          return end.value.kind === 'done' ? [] : [{ n: ns[index]!, ...end.value }];
        });
      }),
    sendDelivery: ({ campaignId, n }) => alive(() => send(campaignId, n)),
  };
}

/** Sends as Temporal's activities: in groups, each alive as long as its heart beats. */
import { setMaxListeners } from 'node:events';
import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { laterOf, type Witness } from '../domain/story/restored';
import { createCampaignReader, createRestoreCheck } from '../sending/campaign-check';
import type { SendActivities } from './contract';
import { createSend, type SendDependencies, type Sending } from '../sending/send';

const HEARTBEAT_MS = 1_500;

export interface SendWorker extends Pick<Sending, 'close'> {
  activities: SendActivities;
}

export function createSendActivities(dependencies: SendDependencies): SendWorker {
  const { send, close } = createSend(dependencies);
  const readCampaign = createCampaignReader(dependencies.store.campaigns);
  const restoreCheck = createRestoreCheck(dependencies.store);

  async function alive<T>(work: () => Promise<T>): Promise<T> {
    // Each send of a group listens to it; Node would warn of a leak from the eleventh on.
    setMaxListeners(0, cancellationSignal());
    const beat = setInterval(() => heartbeat(), HEARTBEAT_MS);
    try {
      return await work();
    } finally {
      clearInterval(beat);
    }
  }

  const activities: SendActivities = {
    sendDeliveries: ({ campaignId, ns, ...remembered }) =>
      alive(async () => {
        const trouble = await restoreCheck(await readCampaign(campaignId), remembered);
        if (trouble) return { open: ns.map((n) => ({ n, kind: 'stop', ...trouble })) };
        let latest: Witness | undefined;
        const claimed = (claim: Witness): void => void (latest = laterOf(latest, claim));
        // Let all finish, even if one throws: the next attempt must not find the claims of a living one.
        const ends = await Promise.allSettled(ns.map((n) => send(campaignId, n, claimed)));
        const open = ends.flatMap((end, index) => {
          if (end.status === 'rejected') throw end.reason;
          return end.value.kind === 'done' ? [] : [{ n: ns[index]!, ...end.value }];
        });
        return { open, ...(latest && { latest }), ...(activityInfo().attempt === 1 && { first: true as const }) };
      }),
    sendDelivery: ({ campaignId, n }) => alive(() => send(campaignId, n)),
  };
  return { activities, close };
}

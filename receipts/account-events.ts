/** Handles Gupshup's reports about the account (gupshup.md#other-events): the messaging limit, what ends all sending, and what the team must hear of. */
import type { CampaignStopper } from '../campaigns/stop-campaigns';
import { accountCondition } from '../domain/alerts';
import { tierLimit } from '../domain/messaging-limit';
import { trouble } from '../domain/story/trouble';
import type { Store } from '../store/connect';
import type { EventOf } from './waiting';

interface AccountEvents {
  /** Of a sender's app. Safe to repeat. */
  apply(event: EventOf<'account'>, sender: string): Promise<void>;
}

export function createAccountEvents({
  store,
  stopCampaigns,
}: {
  store: Pick<Store, 'alerts' | 'messaging'>;
  stopCampaigns: CampaignStopper;
}): AccountEvents {
  const { alerts, messaging } = store;

  async function applyLimit(limit: number, { status, at }: EventOf<'account'>): Promise<void> {
    // Raised before it is written: a repeat after a crash would find no difference.
    const isLower = status === 'DOWNGRADE' || limit < (await messaging.rules()).limit;
    const condition = { is: isLower ? String(limit) : 'higher', at };
    await alerts.raise({ kind: 'tier', subject: 'portfolio', condition, data: { limit } });
    await messaging.report(limit);
  }

  return {
    async apply(event, sender) {
      const { status, restrictions, at } = event;
      const limit = event.limit ? tierLimit(event.limit) : undefined;
      if (limit !== undefined) await applyLimit(limit, event);
      if (isStopping(event)) {
        const what = `${event.event} ${status ?? ''}`.trim();
        await stopCampaigns.ofSender(sender, { ...trouble('account_event', { event: what }), at });
      }
      // After the campaigns are paused, so that the alert can name them.
      const account = accountCondition(status);
      if (account !== undefined) {
        const data = { sender, ...(restrictions && { restrictions }) };
        await alerts.raise({ kind: 'account', subject: sender, condition: { is: account, at }, data });
      }
      if (status === 'FLAGGED') await stopCampaigns.goingFrom(sender, { ...trouble('number_flagged', { sender }), at });
      if (status === 'FLAGGED' || status === 'UNFLAGGED') {
        await alerts.raise({ kind: 'number', subject: sender, condition: { is: status, at }, data: { sender } });
      }
    },
  };
}

/** Account events that end all sending. */
function isStopping({ status = '', restrictions = [] }: EventOf<'account'>): boolean {
  return (
    ['DISABLE', 'ACCOUNT_DISABLE', 'ACCOUNT_VIOLATION'].includes(status) ||
    restrictions.includes('RESTRICTED_BIZ_INITIATED_MESSAGING')
  );
}

/**
 * Shares amoCRM's rate among all processes of an account, through slots in the store, and its block, which stops them
 * all.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { crmBlocked } from '../../clients/amocrm/error';
import { BLOCK_REST_MS, type Pace } from '../../clients/amocrm/pace';
import type { CrmAccountStore } from '../../store/crm-accounts';

interface SharedPaceOptions {
  /** Address of the account. */
  account: string;
  requestsPerSecond: number;
  accounts: Pick<CrmAccountStore, 'takeSlot' | 'holdBack' | 'trouble' | 'raise' | 'clear'>;
  /** How long a blocked account is left alone. */
  restMs?: number;
}

export function createSharedPace(options: SharedPaceOptions): Pace {
  const { account, accounts, requestsPerSecond, restMs = BLOCK_REST_MS } = options;
  const intervalMs = 1000 / requestsPerSecond;
  let wasBlocked = false;
  let tail: Promise<void> = Promise.resolve();

  async function wait(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    // Counted from the answer's arrival, so that no call is early: the network delay is lost, not gained.
    const ms = await accounts.takeSlot(account, intervalMs);
    if (ms > 0) await sleep(Math.ceil(ms), undefined, signal ? { signal } : {});
    const block = await accounts.trouble(account, 'blocked');
    wasBlocked = block !== undefined;
    if (block && (!block.until || block.until.getTime() > Date.now())) throw crmBlocked();
  }

  return {
    turn(signal) {
      // One slot at a time: a slot taken long before its turn would miss a later hold.
      const mine = tail.then(() => wait(signal));
      tail = mine.catch(() => undefined);
      return mine;
    },
    hold: (ms) => accounts.holdBack(account, ms),
    block: () => {
      const now = Date.now();
      const until = new Date(now + restMs);
      return accounts.raise(account, { kind: 'blocked', detail: 'HTTP 403', at: new Date(now), until });
    },
    passed: async () => {
      if (!wasBlocked) return;
      wasBlocked = false;
      await accounts.clear(account, 'blocked');
    },
  };
}

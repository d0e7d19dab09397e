/** Wraps a long-lived token: when amoCRM rejects it, no process can renew it, so people must be told. */
import type { TokenProvider } from '../../clients/amocrm/api';
import { crmUnauthorised } from '../../clients/amocrm/error';
import { BLOCK_REST_MS, type Pace } from '../../clients/amocrm/pace';
import type { CrmAccountStore } from '../../store/crm-accounts';

const REJECTED = 'AMOCRM_TOKEN is expired, revoked or of another account';

interface FixedTokenOptions {
  /** Address of the account. */
  account: string;
  token: string;
  pace: Pace;
  accounts: Pick<CrmAccountStore, 'raise' | 'clear'>;
  /** How long to wait before trying a rejected token again. */
  restMs?: number;
}

/** The token provider, and a pace that notices when the token is accepted again: the trouble is then over. */
export function createFixedToken(options: FixedTokenOptions): { token: TokenProvider; pace: Pace } {
  const { account, token, pace, accounts, restMs = BLOCK_REST_MS } = options;
  let rejectedUntil = 0;
  let isTaken = false;
  return {
    token: {
      token: async () => {
        if (Date.now() < rejectedUntil) throw crmUnauthorised(REJECTED);
        return token;
      },
      refresh: async () => {
        isTaken = false;
        rejectedUntil = Date.now() + restMs;
        await accounts.raise(account, { kind: 'unauthorised', detail: REJECTED, at: new Date() });
        throw crmUnauthorised(REJECTED);
      },
    },
    pace: {
      ...pace,
      passed: async () => {
        await pace.passed();
        if (isTaken) return;
        isTaken = true;
        await accounts.clear(account, 'unauthorised');
      },
    },
  };
}

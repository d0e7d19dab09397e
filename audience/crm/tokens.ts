/**
 * Shares OAuth's token pair among all processes. A refresh token works once, so only the holder of a lease uses it, and
 * the new pair is stored in one durable write before any process uses it (amocrm.md#authorization).
 *
 * One gap cannot be closed: if a process dies between amoCRM's answer and that write, the new pair is lost, and amoCRM
 * cannot provide it again. So the pair is renewed long before its access token expires: the old access token still
 * works, and the admins, who are told at once, have hours to grant access again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { nanoid } from 'nanoid';
import type { TokenProvider } from '../../clients/amocrm/api';
import { AmocrmError, crmUnauthorised } from '../../clients/amocrm/error';
import { TOKEN_TIMEOUT_MS, type AmocrmOAuth } from '../../clients/amocrm/oauth';
import type { Pace } from '../../clients/amocrm/pace';
import type { CrmAccountStore, CrmTokens } from '../../store/crm-accounts';

interface SharedTokensOptions {
  /** Address of the account. */
  account: string;
  oauth: Pick<AmocrmOAuth, 'refresh'>;
  pace: Pick<Pace, 'turn'>;
  accounts: CrmAccountStore;
}

/** Renew when less than this share of the access token's life is left: the last six of 24 hours. */
const RENEW_IN_LAST = 0.25;
/** Longer than a refresh with its write. After a crash the others wait this long. */
const LEASE_MS = 2 * TOKEN_TIMEOUT_MS;
const POLL_MS = 100;
/** Wait after a refresh that failed temporarily, while the access token is still valid (ms). */
const TRY_AGAIN_MS = 60_000;

/** Both functions throw AmocrmError `crm_authorise_again` when access is missing or lost. */
export function createSharedTokens({ account, oauth, pace, accounts }: SharedTokensOptions): TokenProvider {
  let notBefore = 0;

  async function kept(): Promise<CrmTokens> {
    const tokens = await accounts.tokens(account);
    if (!tokens) throw crmUnauthorised('nobody has agreed yet');
    return tokens;
  }

  /** The stored pair once it differs from `old`, renewed by this or another process. */
  async function renewed(old: CrmTokens): Promise<CrmTokens> {
    for (;;) {
      const tokens = await kept();
      if (tokens.accessToken !== old.accessToken) return tokens;
      const trouble = await accounts.trouble(account, 'unauthorised');
      if (trouble) throw crmUnauthorised(trouble.detail);
      const fresh = await renew(old);
      if (fresh) return fresh;
      await sleep(POLL_MS);
    }
  }

  /** Undefined while another process is renewing. */
  async function renew(old: CrmTokens): Promise<CrmTokens | undefined> {
    // Unique per call: two callers in this process also compete.
    const holder = nanoid();
    if (!(await accounts.lease(account, holder, LEASE_MS))) return undefined;
    try {
      await pace.turn();
      const tokens = await kept();
      if (tokens.accessToken !== old.accessToken) return tokens;
      // Waiting for the turn may have taken long.
      if (!(await accounts.lease(account, holder, LEASE_MS))) return undefined;
      const pair = await oauth.refresh(old.refreshToken);
      // False: an admin has granted access again meanwhile, and that pair is newer.
      return (await accounts.saveTokens(account, pair, old.refreshToken)) ? pair : await kept();
    } catch (error) {
      if (isUnauthorised(error)) return await afterRefusal(old, error);
      throw error;
    } finally {
      await accounts.release(account, holder);
    }
  }

  /**
   * The refresh token is used or revoked. The process that used it may have stored a pair; otherwise access is lost.
   */
  async function afterRefusal(old: CrmTokens, error: AmocrmError): Promise<CrmTokens> {
    const tokens = await kept();
    if (tokens.accessToken !== old.accessToken) return tokens;
    const { values } = error.refusal;
    const detail = 'detail' in values ? (values.detail ?? '') : '';
    await accounts.raise(account, { kind: 'unauthorised', detail, at: new Date() });
    throw error;
  }

  return {
    async token() {
      const tokens = await kept();
      const now = Date.now();
      const life = tokens.expiresAt.getTime() - tokens.obtainedAt.getTime();
      const left = tokens.expiresAt.getTime() - now;
      if (left > life * RENEW_IN_LAST) return tokens.accessToken;
      if (left <= 0) return (await renewed(tokens)).accessToken;
      // Still valid: the lease holder renews it, the others need not wait.
      if (now < notBefore || (await accounts.trouble(account, 'unauthorised'))) return tokens.accessToken;
      try {
        return ((await renew(tokens)) ?? tokens).accessToken;
      } catch (error) {
        if (!(error instanceof AmocrmError)) throw error;
        notBefore = now + TRY_AGAIN_MS;
        return tokens.accessToken;
      }
    },
    async refresh(rejected) {
      const tokens = await kept();
      return tokens.accessToken === rejected ? (await renewed(tokens)).accessToken : tokens.accessToken;
    },
  };
}

function isUnauthorised(error: unknown): error is AmocrmError {
  return error instanceof AmocrmError && error.refusal.code === 'crm_authorise_again';
}

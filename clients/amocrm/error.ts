/** What amoCRM says "no" with, in words an admin can act on. */
import { explain, type Refusal } from '../../config/errors';

/** A call of amoCRM that failed for good: the retries are behind it. `refusal` is the sentence for the user. */
export class AmocrmError extends Error {
  constructor(
    readonly refusal: Refusal,
    cause?: unknown,
  ) {
    super(explain(refusal, 'en'), { cause });
    this.name = 'AmocrmError';
  }
}

/** A write that was sent and not answered: amoCRM may have done it. Look before doing it again. */
export class AmocrmUnansweredError extends AmocrmError {}

/** Some items of a write are wrong: what is, by the item's `request_id`. Nothing was written. */
export class AmocrmInvalidError extends AmocrmError {
  constructor(
    refusal: Refusal,
    readonly problems: ReadonlyMap<string, string>,
    cause?: unknown,
  ) {
    super(refusal, cause);
  }
}

export function crmRefused(status: number, detail: string, cause?: unknown): AmocrmError {
  return new AmocrmError({ code: 'crm_refused', values: { status, detail } }, cause);
}

export function crmUnreachable(detail: string, cause?: unknown): AmocrmError {
  return new AmocrmError({ code: 'crm_unreachable', values: { detail } }, cause);
}

/** The block for repeated breaches of the rate (amocrm.md#errors-and-limits): only people can end it. */
export function crmBlocked(cause?: unknown): AmocrmError {
  return crmRefused(
    403,
    'amoCRM has blocked the API of this account; nothing more is asked of it. Write to amoCRM support',
    cause,
  );
}

/** The integration has no access, or no longer: an admin has to agree again. */
export function crmUnauthorised(detail: string, cause?: unknown): AmocrmError {
  return new AmocrmError({ code: 'crm_authorise_again', values: { detail } }, cause);
}

/** No setting of amoCRM is given. */
export function crmNotSet(): AmocrmError {
  return new AmocrmError({ code: 'crm_not_set', values: {} });
}

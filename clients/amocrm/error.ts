/** amoCRM's refusals, in words an admin can act on. */
import { explain, type Refusal } from '../../config/errors';

/** A call to amoCRM that failed for good, after all retries. `refusal` is the sentence for the user. */
export class AmocrmError extends Error {
  constructor(
    readonly refusal: Refusal,
    cause?: unknown,
  ) {
    super(explain(refusal, 'en'), { cause });
    this.name = 'AmocrmError';
  }
}

/** A write that was sent but not answered: amoCRM may have done it. Check before repeating it. */
export class AmocrmUnansweredError extends AmocrmError {}

/** Some items of a write are invalid: the errors, by the item's `request_id`. Nothing was written. */
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

/** The block for repeatedly exceeding the rate (amocrm.md#errors-and-limits): only people can end it. */
export function crmBlocked(cause?: unknown): AmocrmError {
  return crmRefused(
    403,
    'amoCRM has blocked the API of this account; nothing more is asked of it. Write to amoCRM support',
    cause,
  );
}

/** The integration has no access, or has lost it: an admin must grant it again. */
export function crmUnauthorised(detail: string, cause?: unknown): AmocrmError {
  return new AmocrmError({ code: 'crm_authorise_again', values: { detail } }, cause);
}

/** amoCRM is not configured. */
export function crmNotSet(): AmocrmError {
  return new AmocrmError({ code: 'crm_not_set', values: {} });
}

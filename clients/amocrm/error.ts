/** What amoCRM says "no" with, in words an admin can act on. */
import { explain, type Refusal } from '../../config/errors';

/** A read of amoCRM that failed for good: the retries are behind it. `refusal` is the sentence for the user. */
export class AmocrmError extends Error {
  constructor(
    readonly refusal: Refusal,
    cause?: unknown,
  ) {
    super(explain(refusal, 'en'), { cause });
    this.name = 'AmocrmError';
  }
}

export function crmRefused(status: number, detail: string, cause?: unknown): AmocrmError {
  return new AmocrmError({ code: 'crm_refused', values: { status, detail } }, cause);
}

export function crmUnreachable(detail: string, cause?: unknown): AmocrmError {
  return new AmocrmError({ code: 'crm_unreachable', values: { detail } }, cause);
}

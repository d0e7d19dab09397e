/** Parses amoCRM's refusals and gives advice for each (amocrm.md#errors-and-limits). */
import { z } from 'zod';
import { redactText } from '../../config/logger';
import type { RefusedError } from '../http';

/** The errors in one item of a write. */
const itemProblems = z.object({
  request_id: z.coerce.string(),
  errors: z.array(z.object({ path: z.string().catch(''), detail: z.string().catch('') })).catch([]),
});

const problemSchema = z.object({
  detail: z.string().catch(''),
  title: z.string().catch(''),
  /** From the token endpoint. */
  hint: z.string().catch(''),
  retry_after: z.number().catch(0),
  'validation-errors': z.array(itemProblems).catch([]),
});

/** Undefined for an HTML page of the gateway, and anything else that is not a JSON object. */
export function problemOf(error: RefusedError): z.output<typeof problemSchema> | undefined {
  return problemSchema.safeParse(error.json).data;
}

/** From a 400: the error of each item, by its `request_id`. */
export function invalidItems(error: RefusedError): Map<string, string> {
  const items = problemOf(error)?.['validation-errors'] ?? [];
  return new Map(
    items.map(({ request_id, errors }) => [
      request_id,
      errors.map(({ path, detail }) => redactText(`${path}: ${detail}`)).join('; '),
    ]),
  );
}

/** amoCRM's own text, and what the admin can do. */
export function adviceFor(status: number, detail: string): string {
  const advice: Record<number, string> = {
    401: 'the token is expired, revoked or of another account; make a new one and set AMOCRM_TOKEN, or authorise again',
    402: 'the amoCRM subscription has ended; pay it',
    403: 'the token has no right to this; give it one in amoCRM',
    404: 'not found; check AMOCRM_BASE_URL',
    429: 'too many requests, also after waiting; try later',
  };
  return [detail, advice[status]].filter(Boolean).join(': ') || 'no reason given';
}

/**
 * Rules shared by all writes: array or object, at most 250 items, errors by request_id, a 504 for large batches
 * (amocrm.md#collections, amocrm.md#errors-and-limits).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { AmocrmContext } from './context';
import { Problem, sendGatewayPage, validationProblem, type FieldError } from './problems';

const MOST_ITEMS = 250;

/** An item with its request_id: the given one, or its index as text. */
export type Item<T> = T & { request_id: string };

/**
 * Reads a write's body: an array on a collection, an object on one record. Undefined when a gateway timeout has
 * been answered. Throws `Problem` 400 or 422.
 */
export function readItems<T extends z.ZodType<object>>(
  { state }: AmocrmContext, schema: T, request: FastifyRequest, reply: FastifyReply, kind: 'array' | 'object',
): Item<z.output<T>>[] | undefined {
  const { body } = request;
  if (body === undefined || body === null || (Array.isArray(body) && body.length === 0)) {
    throw new Problem(400, 'Request data can not be empty');
  }
  if (Array.isArray(body) !== (kind === 'array') || typeof body !== 'object') {
    throw validationProblem(
      new Map([['0', [{ code: 'InvalidType', path: '', detail: `This value should be of type ${kind}.` }]]]),
    );
  }
  const given = (Array.isArray(body) ? body : [body]) as unknown[];
  if (given.length > MOST_ITEMS) throw new Problem(422, 'Limit 250 per page');
  if (given.length > state.value.settings.gatewayTimeoutOver) {
    sendGatewayPage(reply, 504);
    return undefined;
  }
  const errors = new Map<string, FieldError[]>();
  const items = given.flatMap((item, index) => {
    const requestId = String((item as { request_id?: unknown } | null)?.request_id ?? index);
    const result = schema.safeParse(item);
    if (result.success) return [{ ...result.data, request_id: requestId } as Item<z.output<T>>];
    errors.set(requestId, result.error.issues.flatMap(fieldErrors));
    return [];
  });
  if (errors.size > 0) throw validationProblem(errors);
  return items;
} // prettier-ignore

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'NotSupportedChoice',
      path: path ? `${path}.${key}` : key,
      detail: 'This field was not expected.',
    }));
  }
  if (issue.code === 'custom') return [{ code: 'NotSupportedChoice', path, detail: issue.message }];
  return [{ code: 'InvalidType', path, detail: issue.message }];
}

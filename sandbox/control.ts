/** Helpers of all control routes: strict reading of input, and refusals that say what was expected. */
import type { z } from 'zod';

/** An error that Fastify answers with this status and a sentence. */
export function refuseControl(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}

/** Validates a query or body; throws a refusal with 400 that names each wrong field. */
export function parse<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'input'}: ${message}`);
  throw refuseControl(400, problems.join('; '));
}

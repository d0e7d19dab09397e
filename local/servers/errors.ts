/**
 * Failures whose message is written for the user: what, where, why, what to do. They are shown without a stack trace.
 */
export class ExplainedError extends Error {
  override name = 'ExplainedError';
}

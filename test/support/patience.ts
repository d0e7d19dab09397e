/**
 * How patient the tests are. A wait has ended when its condition holds; its limit only says when to give up, so in CI,
 * where several suites share a slow machine, every limit is a multiple of what a developer wants to wait for a failure.
 */
export const PATIENCE = process.env['CI'] ? 4 : 1;

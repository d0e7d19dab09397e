/** What the worker registers. */
export { campaign } from './campaign';

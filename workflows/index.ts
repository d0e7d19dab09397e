/** What the worker registers. */
export { campaign } from './campaign';
export { fireSeries } from './series';
export { writeBack } from './write-back';

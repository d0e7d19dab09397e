/** What the worker registers. */
export { campaign } from './campaign';
export { closeAbandoned } from './close-abandoned';
export { fireSeries } from './series';
export { writeBack } from './write-back';

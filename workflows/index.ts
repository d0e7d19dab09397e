/** What the worker registers. */
export { campaign } from './campaign';
export { followUps } from './follow-ups';
export { closeAbandoned } from './close-abandoned';
export { results, resultsNow } from './results';
export { fireSeries, tellLeftOut } from './series';
export { writeBack } from './write-back';

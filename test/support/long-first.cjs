// The order of the test files: long ones first, so that none is left to run alone at the end while a core idles; and by
// turns those that mostly wait and those that work, so that the one runs beside the other.
const { default: Sequencer } = require('@jest/test-sequencer');

/** Whole roads wait for real time: for leases, receipts, timers of Temporal. */
const WAITS = /[\\/]test[\\/](road[\\/]|e2e[\\/]|campaigns[\\/]series-watch)/;
/** Longer than their files are: jest takes a file that it has not timed by its size. */
const LONG =
  /[\\/](road|e2e|workflows|docker|bench)[\\/]|[\\/](series-watch|bounded|hostile|holders|main|database-away|stack)\.test/;

module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests).toSorted((a, b) => Number(LONG.test(b.path)) - Number(LONG.test(a.path)));
    const [waiting, working] = [true, false].map((waits) => sorted.filter(({ path }) => WAITS.test(path) === waits));
    const turns = Array.from({ length: Math.max(waiting.length, working.length) }, (_, turn) => turn);
    return turns.flatMap((turn) => [...waiting.slice(turn, turn + 1), ...working.slice(turn, turn + 1)]);
  }
};

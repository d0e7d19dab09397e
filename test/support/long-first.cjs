// The order of the test files: the longest first, so that none is left to run alone at the end while a core idles.
const { default: Sequencer } = require('@jest/test-sequencer');

/** Whole roads wait for real time; their files are short, and jest takes a file that it has not timed by its size. */
const LONG = /[\\/]test[\\/](road|e2e)[\\/]/;

module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => Number(LONG.test(b.path)) - Number(LONG.test(a.path)));
  }
};

// Says at the end of a long run which suites and tests took longest: that is where to look when the whole takes too long.
const { relative } = require('node:path');

/** Of fewer suites jest's own lines are enough. */
const FROM_SUITES = 20;
const SHOWN = 15;
const seconds = (ms) => `${(ms / 1000).toFixed(1).padStart(6)} s`;
const slowest = (list) => list.toSorted((a, b) => b.ms - a.ms).slice(0, SHOWN);

module.exports = class Slowest {
  onRunComplete(_contexts, { testResults }) {
    if (testResults.length < FROM_SUITES) return;
    const suites = testResults.map(({ testFilePath, perfStats }) => ({
      ms: perfStats.runtime,
      name: relative(process.cwd(), testFilePath),
    }));
    const tests = testResults.flatMap(({ testFilePath, testResults: own }) =>
      own.map(({ duration, fullName }) => ({
        ms: duration ?? 0,
        name: `${relative(process.cwd(), testFilePath)}: ${fullName}`,
      })),
    );
    const lines = [
      `All suites together ${seconds(suites.reduce((sum, { ms }) => sum + ms, 0)).trim()}. The slowest suites:`,
      ...slowest(suites).map(({ ms, name }) => `${seconds(ms)}  ${name}`),
      'The slowest tests:',
      ...slowest(tests).map(({ ms, name }) => `${seconds(ms)}  ${name}`),
    ];
    process.stderr.write(`\n${lines.join('\n')}\n`);
  }
};

// Jest: TypeScript by swc; real servers are started once for the whole run (test/support/global-setup.ts).
/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.ts',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testSequencer: '<rootDir>/test/support/long-first.cjs',
  reporters: ['default', '<rootDir>/test/support/slowest.cjs'],
  // Four times as long in CI (test/support/environment.ts).
  testTimeout: 60_000,
  // On two cores: a good part of the tests waits, for servers, leases, receipts. In CI the checks run beside them, and the
  // machine may be a slow one: what holds times and rates fails there first.
  maxWorkers: process.env.CI ? 2 : 3,
  // Of tests that wait for most of their time (test.concurrent).
  maxConcurrency: 3,
  watchman: false,
};

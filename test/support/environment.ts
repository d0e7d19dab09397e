/**
 * Where a test file runs: Node, with a folder for temporary files of its own that goes when the file has ended, and so
 * does whatever its tests and the processes they start have left in there.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';
import { AT_END_OF_FILE } from './at-end-of-file';
import { TEST_FOLDER } from './leftover-folders';
import { PATIENCE } from './patience';

type Arguments = ConstructorParameters<typeof TestEnvironment>;

interface Limited {
  timeout?: number | null;
}

/** What is read of jest-circus' events. */
interface TestEvent {
  name: string;
  testName?: string;
  fn?: { length: number };
  /** `timeout` (ms) if it names one of its own. */
  test?: Limited;
  hook?: Limited;
}

interface TestState {
  /** Of tests and hooks that name none (ms): `jest.setTimeout` of the file, or the configured one. */
  testTimeout: number;
}

/** What all share: tsx keeps what it has compiled in the folder for temporary files. */
const SHARED = `tsx-${process.geteuid?.() ?? userInfo().username}`;

export default class OwnTemporaryFolder extends TestEnvironment {
  private readonly usual: string | undefined;
  private readonly folder: string;
  /** Tests and hooks whose limit has grown. */
  private readonly patient = new WeakSet<Limited>();

  constructor(...[config, context]: Arguments) {
    const usual = process.env['TMPDIR'];
    const folder = mkdtempSync(join(tmpdir(), `${TEST_FOLDER}${process.pid}-`));
    mkdirSync(join(tmpdir(), SHARED), { recursive: true });
    symlinkSync(join(tmpdir(), SHARED), join(folder, SHARED));
    // Before the environment is made: it copies these variables for the tests.
    process.env['TMPDIR'] = folder;
    super(config, context);
    this.usual = usual;
    this.folder = folder;
  }

  /**
   * The limit of all tests, and that of a file's, test's or hook's own, grow with the patience.
   *
   * No test takes `done`: `test.each` hands it to a test with more parameters than its row has values, which then waits
   * for a call that never comes.
   */
  handleTestEvent(event: TestEvent, state: TestState): void {
    if (event.name === 'run_start') state.testTimeout *= PATIENCE;
    for (const limited of [event.test, event.hook]) {
      if (!limited?.timeout || this.patient.has(limited)) continue;
      limited.timeout *= PATIENCE;
      this.patient.add(limited);
    }
    if (event.name !== 'add_test' || !event.fn?.length) return;
    throw new Error(
      `"${event.testName}" takes more parameters than its row has values; take the last ones as ...[rest]`,
    );
  }

  override async teardown(): Promise<void> {
    await (this.global as { [AT_END_OF_FILE]?: () => Promise<unknown> })[AT_END_OF_FILE]?.();
    await super.teardown();
    if (this.usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = this.usual;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

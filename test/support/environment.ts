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

type Arguments = ConstructorParameters<typeof TestEnvironment>;

/** What all share: tsx keeps what it has compiled in the folder for temporary files. */
const SHARED = `tsx-${process.geteuid?.() ?? userInfo().username}`;

export default class OwnTemporaryFolder extends TestEnvironment {
  private readonly usual: string | undefined;
  private readonly folder: string;

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
   * No test takes `done`: `test.each` hands it to a test with more parameters than its row has values, which then waits
   * for a call that never comes.
   */
  handleTestEvent(event: { name: string; testName?: string; fn?: { length: number } }): void {
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

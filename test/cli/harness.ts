/** Runs the console tool: inside the test with captured streams, or as the process that a user starts. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { run } from '../../cli/run-command-line';

export interface Outcome {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

/** A home where no stack runs. */
export const emptyHome = (): string => mkdtempSync(join(tmpdir(), 'bobcofer-cli-'));

/** Settings as of services elsewhere; nothing listens at Temporal, Gupshup and amoCRM. */
export function settingsFor(mongodbUri: string): Record<string, string> {
  return {
    MONGODB_URI: mongodbUri,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    GUPSHUP_BASE_URL: 'http://127.0.0.1:1',
    GUPSHUP_API_KEY: 'key',
    GUPSHUP_APP_NAME: 'DemoApp',
    GUPSHUP_APP_ID: 'app',
    GUPSHUP_SOURCE: '79000000000',
    AMOCRM_BASE_URL: 'http://127.0.0.1:1',
    AMOCRM_TOKEN: 'token',
    BOBCOFER_HOME: emptyHome(),
  };
}

/**
 * Loads what commands load when they need it. For files whose tests run at the same time (`test.concurrent`): once the
 * first of them has ended, jest lets the others load nothing more.
 */
export const loadCommands = (): Promise<unknown> =>
  Promise.all([
    ...[import('../../audience/crm/connection'), import('../../clients/gupshup/senders')],
    ...[
      import('../../campaigns/adopt'),
      import('../../campaigns/rate-cards'),
      import('../../campaigns/after-restore'),
      import('../../campaigns/catalogue'),
    ],
    ...[import('../../campaigns/service'), import('../../campaigns/service-settings')],
    ...[import('../../campaigns/temporal'), import('../../config/prices'), import('../../report/reports')],
    ...[import('../../store/binding'), import('../../store/connect'), import('../../store/heartbeats')],
  ]);

/** In this process; `columns` makes standard output a screen. */
export async function runHere(
  words: string[],
  environment: Record<string, string> = {},
  columns?: number,
): Promise<Outcome> {
  const [stdout, stderr] = [capture(columns), capture()];
  const exitCode = await run({ words, stdout, stderr, environment: { BOBCOFER_HOME: emptyHome(), ...environment } });
  return { stdout: stdout.text(), stderr: stderr.text(), exitCode };
}

/** As `npm run cli -- …` does, in an empty folder. Rejects when it does not end within the limit. */
export function runProcess(words: string[], environment: Record<string, string> = {}): Promise<Outcome> {
  const home = emptyHome();
  const main = resolve(__dirname, '../../cli/main.ts');
  const child = spawn(process.execPath, [require.resolve('tsx/cli'), main, ...words], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, BOBCOFER_HOME: home, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 25_000,
  });
  const [stdout, stderr] = [capture(), capture()];
  child.stdout.pipe(stdout);
  child.stderr.pipe(stderr);
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (exitCode) => done({ stdout: stdout.text(), stderr: stderr.text(), exitCode }));
  });
}

function capture(columns?: number): Writable & { text(): string; isTTY?: boolean; columns?: number } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return Object.assign(stream, {
    text: () => Buffer.concat(chunks).toString('utf8'),
    ...(columns !== undefined && { isTTY: true, columns }),
  });
}

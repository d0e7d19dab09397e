import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createProgress } from '../../local/progress';

const PACKAGE = JSON.parse(readFileSync(resolve(__dirname, '../../package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const BOOTSTRAP = resolve(__dirname, '../../local/bootstrap.mjs');
let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'bobcofer-start-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Whether the process was given this in its environment. */
function isGiven(pid: string, text: string): boolean {
  try {
    return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text);
  } catch {
    return false;
  }
}

/** Runs `npm start` (or another command) as package.json does, until it ends. */
async function run(
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; out: string; err: string }> {
  const { PATH = '', HOME = '', BOBCOFER_SERVERS = '' } = process.env;
  const child = spawn(process.execPath, [BOOTSTRAP, ...args], {
    env: { PATH, HOME, BOBCOFER_SERVERS, BOBCOFER_HOME: home, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, out, err };
}

describe('npm start', () => {
  it('lists all wrong settings together, without a stack trace, before anything is started', async () => {
    const { code, err } = await run(['start'], {
      ADMIN_IDS: 'nobody',
      DEFAULT_COUNTRY: 'Russia',
      TEMPORAL_ADDRESS: 'localhost',
      GUPSHUP_API_KEY: 'a-real-key',
    });
    expect(code).toBe(1);
    const problems = err.split('\n').flatMap((line) => /^ {2}(\w+): /.exec(line)?.[1] ?? []);
    expect(problems.sort()).toEqual([
      'ADMIN_IDS',
      'DEFAULT_COUNTRY',
      // One setting of Gupshup means the real one: the sandbox's values never fill the gaps.
      'GUPSHUP_APP_ID',
      'GUPSHUP_APP_NAME',
      'GUPSHUP_SOURCE',
      'TEMPORAL_ADDRESS',
    ]);
    expect(err).toContain('.env.example explains each.');
    expect(err).not.toMatch(/^\s+at /m);
    expect(err).not.toContain('a-real-key');
  });

  it('says which server does not answer and what to do, and ends with 1', async () => {
    const { code, out, err } = await run(['start'], {
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      MONGODB_URI: process.env['TEST_MONGODB_URI'] ?? '',
    });
    expect(code).toBe(1);
    expect(err).toMatch(/TEMPORAL_ADDRESS=127\.0\.0\.1:1 does not answer .*remove the setting/);
    expect(err).not.toMatch(/^\s+at /m);
    expect(out).not.toContain('Bobcofer is ready');
  });

  it('says on a full disk that it is one, and leaves nothing running', async () => {
    const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', home]).status === 0;
    // Not allowed here: only root may mount.
    if (!isMounted) return;
    try {
      const { code, err } = await run(['start'], {});
      expect(code).toBe(1);
      expect(err).toContain(`The disk of ${home} is full`);
      const running = readdirSync('/proc').filter((pid) => isGiven(pid, `BOBCOFER_HOME=${home}\0`));
      expect(running).toEqual([]);
    } finally {
      spawnSync('umount', ['-l', home]);
    }
  });

  it('refuses an unknown command with exit code 2, and names those that package.json has', async () => {
    const commands = Object.values(PACKAGE.scripts).flatMap(
      (line) => /local\/bootstrap\.mjs (\w+)/.exec(line)?.[1] ?? [],
    );
    expect(commands).toContain('start');
    const { code, err } = await run(['strat'], {});
    expect(code).toBe(2);
    const named = /^Unknown command "strat": expected one of (.+)\.\n$/.exec(err)?.[1]?.split(', ');
    expect(named?.toSorted()).toEqual(commands.toSorted());
  });
});

describe('progress of npm start', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('shows seconds, and says what it still waits for after five seconds of silence', () => {
    const lines: string[] = [];
    const progress = createProgress((line) => lines.push(line));
    progress.report('Temporal: downloading…');
    progress.report('sandbox: starting…');
    jest.advanceTimersByTime(6_000);
    progress.report('sandbox: ready');
    jest.advanceTimersByTime(5_000);
    progress.report('temporal: ready');
    jest.advanceTimersByTime(6_000);
    progress.end();
    jest.advanceTimersByTime(20_000);
    expect(lines).toEqual([
      '   0 s  Temporal: downloading…',
      '   0 s  sandbox: starting…',
      '   5 s  still Temporal: downloading… sandbox: starting…',
      '   6 s  sandbox: ready',
      '  11 s  still Temporal: downloading…',
      '  11 s  temporal: ready',
    ]);
  });
});

/** The bench: its table, and one small section from start to end. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bench, percentile } from '../../bench/figures';

const run = promisify(execFile);
let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'bobcofer-bench-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function runBench(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...args], {
    env: { ...process.env, BOBCOFER_HOME: home },
    timeout: 110_000,
  });
}

test('the table says when and where, and marks what was not kept', () => {
  const figures = [
    { figure: 'rate', measured: '19.6 a second', ratio: { value: 0.98, of: 'cap' }, wanted: { text: '≥ 0.97', met: true } },
    { figure: 'busiest second', measured: '21', wanted: { text: '≤ 20', met: false } },
  ]; // prettier-ignore
  const text = bench([{ section: 'cap-20', load: 1.25, figures }], {
    at: new Date('2026-11-23T05:45:00Z'),
    database: 'MongoDB',
  });
  expect(text).toMatch(/^2026-11-23 05:45 UTC · \d+ cores .*· Node \d+\.\d+\.\d+ · MongoDB$/m);
  expect(text).toContain('| cap-20 | rate | 19.6 a second | 0.98 × cap | ≥ 0.97: yes | 1.3 |');
  expect(text).toContain('| cap-20 | busiest second | 21 |  | ≤ 20: NO | 1.3 |');
});

test('a percentile is one of the values', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 99, 100]);
});

test('a section that does not exist is wrong usage and starts nothing', async () => {
  await expect(runBench('cap-21')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('cap-20') });
  expect(readdirSync(home)).toEqual([]);
});

test('a section measures, prints its rows and leaves nothing running', async () => {
  const { stdout } = await runBench('history', '--quick', '--out');
  expect(stdout).toMatch(/\| history \| history of 200 contacts at 80 a second \| \d\.\d+ events and \d+ bytes a contact \|/);
  expect(readFileSync(join(home, 'bench.md'), 'utf8').trim()).toBe(stdout.trim());
  expect(readdirSync(join(home, 'bench', 'run'))).toEqual([]);
}, 120_000); // prettier-ignore

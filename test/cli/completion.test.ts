/** Completion in a real bash: what is offered after some words. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runHere } from './harness';

let folder: string;
let script: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bobcofer-completion-'));
  writeFileSync(join(folder, 'clients.csv'), '');
  script = join(folder, 'completion.bash');
  const { stdout, exitCode } = await runHere(['completion', 'bash']);
  expect(exitCode).toBe(0);
  writeFileSync(script, stdout);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the last word may become. */
function offered(...words: string[]): string[] {
  const set = `COMP_WORDS=(bobcofer ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}`;
  const call = `source ${script}; ${set}; _bobcofer; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = execFileSync('bash', ['-c', call], { cwd: folder, encoding: 'utf8' });
  return answer.split('\n').filter(Boolean);
}

test.each([
  [['ca'], ['campaign']],
  [
    ['campaign', 'st'],
    ['start', 'status'],
  ],
  [['campaign', 'schedule', 're'], ['resume']],
  [['contact', 'sh'], ['show']],
  [['report', 'abc', '--fo'], ['--format']],
  [
    ['--json', 'report', '--format', ''],
    ['text', 'csv', 'xlsx', 'png'],
  ],
  [['report', '--out', 'cl'], ['clients.csv']],
  [['import-legacy', 'cl'], ['clients.csv']],
  [['report', '--from', ''], []],
  [['completion', ''], expect.arrayContaining(['bash', 'zsh', '--json', '--help'])],
])('completing %j in the shell offers %j', (words, expected) => {
  expect(offered(...words)).toEqual(expected);
});

test('zsh reads the same by its adapter, another shell is wrong usage', async () => {
  expect((await runHere(['completion', 'zsh'])).stdout).toMatch(/^autoload[^]*bashcompinit[^]*complete -o filenames/);
  expect(await runHere(['completion', 'fish'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/bash, zsh/),
  });
});

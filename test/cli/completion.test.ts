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
  // Stands for the program: what the completion asks it for while somebody types.
  const program = `bobcofer() { case "$1 $2" in '__values lists') printf '%s\\n' old 'VIP guests' ;; '__values campaigns') echo 7k2m9xpa ;; esac; }`;
  const call = `${program}; source ${script}; ${set}; _bobcofer; printf '%s\\n' "\${COMPREPLY[@]}"`;
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
  [['campaign', 'create', '--list', 'VIP'], ['VIP guests']],
  [
    ['campaign', 'create', '--exclude-list', ''],
    ['old', 'VIP guests'],
  ],
  [['campaign', 'pause', '7'], ['7k2m9xpa']],
  [['report', '7'], ['7k2m9xpa']],
  [['campaign', 'create', '--outcome', ''], ['7k2m9xpa']],
  [['campaign', 'create', '--note', ''], []],
  [['campaign', 'schedule', 'pause', '7'], []],
  [['__'], []],
  [['completion', ''], expect.arrayContaining(['bash', 'zsh', 'fish', '--json', '--help'])],
])('completing %j in the shell offers %j', (words, expected) => {
  expect(offered(...words)).toEqual(expected);
});

test('zsh reads the same by its adapter, another shell is wrong usage', async () => {
  expect((await runHere(['completion', 'zsh'])).stdout).toMatch(/^autoload[^]*bashcompinit[^]*complete -o filenames/);
  expect(await runHere(['completion', 'csh'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/bash, zsh, fish/),
  });
});

test.each([
  "complete -c bobcofer -n '__bobcofer_at \\'campaign\\'' -a create -d 'create a campaign as a draft'",
  "complete -c bobcofer -n '__bobcofer_at \\'contact\\'' -a show -d 'show what is known about a number: names, tags, suppressions, consents, messages, replies, removals'",
  "complete -c bobcofer -n '__bobcofer_at \\'report\\'' -l format -r -f -a 'text csv xlsx png' -d 'format of the report'",
  "complete -c bobcofer -n '__bobcofer_at \\'report\\'' -l out -r -F -d 'write to this file'",
  "complete -c bobcofer -n '__bobcofer_at \\'campaign pause\\'' -f -a '(bobcofer __values campaigns 2>/dev/null)'",
  "complete -c bobcofer -l json -d 'print exactly one JSON document on standard output'",
])('fish gets %s', async (line) => {
  const { stdout, exitCode } = await runHere(['completion', 'fish']);
  expect(exitCode).toBe(0);
  expect(stdout.split('\n')).toContain(line);
});

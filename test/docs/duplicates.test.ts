/** The product says nothing twice: no six lines of substance stand in two places. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const FOLDERS = [
  ...[
    'activities',
    'audience',
    'bot',
    'campaigns',
    'cli',
    'clients',
    'config',
    'domain',
    'legacy',
    'receipts',
    'report',
  ],
  ...['sending', 'store', 'webhooks', 'worker', 'workflows'],
];
const LINES = 6;
/** Blank lines, comments, imports, and lines of punctuation alone: they are not substance. */
const THIN = /^(?:$|\/\/|\/?\*|import\b|\}? ?from '|type \w+,$|\w+,$|[^\p{L}\p{N}]*$)/u;

interface Line {
  file: string;
  number: number;
  text: string;
}

function linesOf(file: string, source: string): Line[] {
  return source
    .split('\n')
    .map((text, index) => ({ file, number: index + 1, text: text.trim() }))
    .filter(({ text }) => !THIN.test(text));
}

/** The first lines of each run that stands twice, as `file:line ~ file:line`. */
function duplicatesIn(files: readonly Line[][]): string[] {
  const seen = new Map<string, Line>();
  const found: string[] = [];
  for (const lines of files) {
    let reported = -1;
    for (let at = 0; at + LINES <= lines.length; at++) {
      const first = lines[at]!;
      const run = lines.slice(at, at + LINES).map(({ text }) => text).join('\n'); // prettier-ignore
      const before = seen.get(run);
      if (!before) seen.set(run, first);
      else if (at > reported) {
        found.push(`${before.file}:${before.number} ~ ${first.file}:${first.number}`);
        reported = at + LINES - 1;
      }
    }
  }
  return found;
}

test('no six lines of substance stand twice in the product', () => {
  const files = execFileSync('git', ['ls-files', ...FOLDERS.map((folder) => `${folder}/**.ts`)], { cwd: ROOT, encoding: 'utf8' }); // prettier-ignore
  const all = files.trim().split('\n').map((file) => linesOf(file, readFileSync(join(ROOT, file), 'utf8'))); // prettier-ignore
  expect(all.length).toBeGreaterThan(300);
  expect(duplicatesIn(all)).toEqual([]);
});

test('six lines that were copied are found, whatever stands between them, and five are not', () => {
  const body = ['const one = 1;', 'const two = 2;', '', '// why', 'const three = 3;', 'four();', 'five();', 'six();'];
  const [original, copy] = [body.join('\n'), body.map((line) => `  ${line}`).join('\n')];
  expect(duplicatesIn([linesOf('a.ts', original), linesOf('b.ts', `start();\n${copy}`)])).toEqual(['a.ts:1 ~ b.ts:2']);
  expect(duplicatesIn([linesOf('a.ts', original), linesOf('b.ts', copy.replace('six()', 'seven()'))])).toEqual([]);
});

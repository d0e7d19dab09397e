/** Every path of this repository that a page or a comment names exists, so that no reader is sent to a file that has moved. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));
const folders = [...new Set(tracked.filter((file) => file.includes('/')).map((file) => file.split('/')[0] ?? ''))];

// `sending/dispatcher.ts`, `config/locales/*/words.json` or `bot/screens/`, from one of our top folders.
const PATH = new RegExp(
  String.raw`(?<![\w./@-])(?:${folders.map((folder) => folder.replace('.', String.raw`\.`)).join('|')})/` +
    String.raw`(?:[\w.*-]+/)*(?:[\w.*-]+\.(?:ts|js|mjs|cjs|jsonc?|md|sh|py|ya?ml|csv|png|html|env)\b|(?=[\s\x60).,;:]))`,
  'g',
);

/** The changelog tells of files as they were. */
const pages = tracked.filter((file) => file.endsWith('.md') && file !== 'CHANGELOG.md');
const code = tracked.filter((file) => /\.(ts|mjs|cjs|jsonc|yml|sh|py)$/.test(file));

test('files and folders that pages and comments name exist', () => {
  const named = [
    ...pages.flatMap((file) => pathsIn(file, withoutExamples(read(file)))),
    ...code.flatMap((file) => commentsOf(file).flatMap((comment) => pathsIn(file, comment))),
  ];
  expect(named.length).toBeGreaterThan(150);
  expect(named.filter(({ path }) => !exists(path))).toEqual([]);
});

test.each([
  ['see `sending/no-such-file.ts`', ['sending/no-such-file.ts']],
  ['in sending/dispatcher.ts, and bot/screens/.', ['sending/dispatcher.ts', 'bot/screens/']],
  ['config/locales/*/words.json', ['config/locales/*/words.json']],
  ['@scope/bot/x.ts, https://a.b/docs/x.md, dist/cli/main.js, /test/x.ts', []],
])('paths are found in "%s"', (text, paths) => {
  expect(pathsIn('a.ts', text).map(({ path }) => path)).toEqual(paths);
});

function pathsIn(file: string, text: string): { file: string; path: string }[] {
  return [...text.matchAll(PATH)].map(([path]) => ({ file, path }));
}

/** Fenced blocks show commands on files that the reader makes. */
function withoutExamples(page: string): string {
  return page.replace(/^ *```[\s\S]*?^ *```/gm, '');
}

function commentsOf(file: string): string[] {
  const pattern = /\.(ts|mjs|cjs|jsonc)$/.test(file) ? /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm : /(?<=^|\s)#.*$/gm;
  return read(file).match(pattern) ?? [];
}

function exists(path: string): boolean {
  if (!path.includes('*')) return existsSync(join(ROOT, path));
  const parts = path.split('*').map((part) => part.replaceAll('.', String.raw`\.`));
  const pattern = new RegExp(`^${parts.join('[^/]*')}`);
  return tracked.some((file) => pattern.test(file));
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

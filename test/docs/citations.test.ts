/** Every section that a comment or a page cites exists: `gupshup.md#receipts`, and the links between pages. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const ROOT = join(__dirname, '../..');
const PROTOCOLS = 'docs/protocols';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => existsSync(join(ROOT, file)));
const pages = tracked.filter((file) => file.endsWith('.md'));
const code = tracked.filter((file) => /\.(ts|mjs|cjs|js|jsonc|yml|sh)$/.test(file) && !file.includes('/page/js/'));

test('comments cite sections of docs/protocols that exist', () => {
  const cited = code.flatMap((file) =>
    [...read(file).matchAll(/\b(gupshup|whatsapp|amocrm|telegram|temporal|embedded)\.md(#[\w-]+)?/g)].map((match) => ({
      file,
      page: `${PROTOCOLS}/${match[1]}.md`,
      anchor: match[2]?.slice(1),
    })),
  );
  expect(cited.length).toBeGreaterThan(80);
  expect(cited.filter(({ page, anchor }) => !exists(page, anchor))).toEqual([]);
});

test('links between pages lead somewhere', () => {
  const links = pages.flatMap((file) =>
    [...read(file).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([\w-]+))?\)/g)].map((match) => ({
      file,
      page: match[1] ? normalize(join(dirname(file), match[1])) : file,
      anchor: match[2],
    })),
  );
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter(({ page, anchor }) => !exists(page, anchor))).toEqual([]);
});

test('nothing points at sheets that are not in the repository', () => {
  const own = 'test/docs/citations.test.ts';
  const pointing = [...code, ...pages].filter(
    (file) => file !== own && /\bfacts[/:] ?[a-z-]+(\.md)? ?§|\bfacts\/[a-z-]+\.md|\bdesign(\.md)? §/.test(read(file)),
  );
  expect(pointing).toEqual([]);
});

function exists(page: string, anchor: string | undefined): boolean {
  if (!existsSync(join(ROOT, page))) return false;
  return anchor === undefined || !page.endsWith('.md') || anchorsOf(page).has(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): Set<string> {
  const headings = [...read(page).matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1] ?? '');
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

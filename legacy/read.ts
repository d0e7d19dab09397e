/**
 * Reads the older program's folder without changing it. Content decides what a file is; its name only decides between
 * two readings.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { takeAdmins } from './admins';
import { nothingFound, type Finds } from './finds';
import { takeHistory } from './history';
import { takeJobs, type JobContext } from './jobs';
import { besides, parseLocated, plain, type Located } from './located';
import { takeParameters } from './parameters';
import { takePeople } from './people';
import { takeEnv, takeSettings } from './settings';
import { decode, isHeading, readRows } from './table';
import { shown } from './words';

/** Far larger than any known file there. */
const MAX_MEGABYTES = 50;
/** The program's code, and files that only it needed. */
const CODE =
  /\.(py|pyc|sh|md|toml|cfg|ini|lock|yml|yaml|service)$|^(dockerfile|makefile|license|requirements.*\.txt|\.git.*|\.dockerignore)$/i;
const CODE_FOLDER = /^(\.git|__pycache__|\.?venv|node_modules|\.idea|\.vscode)$/;

/** Everything in the folder, file by file in name order. Rejects when the folder does not exist. */
export async function readLegacy(folder: string, context: JobContext): Promise<Finds> {
  const finds = nothingFound();
  for await (const path of filesOf(folder)) {
    const file = relative(folder, path).split(sep).join('/');
    const before = finds.understood.length + finds.remainder.length;
    await readOne(path, file, finds, context);
    if (finds.understood.length + finds.remainder.length === before) {
      finds.remainder.push({ file, value: '', why: 'nothing in it is understood' });
    }
  }
  finds.admins = [...new Set(finds.admins)];
  return finds;
}

async function* filesOf(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const item of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, item.name);
    if (item.isDirectory() && !CODE_FOLDER.test(item.name)) yield* filesOf(path);
    if (item.isFile()) yield path;
  }
}

async function readOne(path: string, file: string, finds: Finds, context: JobContext): Promise<void> {
  const name = basename(file);
  if (CODE.test(name)) {
    finds.understood.push({ file, what: 'code', count: 0, taken: [] });
    return;
  }
  const { size } = await stat(path);
  if (size > MAX_MEGABYTES * 1024 * 1024) {
    finds.remainder.push({ file, value: '', why: `larger than ${MAX_MEGABYTES} MB` });
    return;
  }
  const bytes = await readFile(path);
  if (bytes.includes(0)) {
    finds.remainder.push({ file, value: '', why: 'no text file' });
    return;
  }
  const text = decode(bytes);
  if (text.trim() === '') finds.remainder.push({ file, value: '', why: 'it is empty' });
  else if (/\.env/i.test(name)) takeEnv(file, text, finds);
  else if (extname(name).toLowerCase() === '.json') readJson(file, text, finds, context);
  else if (/\.(csv|txt|tsv)$/i.test(name)) readTable(file, text, finds, context);
  else if (/\.(log|jsonl)(\.|$)/i.test(name)) finds.remainder.push({ file, value: '', why: "the program's own log" });
  else finds.remainder.push({ file, value: '', why: 'a kind of file that is not read: expected JSON, CSV or .env' });
}

function readJson(file: string, text: string, finds: Finds, context: JobContext): void {
  const parsed = parseLocated(text);
  if (!parsed.ok) {
    const { line, why } = parsed;
    finds.remainder.push({ file, line, value: '', why: `broken JSON (${why}): mend the file and import again` });
    return;
  }
  understand(file, parsed.root, basename(file), finds, context);
}

/** `hint`: the name of the file or field, for content with two readings. */
function understand(file: string, root: Located, hint: string, finds: Finds, context: JobContext): void {
  const admins = (): boolean => takeAdmins(file, root, finds);
  const people = (): boolean => takePeople(file, root, finds, context.country);
  const jobs = (): boolean => takeJobs(file, root, finds, context);
  const parameters = (): boolean => takeParameters(file, root, finds);
  const settings = (): boolean =>
    root.kind !== 'array' &&
    takeSettings(file, root, finds, (node, key) => understand(file, node, key, finds, context));
  const isAdmins = /admin|owner|user|role/i.test(hint);
  // Jobs alone may have a zone or a language, which a setting has too; beside jobs there may be settings.
  const first = besides(root).length === 0 ? [jobs, settings] : [settings, jobs];
  const order = isAdmins ? [admins, settings, jobs, people] : [...first, people, parameters, admins];
  if (order.some((take) => take())) return;
  const why = 'neither settings, admins, people, parameters nor jobs';
  finds.remainder.push({ file, line: root.line, value: shown(undefined, plain(root)), why });
}

function readTable(file: string, text: string, finds: Finds, context: JobContext): void {
  const rows = readRows(text);
  if (takeHistory(file, rows, finds, context)) return;
  const [first] = rows;
  if (!first) return;
  const heading = isHeading(first) ? first.cells : undefined;
  const items = (heading ? rows.slice(1) : rows).map(({ line, cells }): Located => {
    const entries = cells.map((value, at): [string, Located] => {
      return [heading?.[at] || String(at + 1), { line, kind: 'scalar', value }];
    });
    return { line, kind: 'object', entries };
  });
  const people = { line: first.line, kind: 'array', items } as const;
  if (takePeople(file, people, finds, context.country)) return;
  finds.remainder.push({
    file,
    line: first.line,
    value: shown(undefined, first.cells.join(', ')),
    why: 'a table without phones',
  });
}

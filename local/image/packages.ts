/** Copies the packages that the image's programs load, and nothing that only a development machine needs. */
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Dependencies that stay behind although package-lock.json counts them among production's: by the package that names
 * them ('' is ours). What only these need stays behind with them.
 */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  // Runs TypeScript as it stands; the image has JavaScript.
  '': ['tsx'],
  // They bundle workflows; the image brings its bundle (workflow-bundle.js).
  '@temporalio/worker': ['@swc/core', 'swc-loader', 'source-map-loader', 'webpack', 'memfs', 'unionfs'],
};
/** Among those, packages loaded by a `require` at the top of a file but never used: an empty module replaces them. */
const EMPTIED = ['webpack', 'memfs', 'unionfs'];
/** Read by editors and debuggers only. */
const NOT_RUN = /\.(d\.[cm]?ts|map)$/;
/** The same once more, as modules that `require` does not load. */
const TWICE = /\/node_modules\/@opentelemetry\/[^/]+\/build\/(esm|esnext)$/;

interface Locked {
  name?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/**
 * Fills `out`/node_modules from `root`/node_modules, by `root`/package-lock.json. Returns the paths that were copied.
 */
export function copyPackages(root: string, out: string): string[] {
  const paths = packagesOfImage(root);
  for (const path of paths) {
    const source = join(root, path);
    cpSync(source, join(out, path), {
      recursive: true,
      // Nested packages are copied, or not, on their own.
      filter: (file) => file !== join(source, 'node_modules') && !NOT_RUN.test(file) && !TWICE.test(file),
    });
  }
  for (const name of EMPTIED) writeEmptyModule(join(out, 'node_modules', name));
  keepOneBridge(join(out, 'node_modules/@temporalio/core-bridge/releases'));
  return paths;
}

/** The paths of the packages that the image's programs load, such as `node_modules/mongodb`. */
export function packagesOfImage(root: string): string[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>;
  };
  return packagesNeeded(root, lock.packages);
}

function packagesNeeded(root: string, packages: Record<string, Locked>): string[] {
  // The sandbox is a workspace with dependencies of its own, and the image brings it.
  const workspaces = ['', 'sandbox'];
  const needed = new Set(workspaces);
  // Grows while it is gone through.
  for (const path of needed) {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta = {} } = packages[path] ?? {};
    const stays = LEFT_OUT[nameOf(path)] ?? [];
    const required = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta[name]?.optional);
    for (const name of new Set([...Object.keys({ ...dependencies, ...optionalDependencies }), ...required])) {
      if (stays.includes(name)) continue;
      const found = whereResolved(path, name, packages);
      // An optional one may be for another system; a missing one that is required would stop `npm ci`.
      if (found !== undefined && existsSync(join(root, found))) needed.add(found);
      else if (!optionalDependencies?.[name])
        throw new Error(`${path || 'package.json'} needs ${name}: run npm ci first`);
    }
  }
  for (const workspace of workspaces) needed.delete(workspace);
  return [...needed].sort();
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + (path ? 'node_modules/'.length : 0)).trim();
}

/** Node's lookup: in the package's own node_modules, then in that of each folder above. */
function whereResolved(path: string, name: string, packages: Record<string, Locked>): string | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const candidate = folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (!folder) return undefined;
  }
}

function writeEmptyModule(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'index.js'),
    '// Left out of the image: local/image/packages.ts says why.\nmodule.exports = {};\n',
  );
}

/** Temporal's core comes compiled for five platforms, some 27 MB each. */
function keepOneBridge(releases: string): void {
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
  const system = { linux: 'unknown-linux-gnu', darwin: 'apple-darwin' }[process.platform as string] ?? process.platform;
  const own = `${machine}-${system}`;
  const found = readdirSync(releases);
  if (!found.includes(own)) throw new Error(`Temporal's core is not made for ${own}, only for ${found.join(', ')}`);
  for (const other of found) if (other !== own) rmSync(join(releases, other), { recursive: true });
}

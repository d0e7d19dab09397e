/**
 * `npm run build [-- --out FOLDER]`: what the Docker image holds, as files: the programs in JavaScript, the workflows
 * in one bundle, and the packages they load. Runs with plain `node`, needs no network, writes nothing at run time.
 */
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleWorkflows, BUNDLE_FILE, ENCRYPTED_BUNDLE_FILE } from '../../worker/workflow-code';
import { compileFrom } from './compile';
import { copyPackages } from './packages';
import { SBOM_FILE, sbomOf } from './sbom';

const ROOT = resolve(__dirname, '../..');

/** The programs of the image: the roles, the console tool, and the sandbox to try it all without keys. */
const ENTRIES = [
  ...[
    'worker/main.ts',
    'worker/replay.ts',
    'bot/main.ts',
    'webhooks/main.ts',
    'links/main.ts',
    'codec/main.ts',
    'cli/main.ts',
  ],
  ...['sandbox/main.ts', 'clients/temporal/failure-converter.ts'],
];
/** Read by path, so no import leads to them. */
const ASSETS = ['config/prices.json', 'domain/phones/phone-zones.json', 'sandbox/page', 'LICENSE'];

/**
 * Writes the programs, and `others` (paths below the root), into `out`: all but the packages that they load, which are
 * found above a folder in this checkout. Returns the number of files compiled.
 */
export async function buildPrograms(out: string, others: readonly string[] = []): Promise<number> {
  mkdirSync(out, { recursive: true });
  const [files, bundle] = await Promise.all([compileFrom(ROOT, [...ENTRIES, ...others], out), bundleWorkflows()]);
  for (const asset of ASSETS) cpSync(join(ROOT, asset), join(out, asset), { recursive: true });
  writeFileSync(join(out, BUNDLE_FILE), bundle);
  return files;
}

/** Builds into `out`, which is emptied first. */
export async function buildImageFiles(out: string): Promise<{ files: number; packages: number }> {
  rmSync(out, { recursive: true, force: true });
  const files = await buildPrograms(out);
  writeFileSync(join(out, ENCRYPTED_BUNDLE_FILE), await bundleWorkflows({ encrypted: true }));
  const { name, version, license, type, engines, bin } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as {
    [field: string]: unknown;
    bin: Record<string, string>;
  };
  const own = Object.fromEntries(Object.entries(bin).map(([command, path]) => [command, path.replace(/^dist\//, '')]));
  writeFileSync(
    join(out, 'package.json'),
    JSON.stringify({ name, version, license, type, engines, bin: own }, null, 2),
  );
  for (const path of Object.values(own)) chmodSync(join(out, path), 0o755);
  const packages = copyPackages(ROOT, out);
  writeFileSync(join(out, SBOM_FILE), JSON.stringify(sbomOf(ROOT, packages), null, 2));
  return { files, packages: packages.length };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist' } } });
  const { files, packages } = await buildImageFiles(resolve(values.out));
  console.log(`${values.out}: ${files} files compiled, the workflows bundled, ${packages} packages copied.`);
}

if (require.main === module) void main();

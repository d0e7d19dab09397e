/**
 * Temporal's server and SQL tool as the images have them, built from the Go module proxy; kept with the fetched
 * servers.
 */
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Report } from '../servers/acquire';
import { addEntry, findFetched } from '../servers/cache';
import { ExplainedError } from '../servers/errors';

const run = promisify(execFile);
const MODULE = 'go.temporal.io/server';

export interface TemporalServer {
  /** Folder of `temporal-server` and `temporal-sql-tool`. */
  bin: string;
  /** The content of /etc/temporal in the images: the schema and the server's entrypoint. */
  etc: string;
}

/** The given version (such as 1.32.2): kept from an earlier time, or built, which takes minutes and needs Go. */
export async function temporalServer(version: string, folder: string, report: Report): Promise<TemporalServer> {
  const entry = `temporal-server-${version}`;
  const at = (): TemporalServer => ({ bin: join(folder, entry, 'bin'), etc: join(folder, entry, 'etc') });
  try {
    findFetched(folder, entry, 'temporal-server');
    return at();
  } catch {
    report(`temporal-server ${version}: building it from ${MODULE} with Go; it is kept in ${folder}`);
  }
  await addEntry(folder, entry, 'temporal-server', (into) => build(version, into));
  return at();
}

async function build(version: string, into: string): Promise<void> {
  const source = await fetchModule(version);
  const copy = mkdtempSync(join(tmpdir(), 'temporal-server-'));
  try {
    cpSync(source, copy, { recursive: true });
    makeWritable(copy);
    // A patch release requires the newest patch of Go, for its security fixes. The installed one builds the same code.
    const { stdout: goVersion } = await run('go', ['env', 'GOVERSION']);
    await run('go', ['mod', 'edit', `-go=${goVersion.trim().replace('go', '')}`], { cwd: copy });
    for (const [program, path] of [
      ['temporal-sql-tool', './cmd/tools/sql'],
      ['temporal-server', './cmd/server'],
    ] as const)
      await run('nice', ['go', 'build', '-o', join(into, 'bin', program), path], { cwd: copy, maxBuffer: 64e6 });
    mkdirSync(join(into, 'etc'));
    cpSync(join(copy, 'schema'), join(into, 'etc', 'schema'), { recursive: true });
    cpSync(join(copy, 'docker/scripts/sh/entrypoint.sh'), join(into, 'etc', 'entrypoint.sh'));
    chmodSync(join(into, 'etc', 'entrypoint.sh'), 0o755);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The folder of the module's sources in Go's own cache. */
async function fetchModule(version: string): Promise<string> {
  const { stdout: cache } = await run('go', ['env', 'GOMODCACHE']).catch(() => {
    throw new ExplainedError(
      'npm run rehearse builds Temporal with Go, and there is no `go` on PATH: https://go.dev/dl',
    );
  });
  const folder = join(cache.trim(), `${MODULE}@v${version}`);
  // A Go older than the module requires downloads it anyway, and then refuses.
  const said = await run('go', ['mod', 'download', `${MODULE}@v${version}`], { cwd: tmpdir() }).catch(
    (error: Error) => error.message,
  );
  if (!existsSync(folder)) throw new ExplainedError(`${MODULE}@v${version} cannot be fetched: ${JSON.stringify(said)}`);
  return folder;
}

/** Go's cache is read-only, and so is a copy of it. */
function makeWritable(path: string): void {
  chmodSync(path, 0o755);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) makeWritable(join(path, name));
}

/** Debian's prometheus and promtool: of the system if they are there, else unpacked from its package; nothing is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';

const CACHE = join(resolve(process.env['BOBCOFER_SERVERS'] ?? '.bobcofer/servers'), 'prometheus');

export interface PrometheusPrograms {
  prometheus: string;
  promtool: string;
}

/**
 * Where the programs are. The first time `apt-get download` fetches the package (20 MB) into BOBCOFER_SERVERS and `dpkg-deb`
 * unpacks it there. Undefined where it cannot be had, such as without apt: what needs it is skipped, and standard error says
 * so.
 */
export function prometheusPrograms(): PrometheusPrograms | undefined {
  const ofSystem = programsIn('/usr/bin');
  if (ofSystem) return ofSystem;
  const unpacked = join(CACHE, 'usr/bin');
  const cached = programsIn(unpacked);
  if (cached) return cached;
  try {
    unpack();
    return programsIn(unpacked);
  } catch (error) {
    process.stderr.write(
      `NOT TESTED: Prometheus. No /usr/bin/prometheus, and its Debian package cannot be had: ${String(error)}\n`,
    );
    return undefined;
  }
}

function programsIn(folder: string): PrometheusPrograms | undefined {
  const [prometheus, promtool] = [join(folder, 'prometheus'), join(folder, 'promtool')];
  return existsSync(prometheus) && existsSync(promtool) ? { prometheus, promtool } : undefined;
}

function unpack(): void {
  process.stderr.write(`Fetching Debian's package of Prometheus into ${CACHE}; nothing is installed\n`);
  const folder = `${CACHE}-${process.pid}`;
  mkdirSync(folder, { recursive: true });
  const download = (): unknown => execFileSync('apt-get', ['download', 'prometheus'], { cwd: folder, stdio: 'ignore' });
  try {
    download();
  } catch (error) {
    // A fresh image has no list of packages.
    if (process.getuid?.() !== 0) throw error;
    process.stderr.write('apt-get update, for the list of packages; nothing is installed\n');
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    download();
  }
  const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
  execFileSync('dpkg-deb', ['-x', join(folder, file!), folder]);
  // Another jest process may have been quicker.
  if (!existsSync(CACHE)) renameSync(folder, CACHE);
}

/** Runs it and answers with all it said. Throws with that when it fails. */
export function runPromtool({ promtool }: PrometheusPrograms, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(promtool, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`promtool ${args.join(' ')}: ${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

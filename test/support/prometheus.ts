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
 * unpacks it there. Undefined where there is no apt, with the reason on standard error; in CI that is an error.
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
    const reason = `Prometheus is not tested: no /usr/bin/prometheus, and its Debian package cannot be had (${String(error)})`;
    if (process.env['CI'] === 'true') throw new Error(reason, { cause: error });
    process.stderr.write(`${reason}\n`);
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
  execFileSync('apt-get', ['download', 'prometheus'], { cwd: folder, stdio: 'ignore' });
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

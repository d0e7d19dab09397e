/** Which build of the product is measured: this one, or a former commit in a clone of its own. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Report } from '../local/servers/acquire';

export interface Build {
  /** What the table calls it. */
  label: string;
  /** The folder of its sources, its dependencies installed. */
  root: string;
}

const ROOT = resolve(__dirname, '..');
export const THIS_BUILD: Build = { label: 'this build', root: ROOT };

/** `npm ci` on a busy machine (ms). */
const INSTALL_LIMIT_MS = 10 * 60_000;
const run = promisify(execFile);

/**
 * Clones the commit into a folder of `home` and installs its dependencies; a clone that is there already is taken as it
 * is. Throws when there is no such commit here, or `npm ci` fails.
 */
export async function cloneBuild(
  commit: string,
  { home, report, signal }: { home: string; report: Report; signal: AbortSignal },
): Promise<Build> {
  const git = (...words: string[]): Promise<{ stdout: string }> => run('git', words, { cwd: ROOT, signal });
  const { stdout } = await git('rev-parse', '--verify', '--short=10', `${commit}^{commit}`);
  const label = stdout.trim();
  const root = join(home, 'builds', label);
  const complete = join(root, '.installed');
  if (existsSync(complete)) return { label, root };
  report(`${label}: cloning it and installing its dependencies (npm ci)…`);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(home, 'builds'), { recursive: true });
  await git('clone', '--quiet', '--no-checkout', ROOT, root);
  await git('-C', root, 'checkout', '--quiet', label);
  const words = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', words, { cwd: root, signal, timeout: INSTALL_LIMIT_MS });
  writeFileSync(complete, '');
  report(`${label}: ready`);
  return { label, root };
}

/**
 * A module of the build by its path from the root, as this build's type says. Of a former build only what has not
 * changed since 67d9af2 may be used: settings, logger, `connectCampaignServices` with `lists.create`, `campaigns.create`,
 * `start` and `status`, and the campaign's state.
 */
export function moduleOf<T>({ root }: Build, path: string): T {
  return createRequire(join(root, 'package.json'))(`./${path}`) as T;
}

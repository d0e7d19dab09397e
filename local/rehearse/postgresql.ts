/** A PostgreSQL of this system in a folder of its own, with the user and password that compose's would have. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { ExplainedError } from '../servers/errors';
import type { Program } from '../servers/program';

/** Debian's, one folder a version. */
const VERSIONS = '/usr/lib/postgresql';
/** It does not run as root. */
const USER = 'postgres';

/** Initialises a cluster below `home` and gives the program to launch. The password's file must be readable for all. */
export function postgresql(options: { home: string; port: number; user: string; passwordFile: string }): Program {
  const { home, port, user, passwordFile } = options;
  const bin = findBinaries();
  const data = join(home, 'postgresql');
  const isRoot = process.getuid?.() === 0;
  const asUser = (command: string, args: string[]): [string, string[]] =>
    isRoot ? ['setpriv', [`--reuid=${USER}`, `--regid=${USER}`, '--init-groups', command, ...args]] : [command, args];
  mkdirSync(data, { recursive: true });
  if (isRoot) {
    // It has to come through.
    chmodSync(home, 0o711);
    chownSync(data, idOf('-u'), idOf('-g'));
  }
  const init = ['-D', data, '-U', user, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '-E', 'UTF8', '--no-sync'];
  execFileSync(...asUser(join(bin, 'initdb'), init), { stdio: 'pipe', cwd: '/' });
  const [command, args] = asUser(join(bin, 'postgres'), [
    ...['-D', data, '-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  ]);
  return {
    name: 'postgresql',
    ...{ command, args, cwd: '/', mark: data },
    ask: async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect').finally(() => socket.destroy());
    },
    readyLimitMs: 30_000,
    stopLimitMs: 20_000,
  };
}

function findBinaries(): string {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (!found) throw new ExplainedError('npm run rehearse needs PostgreSQL: apt-get install postgresql');
  return found;
}

function idOf(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, USER], { encoding: 'utf8' }));
}

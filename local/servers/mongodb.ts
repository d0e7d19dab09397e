/** MongoDB on this machine: the given address, a real mongod, or SecantusDB, with the data in the home. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { askMongodb } from './ask';
import { ExplainedError } from './errors';
import { dataFolder, findMongodb } from './find-mongodb';
import { choosePorts } from './ports';
import type { Program } from './program';
import type { ServerOptions } from './temporal';

/** A database to use. `program` is absent when a setting points to one that already runs. */
export interface Mongodb {
  uri: string;
  program?: Program;
  /** It does not remove expired documents: expired.ts does. */
  keepsExpired?: true;
}

const DATABASE = 'bobcofer';

/** Checks the address in the settings, or prepares a server to launch. Throws with what was tried and what to do. */
export async function prepareMongodb(options: ServerOptions): Promise<Mongodb> {
  const given = options.env['MONGODB_URI']?.trim();
  if (given) return givenMongodb(given);
  const { engine, command } = await findMongodb(options);
  const { mongodb: port } = await choosePorts(options.home, ['mongodb']);
  const data = dataFolder(options.home, engine);
  mkdirSync(data, { recursive: true });
  const uri = `mongodb://127.0.0.1:${port}/${DATABASE}?directConnection=true`;
  const program: Program = {
    name: 'mongodb',
    ...(engine === 'mongod'
      ? { command, args: mongodArgs(data, port) }
      : { command: join(dirname(command), 'python'), args: ['-I', '-c', SECANTUS, ...secantusArgs(data, port)] }),
    // SecantusDB looks for its configuration in the working folder first.
    cwd: data,
    mark: data,
    ask: () => askMongodb(uri),
    readyLimitMs: 60_000,
    stopLimitMs: 15_000,
  };
  return { uri, program, ...(engine === 'secantusdb' && { keepsExpired: true }) };
}

/**
 * Its own program, with two differences.
 *
 * It ends when its storage panics, as it does when its journal meets a full disk. "The process must exit and restart",
 * says WiredTiger, and mongod does; SecantusDB 0.7.0b3 lives on and refuses everything for ever.
 *
 * And it has no sweeper of expired documents: that holds the snapshot of its last round until the next one. What is
 * written meanwhile cannot leave the cache, and reads of it stand still: for minutes, at a few hundred sends a second
 * (seen with `npm run bench`). The setting for it exists, but 0.7.0b3 does not hand it on. expired.ts removes what has
 * expired.
 */
const SECANTUS = `
import functools, logging, os, sys, secantus.cli as cli
class EndOnPanic(logging.Handler):
    def emit(self, record):
        if record.exc_info and 'WT_PANIC' in str(record.exc_info[1]):
            print(record.getMessage(), record.exc_info[1], file=sys.stderr, flush=True)
            os._exit(14)
logging.getLogger('secantus').addHandler(EndOnPanic())
cli.SecantusDBServer = functools.partial(cli.SecantusDBServer, ttl_sweep_seconds=0)
sys.exit(cli.main())
`;

function mongodArgs(data: string, port: number): string[] {
  return ['--dbpath', data, '--port', `${port}`, '--bind_ip', '127.0.0.1', '--nounixsocket', '--quiet'];
}

/**
 * As a replica set, its oplog slows writes 16 times; without --sync-on-commit a SIGKILL loses acknowledged writes
 * (measured). The cache is a limit, not a reservation: a write with so many documents that a fifth of the cache is
 * dirty before its commit stops the whole server for good (seen at 256 MB, in a run of all tests).
 */
function secantusArgs(data: string, port: number): string[] {
  const safe = ['--standalone', '--sync-on-commit', '--cache-size', '4G', '--log-level', 'WARNING'];
  return ['--storage-path', data, '--host', '127.0.0.1', '--port', `${port}`, ...safe];
}

async function givenMongodb(uri: string): Promise<Mongodb> {
  try {
    await askMongodb(uri);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExplainedError(
      // The URI itself may hold a password.
      `MongoDB: the server in MONGODB_URI does not answer (${reason}). ` +
        'Start that server, or remove the setting to get one here.',
      { cause: error },
    );
  }
  return { uri };
}

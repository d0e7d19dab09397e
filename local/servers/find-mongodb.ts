/** Gets a MongoDB server's program: a real mongod if it can be had, else SecantusDB. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { firstThatWorks, type Way } from './acquire';
import { addEntry, findFetched, findOnPath, serversFolder } from './cache';
import { downloadProgram } from './download';
import type { ServerOptions } from './temporal';
import { installInVenv } from './venv';
import { MONGOD_AT_LEAST, MONGOD_VERSION, mongodSources, SECANTUS_VERSION, type Source } from './versions';

type Engine = 'mongod' | 'secantusdb';
interface EngineProgram {
  engine: Engine;
  command: string;
}

/**
 * The server's program: PATH, fetched before, download, PyPI. A home that already has data keeps the
 * engine that wrote it: the other one could not read it, and running campaigns would be gone.
 */
export function findMongodb(options: ServerOptions & { sources?: Source[] }): Promise<EngineProgram> {
  const { home, env, report, signal, sources = mongodSources() } = options;
  const folder = serversFolder(home, env);
  const mongodEntry = `mongod-${MONGOD_VERSION}`;
  const secantusEntry = `secantusdb-${SECANTUS_VERSION}`;
  const requirement = `SecantusDB==${SECANTUS_VERSION}`;
  const mongod = (command: string): EngineProgram => ({ engine: 'mongod', command });
  const secantus = (command: string): EngineProgram => ({ engine: 'secantusdb', command });
  const all: (Way<EngineProgram> & { engine: Engine })[] = [
    {
      engine: 'mongod',
      what: 'program `mongod` on PATH',
      get: async () => mongod(await checkedMongod(findOnPath('mongod', env['PATH']))),
    },
    {
      engine: 'mongod',
      what: `mongod fetched before, in ${folder}`,
      get: async () => mongod(await checkedMongod(findFetched(folder, mongodEntry, 'mongod'))),
    },
    {
      engine: 'secantusdb',
      what: `SecantusDB fetched before, in ${folder}`,
      get: async () => secantus(await checkedSecantus(findFetched(folder, secantusEntry, 'secantusd-py'))),
    },
    ...sources.map((source) => ({
      engine: 'mongod' as const,
      what: `downloading ${source.url}`,
      slow: true,
      get: async () =>
        mongod(
          await addEntry(folder, mongodEntry, 'mongod', (into) =>
            downloadProgram({ source, program: 'mongod', into, report, signal }),
          ),
        ),
    })),
    {
      engine: 'secantusdb',
      what: `installing ${requirement} from PyPI`,
      slow: true,
      get: async () =>
        secantus(
          await addEntry(folder, secantusEntry, 'secantusd-py', (into) =>
            installInVenv({ requirement, into, env, signal }),
          ),
        ),
    },
  ];
  const kept = engineOf(home);
  return firstThatWorks({
    thing: 'MongoDB',
    ways: kept ? all.filter((way) => way.engine === kept) : all,
    report,
    signal,
    advice: kept
      ? `this home's data was written by ${kept}: make it available again, set MONGODB_URI, or start with another BOBCOFER_HOME.`
      : 'install MongoDB so that `mongod` is on PATH (https://www.mongodb.com/docs/manual/installation/), ' +
        'or set MONGODB_URI to a server that runs.',
  });
}

function engineOf(home: string): Engine | undefined {
  return (['mongod', 'secantusdb'] as const).find((engine) => existsSync(dataFolder(home, engine)));
}

/** The folder with the data of this home; undefined when it has none. */
export function writtenData(home: string): string | undefined {
  const engine = engineOf(home);
  return engine && dataFolder(home, engine);
}

/** Each engine has its own folder, whose existence shows which engine wrote this home's data. */
export function dataFolder(home: string, engine: Engine): string {
  return join(home, engine);
}

async function checkedMongod(file: string): Promise<string> {
  const { stdout } = await promisify(execFile)(file, ['--version'], { timeout: 10_000 });
  const version = /db version v(\d+)\.(\d+)/.exec(stdout);
  const [major] = MONGOD_AT_LEAST;
  if (!version || Number(version[1]) < major) {
    throw new Error(
      `${file} is too old: expected ${MONGOD_AT_LEAST.join('.')} or newer, got "${stdout.split('\n')[0]}"`,
    );
  }
  return file;
}

/** A Python environment breaks when its folder or its Python moves: fetch it again rather than fail at start. */
async function checkedSecantus(file: string): Promise<string> {
  await promisify(execFile)(file, ['--help'], { timeout: 20_000 });
  return file;
}

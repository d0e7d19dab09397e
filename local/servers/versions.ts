/** The pinned versions of the servers that one machine runs, and where they come from. */
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** Temporal CLI with its development server (Server 1.32.0): https://github.com/temporalio/cli/releases */
export const TEMPORAL_CLI_VERSION = '1.9.1';
/** Fairness and priorities of task queues came with Server 1.29: an older one sends unfairly. */
export const TEMPORAL_SERVER_AT_LEAST = [1, 29] as const;
/** Time-skipping server for the tests: https://github.com/temporalio/sdk-java/releases */
export const TEMPORAL_TEST_SERVER_VERSION = '1.40.0';
/** Official MongoDB Community server. */
export const MONGOD_VERSION = '8.0.34';
/** `$dateTrunc` and `$setWindowFields`, which the reports use, came with 5.0. */
export const MONGOD_AT_LEAST = [5, 0] as const;
/** MongoDB's wire protocol over WiredTiger, from PyPI: the stand-in where no mongod can be had. */
export const SECANTUS_VERSION = '0.7.0b3';

/** A file to download: a gzipped tar with the program somewhere inside. */
export interface Source {
  url: string;
  /** Path of the program inside the archive; `*` is the archive's top folder. */
  member: string;
}

const OS = process.platform;
const ARCH = process.arch === 'x64' ? 'amd64' : process.arch;

export function temporalSources(): Source[] {
  const version = TEMPORAL_CLI_VERSION;
  const file = `temporal_cli_${version}_${OS}_${ARCH}.tar.gz`;
  return [
    { url: `https://temporal.download/cli/archive/v${version}?platform=${OS}&arch=${ARCH}`, member: 'temporal' },
    { url: `https://github.com/temporalio/cli/releases/download/v${version}/${file}`, member: 'temporal' },
  ];
}

export function testServerSources(): Source[] {
  const name = `temporal-test-server_${TEMPORAL_TEST_SERVER_VERSION}_${OS === 'darwin' ? 'macOS' : OS}_${ARCH}`;
  const release = `https://github.com/temporalio/sdk-java/releases/download/v${TEMPORAL_TEST_SERVER_VERSION}`;
  return [{ url: `${release}/${name}.tar.gz`, member: '*/temporal-test-server' }];
}

/** Empty where MongoDB ships no build for this system (Alpine, other processors…). */
export function mongodSources(system: System = thisSystem()): Source[] {
  const build = mongodBuild(system);
  return build ? [{ url: `https://fastdl.mongodb.org/${build}-${MONGOD_VERSION}.tgz`, member: '*/bin/mongod' }] : [];
}

/** The facts that decide which build runs here. `id` and `version` come from /etc/os-release. */
interface System {
  platform: string;
  arch: string;
  id?: string | undefined;
  version?: string | undefined;
}

/** The build's name for this system, as MongoDB's download page spells it. */
function mongodBuild({ platform, arch, id = '', version = '' }: System): string | undefined {
  const arm = arch === 'arm64';
  if (!arm && arch !== 'x64') return undefined;
  if (platform === 'darwin') return `osx/mongodb-macos-${arm ? 'arm64' : 'x86_64'}`;
  if (platform !== 'linux') return undefined;
  const major = version.split('.')[0] ?? '';
  const builds: Record<string, string | undefined> = {
    debian: { 11: 'debian11', 12: 'debian12', 13: 'debian12' }[major],
    ubuntu: { 20: 'ubuntu2004', 22: 'ubuntu2204', 24: 'ubuntu2404' }[major],
    amzn: { 2023: 'amazon2023' }[major],
  };
  const redHat = { 8: 'rhel8', 9: 'rhel93' }[major];
  const system = ['rhel', 'rocky', 'almalinux', 'centos', 'ol'].includes(id) ? redHat : builds[id];
  // Debian builds exist for x86_64 only.
  if (!system || (arm && id === 'debian')) return undefined;
  return `linux/mongodb-linux-${arm ? 'aarch64' : 'x86_64'}-${system}`;
}

function thisSystem(): System {
  const release = existsSync('/etc/os-release') ? parseEnv(readFileSync('/etc/os-release', 'utf8')) : {};
  return { platform: OS, arch: process.arch, id: release['ID'], version: release['VERSION_ID'] };
}

/** A long CSV by `contacts import`, then frozen as an audience: rows a second, and how much memory each takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import { freeze, megabytes } from './audience';
import type { Build } from './build';
import type { Figure } from './figures';
import { peakResidentBytes } from './processes';
import type { Scope } from './scope';
import { cleanEnvironment, type BenchServers } from './servers';
import { openSite, type Site } from './site';

const LIST = 'bench-import';
const LIMIT_MS = 300_000;
const SAMPLE_MS = 50;
/** The tail of a failed command's output. */
const SAID_CHARACTERS = 500;
/** Realistic rows: a few columns, and occasionally a line without a number. */
const BAD_EVERY = 100;

export async function measureImport(
  scope: Scope,
  servers: BenchServers,
  { rows: count, build }: { rows: number; build: Build },
): Promise<Figure[]> {
  const site = await openSite(scope, servers, { sendsPerSecond: 1, workers: 0, build });
  const file = join(scope.folder('import'), 'people.csv');
  const fileMegabytes = await writeCsv(file, count);

  const imported = await runCli(scope, ['contacts', 'import', file, '--list', LIST, '--json'], site);
  // For the same program without an import: the cost of starting it.
  const bare = await runCli(scope, ['contacts', 'lists', '--json'], site);
  const rate = (count * 1000) / (imported.ms - bare.ms);

  const created = await site.services.campaigns.create({
    name: 'bench',
    template: 'showroom_invitation',
    audience: { kind: 'list', listId: (await site.services.store.lists.find(LIST))!._id },
    audienceLabel: 'bench',
    parameters: [],
    hours: 'any',
    createdBy: { kind: 'cli' },
  });
  if (!created.ok) throw new Error(`the campaign was refused: ${JSON.stringify(created.refusal)}`);
  const frozen = await freeze(scope, site, created.value.id, count);
  return [
    {
      figure: `importing ${count} rows of CSV (${fileMegabytes.toFixed(1)} MB) as a list and contacts`,
      measured: `${rate.toFixed(0)} rows a second, ${(imported.ms / 1000).toFixed(1)} s in all`,
      value: rate,
    },
    {
      figure: 'memory of the import',
      measured: `${megabytes(imported.peakBytes)} at most (${megabytes(bare.peakBytes)} with nothing to import)`,
      ...(imported.peakBytes && { value: imported.peakBytes }),
      ...(imported.peakBytes &&
        bare.peakBytes && { ratio: { value: imported.peakBytes / bare.peakBytes, of: 'nothing to import' } }),
    },
    {
      figure: 'freezing that list as an audience',
      measured: `${frozen.rate.toFixed(0)} rows a second`,
      value: frozen.rate,
    },
    {
      figure: 'memory of the worker meanwhile',
      measured: `${megabytes(frozen.peakBytes)} at most (${megabytes(frozen.restingBytes)} before)`,
      ...(frozen.peakBytes && { value: frozen.peakBytes }),
    },
  ];
}

/** Answers with its size in MB. */
export async function writeCsv(path: string, count: number): Promise<number> {
  const file = createWriteStream(path);
  file.write('Имя;Телефон;Город;Сумма\r\n');
  for (const [index, phone] of ordinaryPhones(count).entries()) {
    const written = index % BAD_EVERY === 0 ? 'нет' : `8 (${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8)}`;
    if (!file.write(`"Клиент ${index + 1}";${written};Казань;5 000,00\r\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  return file.bytesWritten / 1_048_576;
}

/** Runs the console tool to its end. Throws when it fails or takes too long. */
export async function runCli(
  scope: Scope,
  words: readonly string[],
  { build: { root }, mongodbUri }: Pick<Site, 'build' | 'mongodbUri'>,
  limitMs = LIMIT_MS,
): Promise<{ ms: number; peakBytes: number | undefined }> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'cli', 'main.ts'), ...words], {
    cwd: root,
    env: { ...cleanEnvironment(), BOBCOFER_HOME: scope.folder('import'), MONGODB_URI: mongodbUri },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: limitMs,
    signal: scope.signal,
  });
  let said = '';
  child.stderr.on('data', (piece: Buffer) => (said = `${said}${piece.toString()}`.slice(-SAID_CHARACTERS)));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let peakBytes: number | undefined;
  while (child.exitCode === null && child.signalCode === null) {
    peakBytes = peakResidentBytes(child.pid!) ?? peakBytes;
    await Promise.race([ended, sleep(SAMPLE_MS)]);
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`bobcofer ${words.join(' ')} ended with ${code}: ${said}`);
  return { ms: performance.now() - startedAt, peakBytes };
}

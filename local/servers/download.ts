/** Downloads a gzipped tar and extracts one program. Fails fast without internet. */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Report } from './acquire';
import type { Source } from './versions';

/**
 * Name resolution, connecting and the first byte together. Behind a firewall that drops packets nothing else ends the
 * wait.
 */
const FIRST_BYTE_MS = 8_000;
/** Silence in the middle of a download. */
const STALL_MS = 10_000;
const REPORT_EVERY_MS = 3_000;

/** Puts the program of `source` at `<into>/bin/<program>`. Throws with a one-line reason. */
export async function downloadProgram(options: {
  source: Source;
  program: string;
  into: string;
  report: Report;
  signal?: AbortSignal | undefined;
  firstByteMs?: number;
}): Promise<void> {
  const { source, program, into, report, signal, firstByteMs = FIRST_BYTE_MS } = options;
  const silence = new AbortController();
  const limit = setTimeout(() => silence.abort(new Error(`no answer in ${firstByteMs / 1000} s`)), firstByteMs);
  const unpacked = join(into, 'unpacked');
  mkdirSync(unpacked, { recursive: true });
  try {
    const response = await fetch(source.url, {
      signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
    });
    if (!response.ok || !response.body) throw new Error(`answered ${response.status}`);
    limit.refresh();
    const total = Number(response.headers.get('content-length'));
    await untar(Readable.fromWeb(response.body), unpacked, watch(total, limit, silence, report));
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  } finally {
    clearTimeout(limit);
  }
  mkdirSync(join(into, 'bin'));
  const target = join(into, 'bin', program);
  cpSync(memberPath(unpacked, source.member), target);
  chmodSync(target, 0o755);
  rmSync(unpacked, { recursive: true });
}

/** Passes the bytes on, says how far it is, and gives up on silence. */
function watch(total: number, firstByte: NodeJS.Timeout, silence: AbortController, report: Report) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    let saidAt = Date.now();
    let stall: NodeJS.Timeout | undefined;
    try {
      for await (const chunk of chunks) {
        clearTimeout(firstByte);
        clearTimeout(stall);
        stall = setTimeout(
          () => silence.abort(new Error(`the download stood still for ${STALL_MS / 1000} s`)),
          STALL_MS,
        );
        bytes += chunk.length;
        if (Date.now() - saidAt >= REPORT_EVERY_MS) {
          saidAt = Date.now();
          report(`  ${megabytes(bytes)}${total > 0 ? ` of ${megabytes(total)}` : ''} MB`);
        }
        yield chunk;
      }
    } finally {
      clearTimeout(stall);
    }
  };
}

async function untar(
  body: Readable,
  into: string,
  through: (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>,
): Promise<void> {
  const tar = spawn('tar', ['-xzf', '-', '-C', into], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise<void>((resolve, reject) => {
    tar.on('error', (error) => reject(new Error(`cannot run tar: ${error.message}`)));
    tar.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`not a whole archive (tar ended with ${code})`)),
    );
  });
  // The reason is tar's when tar ends first, and the network's when the body breaks off.
  const [ending, piping] = await Promise.allSettled([ended, pipeline(body, through, tar.stdin)]);
  if (piping.status === 'rejected' && (piping.reason as NodeJS.ErrnoException).code !== 'EPIPE') throw piping.reason;
  if (ending.status === 'rejected') throw ending.reason;
}

function memberPath(unpacked: string, member: string): string {
  const top = readdirSync(unpacked)[0] ?? '';
  return join(unpacked, member.replace('*', top));
}

/** fetch hides the reason ("getaddrinfo ENOTFOUND …") in the cause of "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string } };
  return (message === 'fetch failed' && cause?.message) || message || String(error);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

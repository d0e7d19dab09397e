/** Reads the bytes of a file of people, in memory or on disk; it can be read several times, in pieces. */
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';

/** A file's content (an upload), or its path. */
export type FileSource = Buffer | { path: string };

const PIECE = 64 * 1024;

/** Its size in bytes. Rejects as `fs` does when the file cannot be read. */
export async function sizeOf(source: FileSource): Promise<number> {
  return Buffer.isBuffer(source) ? source.length : (await stat(source.path)).size;
}

/** At most the first `length` bytes. Rejects as `fs` does. */
export async function startOf(source: FileSource, length: number): Promise<Buffer> {
  if (Buffer.isBuffer(source)) return source.subarray(0, length);
  const handle = await open(source.path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The whole file. For files whose size was checked first. */
export function wholeOf(source: FileSource): Promise<Buffer> {
  return Buffer.isBuffer(source) ? Promise.resolve(source) : readFile(source.path);
}

/** From the beginning, in pieces of 64 KB. */
export async function* piecesOf(source: FileSource): AsyncGenerator<Buffer, void> {
  if (!Buffer.isBuffer(source)) {
    yield* createReadStream(source.path, { highWaterMark: PIECE }) as AsyncIterable<Buffer>;
    return;
  }
  for (let start = 0; start < source.length; start += PIECE) yield source.subarray(start, start + PIECE);
}

/**
 * Reads the parts of an .xlsx file (a zip of XML) as streams, never unpacked beyond a limit: the declared size is
 * checked first, and yauzl stops when more comes out (a zip bomb).
 */
import { setImmediate } from 'node:timers/promises';
import { SaxesParser } from 'saxes';
import yauzl from 'yauzl';
import type { FileSource } from './bytes';
import { FileRefused } from './table';

interface XmlHandlers {
  /** Names have no namespace prefix. */
  open?(name: string, attributes: Record<string, string>): void;
  close?(name: string): void;
  text?(text: string): void;
}

export interface XlsxPackage {
  has(part: string): boolean;
  /**
   * Reads a part to the end; after each piece it yields the share read, 0 to 1. Throws FileRefused
   * `file_unpacks_too_large`, `file_xlsx_broken`, `file_encrypted`.
   */
  read(part: string, handlers: XmlHandlers): AsyncGenerator<number, void>;
  close(): void;
}

const MEGABYTE = 1024 * 1024;
/** About a million rows of a few columns. */
const MAX_PART_MEGABYTES = 300;
/** A workbook has some dozens, with pictures some hundreds. */
const MAX_PARTS = 10_000;
/** Excel never writes a longer text or tag; the parser would collect it in memory. */
const MAX_TOKEN_CHARACTERS = MEGABYTE;

/** Opens the archive. Throws FileRefused `file_xlsx_broken`. */
export async function openPackage(source: FileSource): Promise<XlsxPackage> {
  const options = { lazyEntries: true, autoClose: false };
  const zip = await unbroken(() =>
    Buffer.isBuffer(source) ? yauzl.fromBufferPromise(source, options) : yauzl.openPromise(source.path, options),
  );
  const close = (): void => zip.close();
  try {
    const parts = new Map<string, yauzl.Entry>();
    await unbroken(async () => {
      for await (const entry of zip.eachEntry()) {
        parts.set(entry.fileName.toLowerCase(), entry);
        if (parts.size > MAX_PARTS) throw new Error(`more than ${MAX_PARTS} parts`);
      }
    });
    return {
      has: (part) => parts.has(part.toLowerCase()),
      read: (part, handlers) => readPart(zip, parts.get(part.toLowerCase()), handlers),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function* readPart(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry | undefined,
  handlers: XmlHandlers,
): AsyncGenerator<number, void> {
  if (!entry) throw new FileRefused('file_xlsx_broken', { detail: 'a part is missing' });
  if (entry.isEncrypted()) throw new FileRefused('file_encrypted');
  if (entry.uncompressedSize > MAX_PART_MEGABYTES * MEGABYTE) {
    const megabytes = Math.ceil(entry.uncompressedSize / MEGABYTE);
    throw new FileRefused('file_unpacks_too_large', { megabytes, limit: MAX_PART_MEGABYTES });
  }
  const { write, close } = parserFor(handlers);
  const stream = await unbroken(() => zip.openReadStreamPromise(entry));
  const decoder = new TextDecoder('utf-8');
  let bytes = 0;
  try {
    for await (const piece of unbrokenPieces(stream as AsyncIterable<Buffer>)) {
      bytes += piece.length;
      write(decoder.decode(piece, { stream: true }));
      yield bytes / Math.max(entry.uncompressedSize, 1);
      // Data already unpacked arrives without a pause; lets the process serve other requests in between.
      await setImmediate();
    }
    close();
  } finally {
    stream.destroy();
  }
}

function parserFor(handlers: XmlHandlers): { write(text: string): void; close(): void } {
  const parser = new SaxesParser();
  let sinceEvent = 0;
  const local = (name: string): string => name.slice(name.indexOf(':') + 1);
  parser.on('opentag', ({ name, attributes }) => {
    sinceEvent = 0;
    handlers.open?.(local(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    sinceEvent = 0;
    handlers.close?.(local(name));
  });
  parser.on('text', (text) => handlers.text?.(text));
  parser.on('cdata', (text) => handlers.text?.(text));
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      throw error instanceof FileRefused ? error : broken(error);
    }
  };
  return {
    write: (text) => {
      guarded(() => parser.write(text));
      sinceEvent += text.length;
      if (sinceEvent > MAX_TOKEN_CHARACTERS) throw new FileRefused('file_xlsx_broken', { detail: 'one endless value' });
    },
    close: () => guarded(() => parser.close()),
  };
}

async function* unbrokenPieces(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  try {
    yield* stream;
  } catch (error) {
    throw broken(error);
  }
}

async function unbroken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Errors of the disk are not the file's.
    if (error instanceof FileRefused || (error as NodeJS.ErrnoException).syscall) throw error;
    throw broken(error);
  }
}

function broken(error: unknown): FileRefused {
  const [detail = ''] = (error as Error).message.split('\n');
  return new FileRefused('file_xlsx_broken', { detail: detail.slice(0, 120) });
}

/** The bytes of a file as text, whatever encoding Excel chose; refuses what is no text. */
import { piecesOf, type FileSource } from './bytes';
import { FileRefused } from './table';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1251';

/** Control characters are what gives binary data away. */
const BINARY = /[\u0000-\u0008\u000e-\u001f]/;

/** By the BOM; else UTF-8 if all of it is, else the encoding in which Russian Excel saves CSV. */
export async function encodingOf(source: FileSource): Promise<Encoding> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let first = true;
  try {
    for await (const piece of piecesOf(source)) {
      const bom = piece.subarray(0, 2).toString('hex');
      if (first && bom === 'fffe') return 'utf-16le';
      if (first && bom === 'feff') return 'utf-16be';
      first = false;
      utf8.decode(piece, { stream: true });
    }
    utf8.decode();
    return 'utf-8';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'windows-1251';
    throw error;
  }
}

/** Text with `\n` line ends and without BOM, in pieces, with the bytes read so far. Throws FileRefused `file_not_text`. */
export async function* decoded(
  source: FileSource,
  encoding: Encoding,
): AsyncGenerator<{ text: string; bytes: number }, void> {
  const decoder = new TextDecoder(encoding);
  let bytes = 0;
  // Half of a line end: its other half may begin the next piece.
  let held = '';
  const plain = (text: string): string => {
    if (BINARY.test(text)) throw new FileRefused('file_not_text');
    const whole = held + text;
    held = whole.endsWith('\r') ? '\r' : '';
    return whole.slice(0, whole.length - held.length).replace(/\r\n?/g, '\n');
  };
  for await (const piece of piecesOf(source)) {
    bytes += piece.length;
    yield { text: plain(decoder.decode(piece, { stream: true })), bytes };
  }
  yield { text: plain(decoder.decode()) + (held && '\n'), bytes };
}

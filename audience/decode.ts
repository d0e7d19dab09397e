/** Decodes a file's bytes as text, in any supported encoding; refuses what is not text. */
import { piecesOf, type FileSource } from './bytes';
import { guessEncodings, highWords, type Guess } from './encodings';
import { FileRefused } from './table';

/** Control characters indicate binary data. One or two are a slip; more, in little text, are not. */
const CONTROLS = /[\u0000-\u0008\u000e-\u001f]/g;
const MOST_CONTROLS = 20;
const MOST_CONTROLS_SHARE = 0.02;
/** Ctrl-Z: the end of a DOS text. */
const DOS_END = /\u001a[\u0000\u001a]*$/;
/** Text for the guess is collected up to this size. */
const GUESS_BYTES = 64 * 1024;
/** Half of the bytes of ASCII text in UTF-16 are zero, always the same half. */
const LOOKED_AT_FOR_ZEROS = 4096;
/** Fewer prove nothing: one phone already has a dozen. */
const LEAST_ZEROS = 3;

/**
 * By the BOM; UTF-16 by its zeros; UTF-8 if all of it is valid; otherwise the 8-bit encoding that fits the words best.
 */
export async function encodingOf(source: FileSource): Promise<Guess> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let gathered: Buffer = Buffer.alloc(0);
  let [first, isUtf8] = [true, true];
  for await (const piece of piecesOf(source)) {
    const wide = first ? utf16In(piece) : undefined;
    if (wide) return { encoding: wide, others: [] };
    first = false;
    isUtf8 &&= decodes(utf8, piece);
    if (gathered.length < GUESS_BYTES) gathered = Buffer.concat([gathered, highWords(piece)]);
    else if (!isUtf8) break;
  }
  isUtf8 &&= decodes(utf8);
  const words = gathered.subarray(0, GUESS_BYTES);
  return isUtf8 || isMostlyUtf8(words) ? { encoding: 'utf-8', others: [] } : guessEncodings(words);
}

/** A byte or two broken by some program in text that is otherwise UTF-8: only their cells are lost. */
function isMostlyUtf8(words: Buffer): boolean {
  const text = new TextDecoder('utf-8').decode(words);
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  const whole = text.match(/[\u0080-\ufffc]/g)?.length ?? 0;
  return whole > broken * 10;
}

/** The admin's choice of encoding: there is no doubt left, but the choice can be changed. */
export function asGiven({ readings }: Guess, given: string): Guess {
  return { encoding: given, others: [], ...(readings && { readings }) };
}

function decodes(decoder: InstanceType<typeof TextDecoder>, piece?: Buffer): boolean {
  try {
    decoder.decode(piece, { stream: piece !== undefined });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return false;
    throw error;
  }
}

/** UTF-16 by its BOM, or by the zeros of its ASCII characters. */
export function utf16In(start: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const bom = start.subarray(0, 2).toString('hex');
  if (bom === 'fffe') return 'utf-16le';
  if (bom === 'feff') return 'utf-16be';
  const looked = start.subarray(0, LOOKED_AT_FOR_ZEROS);
  const zeros = [0, 0];
  for (const [at, byte] of looked.entries()) if (byte === 0) zeros[at % 2]!++;
  const [even = 0, odd = 0] = zeros;
  // A sixth is enough: Cyrillic names have no zeros, digits and delimiters do.
  const enough = Math.max(LEAST_ZEROS, looked.length / 12);
  if (odd > enough && even === 0) return 'utf-16le';
  return even > enough && odd === 0 ? 'utf-16be' : undefined;
}

/**
 * Text with `\n` line ends and without BOM, in pieces, with the bytes read so far. Throws FileRefused `file_not_text`.
 */
export async function* decoded(
  source: FileSource,
  encoding: string,
): AsyncGenerator<{ text: string; bytes: number }, void> {
  const decoder = new TextDecoder(encoding);
  let [bytes, controls] = [0, 0];
  // Half of a line end, or the possible end of a DOS text: the rest may begin the next piece.
  let held = '';
  const plain = (text: string, last: boolean): string => {
    let whole = held + text;
    if (last) whole = whole.replace(DOS_END, '');
    held = last ? '' : (/(?:\r|\u001a[\u0000\u001a]*)$/.exec(whole)?.[0] ?? '');
    if (held.length > MOST_CONTROLS) throw new FileRefused('file_not_text');
    const done = whole.slice(0, whole.length - held.length).replace(/\r\n?/g, '\n');
    const most = Math.min(MOST_CONTROLS, Math.max(2, bytes * MOST_CONTROLS_SHARE));
    return done.replace(CONTROLS, () => {
      if (++controls > most) throw new FileRefused('file_not_text');
      return '\ufffd';
    });
  };
  for await (const piece of piecesOf(source)) {
    bytes += piece.length;
    yield { text: plain(decoder.decode(piece, { stream: true }), false), bytes };
  }
  yield { text: plain(decoder.decode(), true), bytes };
}

/** Which 8-bit encoding a text is in: what jschardet finds likely, among those that files of people come in. */
import jschardet from 'jschardet';

export interface Guess {
  /** As TextDecoder calls it. */
  encoding: string;
  /** What else it may be, the likeliest first; none when it is sure. */
  others: string[];
}

/**
 * How often files of people come in it, against the others; to be weighed with how well the text fits. Windows and
 * Mac Cyrillic share most letters, and hardly anybody has the latter.
 */
const WEIGHTS: Record<string, number> = {
  'windows-1251': 1.5,
  'windows-1252': 1.3,
  ibm866: 1,
  'koi8-r': 1,
  'koi8-u': 0.9,
  'windows-1250': 1,
  'windows-1254': 0.8,
  'windows-1257': 0.8,
  'x-mac-cyrillic': 0.7,
  'iso-8859-5': 0.7,
  macintosh: 0.6,
  'iso-8859-2': 0.6,
  'windows-1253': 0.3,
  'windows-1255': 0.3,
  'windows-1256': 0.3,
  gb18030: 0.2,
  big5: 0.2,
  shift_jis: 0.2,
  'euc-jp': 0.2,
  'euc-kr': 0.2,
};

/** Names of the library that TextDecoder calls otherwise; ISO 8859-1 and -9 are what Windows has made of them. */
const CALLED: Record<string, string> = {
  maccyrillic: 'x-mac-cyrillic',
  macroman: 'macintosh',
  'iso-8859-1': 'windows-1252',
  'iso-8859-15': 'windows-1252',
  'iso-8859-9': 'windows-1254',
  'iso-8859-13': 'windows-1257',
  cp1125: 'ibm866',
  cp949: 'euc-kr',
};

/** What can be asked for. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', ...Object.keys(WEIGHTS)];
/** Another encoding that fits so well, against the best, makes the best unsure. */
const CLOSE = 0.6;
const MOST_OTHERS = 4;

/** For the words of a text that have letters beyond ASCII. */
export function guessEncodings(words: Buffer): Guess {
  const scores = new Map<string, number>();
  // Much text is no surer than some, and takes seconds.
  for (const { encoding, confidence } of jschardet.detectAll(words.subarray(0, 8192))) {
    const given = (encoding ?? '').toLowerCase();
    const name = CALLED[given] ?? given;
    const score = confidence * (WEIGHTS[name] ?? 0);
    if (score > (scores.get(name) ?? 0)) scores.set(name, score);
  }
  for (const name of ['windows-1251', 'windows-1252']) if (!scores.has(name)) scores.set(name, 0.0001 * WEIGHTS[name]!);
  const ranked = [...scores].filter(([name]) => readsAsText(words, name)).toSorted(([, a], [, b]) => b - a);
  const [best] = ranked;
  if (!best) return { encoding: 'windows-1251', others: [] };
  // What gives the same text is no other reading.
  const texts = new Set([textIn(words, best[0])]);
  const others = ranked.slice(1).filter(([name, score]) => {
    const text = textIn(words, name);
    const isOther = score >= best[1] * CLOSE && !texts.has(text);
    texts.add(text);
    return isOther;
  });
  return { encoding: best[0], others: others.slice(0, MOST_OTHERS).map(([name]) => name) };
}

function textIn(bytes: Buffer, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes);
}

/** Frames, control codes and gaps in the encoding are in no name. */
function readsAsText(bytes: Buffer, encoding: string): boolean {
  return !/[\u0080-\u009f\u2500-\u259f\ufffd]/.test(textIn(bytes, encoding));
}

/** The words of a piece that have bytes beyond ASCII, a line each; what is between them says nothing of the encoding. */
export function highWords(piece: Buffer): Buffer {
  const words: Buffer[] = [];
  let [start, isHigh] = [0, false];
  for (let at = 0; at <= piece.length; at++) {
    const byte = piece[at] ?? 0x0a;
    if (byte > 0x7f) isHigh = true;
    // Letters and blanks hold together; a delimiter, a digit or a line's end ends the word.
    const isLetter = byte > 0x7f || ((byte | 0x20) - 0x61 < 26 && (byte | 0x20) >= 0x61) || byte === 0x20;
    if (isLetter) continue;
    if (isHigh) words.push(piece.subarray(start, at), Buffer.from('\n'));
    [start, isHigh] = [at + 1, false];
  }
  return Buffer.concat(words);
}

/** Which 8-bit encoding a text is in: what jschardet finds likely, among those that files of people come in. */
import jschardet from 'jschardet';

export interface Guess {
  /** As TextDecoder calls it. */
  encoding: string;
  /** What else it may be, the likeliest first; none when it is sure. */
  others: string[];
  /** Of a text in 8 bits: words of it as each encoding would have them, this one first, then the others, then what is less likely. */
  readings?: Reading[];
}

/** How a text reads in an encoding. */
export interface Reading {
  encoding: string;
  sample: string;
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
const CLOSE = 0.5;
const MOST_OTHERS = 4;
const MOST_READINGS = 6;
const SAMPLE_CHARACTERS = 40;

/** Worth looking at even where the library does not think of them: short texts in capitals mislead it. */
const COMMON = ['windows-1251', 'ibm866', 'koi8-r', 'x-mac-cyrillic', 'windows-1252'];
const COMMON_CONFIDENCE = 0.01;
/** The library looks at so much: more is no surer, and takes seconds. */
const LOOKED_AT_BYTES = 8192;

/** For the words of a text that have letters beyond ASCII. */
export function guessEncodings(words: Buffer): Guess {
  const looked = words.subarray(0, LOOKED_AT_BYTES);
  const confidences = new Map<string, number>(COMMON.map((name) => [name, COMMON_CONFIDENCE]));
  for (const { encoding, confidence } of jschardet.detectAll(looked)) {
    const given = (encoding ?? '').toLowerCase();
    const name = CALLED[given] ?? given;
    if (name in WEIGHTS) confidences.set(name, Math.max(confidence, confidences.get(name) ?? 0));
  }
  const ranked = [...confidences]
    .map(([name, confidence]) => {
      const text = textIn(looked, name);
      return { name, text, score: confidence * WEIGHTS[name]! * plausibility(text) * (HEADER.test(text) ? 10 : 1) };
    })
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
  const [best] = ranked;
  if (!best) return { encoding: 'windows-1251', others: [] };
  // What gives the same text is no other reading: of those the commonest is named.
  const same = Object.keys(WEIGHTS).filter((name) => textIn(looked, name) === best.text);
  const [encoding = best.name] = same.toSorted((a, b) => WEIGHTS[b]! - WEIGHTS[a]!);
  const others = ranked.filter(
    ({ text, score }, at) =>
      score >= best.score * CLOSE && ranked.findIndex((earlier) => earlier.text === text) === at && text !== best.text,
  );
  const close = others.slice(0, MOST_OTHERS).map(({ name }) => name);
  const further = ranked
    .filter(({ text }, at) => ranked.findIndex((one) => one.text === text) === at)
    .map(({ name }) => name);
  const named = new Set([encoding, ...close, ...further.filter((name) => textIn(looked, name) !== best.text)]);
  return {
    encoding,
    others: close,
    readings: [...named].slice(0, MOST_READINGS).map((name) => readingOf(looked, name)),
  };
}

/** For the words of a text, as `guessEncodings` gets them. */
function readingOf(words: Buffer, encoding: string): Reading {
  const text = textIn(words.subarray(0, SAMPLE_CHARACTERS * 4), encoding);
  const different = new Set(
    text
      .split('\n')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  );
  return { encoding, sample: [...different].join(', ').slice(0, SAMPLE_CHARACTERS) };
}

/** A word that heads a column is no accident of another encoding. */
const HEADER =
  /(?<!\p{L})(?:имя|фио|фамилия|телефон|клиент|номер|город|контакт|дата|сумма|nombre|teléfono|prénom)(?!\p{L})/iu;
/** Letters of Serbian and Macedonian, and signs that stand where another encoding has letters. */
const ODD = /[ЂЃЌЉЊЋЏђѓќљњћџ\u0080-\u009f\u2013-\u2122\u2200-\u22ff€¤¦§©¬®°±¶·¿¡†‡•]/u;
/** Frames and gaps of the encoding: in no name. */
const IMPOSSIBLE = /[\u0080-\u009f\u2500-\u259f\ufffd]/u;

/** How much the words look like words: Анна and АННА before анна, никому before кЂрА. 0 for what is no text. */
function plausibility(text: string): number {
  if (IMPOSSIBLE.test(text)) return 0;
  const words = text.split(/[\s\d'’".,:;!?()/_-]+/u).filter((word) => /[^\u0000-\u007f]/u.test(word));
  const sum = words.reduce((total, word) => total + shapeOf(word), 0);
  return words.length === 0 ? 1 : (sum / words.length) ** 2;
}

function shapeOf(word: string): number {
  if (ODD.test(word) || !/^\p{L}[\p{L}\p{M}]*$/u.test(word)) return 0.15;
  if (/\p{Script=Cyrillic}/u.test(word) && /[A-Za-z]/.test(word)) return 0.15;
  if (/^\p{Lu}+$/u.test(word) || /^\p{Lu}\p{Ll}+$/u.test(word)) return 1;
  return /^\p{Ll}+$/u.test(word) ? 0.55 : 0.3;
}

function textIn(bytes: Buffer, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes);
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

/** Detects a text's 8-bit encoding: what jschardet finds likely, among the encodings that files of people use. */
import jschardet from 'jschardet';

export interface Guess {
  /** TextDecoder's name. */
  encoding: string;
  /** Other possibilities, likeliest first; empty when it is certain. */
  others: string[];
  /** For 8-bit text: its words in each encoding, first in this one, then in the others, then in less likely ones. */
  readings?: Reading[];
}

/** How a text reads in an encoding. */
export interface Reading {
  encoding: string;
  sample: string;
}

/**
 * How often files of people use each encoding; weighed with how well the text fits. Windows and Mac Cyrillic share most
 * letters, and the latter is very rare.
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

/** The library's names that differ from TextDecoder's; ISO 8859-1 and -9 stand for their Windows versions. */
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

/** The encodings a user may choose. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', ...Object.keys(WEIGHTS)];
/** Another encoding that fits this well compared with the best makes the best uncertain. */
const CLOSE = 0.5;
const MOST_OTHERS = 4;
const MOST_READINGS = 6;
const SAMPLE_CHARACTERS = 40;

/** Tried even if the library does not suggest them: short texts in capitals mislead it. */
const COMMON = ['windows-1251', 'ibm866', 'koi8-r', 'x-mac-cyrillic', 'windows-1252'];
const COMMON_CONFIDENCE = 0.01;
/** The library inspects this much: more is no better and takes seconds. */
const LOOKED_AT_BYTES = 8192;

/** For the text's words that have non-ASCII letters. */
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
  // Encodings that give the same text are not alternatives: name the most common one.
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

/** For the same words as `guessEncodings`. */
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

/** A word that heads a column does not appear by accident in a wrong encoding. */
const HEADER =
  /(?<!\p{L})(?:имя|фио|фамилия|телефон|клиент|номер|город|контакт|дата|сумма|nombre|teléfono|prénom)(?!\p{L})/iu;
/** Serbian and Macedonian letters, and symbols where another encoding has letters. */
const ODD = /[ЂЃЌЉЊЋЏђѓќљњћџ\u0080-\u009f\u2013-\u2122\u2200-\u22ff€¤¦§©¬®°±¶·¿¡†‡•]/u;
/** Box-drawing characters and unassigned codes: never part of a name. */
const IMPOSSIBLE = /[\u0080-\u009f\u2500-\u259f\ufffd]/u;

/** How much the words look like words: Анна and АННА before анна, никому before кЂрА. 0 if it is not text. */
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

/** The words in a piece that have non-ASCII bytes, one per line; the rest says nothing about the encoding. */
export function highWords(piece: Buffer): Buffer {
  const words: Buffer[] = [];
  let [start, isHigh] = [0, false];
  for (let at = 0; at <= piece.length; at++) {
    const byte = piece[at] ?? 0x0a;
    if (byte > 0x7f) isHigh = true;
    // Letters and blanks continue a word; a delimiter, digit or line end finishes it.
    const isLetter = byte > 0x7f || ((byte | 0x20) - 0x61 < 26 && (byte | 0x20) >= 0x61) || byte === 0x20;
    if (isLetter) continue;
    if (isHigh) words.push(piece.subarray(start, at), Buffer.from('\n'));
    [start, isHigh] = [at + 1, false];
  }
  return Buffer.concat(words);
}

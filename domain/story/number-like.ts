/**
 * Finds what looks like a phone number in typed text such as names and file names. It need not be valid; dates, times,
 * years and sums do not count. Workflows import this file, so it knows nothing about countries.
 */

const DIGIT = '[\\p{Nd}\\p{No}]';
/** The letter O typed for zero: after a digit or another such O, and not at the beginning of a word. */
const ZERO = `(?<=[\\p{Nd}\\p{No}oо])[oо](?![^\\P{L}oо])`;
/** What may stand within one number: spaces, punctuation, invisible marks, and a spreadsheet's thousands separators. */
const BETWEEN = `(?:[\\s\\p{Zs}\\p{Cf}\\p{Mn}\\p{Me}\\p{Pd}()\\[\\]._/\\\\'’~−]{0,5}|,(?=\\d{3}(?!\\d)))`;
/** A run of digits, adjacent or separated only by such characters; "…" at its end means it was cut. */
const RUN = new RegExp(`\\+?\\(?${DIGIT}(?:${BETWEEN}(?:${DIGIT}|${ZERO}))+…?`, 'giu');
const EACH_DIGIT = new RegExp(`${DIGIT}|${ZERO}`, 'giu');

const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const MONTH = '(?:0?[1-9]|1[0-2])';
const YEAR = '(?:19|20)\\d\\d';
const CLOCK = '(?:[01]\\d|2[0-3])[0-5]\\d(?:[0-5]\\d(?:\\d{3})?)?';
/** Only recent years of this century: with other years it could be an Egyptian number. */
const STAMPED_DAY = '20[23]\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])';
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';

/** Never part of a number, wherever it stands: days with a full year, times, a file's time stamp, an address. */
const NEVER = new RegExp(
  [
    `(?<!\\d)${DAY}([./_-])${MONTH}\\1${YEAR}(?!\\d)`,
    `(?<!\\d)${YEAR}([./_-])${MONTH}\\2${DAY}(?!\\d)`,
    `(?<!\\d)${MONTH}/${DAY}/${YEAR}(?!\\d)`,
    `(?<!\\d)${STAMPED_DAY}[-_]?${CLOCK}(?!\\d)`,
    `(?<![\\d:])(?:[01]?\\d|2[0-4]):[0-5]\\d(?::[0-5]\\d(?:[.,]\\d{1,6})?)?(?![\\d:])`,
    `(?<![\\d.])${OCTET}(?:\\.${OCTET}){3}(?![\\d.])`,
  ].join('|'),
  'g',
);

/**
 * Not numbers when alone in the run, though they may be parts of one, as in 8 (4872) 31-12-26: days with a short year,
 * spans of days or hours with dots, a day in a file name, months, years, round sums.
 */
const ALONE = new RegExp(
  [
    `(?<!\\d)${DAY}([./-])${MONTH}\\1\\d\\d(?!\\d)`,
    `(?<!\\d)\\d?\\d\\.\\d\\d\\s?[-–—]\\s?\\d?\\d\\.\\d\\d(?!\\d)`,
    `(?<!\\d)(?:${STAMPED_DAY}|(?:0[1-9]|[12]\\d|3[01])(?:0[1-9]|1[0-2])20[23]\\d)(?!\\d)`,
    `(?<!\\d)(?:20[0-4]\\d[-./]${MONTH}|${MONTH}[-./]20[0-4]\\d)(?!\\d)`,
    `(?<!\\d)20[0-4]\\d(?:/\\d\\d)?(?!\\d)`,
    `(?<!\\d)\\d{1,3}(?:[\\s\\p{Zs}'’.]000){1,2}(?!\\d)`,
  ].join('|'),
  'gu',
);
/** Up to this many digits beside it are a wave, a day of the month or a percentage. */
const BESIDE = 2;

/** The shortest run that counts as a number: with a country code after a plus, without a plus, or cut by us. */
const SHORTEST = { withPlus: 8, bare: 10, cut: 7 };

/** The text with "•" for every digit of what looks like a phone number, except the last two. */
export function withoutNumbers(text: string): string {
  const kept: [from: number, to: number][] = [...text.matchAll(NEVER)].map(({ 0: found, index }) => [
    index,
    index + found.length,
  ]);
  return between(text, kept, (piece) =>
    piece.replace(RUN, (run) => {
      if (!looksLikeNumber(run)) return run;
      const digits = countDigits(run);
      let seen = 0;
      return run.replace(EACH_DIGIT, (digit) => (++seen > digits - 2 ? digit : '•'));
    }),
  );
}

/** Whether the text contains anything that looks like a phone number. */
export function holdsNumber(text: string): boolean {
  return withoutNumbers(text) !== text;
}

/** The longest possible number. */
const ONE_NUMBER = 15;
/** "тел." and "моб." label a number; longer words make it a text that contains a number. */
const WORD = /\p{L}{4}/u;
/** Separate the numbers of a list. */
const SEPARATORS = /[,;|\t\r\n]+/;

/** Whether the text consists only of what looks like phone numbers: one, which may be meant as text, or several. */
export function numbersAlone(text: string): 'none' | 'one' | 'several' {
  if (WORD.test(text)) return 'none';
  if (holdsNumber(text)) return countDigits(text) > ONE_NUMBER ? 'several' : 'one';
  // Where numbers have eight or nine digits, a single one could be anything, but a list of them could not.
  const pieces = text.split(SEPARATORS).filter((piece) => piece.trim() !== '');
  return pieces.length > 1 && pieces.every(isLongEnough) ? 'several' : 'none';
}

function isLongEnough(piece: string): boolean {
  return countDigits(piece.replace(NEVER, ' ').replace(ALONE, ' ')) >= SHORTEST.withPlus;
}

function looksLikeNumber(run: string): boolean {
  const hasPlus = run.startsWith('+');
  const shortest = hasPlus ? SHORTEST.withPlus : run.endsWith('…') ? SHORTEST.cut : SHORTEST.bare;
  if (countDigits(run) < shortest) return false;
  return hasPlus || countDigits(run.replace(ALONE, ' ')) > BESIDE;
}

function countDigits(text: string): number {
  return text.match(EACH_DIGIT)?.length ?? 0;
}

/** Changes each part of the text outside the kept places. */
function between(text: string, kept: readonly [number, number][], change: (piece: string) => string): string {
  let at = 0;
  let changed = '';
  for (const [from, to] of kept) {
    changed += change(text.slice(at, from)) + text.slice(from, to);
    at = to;
  }
  return changed + change(text.slice(at));
}

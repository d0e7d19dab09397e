/**
 * What looks like a phone number in words that people type: names, file names. It need not be valid; dates, times, years
 * and sums are none. Workflows import it, so it knows nothing of countries.
 */

const DIGIT = '[\\p{Nd}\\p{No}]';
/** A letter O is typed for a zero: after a digit or another one, and not as the beginning of a word. */
const ZERO = `(?<=[\\p{Nd}\\p{No}oо])[oо](?![^\\P{L}oо])`;
/** What stands within one number: spaces, signs of its spelling, invisible marks; and a spreadsheet's thousands. */
const BETWEEN = `(?:[\\s\\p{Zs}\\p{Cf}\\p{Mn}\\p{Me}\\p{Pd}()\\[\\]._/\\\\'’~−]{0,5}|,(?=\\d{3}(?!\\d)))`;
/** Of digits that stand together, or with nothing but such signs between them; "…" at its end says that it was cut. */
const RUN = new RegExp(`\\+?\\(?${DIGIT}(?:${BETWEEN}(?:${DIGIT}|${ZERO}))+…?`, 'giu');
const EACH_DIGIT = new RegExp(`${DIGIT}|${ZERO}`, 'giu');

const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const MONTH = '(?:0?[1-9]|1[0-2])';
const YEAR = '(?:19|20)\\d\\d';
const CLOCK = '(?:[01]\\d|2[0-3])[0-5]\\d(?:[0-5]\\d(?:\\d{3})?)?';
/** Of this century's present part: with other years it could be a number of Egypt. */
const STAMPED_DAY = '20[23]\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])';
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';

/** Wherever it stands, this is no part of a number: days with a full year, times, a file's time stamp, an address. */
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
 * None by itself, but so are parts of numbers written, 8 (4872) 31-12-26: it is none where nothing else is in the run.
 * Days with a short year, spans of days or of hours with dots, a day as a file's name has it, months, years, round sums.
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
/** So many digits beside it are a wave, a day of the month or a percentage. */
const BESIDE = 2;

/** The shortest number that is taken for one: with its country code after a plus, without, or cut short by us. */
const SHORTEST = { withPlus: 8, bare: 10, cut: 7 };

/** The text with "•" for each digit of what looks like a phone number, but for the last two. */
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

/** Whether something in the text looks like a phone number. */
export function holdsNumber(text: string): boolean {
  return withoutNumbers(text) !== text;
}

/** No number is longer. */
const ONE_NUMBER = 15;
/** "тел." and "моб." are labels of a number; longer words are a text that has a number in it. */
const WORD = /\p{L}{4}/u;
/** Between the numbers of a list. */
const SEPARATORS = /[,;|\t\r\n]+/;

/** Whether the text is nothing but what looks like phone numbers: one, which may be meant as a text, or several. */
export function numbersAlone(text: string): 'none' | 'one' | 'several' {
  if (WORD.test(text)) return 'none';
  if (holdsNumber(text)) return countDigits(text) > ONE_NUMBER ? 'several' : 'one';
  // Where numbers have eight or nine digits, one alone could be anything; a list of them could not.
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

/** Each part of the text outside these places, changed. */
function between(text: string, kept: readonly [number, number][], change: (piece: string) => string): string {
  let at = 0;
  let changed = '';
  for (const [from, to] of kept) {
    changed += change(text.slice(at, from)) + text.slice(from, to);
    at = to;
  }
  return changed + change(text.slice(at));
}

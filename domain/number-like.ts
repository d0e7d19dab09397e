/**
 * What looks like a phone number in words that people type: names, file names. It need not be valid; a date is none.
 * Workflows import it, so it knows nothing of countries.
 */

/** Of digits that stand together, or with nothing but signs of a number's spelling between them. */
const RUN = /\+?\p{Nd}(?:[\p{Zs}\t\p{Cf}()._-]*\p{Nd})+/gu;
const DATE =
  /(?<!\d)(?:(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])[./-](?:19|20)\d\d|(?:19|20)\d\d[./-](?:0?[1-9]|1[0-2])[./-](?:0?[1-9]|[12]\d|3[01]))(?!\d)/g;
/** The shortest number that is taken for one: with its country code after a plus, or without. */
const SHORTEST = { withPlus: 8, bare: 10 };

/** The text with "•" for each digit of what looks like a phone number, but for the last two. */
export function withoutNumbers(text: string): string {
  const dates: [from: number, to: number][] = [...text.matchAll(DATE)].map(({ 0: date, index }) => [
    index,
    index + date.length,
  ]);
  return between(text, dates, (piece) =>
    piece.replace(RUN, (run) => {
      const digits = run.match(/\p{Nd}/gu) ?? [];
      if (digits.length < (run.startsWith('+') ? SHORTEST.withPlus : SHORTEST.bare)) return run;
      let seen = 0;
      return run.replace(/\p{Nd}/gu, (digit) => (++seen > digits.length - 2 ? digit : '•'));
    }),
  );
}

/** Whether something in the text looks like a phone number. */
export function holdsNumber(text: string): boolean {
  return withoutNumbers(text) !== text;
}

/** Longer than any one number, with the signs and spaces that people put into one. */
const ONE_NUMBER = 15;

/** Whether the text is nothing but several of what looks like phone numbers. One alone may be meant as a text. */
export function isListOfNumbers(text: string): boolean {
  return holdsNumber(text) && !/\p{L}/u.test(text) && (text.match(/\p{Nd}/gu) ?? []).length > ONE_NUMBER;
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

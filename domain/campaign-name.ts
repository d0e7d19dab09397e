/**
 * Limits a campaign's name. It must be short: Temporal keeps it as a search attribute, and on PostgreSQL a run with
 * more than 255 characters is accepted but never listed.
 */

export const MAX_NAME_CHARACTERS = 80;

/** Counts as people do: an emoji, or a letter with its mark, is one character. */
export function charactersOf(text: string): number {
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].length;
}

/** A generated name: `name` is cut so that the end fits completely. */
export function nameWithEnd(name: string, end: string): string {
  const room = MAX_NAME_CHARACTERS - charactersOf(end);
  if (charactersOf(name) <= room) return name + end;
  const kept = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name)].slice(0, room - 1);
  return `${kept
    .map(({ segment }) => segment)
    .join('')
    .trimEnd()}…${end}`;
}

/**
 * The name of a campaign. It is short everywhere: Temporal keeps it as a search attribute, and on PostgreSQL a run with
 * one of more than 255 characters is accepted and then never listed.
 */

export const MAX_NAME_CHARACTERS = 80;

/** As people count: an emoji or a letter with its mark is one. */
export function charactersOf(text: string): number {
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].length;
}

/** A name that we make ourselves, `name` cut so that the end and all of it fit. */
export function nameWithEnd(name: string, end: string): string {
  const room = MAX_NAME_CHARACTERS - charactersOf(end);
  if (charactersOf(name) <= room) return name + end;
  const kept = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name)].slice(0, room - 1);
  return `${kept
    .map(({ segment }) => segment)
    .join('')
    .trimEnd()}…${end}`;
}

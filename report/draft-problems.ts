/** A draft's problems, and Meta's answer, in plain words: for the bot and the console alike. Not escaped. */
import { translate, type Language } from '../config/i18n';
import type { DraftProblem } from '../domain/templates/draft-check';
import { readRejection } from '../domain/templates/review';

/** What is wrong, where, and what to do. */
export function problemText({ code, place, values }: DraftProblem, language: Language): string {
  return `${translate(language, `templates.places.${place}`)}: ${translate(language, `templates.problems.${code}`, values)}`;
}

/** Why Meta rejected it and what to do, with its own words where it says more than a code. */
export function rejectionText(reason: string | undefined, language: Language): string {
  const { word, detail } = readRejection(reason);
  return [
    ...(word ? [translate(language, `templates.reasons.${word}`)] : []),
    ...(detail ? [translate(language, 'templates.reasons.detail', { detail })] : []),
  ].join('\n');
}

/** How a campaign's first people fared, in a line: on its card, in the console, in the report. */
import type { CanaryLook } from '../domain/canary';
import { translate, type Language } from './i18n';

/** `at`: when they were looked at, as it is shown there. */
export function canaryText({ counts, verdict }: CanaryLook, at: string, language: Language): string {
  const asks = verdict !== 'asked' && verdict !== 'went_on';
  return translate(language, `words.canaryLook.${asks ? 'found' : verdict}`, {
    ...counts,
    at,
    why: asks ? translate(language, `words.canaryWhy.${verdict}`) : '',
  });
}

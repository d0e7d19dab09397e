/** A span of time in words: about how long something takes. */
import { translate, type Language } from './i18n';

/** `45 s`, `3 min`, `1 h 20 min`. */
export function spanText(seconds: number, language: Language): string {
  const say = (key: string, values: Record<string, number>): string =>
    translate(language, `words.duration.${key}`, values);
  if (seconds < 60) return say('seconds', { seconds: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return say('minutes', { minutes });
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? say('wholeHours', { hours }) : say('hours', { hours, minutes: minutes % 60 });
}

/** Texts in Russian and English (i18next), from config/locales/<language>.json. */
import i18next from 'i18next';
import en from './locales/en.json';
import ru from './locales/ru.json';

export const LANGUAGES = ['ru', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const i18n = i18next.createInstance();
void i18n.init({
  resources: { en: { translation: en }, ru: { translation: ru } },
  fallbackLng: 'en',
  initAsync: false,
  // Escaping is the shower's business (HTML in Telegram, none in a terminal).
  interpolation: { escapeValue: false },
});

/** The text of a key, with `{{values}}` put in and plurals by `count`. */
export function translate(language: Language, key: string, values: Record<string, string | number> = {}): string {
  return i18n.t(key, { lng: language, ...values });
}

/** Texts in Russian and English (i18next), from config/locales/<language>/<part>.json; a key starts with its part. */
import i18next from 'i18next';
import enAlerts from './locales/en/alerts.json';
import enBot from './locales/en/bot.json';
import enCrm from './locales/en/crm.json';
import enFiles from './locales/en/files.json';
import enRefusals from './locales/en/refusals.json';
import enReplies from './locales/en/replies.json';
import enReport from './locales/en/report.json';
import enTemplates from './locales/en/templates.json';
import enTroubles from './locales/en/troubles.json';
import enWords from './locales/en/words.json';
import ruAlerts from './locales/ru/alerts.json';
import ruBot from './locales/ru/bot.json';
import ruCrm from './locales/ru/crm.json';
import ruFiles from './locales/ru/files.json';
import ruRefusals from './locales/ru/refusals.json';
import ruReplies from './locales/ru/replies.json';
import ruReport from './locales/ru/report.json';
import ruTemplates from './locales/ru/templates.json';
import ruTroubles from './locales/ru/troubles.json';
import ruWords from './locales/ru/words.json';

export const LANGUAGES = ['ru', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const i18n = i18next.createInstance();
void i18n.init({
  resources: {
    en: {
      translation: {
        alerts: enAlerts,
        bot: enBot,
        crm: enCrm,
        files: enFiles,
        refusals: enRefusals,
        replies: enReplies,
        report: enReport,
        templates: enTemplates,
        troubles: enTroubles,
        words: enWords,
      },
    },
    ru: {
      translation: {
        alerts: ruAlerts,
        bot: ruBot,
        crm: ruCrm,
        files: ruFiles,
        refusals: ruRefusals,
        replies: ruReplies,
        report: ruReport,
        templates: ruTemplates,
        troubles: ruTroubles,
        words: ruWords,
      },
    },
  },
  fallbackLng: 'en',
  initAsync: false,
  // It would print an advertisement on standard output, which belongs to the answers of the console tool.
  showSupportNotice: false,
  // Escaping is the shower's business (HTML in Telegram, none in a terminal).
  interpolation: { escapeValue: false },
});

/** The text of a key such as `refusals.time_past`, with `{{values}}` put in and plurals by `count`. */
export function translate(language: Language, key: string, values: Record<string, string | number> = {}): string {
  return i18n.t(key, { lng: language, ...values });
}

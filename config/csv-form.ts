/** What Excel expects of a CSV file. */
import type { Language } from './i18n';

/** Lets it read the file as UTF-8. */
export const BOM = '\uFEFF';
/** The separator it expects in a country of that language. */
export const DELIMITER: Record<Language, string> = { en: ',', ru: ';' };

/** The page behind a code that is none: what happened and what to do, in the reader's language as far as we have it. */
import { LANGUAGES, translate } from '../config/i18n';

/** `languages`: the header Accept-Language. Nothing of the request stands in the page. */
export function unknownPage(languages = ''): string {
  const [first = ''] = languages.toLowerCase().split(/[,;-]/);
  const language = LANGUAGES.find((one) => one === first.trim()) ?? 'en';
  const say = (key: string): string => translate(language, `words.unknownLink.${key}`);
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${say('title')}</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto 0;padding:0 1.5rem;color-scheme:light dark}</style>
<h1>${say('title')}</h1>
<p>${say('text')}</p>
</html>
`;
}

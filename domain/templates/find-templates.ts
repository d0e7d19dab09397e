/** Finds templates by words of their name, text, buttons, category, language and state. */
import type { Template } from './template';

/** `said`: further words for a template in the searcher's language, such as its category and state. */
export function findTemplates<T extends Template>(
  templates: readonly T[],
  search: string,
  said: (template: T) => readonly string[] = () => [],
): T[] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  return templates.filter((template) => {
    const { name, language, category, status, header, body, footer, buttons } = template;
    const all = [
      name,
      language,
      category,
      status,
      ...(header?.type === 'TEXT' ? [header.text] : []),
      body,
      footer ?? '',
      ...buttons.map(({ text }) => text),
      ...said(template),
    ];
    const text = plain(all.join(' '));
    return words.every((word) => text.includes(word));
  });
}

/** Case, the two spellings of ё and the joints of names make no difference. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[_-]/g, ' ')
    .replace(/[«»"“”]/g, '');
}

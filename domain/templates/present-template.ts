/** A template deleted at Gupshup and made again: the same name under another id. */
import type { Template } from './template';

export type PresentTemplate =
  /** The one that is meant; under another id when it was made again word for word. */
  | { kind: 'same'; template: Template }
  /** Of this name and language there is only one that says something else. */
  | { kind: 'changed' }
  | { kind: 'gone' };

/** What `known`, as a campaign remembers it, is among the templates that there are now. */
export function presentTemplate(known: Template, templates: readonly Template[]): PresentTemplate {
  const byId = templates.find(({ id }) => id === known.id);
  if (byId && byId.status !== 'DELETED') return { kind: 'same', template: byId };
  const again = templates.filter(
    ({ name, language, status }) => name === known.name && language === known.language && status !== 'DELETED',
  );
  const template = again.find((one) => wordsOf(one) === wordsOf(known));
  if (template) return { kind: 'same', template };
  return again.length > 0 ? { kind: 'changed' } : { kind: 'gone' };
}

/** Whether two are the same to a reader: WhatsApp has a name and a language once at a time, whatever the id. */
export function isSameTemplate(one: Template, other: Template): boolean {
  return one.id === other.id || (one.name === other.name && one.language === other.language);
}

/** All that the person gets to see. Its example values and the header's sample file are not part of it. */
function wordsOf({ type, header, body, footer = '', buttons }: Template): string {
  const head = header && (header.type === 'TEXT' ? ['TEXT', header.text] : [header.type]);
  return JSON.stringify([
    type,
    head ?? [],
    body,
    footer,
    buttons.map(({ type: kind, text, url, phoneNumber }) => [kind, text, url ?? '', phoneNumber ?? '']),
  ]);
}

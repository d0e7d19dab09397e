/** Finds a template that was deleted at Gupshup and created again: the same name under another id. */
import type { Template } from './template';

export type PresentTemplate =
  /** The same template, possibly under another id if it was created again word for word. */
  | { kind: 'same'; template: Template }
  /** A template with this name and language exists, but its content differs. */
  | { kind: 'changed' }
  | { kind: 'gone' };

/** Finds the current version of `known`, the template as a campaign remembers it. */
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

/** Whether two templates are the same to a reader: WhatsApp has each name and language only once, whatever the id. */
export function isSameTemplate(one: Template, other: Template): boolean {
  return one.id === other.id || (one.name === other.name && one.language === other.language);
}

/** Everything the person sees. Example values and the header's sample file are not part of it. */
export function wordsOf({ type, header, body, footer = '', buttons, cards = [] }: Template): string {
  const said = (all: Template['buttons']): string[][] =>
    all.map(({ type: kind, text, url, phoneNumber }) => [kind, text, url ?? '', phoneNumber ?? '']);
  const head = header && (header.type === 'TEXT' ? ['TEXT', header.text] : [header.type]);
  return JSON.stringify([
    type,
    head ?? [],
    body,
    footer,
    said(buttons),
    ...cards.map((card) => [card.media, card.body, said(card.buttons)]),
  ]);
}

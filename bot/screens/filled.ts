/** A WhatsApp message as HTML for Telegram: how it will look on the recipient's phone. */
import { fillTemplate, parametersOf, type FilledTemplate, type Template } from '../../domain/templates/template';
import { mediaLabel } from '../../domain/templates/uploaded-media';
import { escapeHtml, shorten, type Texts } from '../texts';

/** Three of them must fit into one Telegram message of 4,096 characters. */
const BODY_CHARACTERS = 700;
const CARD_LINK_CHARACTERS = 60;

const BUTTON_SIGNS: Partial<Record<FilledTemplate['buttons'][number]['type'], string>> = {
  URL: '🔗',
  PHONE_NUMBER: '📞',
  COPY_CODE: '📋',
  QUICK_REPLY: '↩️',
};

/** The message in a quotation frame. A long body is shortened. */
export function filledHtml(message: FilledTemplate, texts: Texts, bodyCharacters = BODY_CHARACTERS): string {
  const lines: string[] = [];
  if (message.mediaType) {
    const kind = texts.maybe(`media.${message.mediaType}`) ?? message.mediaType;
    lines.push(
      `<i>${escapeHtml(message.mediaUrl ? `${kind}: ${shorten(mediaLabel(message.mediaUrl), 120)}` : kind)}</i>`,
    );
  }
  if (message.header) lines.push(`<b>${escapeHtml(message.header)}</b>`);
  lines.push(escapeHtml(shorten(message.body, bodyCharacters)));
  if (message.footer) lines.push(`<i>${escapeHtml(message.footer)}</i>`);
  lines.push(...message.buttons.map(buttonLine));
  message.cards?.forEach(({ media, mediaUrl, body, buttons }, index) => {
    const kind = texts.maybe(`media.${media}`) ?? media;
    const file = mediaUrl === undefined ? kind : `${kind}: ${shorten(mediaLabel(mediaUrl), CARD_LINK_CHARACTERS)}`;
    lines.push('', `<b>${index + 1}</b> <i>${escapeHtml(file)}</i>`);
    if (body !== '') lines.push(escapeHtml(body));
    lines.push(...buttons.map(buttonLine));
  });
  return `<blockquote>${lines.join('\n')}</blockquote>`;
}

function buttonLine({ type, text, value }: FilledTemplate['buttons'][number]): string {
  const shown = value ? `${text} → ${shorten(value, 120)}` : text;
  return `${BUTTON_SIGNS[type] ?? '▫️'} ${escapeHtml(shown)}`;
}

/** The template with placeholders such as ‹1› in its variables' places. */
export function exampleOf(template: Template, texts: Texts): FilledTemplate {
  const params = parametersOf(template).map(({ place, position }) =>
    place === 'url_suffix' ? 'abc123' : place === 'copy_code' ? 'CODE25' : texts.plain('templates.value', { position }),
  );
  const exampleUrl = template.header && 'exampleUrl' in template.header ? template.header.exampleUrl : undefined;
  return fillTemplate(template, params, exampleUrl);
}

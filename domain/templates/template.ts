/** A WhatsApp template: its parts, its parameters, and how it looks when filled. */
import { readUploadedMedia } from './uploaded-media';

export const TEMPLATE_CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION'] as const;
export type TemplateCategory = (typeof TEMPLATE_CATEGORIES)[number] | 'UNKNOWN';

/** Categories with commas between them, in any case; undefined when one is none. */
export function readCategories(text: string): (typeof TEMPLATE_CATEGORIES)[number][] | undefined {
  const found = text.split(',').map((part) => TEMPLATE_CATEGORIES.find((one) => one === part.trim().toUpperCase()));
  return found.every((one) => one !== undefined) ? [...new Set(found)] : undefined;
}

/** Gupshup's words, upper case. Only APPROVED can be sent. */
export const TEMPLATE_STATUSES = [
  'APPROVED',
  'PENDING',
  'REJECTED',
  'FAILED',
  'PAUSED',
  'DISABLED',
  'DELETED',
  'IN_APPEAL',
  'SANDBOX_REQUESTED',
] as const;
export type TemplateStatus = (typeof TEMPLATE_STATUSES)[number];

export type TemplateHeader =
  { type: 'TEXT'; text: string } | { type: 'IMAGE' | 'VIDEO' | 'DOCUMENT'; exampleUrl?: string } | { type: 'LOCATION' };

export interface TemplateButton {
  type: 'QUICK_REPLY' | 'URL' | 'PHONE_NUMBER' | 'COPY_CODE' | 'OTP' | 'FLOW' | 'MPM' | 'CATALOG';
  text: string;
  /** URL button: the link, ending in `{{1}}` if it takes a suffix. */
  url?: string;
  phoneNumber?: string;
}

/** One of a carousel's. */
export interface TemplateCard {
  media: 'IMAGE' | 'VIDEO';
  /** What it was submitted with, or what the list shows. */
  exampleUrl?: string;
  /** '' when the cards have no text. */
  body: string;
  buttons: TemplateButton[];
}

export interface Template {
  /** Gupshup's UUID, which a send names. It determines the language. */
  id: string;
  name: string;
  language: string;
  category: TemplateCategory;
  /** TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION, CAROUSEL, PRODUCT, CATALOG. */
  type: string;
  status: TemplateStatus;
  /** GREEN, YELLOW, RED or UNKNOWN. */
  quality: string;
  header?: TemplateHeader;
  body: string;
  footer?: string;
  buttons: TemplateButton[];
  /** Only of a carousel. */
  cards?: TemplateCard[];
  /** Why Meta rejected it. */
  reason?: string;
  /** An offer with a countdown: a send must give its end. */
  countdown?: true;
  /** The values it was submitted with, in the order of `parametersOf`; '' where unknown. */
  examples?: string[];
}

/** As people read it; the same in every sender. */
export const templateName = ({ name, language }: Pick<Template, 'name' | 'language'>): string => `${name}/${language}`;

/** Whether it is the one that is wanted: by its id, its name, or its name and language. */
export function isCalled(template: Pick<Template, 'id' | 'name' | 'language'>, wanted: string): boolean {
  return [template.id, template.name, templateName(template)].includes(wanted);
}

/** One value a send must give, in Gupshup's order: body variables first, then button variables. */
export interface TemplateParameter {
  /** 1-based position in `params`. */
  position: number;
  place: 'header' | 'body' | 'url_suffix' | 'copy_code';
  /** The variable as written in the template, such as `{{1}}` or `{{name}}`. */
  variable: string;
  /** The button the value belongs to, if `place` is a button. */
  button?: string;
}

export interface FilledTemplate {
  header?: string;
  mediaUrl?: string;
  mediaType?: string;
  body: string;
  footer?: string;
  buttons: FilledButton[];
  /** Of a carousel. */
  cards?: { media: TemplateCard['media']; mediaUrl?: string; body: string; buttons: FilledButton[] }[];
}

interface FilledButton {
  type: TemplateButton['type'];
  text: string;
  value?: string;
}

/** Meta: a body is at most 1,024 characters after filling (whatsapp.md#template-rules). */
export const MAX_BODY_CHARACTERS = 1024;
/** Meta's limit for a copy code; some of Gupshup's pages say 20 (whatsapp.md#template-rules). */
const MAX_CODE_CHARACTERS = 15;

const VARIABLE = /\{\{\s*[\w.]+\s*\}\}/g;

/** The variables of a text, each once, in order of first occurrence. */
function variablesOf(text: string): string[] {
  return [...new Set(text.match(VARIABLE) ?? [])];
}

/** The parameters a send of this template must give, in order; empty when there are none. */
export function parametersOf(template: Template): TemplateParameter[] {
  const parameters: Omit<TemplateParameter, 'position'>[] = [];
  // Gupshup does not document the position of a text header's variable; we assume the order of occurrence.
  if (template.header?.type === 'TEXT') {
    for (const variable of variablesOf(template.header.text)) parameters.push({ place: 'header', variable });
  }
  for (const variable of variablesOf(template.body)) parameters.push({ place: 'body', variable });
  for (const button of template.buttons) {
    if (button.type === 'URL' && button.url) {
      for (const variable of variablesOf(button.url)) {
        parameters.push({ place: 'url_suffix', variable, button: button.text });
      }
    } else if (button.type === 'COPY_CODE') {
      parameters.push({ place: 'copy_code', variable: '{{1}}', button: button.text });
    }
  }
  return parameters.map((parameter, index) => ({ position: index + 1, ...parameter }));
}

/**
 * A part that a send would need but we do not support: a product, a place, the end of an offer, a carousel with
 * variables in its cards or without links to their media (gupshup.md#send, gupshup.md#carousel). Undefined when the
 * template can be sent.
 */
export function unsupportedPart(template: Template): string | undefined {
  const { type, header, buttons, countdown } = template;
  if (type === 'CAROUSEL') return cardMediaOf(template) ? undefined : type;
  if (!['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT'].includes(type)) return type;
  if (header?.type === 'LOCATION') return header.type;
  if (countdown) return 'LIMITED_TIME_OFFER';
  return buttons.find((button) => button.type === 'MPM' || button.type === 'CATALOG')?.type;
}

/** What a send carries for the cards of a carousel, in their order: the files that it was submitted with. */
export function cardMediaOf({ cards = [] }: Template): { type: TemplateCard['media']; links: string[] } | undefined {
  const [first] = cards;
  const links = cards.flatMap(({ exampleUrl }) =>
    exampleUrl !== undefined && isMediaLink(exampleUrl) ? [exampleUrl] : [],
  );
  const texts = cards.flatMap(({ body, buttons }) => [
    body,
    ...buttons.flatMap(({ text, url = '', type }) => [text, url, type === 'COPY_CODE' ? '{{1}}' : '']),
  ]);
  if (!first || links.length < cards.length || cards.some(({ media }) => media !== first.media)) return undefined;
  return texts.some((text) => variablesOf(text).length > 0) ? undefined : { type: first.media, links };
}

/** True when a send must carry a media link for the header. */
export function needsMedia(template: Template): boolean {
  return ['IMAGE', 'VIDEO', 'DOCUMENT'].includes(template.header?.type ?? '');
}

/** Whether a text names media: a link, which Gupshup and WhatsApp load only over https, or a file uploaded to Gupshup. */
export function isMediaLink(value: string): boolean {
  if (readUploadedMedia(value)) return true;
  return URL.canParse(value) && new URL(value).protocol === 'https:';
}

/**
 * The message as the recipient will see it. `params` are in the order of `parametersOf`; a missing one stays a
 * variable.
 */
export function fillTemplate(template: Template, params: readonly string[], mediaUrl?: string): FilledTemplate {
  const parameters = parametersOf(template);
  const parameterAt = (place: TemplateParameter['place'], variable: string, button?: string): string => {
    const found = parameters.find((p) => p.place === place && p.variable === variable && p.button === button);
    return (found && params[found.position - 1]) ?? variable;
  };
  const fill = (text: string, place: TemplateParameter['place'], button?: string): string =>
    text.replace(VARIABLE, (variable) => parameterAt(place, variable, button));

  const filled: FilledTemplate = {
    body: fill(template.body, 'body'),
    buttons: template.buttons.map((button) => {
      const shown = { type: button.type, text: button.text };
      if (button.type === 'URL' && button.url) return { ...shown, value: fill(button.url, 'url_suffix', button.text) };
      if (button.type === 'COPY_CODE') return { ...shown, value: parameterAt('copy_code', '{{1}}', button.text) };
      return button.phoneNumber ? { ...shown, value: button.phoneNumber } : shown;
    }),
  };
  if (template.header?.type === 'TEXT') filled.header = fill(template.header.text, 'header');
  else if (template.header) {
    filled.mediaType = template.header.type;
    if (mediaUrl) filled.mediaUrl = mediaUrl;
  }
  if (template.footer) filled.footer = template.footer;
  if (template.cards) {
    filled.cards = template.cards.map(({ media, exampleUrl, body, buttons }) => ({
      ...{ media, body },
      ...(exampleUrl !== undefined && { mediaUrl: exampleUrl }),
      buttons: buttons.map(({ type, text, url, phoneNumber }) => {
        const value = url ?? phoneNumber;
        return { type, text, ...(value !== undefined && { value }) };
      }),
    }));
  }
  return filled;
}

export type ParameterProblem = 'empty' | 'newline' | 'tab' | 'spaces' | 'too_long' | 'whole_link' | 'blank_in_link';

/**
 * Why WhatsApp would refuse a value or could not use it in its place: newline, tab, more than 4 spaces in a row
 * (132018), an empty value; a copy code that is too long; a link suffix that is a whole link or has blanks
 * (whatsapp.md#template-rules).
 */
export function parameterProblem(value: string, place?: TemplateParameter['place']): ParameterProblem | undefined {
  if (value.trim() === '') return 'empty';
  if (/[\r\n]/.test(value)) return 'newline';
  if (value.includes('\t')) return 'tab';
  if (/ {5,}/.test(value)) return 'spaces';
  if (place === 'copy_code' && value.length > MAX_CODE_CHARACTERS) return 'too_long';
  if (place === 'url_suffix' && /^https?:/i.test(value)) return 'whole_link';
  if (place === 'url_suffix' && /\s/.test(value.trim())) return 'blank_in_link';
  return undefined;
}

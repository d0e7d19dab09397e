/**
 * Converts rows of Gupshup's template list to our templates (gupshup.md#templates). An unreadable row is left out, with
 * the reason.
 */
import { z } from 'zod';
import {
  TEMPLATE_CATEGORIES,
  TEMPLATE_STATUSES,
  type Template,
  type TemplateButton,
  type TemplateCard,
  type TemplateCategory,
  type TemplateHeader,
} from '../../domain/templates/template';
import { examplesOf } from './template-examples';

export interface TemplateRowProblem {
  /** The row's id or name, or its position in the list. */
  row: string;
  reason: string;
}

const BUTTON_TYPES = ['QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'COPY_CODE', 'OTP', 'FLOW', 'MPM', 'CATALOG'] as const;
const MEDIA_TYPES = ['IMAGE', 'VIDEO', 'DOCUMENT'] as const;

const upper = z
  .string()
  .trim()
  .min(1)
  .transform((value) => value.toUpperCase());
const text = z.string().catch('');

/** A field with JSON as a string; absent, empty or broken counts as `{}`. */
function jsonText<T extends z.ZodType>(schema: T): z.ZodType<z.output<T>> {
  const read = (value: unknown): z.output<T> => schema.safeParse(value).data ?? schema.parse({});
  return z
    .unknown()
    .optional()
    .transform((value) => {
      try {
        return read(typeof value === 'string' ? (JSON.parse(value) as unknown) : value);
      } catch {
        return read({});
      }
    });
}

const buttonSchema = z.object({
  type: upper.pipe(z.enum(BUTTON_TYPES)),
  text,
  url: z.string().optional().catch(undefined),
  phone_number: z.string().optional().catch(undefined),
  // A list for links, a text for codes.
  example: z
    .union([z.string(), z.array(z.string()).transform(([first]) => first)])
    .optional()
    .catch(undefined),
});
const cardSchema = z.object({
  headerType: upper.pipe(z.enum(['IMAGE', 'VIDEO'])),
  mediaUrl: text,
  body: text,
  buttons: z.array(buttonSchema.nullable().catch(null)).catch([]),
});
const containerSchema = z.object({
  data: text,
  header: text,
  footer: text,
  mediaUrl: text,
  sampleMedia: text,
  sampleText: text,
  sampleHeader: text,
  limitedTimeOffer: z
    .object({ has_expiration: z.boolean().catch(false) })
    .nullish()
    .catch(null),
  buttons: z.array(buttonSchema.nullable().catch(null)).catch([]),
  cards: z.array(cardSchema).catch([]),
});

const rowSchema = z.object({
  id: z.string().trim().min(1),
  elementName: z.string().trim().min(1),
  languageCode: text,
  category: upper.pipe(z.enum(TEMPLATE_CATEGORIES)).catch('UNKNOWN' as never) as z.ZodType<TemplateCategory>,
  templateType: upper.catch('TEXT'),
  status: upper.pipe(z.enum(TEMPLATE_STATUSES)),
  quality: upper.catch('UNKNOWN'),
  data: text,
  reason: text,
  containerMeta: jsonText(containerSchema),
  meta: jsonText(z.object({ example: text })),
});
const listSchema = z.object({ templates: z.array(z.unknown()) });

/** Throws when the body is not a template list. */
export function parseTemplates(body: unknown): { templates: Template[]; problems: TemplateRowProblem[] } {
  const list = listSchema.safeParse(body);
  if (!list.success) {
    throw new Error(
      'Gupshup template list: expected {"templates":[…]}, got something else; check GUPSHUP_BASE_URL and GUPSHUP_APP_ID',
    );
  }
  const templates: Template[] = [];
  const problems: TemplateRowProblem[] = [];
  list.data.templates.forEach((row, index) => {
    const result = rowSchema.safeParse(row);
    if (result.success) templates.push(templateOf(result.data));
    else problems.push({ row: rowName(row, index), reason: z.prettifyError(result.error).replace(/\s+/g, ' ') });
  });
  return { templates, problems };
}

type Row = z.output<typeof rowSchema>;

function templateOf(row: Row): Template {
  const { containerMeta: container } = row;
  const fromData = partsOfData(row.data);
  const hasBody = container.data.trim() !== '';
  const buttons = container.buttons.flatMap((button) => (button ? [buttonOf(button)] : []));
  const header = headerOf(row.templateType, container, hasBody);
  const template: Template = {
    id: row.id,
    name: row.elementName,
    language: row.languageCode,
    category: row.category,
    type: row.templateType,
    status: row.status,
    quality: row.quality,
    ...(header && { header }),
    body: hasBody ? container.data : fromData.body,
    ...(hasBody && container.footer && { footer: container.footer }),
    buttons: hasBody || buttons.length > 0 ? buttons : fromData.buttons,
    ...(container.cards.length > 0 && { cards: container.cards.map(cardOf) }),
    ...(row.reason && { reason: row.reason }),
    ...(container.limitedTimeOffer?.has_expiration && { countdown: true as const }),
  };
  const examples = examplesOf(template, {
    header: container.sampleHeader,
    body: container.sampleText || row.meta.example,
    buttons:
      hasBody || buttons.length > 0 ? container.buttons.flatMap((button) => (button ? [button.example] : [])) : [],
  });
  return { ...template, ...(examples && { examples }) };
}

function buttonOf({ type, text, url, phone_number: phoneNumber }: z.output<typeof buttonSchema>): TemplateButton {
  return { type, text, ...(url && { url }), ...(phoneNumber && { phoneNumber }) };
}

function cardOf({ headerType: media, mediaUrl, body, buttons }: z.output<typeof cardSchema>): TemplateCard {
  return {
    media,
    ...(/^https?:/.test(mediaUrl) && { exampleUrl: mediaUrl }),
    body,
    buttons: buttons.flatMap((button) => (button ? [buttonOf(button)] : [])),
  };
}

/** A text header only if the container also has the body; otherwise it is already in `data`. */
function headerOf(type: string, container: Row['containerMeta'], hasBody: boolean): TemplateHeader | undefined {
  const media = MEDIA_TYPES.find((known) => known === type);
  if (media) {
    const exampleUrl = [container.mediaUrl, container.sampleMedia].find((url) => /^https?:/.test(url));
    return { type: media, ...(exampleUrl && { exampleUrl }) };
  }
  if (type === 'LOCATION') return { type: 'LOCATION' };
  return hasBody && container.header ? { type: 'TEXT', text: container.header } : undefined;
}

const BUTTON = / \| \[([^\]]*)\]/g;

/**
 * Uses `data` alone. Nothing distinguishes header and footer from the body, so they stay in the body; the buttons
 * follow it as ` | [text]` or ` | [text,link or phone]`.
 */
function partsOfData(data: string): Pick<Template, 'body' | 'buttons'> {
  const start = data.search(/( \| \[[^\]]*\])+\s*$/);
  if (start < 0) return { body: data, buttons: [] };
  const buttons = [...data.slice(start).matchAll(BUTTON)].map(([, inside = '']) => dataButton(inside));
  return { body: data.slice(0, start), buttons };
}

function dataButton(inside: string): TemplateButton {
  const [, text = '', value = ''] =
    /^([^,]+),\s*(https?:\/\/.*|\+?[\d\s()-]{5,}|\{\{\w+\}\})$/s.exec(inside.trim()) ?? [];
  if (value === '') return { type: 'QUICK_REPLY', text: inside.trim() };
  if (value.startsWith('http')) return { type: 'URL', text: text.trim(), url: value };
  if (value.startsWith('{{')) return { type: 'COPY_CODE', text: text.trim() };
  return { type: 'PHONE_NUMBER', text: text.trim(), phoneNumber: value.trim() };
}

function rowName(row: unknown, index: number): string {
  const { elementName, id } = (row ?? {}) as { elementName?: unknown; id?: unknown };
  return (
    [elementName, id].find((value): value is string => typeof value === 'string' && value !== '') ?? `row ${index + 1}`
  );
}

/**
 * Templates submitted to the sandbox: what Gupshup refuses at once, and what Meta's review says later
 * (gupshup.md#template-creation, whatsapp.md#template-rules). The rules are the sandbox's own, not the product's.
 */
import { z } from 'zod';
import type { TemplateButton, TemplateCard, TemplateCategory } from '../../domain/templates/template';
import type { DemoTemplate } from './templates';

const VARIABLE = /\{\{[^}]*\}\}/g;
const CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION'];
const TYPES = ['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION', 'CAROUSEL'];

const buttonForm = z.looseObject({
  type: z.enum(['QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'COPY_CODE']),
  text: z.string(),
  url: z.string().optional(),
  phone_number: z.string().optional(),
  example: z.union([z.string(), z.array(z.string()).min(1).transform(([first]) => first!)]).optional(), // prettier-ignore
});
const cardForm = z.looseObject({
  headerType: z.enum(['IMAGE', 'VIDEO']),
  mediaUrl: z.string().nullish(),
  mediaId: z.string().nullish(),
  exampleMedia: z.string().nullish(),
  body: z.string().default(''),
  sampleText: z.string().default(''),
  buttons: z.array(buttonForm).default([]),
});
type ButtonForm = z.output<typeof buttonForm>;

export type SubmittedForm = Record<string, string | undefined>;

/** The template, or the sentence that Gupshup refuses it with (400). */
export function readSubmission(
  form: SubmittedForm,
  id: string,
): { template: DemoTemplate; mayChangeCategory: boolean } | { refused: string } {
  const { elementName: name = '', languageCode: language = 'en_US', category = '', templateType: type = '' } = form;
  const { content: body = '', header: head = '', footer = '', example = '' } = form;
  if (name.length === 0 || name.length > 180 || !/^[a-z0-9_]+$/.test(name)) return no('Invalid element name provided');
  if (!CATEGORIES.includes(category)) {
    return no('Invalid category provided, kindly use category from these option AUTHENTICATION, MARKETING, UTILITY.');
  }
  if (!/^[a-z]{2,3}(_[A-Z]{2,4})?$/.test(language)) return no('Invalid language code provided');
  if (!TYPES.includes(type)) return no('Invalid template type provided');
  if ((form['vertical'] ?? '') === '' || form['vertical']!.length > 180) return no('Invalid vertical provided');
  if (body === '' || body.length > 1024) return no('Invalid content provided');
  if (head.length > 60 || footer.length > 60) return no('Header and footer have at most 60 characters');
  if (/\{\{/.test(footer)) return no('Footer must not have variables');
  if ((head.match(VARIABLE) ?? []).length > 1) return no('Header has at most one variable');
  const order = variableFault(body);
  if (order) return no(order);
  if (example === '') return no('Invalid example provided');
  const isMedia = ['IMAGE', 'VIDEO', 'DOCUMENT'].includes(type);
  if (isMedia && !/^\d+::/.test(form['exampleMedia'] ?? '')) return no('Invalid example media provided');
  const buttons = readJson(z.array(buttonForm), form['buttons']);
  const cards = readJson(z.array(cardForm), form['cards']);
  if (!buttons || !cards) return no('Invalid buttons or cards provided');
  const wrongButton = buttonsFault(buttons, 10) ?? cardsFault(type, cards);
  if (wrongButton) return no(wrongButton);
  if (type === 'CAROUSEL' && (head !== '' || footer !== '' || buttons.length > 0)) {
    return no('A carousel has no header, footer or buttons of its own');
  }
  const examples = [
    ...(valuesIn(head, form['exampleHeader'] ?? '') ?? []),
    ...(valuesIn(body, example) ?? []),
    ...buttons.flatMap(suffixOf),
  ];
  const template: DemoTemplate = {
    ...{ id, name, language, category: category as TemplateCategory, type, status: 'PENDING', quality: 'UNKNOWN' },
    ...(isMedia && { header: { type: type as 'IMAGE' } }),
    ...(type === 'TEXT' && head !== '' && { header: { type: 'TEXT' as const, text: head } }),
    ...{ body, buttons: buttons.map(buttonOf), examples },
    ...(footer !== '' && { footer }),
    ...(cards.length > 0 && { cards: cards.map(cardOf) }),
  };
  return { template, mayChangeCategory: form['allowTemplateCategoryChange'] === 'true' };
}

const no = (refused: string): { refused: string } => ({ refused });

/** An absent field is an empty list; undefined when it is none. */
function readJson<T>(schema: z.ZodType<T[]>, text = ''): T[] | undefined {
  if (text === '') return [];
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function variableFault(body: string): string | undefined {
  const variables = body.match(VARIABLE) ?? [];
  const numbers = [...new Set(variables)].map((variable) => Number(/^\{\{(\d+)\}\}$/.exec(variable)?.[1]));
  if (numbers.some((number, index) => number !== index + 1)) return 'Variables must be {{1}}, {{2}} … without gaps';
  const text = body.replace(/[*_~]/g, '').trim();
  const isAtEdge = /^\{\{\d+\}\}/.test(text) || /\{\{\d+\}\}[\s.,!?]*$/.test(text);
  return isAtEdge ? "Variables can't be at the start or end of the template." : undefined;
}

function buttonsFault(buttons: readonly ButtonForm[], most: number): string | undefined {
  const count = (type: string): number => buttons.filter((one) => one.type === type).length;
  if (buttons.length > most) return `At most ${most} buttons`;
  if (count('URL') > 2 || count('PHONE_NUMBER') > 1 || count('COPY_CODE') > 1) return 'Too many buttons of one type';
  const groups = buttons.filter(({ type }, i) => i === 0 || (type === 'QUICK_REPLY') !== (buttons[i - 1]!.type === 'QUICK_REPLY')); // prettier-ignore
  if (groups.length > 2) return 'Quick reply buttons must be grouped together';
  for (const { type, text, url = '', phone_number: phone = '', example } of buttons) {
    if (text === '' || text.length > 25 || /[{}\n]|\p{Emoji_Presentation}/u.test(text))
      return `Invalid button text: ${text}`;
    if (type === 'PHONE_NUMBER' && !/^\+\d{7,15}$/.test(phone)) return `Invalid phone number of button ${text}`;
    if (type === 'COPY_CODE' && (!example || example.length > 15)) return 'Invalid example of the code';
    if (type !== 'URL') continue;
    if (!/^https?:\/\/[^\s{}]+(\{\{1\}\})?$/.test(url)) return `Invalid URL of button ${text}`;
    if (url.endsWith('{{1}}') && !example?.startsWith(url.slice(0, -5))) return `Invalid example of button ${text}`;
  }
  return undefined;
}

function cardsFault(type: string, cards: readonly z.output<typeof cardForm>[]): string | undefined {
  if (type !== 'CAROUSEL')
    return cards.length > 0 ? 'Cards parameter only to be passed if the template type is CAROUSEL' : undefined;
  if (cards.length < 2 || cards.length > 10) return 'A carousel has 2 to 10 cards';
  const shapes = cards.map(({ headerType, body, buttons }) =>
    [headerType, body === '', ...buttons.map((one) => one.type)].join(),
  );
  if (new Set(shapes).size > 1) return 'All cards must have the same components';
  for (const { body, buttons, mediaUrl, mediaId, exampleMedia } of cards) {
    if (![mediaUrl, mediaId, exampleMedia].some(Boolean))
      return 'Either of mediaUrl, mediaId or exampleMedia is required';
    if (body.length > 160) return 'A card has at most 160 characters';
    if (buttons.length === 0) return 'A card has one or two buttons';
    const wrong = buttonsFault(buttons, 2);
    if (wrong) return wrong;
  }
  return undefined;
}

/** The values at the variables' places; undefined when the sample belongs to another text. */
function valuesIn(text: string, sample: string): string[] | undefined {
  const between = text.split(VARIABLE).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const found = new RegExp(`^${between.join('([^]*?)')}$`).exec(sample);
  if (!found) return undefined;
  const variables: string[] = text.match(VARIABLE) ?? [];
  return found.slice(1).filter((_, index) => variables.indexOf(variables[index]!) === index);
}

function suffixOf({ type, url = '', example = '' }: ButtonForm): string[] {
  if (type === 'COPY_CODE') return [example];
  return type === 'URL' && url.endsWith('{{1}}') ? [example.slice(url.length - 5)] : [];
}

function buttonOf({ type, text, url, phone_number: phoneNumber }: ButtonForm): TemplateButton {
  return { type, text, ...(url && { url }), ...(phoneNumber && { phoneNumber }) };
}

function cardOf({ headerType: media, mediaUrl, body, buttons }: z.output<typeof cardForm>): TemplateCard {
  return { media, ...(mediaUrl && { exampleUrl: mediaUrl }), body, buttons: buttons.map(buttonOf) };
}

const OFFER = /скидк|распродаж|акци[яию]|промокод|подар(?:ок|ки)|discount|\bsale\b|promo/iu;

/** What Meta's review says: approved, perhaps as another category, or rejected with its word for the reason. */
export function verdictOf(
  template: DemoTemplate,
  mayChangeCategory: boolean,
): { status: 'APPROVED'; category: TemplateCategory } | { status: 'REJECTED'; reason: string } {
  const { body, language, category, header, footer = '', examples, cards = [] } = template;
  const text = [header?.type === 'TEXT' ? header.text : '', body, footer, ...cards.map((card) => card.body)].join('\n');
  const variables = body.match(VARIABLE) ?? [];
  const words = body.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length;
  if (/\{\{\d+\}\}[\s,.]*\{\{\d+\}\}/.test(body) || (variables.length > 0 && words < variables.length * 3 + 1)) {
    return { status: 'REJECTED', reason: 'INVALID_FORMAT' };
  }
  if (variables.length > 0 && examples.every((example) => example === '')) {
    return { status: 'REJECTED', reason: 'INVALID_FORMAT' };
  }
  if (/номер карты|cvv|пин-код|пароль|card number|password/iu.test(text)) return { status: 'REJECTED', reason: 'SCAM' };
  if (/оруж|табак|казино|weapon|tobacco|casino/iu.test(text)) return { status: 'REJECTED', reason: 'ABUSIVE_CONTENT' };
  const cyrillic = (text.match(/[а-яё]/giu) ?? []).length;
  const latin = (text.replace(/https?:\S+/g, '').match(/[a-z]/gi) ?? []).length;
  if (language.startsWith('ru') ? latin > cyrillic : language.startsWith('en') && cyrillic > latin) {
    return { status: 'REJECTED', reason: 'TAG_CONTENT_MISMATCH' };
  }
  if (category === 'UTILITY' && OFFER.test(text)) {
    return mayChangeCategory
      ? { status: 'APPROVED', category: 'MARKETING' }
      : { status: 'REJECTED', reason: 'INCORRECT_CATEGORY' };
  }
  return { status: 'APPROVED', category };
}

/** A template that is yet to be submitted for Meta's review: its schema, the template it will be, its name. */
import { z } from 'zod';
import { parametersOf, TEMPLATE_CATEGORIES, type Template, type TemplateButton } from './template';

/** The shape alone: what is written in it is judged by draft-check.ts, which names every problem at once. */
const button = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('QUICK_REPLY'), text: z.string() }),
  /** `sample`: what stands for `{{1}}` at the end of the link. */
  z.strictObject({ type: z.literal('URL'), text: z.string(), url: z.string(), sample: z.string().optional() }),
  /** `phone`: E.164. */
  z.strictObject({ type: z.literal('PHONE_NUMBER'), text: z.string(), phone: z.string() }),
  /** WhatsApp writes the button's text itself. */
  z.strictObject({ type: z.literal('COPY_CODE'), sample: z.string() }),
]);

const header = z.discriminatedUnion('type', [
  /** `sample`: the value of its variable, if it has one. */
  z.strictObject({ type: z.literal('TEXT'), text: z.string(), sample: z.string().optional() }),
  /** `handle`: of a sample that Meta has already, taken from an approved template (gupshup.md#template-creation). */
  z.strictObject({ type: z.enum(['IMAGE', 'VIDEO', 'DOCUMENT']), handle: z.string() }),
]);

const card = z.strictObject({
  /** A public https link; each message may have another. */
  mediaUrl: z.string(),
  body: z.string(),
  buttons: z.array(button).default([]),
});

export const templateDraftSchema = z.strictObject({
  name: z.string(),
  /** As Meta writes it: `ru`, `en`, `en_US`. */
  language: z.string(),
  category: z.enum(TEMPLATE_CATEGORIES),
  header: header.optional(),
  body: z.string(),
  /** Values of the body's variables, in the order of their numbers, as Meta's reviewers see them. */
  samples: z.array(z.string()).default([]),
  footer: z.string().optional(),
  buttons: z.array(button).default([]),
  /** With cards it is a carousel. */
  cardMedia: z.enum(['IMAGE', 'VIDEO']).optional(),
  cards: z.array(card).optional(),
});
export type TemplateDraft = z.output<typeof templateDraftSchema>;
export type DraftButton = TemplateDraft['buttons'][number];

/** What WhatsApp writes on a button that copies a code. */
const COPY_CODE_TEXT = 'Copy offer code';

/** The template as it would be once approved, with its samples: for previews and for what the checks of templates know. */
export function templateOf(draft: TemplateDraft): Template {
  const { name, language, category, header: head, body, footer, cards } = draft;
  const media = head && head.type !== 'TEXT' ? head.type : undefined;
  const template: Template = {
    ...{ id: '', name, language, category, body, status: 'PENDING', quality: 'UNKNOWN' },
    type: cards ? 'CAROUSEL' : (media ?? 'TEXT'),
    ...(head && { header: head.type === 'TEXT' ? { type: 'TEXT' as const, text: head.text } : { type: head.type } }),
    ...(footer !== undefined && footer !== '' && { footer }),
    buttons: draft.buttons.map(buttonOf),
    ...(cards && {
      cards: cards.map((one) => ({
        ...{ media: draft.cardMedia ?? 'IMAGE', exampleUrl: one.mediaUrl },
        ...{ body: one.body, buttons: one.buttons.map(buttonOf) },
      })),
    }),
  };
  const examples = examplesOf(draft, template);
  return { ...template, ...(examples.length > 0 && { examples }) };
}

/** As `Template` has it. */
function buttonOf(given: DraftButton): TemplateButton {
  if (given.type === 'COPY_CODE') return { type: 'COPY_CODE', text: COPY_CODE_TEXT };
  if (given.type === 'URL') return { type: 'URL', text: given.text, url: given.url };
  if (given.type === 'PHONE_NUMBER') return { type: 'PHONE_NUMBER', text: given.text, phoneNumber: given.phone };
  return { type: 'QUICK_REPLY', text: given.text };
}

/** In the order of `parametersOf`; '' where none is given. */
function examplesOf({ header: head, samples, buttons }: TemplateDraft, template: Template): string[] {
  return parametersOf(template).map(({ place, variable, button: text }) => {
    if (place === 'header') return (head?.type === 'TEXT' && head.sample) || '';
    if (place === 'body') return samples[numberOf(variable) - 1] ?? '';
    if (place === 'copy_code') return buttons.find((one) => one.type === 'COPY_CODE')?.sample ?? '';
    const link = buttons.find((one) => one.type === 'URL' && one.text === text);
    return (link?.type === 'URL' && link.sample) || '';
  });
}

/** 3 of `{{3}}`; 0 of a variable that is no number. */
export function numberOf(variable: string): number {
  return Number(/^\{\{(\d+)\}\}$/.exec(variable)?.[1] ?? 0);
}

const LATIN: Readonly<Record<string, string>> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'y', к: 'k', л: 'l', м: 'm',
  н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts', ч: 'ch', ш: 'sh', щ: 'sch',
  ъ: '', ы: 'y', ь: '', э: 'e', ю: 'yu', я: 'ya',
}; // prettier-ignore

/** Greetings say nothing about what a message is for. */
const GREETING = /^(здравствуйте|добрый|день|вечер|привет|уважаемый|уважаемая|hello|hi|dear|good|day)$/;
const NAME_WORDS = 4;
const NAME_LENGTH = 40;

/** A name made of the first words of the text, in the letters that Meta takes. It may be taken. */
export function suggestName(body: string): string {
  const words = body
    .replace(/\{\{[^}]*\}\}/g, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !GREETING.test(word))
    .map((word) => [...word].map((letter) => LATIN[letter] ?? letter).join(''))
    .map((word) => word.replace(/[^a-z0-9]/g, ''))
    .filter(Boolean)
    .slice(0, NAME_WORDS);
  return words.join('_').slice(0, NAME_LENGTH).replace(/_+$/, '') || 'template';
}

/** `spring_sale` → `spring_sale_2` → `spring_sale_3`: a template that Meta has refused keeps its name. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const [, stem = name, number] = /^(.*?)(?:_(\d{1,3}))?$/.exec(name) ?? [];
  for (let next = Number(number ?? 1) + 1, free = name; ; free = `${stem}_${next++}`) if (!taken.has(free)) return free;
}

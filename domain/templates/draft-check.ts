/**
 * Checks a draft by Meta's and Gupshup's rules before they do (whatsapp.md#template-rules, gupshup.md#template-creation):
 * every problem at once, each with its place, so that it can be said in plain words what to change.
 */
import { DEFAULT_OPT_OUT_WORDS, isOptOutLabel, type OptOutWords, tellsOptOut } from '../opt-outs/opt-out-words';
import type { DraftButton, TemplateDraft } from './draft';
import { numberOf } from './draft';
import { MAX_BODY_CHARACTERS, parameterProblem } from './template';

/** Where a problem is; the number (1-based) says which button, card or variable. */
type DraftPlace = 'name' | 'language' | 'category' | 'header' | 'body' | 'footer' | 'buttons' | 'cards';

/** The codes are explained by `templates.problems.<code>` of the locales. */
export interface DraftProblem {
  code: DraftProblemCode;
  place: DraftPlace;
  values: Record<string, string | number>;
  /** Meta decides it by itself: it may pass, so that it does not prevent submitting. */
  mayPass?: true;
}

export const DRAFT_PROBLEM_CODES = [
  'name_missing', 'name_letters', 'name_long', 'language_unknown', 'authentication', 'utility_sounds_marketing',
  'opt_out_missing', 'opt_out_unknown',
  'header_missing', 'header_long', 'header_variables', 'header_signs', 'header_sample', 'header_handle',
  'body_missing', 'body_long', 'body_spaces',
  'footer_long', 'footer_variable', 'footer_signs',
  'variable_form', 'variables_gap', 'variables_order', 'variable_edge', 'variables_adjacent', 'variables_many',
  'sample_missing', 'sample_bad', 'samples_extra',
  'buttons_many', 'buttons_mixed', 'buttons_of_kind', 'button_missing', 'button_long', 'button_variable', 'button_twice',
  'url_bad', 'url_variable', 'url_sample', 'url_shortened', 'phone_bad', 'code_bad',
  'cards_count', 'cards_media_kind', 'card_media', 'card_long', 'card_buttons', 'cards_differ', 'card_variable',
  'carousel_parts',
] as const; // prettier-ignore
type DraftProblemCode = (typeof DRAFT_PROBLEM_CODES)[number];

/** Gupshup's; Meta takes 512. */
const MAX_NAME = 180;
const MAX_LINE = 60;
const MAX_BUTTON = 25;
const MAX_BUTTONS = 10;
const MAX_CODE = 15;
const MAX_URL = 2000;
const MOST_OF_KIND = { URL: 2, PHONE_NUMBER: 1, COPY_CODE: 1, QUICK_REPLY: MAX_BUTTONS } as const;
const CARDS = { least: 2, most: 10 };
const MAX_CARD = 160;
const MAX_CARD_BUTTONS = 2;
/** Seen by Syniverse, not documented: with n variables Meta wants 3n + 1 words, the variables among them. */
const wordsFor = (variables: number): number => variables * 3 + 1;

const VARIABLE = /\{\{[^{}]*\}\}/g;
const LANGUAGE = /^[a-z]{2,3}(_[A-Z]{2,4})?$/;
/** Links whose end nobody sees; Meta refuses them. */
const SHORTENERS = /^(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|clck\.ru|vk\.cc|cutt\.ly|is\.gd|wa\.me)$/i;
/** Words of an offer. Meta makes such a template MARKETING, at its price. */
const SOUNDS_MARKETING =
  /скидк|распродаж|акци[яиюей]|промокод|кэшб[эе]к|дарим|подар(?:ок|ки)|выгодн|discount|\bsale\b|special offer|promo|coupon|\d+\s?% off/iu;
const EMOJI = /\p{Emoji_Presentation}|\uFE0F/u;

/** All problems of the draft, in the order of its parts; empty = ready to be submitted. */
export function draftProblems(draft: TemplateDraft, words: OptOutWords = DEFAULT_OPT_OUT_WORDS): DraftProblem[] {
  return [
    ...nameProblems(draft),
    ...headerProblems(draft),
    ...bodyProblems(draft),
    ...footerProblems(draft),
    ...(draft.cards ? cardProblems(draft, draft.cards) : buttonProblems(draft.buttons)),
    ...categoryProblems(draft, words),
  ];
}

/** The problems for which it cannot be submitted. */
export function blockingProblems(problems: readonly DraftProblem[]): DraftProblem[] {
  return problems.filter(({ mayPass }) => !mayPass);
}

function problem(place: DraftPlace, code: DraftProblemCode, values: DraftProblem['values'] = {}): DraftProblem {
  return { code, place, values };
}
const perhaps = (given: DraftProblem): DraftProblem => ({ ...given, mayPass: true });

function nameProblems({ name, language }: TemplateDraft): DraftProblem[] {
  const found: DraftProblem[] = [];
  if (name === '') found.push(problem('name', 'name_missing'));
  else if (!/^[a-z0-9_]+$/.test(name)) found.push(problem('name', 'name_letters', { name }));
  if (name.length > MAX_NAME) found.push(problem('name', 'name_long', { characters: name.length, limit: MAX_NAME }));
  if (!LANGUAGE.test(language)) found.push(problem('language', 'language_unknown', { language }));
  return found;
}

function headerProblems({ header, cards }: TemplateDraft): DraftProblem[] {
  if (!header || cards) return [];
  if (header.type !== 'TEXT')
    return /^\d+::/.test(header.handle) ? [] : [problem('header', 'header_handle', { type: header.type })];
  const { text, sample } = header;
  if (text.trim() === '') return [problem('header', 'header_missing')];
  const found: DraftProblem[] = [];
  const variables = text.match(VARIABLE) ?? [];
  if (text.length > MAX_LINE)
    found.push(problem('header', 'header_long', { characters: text.length, limit: MAX_LINE }));
  if (variables.length > 1) found.push(problem('header', 'header_variables', { count: variables.length }));
  else found.push(...formProblems(text, 'header'));
  if (/[\n\r*_~`]/.test(text.replace(VARIABLE, '')) || EMOJI.test(text)) found.push(problem('header', 'header_signs'));
  if (variables.length === 1 && parameterProblem(sample ?? '')) found.push(problem('header', 'header_sample'));
  return found;
}

function bodyProblems({ body, samples }: TemplateDraft): DraftProblem[] {
  if (body.trim() === '') return [problem('body', 'body_missing')];
  const found: DraftProblem[] = [];
  if (body.length > MAX_BODY_CHARACTERS) {
    found.push(problem('body', 'body_long', { characters: body.length, limit: MAX_BODY_CHARACTERS }));
  }
  if (/ {5,}|\t|(?:\r?\n[ ]*){4,}/.test(body)) found.push(perhaps(problem('body', 'body_spaces')));
  const wrong = formProblems(body, 'body');
  if (wrong.length > 0) return [...found, ...wrong];
  const variables = body.match(VARIABLE) ?? [];
  return [...found, ...orderProblems(body, variables), ...sampleProblems(new Set(variables).size, samples)];
}

/** Braces that do not make `{{1}}`. */
function formProblems(text: string, place: DraftPlace): DraftProblem[] {
  const bad = (text.match(VARIABLE) ?? []).find((variable) => numberOf(variable) === 0);
  if (bad !== undefined) return [problem(place, 'variable_form', { variable: bad, example: '{{1}}' })];
  const rest = /\S*[{}]\S*/.exec(text.replace(VARIABLE, ''));
  return rest ? [problem(place, 'variable_form', { variable: rest[0].trim(), example: '{{1}}' })] : [];
}

function orderProblems(body: string, variables: readonly string[]): DraftProblem[] {
  const found: DraftProblem[] = [];
  const numbers = [...new Set(variables.map(numberOf))];
  const missing = numbers.map((_, index) => index + 1).find((number) => !numbers.includes(number));
  if (missing !== undefined) found.push(problem('body', 'variables_gap', { variable: `{{${missing}}}` }));
  else if (numbers.some((number, index) => number !== index + 1)) found.push(problem('body', 'variables_order'));
  const bare = body.replace(/[*_~`]/g, '').trim();
  const [first] = /^\{\{\d+\}\}/.exec(bare) ?? [];
  // A stop behind it is no text (Meta: a text must not end with a variable).
  const [last] = /\{\{\d+\}\}(?=[\s.,!?:;)»"”]*$)/.exec(bare) ?? [];
  const edge = first ?? last;
  if (edge !== undefined) found.push(problem('body', 'variable_edge', { variable: edge }));
  const adjacent = /\{\{\d+\}\}[\s,.;:/-]*\{\{\d+\}\}/.exec(bare);
  if (adjacent) found.push(problem('body', 'variables_adjacent', { variables: adjacent[0].replace(/\s+/g, ' ') }));
  const words = bare.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  if (variables.length > 0 && words < wordsFor(variables.length)) {
    found.push(
      perhaps(
        problem('body', 'variables_many', { words, variables: variables.length, needed: wordsFor(variables.length) }),
      ),
    );
  }
  return found;
}

function sampleProblems(count: number, samples: readonly string[]): DraftProblem[] {
  const found: DraftProblem[] = [];
  for (let index = 0; index < count; index++) {
    const sample = samples[index] ?? '';
    const variable = `{{${index + 1}}}`;
    const wrong = parameterProblem(sample);
    if (wrong === 'empty') found.push(problem('body', 'sample_missing', { variable }));
    else if (wrong) found.push(problem('body', 'sample_bad', { variable }));
  }
  if (samples.length > count) found.push(problem('body', 'samples_extra', { count: samples.length, needed: count }));
  return found;
}

function footerProblems({ footer, cards }: TemplateDraft): DraftProblem[] {
  if (!footer || cards) return [];
  const found: DraftProblem[] = [];
  if (footer.length > MAX_LINE)
    found.push(problem('footer', 'footer_long', { characters: footer.length, limit: MAX_LINE }));
  if (/[{}]/.test(footer)) found.push(problem('footer', 'footer_variable'));
  if (/[\n\r]/.test(footer) || EMOJI.test(footer)) found.push(problem('footer', 'footer_signs'));
  return found;
}

const textOf = (button: DraftButton): string => (button.type === 'COPY_CODE' ? '' : button.text);

function buttonProblems(
  buttons: readonly DraftButton[],
  of: { place: DraftPlace; most: number } = { place: 'buttons', most: MAX_BUTTONS },
): DraftProblem[] {
  const { place, most } = of;
  const found: DraftProblem[] = [];
  if (buttons.length > most) found.push(problem(place, 'buttons_many', { count: buttons.length, limit: most }));
  for (const [kind, limit] of Object.entries(MOST_OF_KIND)) {
    const count = buttons.filter(({ type }) => type === kind).length;
    if (count > limit) found.push(problem(place, 'buttons_of_kind', { kind, count, limit }));
  }
  // Replies together and the others together, in either order.
  const changes = buttons.filter(
    ({ type }, index) => index > 0 && (type === 'QUICK_REPLY') !== (buttons[index - 1]!.type === 'QUICK_REPLY'),
  ).length;
  if (changes > 1) found.push(problem(place, 'buttons_mixed'));
  buttons.forEach((button, index) => found.push(...oneButton(button, index + 1, place)));
  const twice = buttons.map(textOf).find((text, index, all) => text !== '' && all.indexOf(text) !== index);
  if (twice !== undefined) found.push(problem(place, 'button_twice', { text: twice }));
  return found;
}

function oneButton(button: DraftButton, number: number, place: DraftPlace): DraftProblem[] {
  if (button.type === 'COPY_CODE') {
    return parameterProblem(button.sample, 'copy_code') ? [problem(place, 'code_bad', { limit: MAX_CODE })] : [];
  }
  const { text } = button;
  const found: DraftProblem[] = [];
  if (text.trim() === '') found.push(problem(place, 'button_missing', { number }));
  if (text.length > MAX_BUTTON)
    found.push(problem(place, 'button_long', { text, characters: text.length, limit: MAX_BUTTON }));
  if (/[{}\n\r]/.test(text) || EMOJI.test(text)) found.push(problem(place, 'button_variable', { text }));
  if (button.type === 'URL') found.push(...urlProblems(button, place));
  if (button.type === 'PHONE_NUMBER' && !/^\+[1-9]\d{6,14}$/.test(button.phone)) {
    found.push(problem(place, 'phone_bad', { text }));
  }
  return found;
}

function urlProblems({ text, url, sample }: Extract<DraftButton, { type: 'URL' }>, place: DraftPlace): DraftProblem[] {
  const bare = url.replace(VARIABLE, '');
  if (!URL.canParse(bare) || !/^https?:$/.test(new URL(bare).protocol) || /\s/.test(url) || url.length > MAX_URL) {
    return [problem(place, 'url_bad', { text, url: url.slice(0, 100) })];
  }
  const found: DraftProblem[] = [];
  if (SHORTENERS.test(new URL(bare).hostname))
    found.push(problem(place, 'url_shortened', { text, host: new URL(bare).hostname }));
  if (/[{}]/.test(url)) {
    if (!/^[^{}]+\{\{1\}\}$/.test(url)) found.push(problem(place, 'url_variable', { text }));
    else if (parameterProblem(sample ?? '', 'url_suffix')) found.push(problem(place, 'url_sample', { text }));
  }
  return found;
}

function cardProblems(draft: TemplateDraft, cards: NonNullable<TemplateDraft['cards']>): DraftProblem[] {
  const found: DraftProblem[] = [];
  if (draft.header || draft.footer || draft.buttons.length > 0) found.push(problem('cards', 'carousel_parts'));
  if (cards.length < CARDS.least || cards.length > CARDS.most) {
    found.push(problem('cards', 'cards_count', { count: cards.length, ...CARDS }));
  }
  if (!draft.cardMedia) found.push(problem('cards', 'cards_media_kind'));
  cards.forEach(({ mediaUrl, body, buttons }, index) => {
    const number = index + 1;
    if (!URL.canParse(mediaUrl) || new URL(mediaUrl).protocol !== 'https:')
      found.push(problem('cards', 'card_media', { number }));
    if (body.length > MAX_CARD)
      found.push(problem('cards', 'card_long', { number, characters: body.length, limit: MAX_CARD }));
    if (buttons.length < 1 || buttons.length > MAX_CARD_BUTTONS)
      found.push(problem('cards', 'card_buttons', { number, limit: MAX_CARD_BUTTONS }));
    // The order of their values in a send is not documented (gupshup.md#carousel).
    if (
      [body, ...buttons.map((button) => (button.type === 'URL' ? button.url : textOf(button)))].some((text) =>
        /[{}]/.test(text),
      )
    ) {
      found.push(problem('cards', 'card_variable', { number }));
    } else
      found.push(
        ...buttonProblems(buttons, { place: 'cards', most: MAX_CARD_BUTTONS }).filter(
          ({ code }) => code !== 'buttons_many',
        ),
      );
  });
  const kinds = cards.map(({ body, buttons }) => [body.trim() === '', ...buttons.map(({ type }) => type)].join());
  if (new Set(kinds).size > 1) found.push(problem('cards', 'cards_differ'));
  return found;
}

/** A label about mailings or stopping, perhaps meant as an opt-out. */
const SOUNDS_LIKE_OPT_OUT = /рассыл|реклам|отпис|стоп|хватит|присыл|интерес|stop|subscri|promo|opt|unsub|interested/iu;

/** Whether and how a text lets its readers opt out, as campaigns are warned of it too. `unknown`: a label that we would not understand. */
export function optOutOf(
  {
    body,
    footer = '',
    buttons,
  }: { body: string; footer?: string; buttons: readonly { type: string; text?: string }[] },
  words: OptOutWords,
): { kind: 'known' } | { kind: 'missing' } | { kind: 'unknown'; button: string } {
  const labels = buttons.flatMap(({ type, text }) => (type === 'QUICK_REPLY' && text !== undefined ? [text] : []));
  if (labels.some((label) => isOptOutLabel(label, words)) || tellsOptOut(`${body}\n${footer}`))
    return { kind: 'known' };
  const button = labels.find((label) => SOUNDS_LIKE_OPT_OUT.test(label));
  return button === undefined ? { kind: 'missing' } : { kind: 'unknown', button };
}

function categoryProblems(draft: TemplateDraft, words: OptOutWords): DraftProblem[] {
  const { category, body, header, footer, buttons, cards = [] } = draft;
  // Meta writes such a text itself, and its buttons work with an app of one's own.
  if (category === 'AUTHENTICATION') return [problem('category', 'authentication')];
  if (category === 'UTILITY') {
    const text = [header?.type === 'TEXT' ? header.text : '', body, footer ?? '', ...cards.map((one) => one.body)].join(
      '\n',
    );
    const said = SOUNDS_MARKETING.exec(text)?.[0];
    return said === undefined ? [] : [perhaps(problem('category', 'utility_sounds_marketing', { word: said.trim() }))];
  }
  const all = [...buttons, ...cards.flatMap((one) => one.buttons)];
  const found = optOutOf({ body, ...(footer !== undefined && { footer }), buttons: all }, words);
  if (found.kind === 'known') return [];
  return found.kind === 'missing'
    ? [problem('category', 'opt_out_missing')]
    : [problem('category', 'opt_out_unknown', { button: found.button })];
}

/** A template that is put together: what it is for, its text, then a card with every part, the preview and the problems. */
import { done, refused, type Result } from '../../config/errors';
import { translate } from '../../config/i18n';
import { buttonData } from '../../clients/telegram-buttons';
import { suggestName, type TemplateDraft, templateOf } from '../../domain/templates/draft';
import { blockingProblems, type DraftProblem } from '../../domain/templates/draft-check';
import { fillTemplate } from '../../domain/templates/template';
import { problemText, rejectionText } from '../../report/draft-problems';
import { isUnanswered, newDraftId, type TemplateDraftDocument } from '../../store/template-drafts';
import { emptyDraft } from '../conversation/draft';
import type { Step, StepAt } from '../conversation/steps';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { listRows, rowsThatFit, type Button, type Screen } from '../screen';
import { escapeHtml, Html, shorten, type Texts } from '../texts';
import { buttonLine, readButtons } from './draft-buttons';
import { filledHtml } from './filled';

/** Parts that are written; the others are pressed. */
type DraftPart =
  'body' | 'sample' | 'header' | 'headerSample' | 'footer' | 'buttons' | 'name' | 'category' | 'language';

const CATEGORIES = ['MARKETING', 'UTILITY'] as const;
const LANGUAGES = ['ru', 'en', 'kk', 'uz', 'uk'] as const;
const PAGE_SIZE = 8;
/** More than these would push the buttons out of sight. */
const SHOWN_PROBLEMS = 8;

const card = (id: string): Step => ({ at: 'templateDraft', id });

/** What a new template is for. */
export const templateNewScreen: StepScreen<StepAt<'templateNew'>> = {
  show: async (_step, _talk, view) =>
    done({
      screen: {
        html: view.texts.html('drafting.categoryQuestion'),
        keyboard: [...categoryRows(view), [view.button('cancel')]],
      },
    }),
  press: async (_step, action, argument) => {
    const category = action === 'category' ? CATEGORIES.find((one) => one === argument) : undefined;
    return category ? go({ at: 'templateText', category, id: newDraftId() }, emptyDraft) : stale;
  },
};

const categoryRows = (view: View): Button[][] =>
  CATEGORIES.map((one) => [
    view.button('category', { text: view.texts.plain(`drafting.categories.${one}`), argument: one }),
  ]);

/** The text of a new template; its name is made of it. */
export const templateTextScreen: StepScreen<StepAt<'templateText'>> = {
  show: async (_step, _talk, view) => done({ screen: { html: bodyQuestion(view.texts), keyboard: [view.footer()] } }),
  text: async ({ category, id }, typed, talk) => {
    const { services, actor, texts } = talk;
    const body = typed.trim();
    const made = await services.templateDesk.find(id);
    // Its text has been corrected, or goes on.
    if (made.ok) {
      const step = { at: 'templatePart', id, part: 'body' } as const;
      return write(step, talk, (draft) => withPart(draft, step, body));
    }
    const name = await services.templateDesk.nameFor(suggestName(body));
    const draft: TemplateDraft = { name, language: texts.language, category, body, samples: [], buttons: [] };
    const saved = await services.templateDesk.save({ newId: id, draft, by: actor });
    return saved.ok ? go(afterBody(saved.value), emptyDraft) : refuse(saved);
  },
};

/** Written with a value: a text with two braces would be a place of its own. */
const bodyQuestion = (texts: Texts): string =>
  texts.html('drafting.bodyQuestion', { first: '{{1}}', second: '{{2}}', example: texts.plain('drafting.bodyExample', { first: '{{1}}', second: '{{2}}' }) }); // prettier-ignore

/** The first variable without a sample, or the card. */
function afterBody({ _id: id, draft }: TemplateDraftDocument): Step {
  const count = variableCount(draft);
  const open = Array.from({ length: count }, (_, index) => index).find((index) => !draft.samples[index]);
  return open === undefined ? card(id) : { at: 'templatePart', id, part: 'sample', index: open };
}

/** The highest number among the text's variables. */
function variableCount({ body }: TemplateDraft): number {
  return Math.max(0, ...[...body.matchAll(/\{\{(\d{1,2})\}\}/g)].map(([, number]) => Number(number)));
}

/** Everything of a draft, with what is to be corrected. */
export const templateDraftScreen: StepScreen<StepAt<'templateDraft'>> = {
  show: async ({ id }, { services }, view) => {
    const found = await openDraft(id, services);
    if (!found.ok) return found;
    const problems = await services.templateDesk.check(found.value.draft, found.value.sender);
    return problems.ok ? done({ screen: renderDraft(found.value, problems.value, view) }) : problems;
  },
  press: async ({ id }, action, argument, { services, texts }) => {
    if (action === 'part') return go({ at: 'templatePart', id, part: argument as DraftPart, ...(argument === 'sample' && { index: 0 }) }, emptyDraft); // prettier-ignore
    if (action === 'submit') return go({ at: 'templateSubmit', id }, emptyDraft);
    if (action !== 'remove') return stale;
    // Submitted meanwhile, it would be deleted at Gupshup too.
    const removed = await services.templateDesk.remove(id, { onlyHere: true });
    return removed.ok
      ? { kind: 'close', html: texts.html('drafting.removed', { name: removed.value.name }) }
      : refuse(removed);
  },
};

/** `unanswered`: also one whose attempt to submit it had no answer. */
async function openDraft(
  id: string,
  { templateDesk }: Talk['services'],
  { unanswered = false } = {},
): Promise<Result<TemplateDraftDocument>> {
  const found = await templateDesk.find(id);
  if (!found.ok || found.value.state === 'draft' || (unanswered && isUnanswered(found.value))) return found;
  return refused('draft_settled', { id, draftState: found.value.state });
}

function renderDraft(one: TemplateDraftDocument, problems: readonly DraftProblem[], view: View): Screen {
  const { texts } = view;
  const { draft } = one;
  const isReady = blockingProblems(problems).length === 0;
  const part = (name: DraftPart, isThere: boolean): Button =>
    view.button('part', { text: `${isThere ? '' : '＋ '}${texts.plain(`drafting.parts.${name}`)}`, argument: name });
  const parts = [
    part('body', true),
    ...(variableCount(draft) > 0 ? [part('sample', true)] : []),
    ...(draft.cards ? [] : [part('header', draft.header !== undefined)]),
    ...(draft.header?.type === 'TEXT' && draft.header.text.includes('{{') ? [part('headerSample', true)] : []),
    ...(draft.cards ? [] : [part('footer', draft.footer !== undefined), part('buttons', draft.buttons.length > 0)]),
    part('name', true),
    part('category', true),
    part('language', true),
  ];
  return {
    html: [
      draftHtml(one, texts),
      ...(one.refusal === undefined ? [] : [texts.html('drafting.refused', { refusal: one.refusal })]),
      problemsHtml(problems, texts),
    ].join('\n\n'),
    keyboard: [
      ...(isReady ? [[view.button('submit', { text: texts.plain('drafting.submit'), style: 'success' })]] : []),
      ...rowsThatFit(parts),
      [
        view.button('remove', { text: texts.plain('drafting.remove') }),
        view.button('cancel', { text: texts.plain('drafting.later') }),
      ],
    ],
  };
}

/** Its head and how the recipient will see it, with the samples. */
function draftHtml({ draft, category = draft.category }: TemplateDraftDocument, texts: Texts): string {
  const template = templateOf(draft);
  return [
    texts.html('drafting.head', {
      ...{ name: draft.name, language: draft.language },
      category: texts.word(`templateCategories.${category}`),
    }),
    filledHtml(fillTemplate(template, template.examples ?? []), texts),
  ].join('\n');
}

function problemsHtml(problems: readonly DraftProblem[], texts: Texts): string {
  if (problems.length === 0) return texts.html('drafting.ready');
  const lines = problems
    .slice(0, SHOWN_PROBLEMS)
    .map((one) => `${one.mayPass ? '⚠️' : '⛔️'} ${escapeHtml(problemText(one, texts.language))}`);
  const more = problems.length - lines.length;
  if (more > 0) lines.push(texts.html('drafting.more', { count: more }));
  return lines.join('\n');
}

/** One part, answered anew. */
export const templatePartScreen: StepScreen<StepAt<'templatePart'>> = {
  show: async (step, { services }, view) => {
    const found = await openDraft(step.id, services);
    return found.ok ? done({ screen: renderPart(step, found.value.draft, view) }) : found;
  },
  press: async (step, action, argument, talk) => {
    const { part } = step;
    if (action === 'category' && part === 'category') {
      const category = CATEGORIES.find((one) => one === argument);
      return category ? write(step, talk, (draft) => ({ ...draft, category })) : stale;
    }
    if (action === 'language' && part === 'language')
      return write(step, talk, (draft) => ({ ...draft, language: argument }));
    if (action === 'optOut' && part === 'buttons') {
      const text = talk.texts.plain('drafting.optOutButton');
      return write(step, talk, (draft) => ({ ...draft, buttons: [...draft.buttons, { type: 'QUICK_REPLY', text }] }));
    }
    return action === 'without' ? write(step, talk, (draft) => without(draft, part)) : stale;
  },
  text: (step, typed, talk) => write(step, talk, (draft) => withPart(draft, step, typed.trim())),
};

function renderPart({ part, index = 0 }: StepAt<'templatePart'>, draft: TemplateDraft, view: View): Screen {
  const { texts } = view;
  const without = { text: texts.plain('drafting.without') };
  const current = partText(draft, part, index);
  const now = current === '' ? '' : new Html(`\n\n${texts.html('drafting.now', { text: shorten(current, 1_100) })}`);
  const question =
    part === 'body'
      ? bodyQuestion(texts)
      : texts.html(`drafting.questions.${part}`, { variable: `{{${index + 1}}}`, first: '{{1}}' });
  const rows: Button[][] = [];
  if (part === 'category') rows.push(...categoryRows(view));
  if (part === 'language') rows.push(LANGUAGES.map((one) => view.button('language', { text: one, argument: one })));
  if (part === 'buttons') rows.push([view.button('optOut', { text: `＋ ${texts.plain('drafting.optOutButton')}` })]);
  if (['header', 'footer', 'buttons'].includes(part) && current !== '') rows.push([view.button('without', without)]);
  return { html: question + (now === '' ? '' : now.html), keyboard: [...rows, view.footer()] };
}

function partText(draft: TemplateDraft, part: DraftPart, index: number): string {
  switch (part) {
    case 'body':
      return draft.body;
    case 'sample':
      return draft.samples[index] ?? '';
    case 'header':
      return draft.header?.type === 'TEXT' ? draft.header.text : '';
    case 'headerSample':
      return (draft.header?.type === 'TEXT' && draft.header.sample) || '';
    case 'footer':
      return draft.footer ?? '';
    case 'buttons':
      return draft.buttons.map(buttonLine).join('\n');
    case 'name':
      return draft.name;
    case 'category':
      return '';
    case 'language':
      return draft.language;
  }
}

function withPart(draft: TemplateDraft, { part, index = 0 }: StepAt<'templatePart'>, typed: string): TemplateDraft {
  switch (part) {
    case 'body':
      return { ...draft, body: typed, samples: draft.samples.slice(0, variableCount({ ...draft, body: typed })) };
    case 'sample': {
      // Several lines are the samples from this one on.
      const samples = Array.from({ length: Math.max(draft.samples.length, index) }, (_, at) => draft.samples[at] ?? '');
      samples.splice(index, 1, ...typed.split('\n').map((line) => line.trim()));
      return { ...draft, samples: samples.slice(0, Math.max(1, variableCount(draft))) };
    }
    case 'header':
      return { ...draft, header: { type: 'TEXT', text: typed } };
    case 'headerSample':
      return draft.header?.type === 'TEXT' ? { ...draft, header: { ...draft.header, sample: typed } } : draft;
    case 'footer':
      return { ...draft, footer: typed };
    case 'buttons':
      return { ...draft, buttons: readButtons(typed) };
    case 'name':
      return { ...draft, name: typed.toLowerCase() };
    case 'category':
      return draft;
    case 'language':
      return { ...draft, language: typed };
  }
}

function without(draft: TemplateDraft, part: DraftPart): TemplateDraft {
  const { header, footer, ...rest } = draft;
  if (part === 'buttons') return { ...draft, buttons: [] };
  if (part === 'header') return { ...rest, ...(footer !== undefined && { footer }) };
  return part === 'footer' ? { ...rest, ...(header && { header }) } : draft;
}

/** The draft with the change, and on to the next sample or to the card. */
async function write(
  step: StepAt<'templatePart'>,
  talk: Talk,
  changed: (draft: TemplateDraft) => TemplateDraft,
): Promise<Move> {
  const { services, actor } = talk;
  const found = await openDraft(step.id, services);
  if (!found.ok) return refuse(found);
  const saved = await services.templateDesk.save({ id: step.id, draft: changed(found.value.draft), by: actor });
  if (!saved.ok) return refuse(saved);
  const isText = step.part === 'body' || step.part === 'sample';
  return go(isText ? afterBody(saved.value) : card(step.id), emptyDraft);
}

/** Before Meta gets it: nothing of it can be changed then. */
export const templateSubmitScreen: StepScreen<StepAt<'templateSubmit'>> = {
  show: async ({ id }, { services }, view) => {
    const found = await openDraft(id, services, { unanswered: true });
    if (!found.ok) return found;
    return done({
      screen: {
        html: `${draftHtml(found.value, view.texts)}\n\n${view.texts.html('drafting.sure')}`,
        keyboard: [
          [view.button('submit', { text: view.texts.plain('drafting.yes'), style: 'success' })],
          [view.button(isUnanswered(found.value) ? 'cancel' : 'back')],
        ],
      },
    });
  },
  press: async ({ id }, action, _argument, talk) => {
    if (action !== 'submit') return stale;
    const { services, texts, actor } = talk;
    await talk.interim(texts.html('drafting.submitting'));
    const submitted = await services.templateDesk.submit(id, { by: actor, language: texts.language });
    if (!submitted.ok) return refuse(submitted);
    const { state, draft } = submitted.value;
    return {
      kind: 'close',
      html: texts.html(`drafting.submitted.${state === 'unsure' ? 'unsure' : 'pending'}`, { name: draft.name }),
    };
  },
};

const SIGNS: Record<TemplateDraftDocument['state'], string> = {
  draft: '📝', submitting: '⏳', unsure: '❓', pending: '🟡', approved: '🟢', rejected: '🔴', gone: '⚪️',
}; // prettier-ignore

/** Templates put together here, the newest first. */
export function renderDrafts(drafts: readonly TemplateDraftDocument[], wanted: number, texts: Texts): Screen {
  return {
    html: texts.html(drafts.length > 0 ? 'drafting.list' : 'drafting.none'),
    keyboard: [
      ...listRows(
        drafts,
        [wanted, PAGE_SIZE],
        ({ _id, draft, state }) => ({
          text: `${SIGNS[state]} ${shorten(draft.name, 40)} · ${draft.language}`,
          data: buttonData('templates', 'draft', _id),
        }),
        (page) => buttonData('templates', 'drafts', page),
      ),
      [{ text: texts.plain('drafting.new'), data: buttonData('templates', 'new') }],
      [{ text: texts.plain('buttons.toTemplates'), data: buttonData('templates', 'page', 0) }],
    ],
  };
}

/** One that Gupshup has, or had: how it stands and what can be done. */
export function renderSubmitted(one: TemplateDraftDocument, texts: Texts): Screen {
  const { _id: id, state, draft, category, reason, templateId } = one;
  const button = (text: string, ...data: string[]): Button[] => [{ text, data: buttonData('templates', ...data) }];
  return {
    html: [
      draftHtml(one, texts),
      `${SIGNS[state]} ${texts.html('drafting.state', { state: translate(texts.language, `templates.states.${state}`) })}`,
      ...(state === 'rejected' ? [escapeHtml(rejectionText(reason, texts.language))] : []),
      ...(category && category !== draft.category
        ? [texts.html('drafting.changed', { category: texts.word(`templateCategories.${category}`) })]
        : []),
      ...(isUnanswered(one) ? [texts.html('drafting.unanswered')] : []),
    ].join('\n\n'),
    keyboard: [
      ...(state === 'approved' && templateId ? [button(texts.plain('buttons.use'), 'use', templateId)] : []),
      ...(state === 'pending' || isUnanswered(one) ? [button(texts.plain('buttons.refresh'), 'draft', id)] : []),
      ...(isUnanswered(one)
        ? [
            button(texts.plain('drafting.submitAgain'), 'submit', id),
            button(texts.plain('drafting.remove'), 'remove', id),
          ]
        : []),
      ...(state === 'rejected' || state === 'gone' ? [button(texts.plain('drafting.again'), 'again', id)] : []),
      button(texts.plain('drafting.toList'), 'drafts', '0'),
    ],
  };
}

/** The beginning of a new campaign: go on with one that is half put together, or which template. */
import { done, refused, type Result } from '../../config/errors';
import { findTemplates } from '../../domain/templates/find-templates';
import { templateName, unsupportedPart, type Template } from '../../domain/templates/template';
import { labelOfAudience } from '../conversation/chosen-audience';
import { emptyDraft, nextStep, withSender, withTemplate } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { mark, rowsOf, type Button, type Screen } from '../screen';
import { go, refuse, stale, type Move, type Shown, type StepScreen, type Talk, type View } from '../conversation/talk';
import { shorten, type Texts } from '../texts';

type TemplateStep = StepAt<'template'>;

const PAGE_SIZE = 8;
/** Of those that were found and cannot be sent. */
const SHOWN_UNUSABLE = 5;

export const templateScreen: StepScreen<TemplateStep> = {
  show: (step, talk, view) => showTemplates(step, talk, view, [view.button('cancel')]),

  press: async (step, action, argument, talk) => {
    if (action === 'page') return go({ ...step, page: Number(argument) }, talk.draft);
    if (action === 'all') return go({ at: 'template', page: 0 }, talk.draft);
    if (action === 'sender') {
      const sender = talk.services.senders[Number(argument)];
      return sender ? go({ at: 'template', page: 0 }, withSender(talk.draft, sender.app)) : stale;
    }
    if (action === 'refresh') {
      await talk.interim(talk.texts.html('templates.refreshing'));
      const listed = await talk.services.templates.list({ refresh: true, ...ofSender(talk) });
      return listed.ok
        ? go({ at: 'template', page: 0 }, talk.draft, talk.texts.html('templates.refreshed'))
        : refuse(listed);
    }
    if (action !== 'pick') return stale;
    const listed = await talk.services.templates.list(ofSender(talk));
    if (!listed.ok) return refuse(listed);
    return pick(
      listed.value.templates.find((template) => template.id === argument),
      argument,
      talk,
    );
  },

  text: async (_step, typed, talk) => {
    const listed = await talk.services.templates.list(ofSender(talk));
    if (!listed.ok) return refuse(listed);
    const wanted = typed.trim().toLowerCase();
    const exact = listed.value.templates.filter((template) =>
      [template.name, templateName(template), template.id].some((name) => name.toLowerCase() === wanted),
    );
    if (exact.length === 1) return pick(exact[0], typed, talk);
    const search = shorten(typed.trim(), 60);
    return found(listed.value.templates, search, talk.texts).length > 0
      ? go({ at: 'template', page: 0, search }, talk.draft)
      : refuse(refused('template_not_found', { template: search }));
  },
};

/** The list of templates, with this last row. */
export async function showTemplates(
  step: TemplateStep,
  talk: Talk,
  view: View,
  lastRow: Button[],
): Promise<Result<Shown>> {
  const listed = await talk.services.templates.list(ofSender(talk));
  if (!listed.ok) return listed;
  const { html, keyboard } = renderTemplates(step, listed.value.templates, talk, view);
  return done({ screen: { html, keyboard: [...keyboard, lastRow] } });
}

/** /new while a campaign is half put together. */
export const unfinishedScreen: StepScreen<StepAt<'unfinished'>> = {
  show: async (_step, { draft, drafts }, view) =>
    done({
      screen: {
        html: view.texts.html('unfinished.question', {
          template: draft.template?.name ?? '',
          audience: draft.audience ? labelOfAudience(draft.audience) : '—',
        }),
        keyboard: [
          [view.button('continue'), view.button('over')],
          [view.button('asideAndNew')],
          ...(drafts.all().length > 0 ? [[view.button('drafts')]] : []),
        ],
      },
    }),
  press: async ({ kept }, action, _argument, { draft, drafts }) => {
    if (action === 'continue') return go(kept, draft);
    if (action === 'asideAndNew') {
      drafts.putAside(draft);
      return go(nextStep(emptyDraft), emptyDraft);
    }
    if (action === 'drafts') return go({ at: 'drafts' }, draft);
    return action === 'over' ? go(nextStep(emptyDraft), emptyDraft) : stale;
  },
};

function pick(template: Template | undefined, wanted: string, { draft }: Talk): Move {
  if (!template) return refuse(refused('template_not_found', { template: wanted }));
  if (template.status !== 'APPROVED') return refuse(notApproved(template));
  const part = unsupportedPart(template);
  if (part !== undefined) return refuse(refused('template_unsupported', { template: template.name, type: part }));
  const next = draft.template?.id === template.id ? draft : withTemplate(draft, template);
  return go(nextStep(next), next);
}

function notApproved({ name, status, reason }: Template): ReturnType<typeof refused> {
  return refused('template_not_approved', { template: name, status, reason: reason ?? '' });
}

/** Approved, and nothing in it that cannot be sent from here, such as a place. */
export function isSendable(template: Template): boolean {
  return template.status === 'APPROVED' && unsupportedPart(template) === undefined;
}

function usable(templates: readonly Template[]): Template[] {
  return templates.filter(isSendable);
}

/** By words of its name and text, its category, language or state: also in the admin's own language. */
function found(templates: readonly Template[], search: string | undefined, texts: Texts): Template[] {
  return findTemplates(templates, search ?? '', ({ category, status }) => [
    texts.word(`templateCategoryWords.${category}`),
    texts.word(`templateStatuses.${status}`),
  ]);
}

/** Of what was found and cannot be sent: which, and why. */
function unusableLines(templates: readonly Template[], texts: Texts): string[] {
  const lines = templates.slice(0, SHOWN_UNUSABLE).map((template) => {
    const { name, status, reason } = template;
    const why =
      status === 'APPROVED'
        ? texts.plain('template.part', { type: unsupportedPart(template) ?? '' })
        : [texts.word(`templateStatuses.${status}`), reason].filter(Boolean).join(': ');
    return texts.html('template.unusableOne', { name, why: shorten(why, 200) });
  });
  return lines.length > 0 ? [lines.join('\n')] : [];
}

/** Whose templates are meant: the draft's sender's. */
export function ofSender({ draft }: Pick<Talk, 'draft'>): { sender?: string } {
  return draft.sender === undefined ? {} : { sender: draft.sender };
}

/** A button for each sender, the chosen one ticked; none where there is only one. */
function senderRows({ services, draft }: Talk, view: View): Button[][] {
  const { senders } = services;
  if (senders.length < 2) return [];
  const buttons = senders.map(({ app, isDefault }, index) => {
    const isChosen = draft.sender === undefined ? isDefault : draft.sender === app;
    return view.button('sender', { text: mark(isChosen, `📱 ${shorten(app, 30)}`), argument: index });
  });
  return rowsOf(buttons, 2);
}

function renderTemplates(step: TemplateStep, templates: readonly Template[], talk: Talk, view: View): Screen {
  const { texts } = view;
  const shown = found(templates, step.search, texts);
  const unusable = shown.filter((one) => !isSendable(one));
  const lines = [texts.html('template.question')];
  const senders = senderRows(talk, view);
  if (senders.length > 0) lines.push(texts.html('template.senders'));
  if (step.search) lines.push(texts.html('template.search', { search: step.search }));
  if (usable(templates).length === 0) lines.push(texts.html('template.none'));
  if (step.search) lines.push(...unusableLines(unusable, texts));
  else if (unusable.length > 0) lines.push(texts.html('template.unusable', { count: unusable.length }));
  return {
    html: lines.join('\n\n'),
    keyboard: [
      ...view.list(usable(shown), [step.page, PAGE_SIZE], (template) =>
        view.button('pick', { text: labelOf(template), argument: template.id }),
      ),
      ...senders,
      step.search ? [view.button('all'), view.button('refresh')] : [view.button('refresh')],
    ],
  };
}

const HEADER_SIGNS: Record<string, string> = { IMAGE: '🖼', VIDEO: '🎬', DOCUMENT: '📎', LOCATION: '📍', TEXT: '💬' };

/** A template as a button names it. */
export function labelOf({ name, language, header }: Template): string {
  return `${HEADER_SIGNS[header?.type ?? 'TEXT'] ?? '💬'} ${shorten(name, 40)} · ${language}`;
}

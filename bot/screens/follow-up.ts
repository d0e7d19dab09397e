/**
 * One follow-up: when it comes, to whom, which template with which parameters and file. Of a new campaign its answers are
 * part of the draft; of a started one they are a change that is saved at once. Template, parameters and file are asked by
 * the questions of a campaign, about a draft that holds only the follow-up.
 */
import { isDeepStrictEqual } from 'node:util';
import type { FollowUpsStatus } from '../../campaigns/contract';
import { done, refused, refusalOf } from '../../config/errors';
import { delayText } from '../../config/spec-text';
import { readOption } from '../../domain/campaign-spec';
import { followUpColumns, type FollowUp } from '../../domain/follow-ups';
import { FOLLOW_UP_TO, type FollowUpTo } from '../../domain/story/follow-ups';
import { fillTemplate, needsMedia, parametersOf, templateName, type Template } from '../../domain/templates/template';
import type { Column } from '../conversation/chosen-audience';
import { change, withOption, type Draft } from '../conversation/draft';
import type { FollowUpQuestion, OpenFollowUp, Step, StepAt } from '../conversation/steps';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { exampleValues } from '../conversation/variants';
import { mark, rowsOf, warning, type Button, type Screen } from '../screen';
import { shorten, type Texts } from '../texts';
import { readDelay } from '../typed';
import { mediaScreen } from './details';
import { filledHtml } from './filled';
import { filledParts, parameterPart, partButton, templatePart } from './message-parts';
import { parameterScreen, sourceText } from './parameter';
import { showTemplates, templateScreen } from './template';

type AnyStep = StepAt<'followUp'> | StepAt<'chainStep'>;

const DAY_MS = 86_400_000;
const DAYS = [1, 2, 3, 5, 7, 14];

/** A follow-up as sentences name it. */
export function stepWords(
  { afterMs, to, template }: { afterMs: number; to: FollowUpTo; template: string },
  texts: Texts,
): Record<'after' | 'to' | 'template', string> {
  return { after: delayText(afterMs, texts.language), to: texts.word(`followUpTo.${to}`), template };
}

/** The first question that it has no answer to; undefined when it has all. */
export function questionOf({
  afterMs,
  to,
  template,
  parameters,
  mediaUrl,
}: OpenFollowUp): FollowUpQuestion | undefined {
  if (afterMs === undefined) return { at: 'after' };
  if (to === undefined) return { at: 'to' };
  if (!template) return { at: 'template', page: 0 };
  if (parameters.length < parametersOf(template).length) return { at: 'parameter', page: 0 };
  return needsMedia(template) && !mediaUrl ? { at: 'media' } : undefined;
}

/** The question with which editing of a step (from 1) begins; undefined when it cannot be edited any more. */
export function openStep(
  { id, name, steps, editable = Infinity, columns, sender }: FollowUpsStatus,
  step: number,
): StepAt<'chainStep'> | undefined {
  const one = steps[step - 1];
  if (!one || step < editable) return undefined;
  const { afterMs, to, content, parameters, mediaUrl } = one;
  const value = { afterMs, to, template: content, parameters, ...(mediaUrl !== undefined && { mediaUrl }) };
  return { at: 'chainStep', campaignId: id, name, step, columns, sender, value, opened: asSpec(value) };
}

export const followUpScreen: StepScreen<StepAt<'followUp'>> = screenOf({
  press: async (step, action, _argument, talk) => {
    if (action !== 'removeFollowUp') return stale;
    const left = (talk.draft.followUps ?? []).toSpliced(step.index, 1);
    return go(
      { at: 'option', option: 'followUps' },
      change(withOption(talk.draft, 'followUps', left.length > 0 ? left : undefined), {}),
    );
  },
  answered: (step, value, { draft }) => {
    const open = questionOf(value);
    if (open) return go({ ...step, value, open }, draft);
    const { followUps = [] } = draft;
    const isNew = step.index >= followUps.length;
    const next = change(draft, { followUps: followUps.toSpliced(step.index, 1, asSpec(value)) });
    const { open: _answered, ...card } = step;
    return isNew ? go({ at: 'option', option: 'followUps' }, next) : go({ ...card, value }, next);
  },
  lastRow: (view) => [view.button('removeFollowUp', { text: view.texts.plain('followUps.remove'), style: 'danger' })],
});

export const chainStepScreen: StepScreen<StepAt<'chainStep'>> = screenOf({
  press: async (step, action, _argument, { services, actor, texts }) => {
    if (action !== 'saveFollowUp' || questionOf(step.value)) return stale;
    const changes = changesOf(step);
    if (Object.keys(changes).length === 0) return { kind: 'close', html: texts.html('leftAsItWas') };
    const saved = await services.campaigns.followUps.edit(step.campaignId, { ...changes, step: step.step, by: actor });
    if (!saved.ok) return refuse(saved);
    const { next, dueAt } = saved.value;
    const when = next === step.step && dueAt ? texts.html('followUps.savedAt', { at: texts.time(dueAt) }) : '';
    return {
      kind: 'close',
      html: texts.html('followUps.saved', { step: step.step, name: step.name }) + when,
    };
  },
  answered: (step, value, { draft }) => {
    const open = questionOf(value);
    const { open: _answered, ...card } = step;
    return go({ ...card, value, ...(open && { open }) }, draft);
  },
  lastRow: (view) => [view.button('saveFollowUp', { text: view.texts.plain('followUps.save'), style: 'success' })],
});

/** The part of the spec. Throws when a question is open: the screens do not let that happen. */
function asSpec({ afterMs, to, template, parameters, mediaUrl }: OpenFollowUp): FollowUp {
  if (afterMs === undefined || to === undefined || !template)
    throw new Error('follow-up: expected all answers, got some');
  return { afterMs, to, template: templateName(template), parameters, ...(mediaUrl !== undefined && { mediaUrl }) };
}

/** What was answered otherwise since it was opened: what another admin has changed meanwhile stays. */
function changesOf({ value, opened }: StepAt<'chainStep'>): Partial<FollowUp> {
  const { afterMs, to, ...says } = asSpec(value);
  const { afterMs: formerAfterMs, to: formerTo, ...said } = opened;
  return {
    ...(afterMs !== formerAfterMs && { afterMs }),
    ...(to !== formerTo && { to }),
    ...(!isDeepStrictEqual(says, said) && says),
  };
}

/** Questions of a campaign that are asked of a follow-up too; the list of templates with a way back. */
const CAMPAIGN_SCREENS: { [At in CampaignQuestion['at']]: StepScreen<Extract<CampaignQuestion, { at: At }>> } = {
  template: { ...templateScreen, show: (step, talk, view) => showTemplates(step, talk, view, view.footer()) },
  parameter: parameterScreen,
  media: mediaScreen,
};
type CampaignQuestion = Exclude<FollowUpQuestion, { at: 'after' } | { at: 'to' }>;

/** Looking up by a question's own `at` loses its type, which is restored here, once. */
const screenOfCampaign = (open: CampaignQuestion): StepScreen<CampaignQuestion> =>
  CAMPAIGN_SCREENS[open.at] as unknown as StepScreen<CampaignQuestion>;

interface Kind<S extends AnyStep> {
  press: NonNullable<StepScreen<S>['press']>;
  /** With another answer. */
  answered(step: S, value: OpenFollowUp, talk: Talk): Move;
  /** Below the parts. */
  lastRow(view: View): Button[];
}

function screenOf<S extends AnyStep>({ press, answered, lastRow }: Kind<S>): StepScreen<S> {
  const withAnswer = (step: S, answer: Partial<OpenFollowUp>, talk: Talk): Move => {
    const value = { ...step.value, ...answer };
    const problem = invalid(value);
    return problem ?? answered(step, value, talk);
  };
  /** The answer to a question of a campaign, as one about the follow-up. */
  const asOf = async (step: S, talk: Talk, ask: (inner: Talk) => Promise<Move> | undefined): Promise<Move> => {
    const move = (await ask(insideOf(step, talk))) ?? stale;
    if (move.kind !== 'to') return move;
    const { template, parameters, mediaUrl } = move.draft;
    const { afterMs, to } = step.value;
    const value: OpenFollowUp = {
      ...(afterMs !== undefined && { afterMs }),
      ...(to !== undefined && { to }),
      ...(template && { template }),
      parameters,
      ...(mediaUrl !== undefined && { mediaUrl }),
    };
    const same = asQuestion(move.step, step.open);
    // Another page, or the same number asked for again.
    if (same && isDeepStrictEqual(value, step.value))
      return { ...move, step: { ...step, open: same }, draft: talk.draft };
    const next = answered(step, value, talk);
    return move.banner && next.kind === 'to' ? { ...next, banner: move.banner } : next;
  };

  return {
    show: async (step, talk, view) => {
      const open: FollowUpQuestion | undefined = step.open;
      if (!open) return done({ screen: renderCard(step, view, lastRow(view)) });
      switch (open.at) {
        case 'after':
          return done({ screen: renderAfter(step.value, view) });
        case 'to':
          return done({ screen: renderTo(step.value, talk, view) });
        default:
          return screenOfCampaign(open).show(open, insideOf(step, talk), view);
      }
    },
    press: async (step, action, argument, talk) => {
      const open: FollowUpQuestion | undefined = step.open;
      if (!open) return action === 'part' ? openPart(step, argument, talk) : press(step, action, argument, talk);
      switch (open.at) {
        case 'after':
          return action === 'followUpDays' && DAYS.includes(Number(argument))
            ? withAnswer(step, { afterMs: Number(argument) * DAY_MS }, talk)
            : stale;
        case 'to': {
          const to = FOLLOW_UP_TO.find((one) => one === argument);
          return action === 'followUpTo' && to ? withAnswer(step, { to }, talk) : stale;
        }
        default:
          return asOf(step, talk, (inner) => screenOfCampaign(open).press?.(open, action, argument, inner));
      }
    },
    text: async (step, typed, talk) => {
      const open: FollowUpQuestion | undefined = step.open;
      if (!open || open.at === 'to')
        return go(step, talk.draft, warning(talk.texts, talk.texts.plain('expected.button')));
      if (open.at !== 'after') return asOf(step, talk, (inner) => screenOfCampaign(open).text?.(open, typed, inner));
      const afterMs = readDelay(typed);
      return afterMs === undefined
        ? refuse(refused('follow_up_delay_invalid', { value: shorten(typed.trim(), 40) }))
        : withAnswer(step, { afterMs }, talk);
    },
    file: async (step, file, talk) => {
      const open: FollowUpQuestion | undefined = step.open;
      if (open?.at !== 'media') return go(step, talk.draft, warning(talk.texts, talk.texts.plain('expected.noFile')));
      return asOf(step, talk, (inner) => mediaScreen.file?.(open, file, inner));
    },
  };
}

/** The step as a question of a follow-up, if it is still the open one. */
function asQuestion(step: Step, open: FollowUpQuestion | undefined): FollowUpQuestion | undefined {
  const isOne = step.at === 'template' || step.at === 'parameter' || step.at === 'media';
  return isOne && step.at === open?.at ? step : undefined;
}

/** What the schema says of the time. */
function invalid({ afterMs }: OpenFollowUp): Move | undefined {
  if (afterMs === undefined) return undefined;
  const probe: FollowUp = { afterMs, to: 'not_read', template: 'any', parameters: [] };
  const read = readOption('followUps', [probe]);
  return 'problem' in read ? refuse({ refusal: refusalOf(read.problem) }) : undefined;
}

/** The talk about a draft that holds the follow-up alone: its people are those of the campaign, with what it filled in. */
function insideOf(step: AnyStep, talk: Talk): Talk {
  const { template, parameters, mediaUrl } = step.value;
  const sender = step.at === 'chainStep' ? step.sender : talk.draft.sender;
  const draft: Draft = {
    ...(template && { template }),
    parameters,
    ...(mediaUrl !== undefined && { mediaUrl }),
    ...(sender !== undefined && { sender }),
    audience: {
      include: [{ source: { kind: 'phones', phones: [] }, label: '', columns: columnsFor(step, talk) }],
      exclude: [],
    },
  };
  // It goes from the campaign's senders.
  return { ...talk, draft, services: { ...talk.services, senders: [] } };
}

function columnsFor(step: AnyStep, { draft, texts }: Talk): Column[] {
  if (step.at === 'chainStep') return step.columns.map((name) => ({ name, example: '' }));
  const values = exampleValues(draft, texts);
  return followUpColumns(draft).map((name) => ({ name, example: values[Number(name.slice(1)) - 1] ?? '' }));
}

function openPart<S extends AnyStep>(step: S, part: string, { draft }: Talk): Move {
  const parameter = parameterPart(part, step.value);
  if (parameter) return go({ ...step, open: parameter }, draft);
  switch (part) {
    case 'after':
    case 'to':
    case 'media':
      return go({ ...step, open: { at: part } }, draft);
    case 'template':
      return go({ ...step, open: { at: 'template', page: 0 } }, draft);
    default:
      return stale;
  }
}

function renderAfter({ afterMs }: OpenFollowUp, view: View): Screen {
  const { texts } = view;
  return {
    html: texts.html('followUps.after'),
    keyboard: [
      ...rowsOf(
        DAYS.map((days) =>
          view.button('followUpDays', {
            text: mark(afterMs === days * DAY_MS, delayText(days * DAY_MS, texts.language)),
            argument: days,
          }),
        ),
        3,
      ),
      view.footer(),
    ],
  };
}

/** Nobody can press a link where there are none. */
function renderTo({ to: present }: OpenFollowUp, { services }: Talk, view: View): Screen {
  const { texts } = view;
  const offered = FOLLOW_UP_TO.filter((to) => to !== 'not_clicked' || services.linksUrl !== undefined);
  return {
    html: texts.html('followUps.to'),
    keyboard: [
      ...offered.map((to) => [
        view.button('followUpTo', {
          text: mark(to === present, texts.plain(`followUps.toButtons.${to}`)),
          argument: to,
        }),
      ]),
      view.footer(),
    ],
  };
}

function renderCard(step: AnyStep, view: View, lastRow: Button[]): Screen {
  const { texts } = view;
  const { afterMs, to, template, parameters, mediaUrl } = step.value;
  const title = (name: string): string => texts.plain(`followUps.titles.${name}`);
  const after = afterMs === undefined ? undefined : delayText(afterMs, texts.language);
  return {
    html: [
      step.at === 'chainStep'
        ? texts.html('followUps.cardOf', { step: step.step, name: step.name })
        : texts.html('followUps.card', { step: step.index + 1 }),
      ...(template ? [messageHtml({ template, parameters, mediaUrl }, texts)] : []),
    ].join('\n'),
    keyboard: [
      [partButton(view, 'after', title('after'), after)],
      [partButton(view, 'to', title('to'), to && texts.plain(`followUps.toButtons.${to}`))],
      ...[templatePart(view, step.value), ...filledParts(view, step.value)].map((button) => [button]),
      lastRow,
      view.footer(),
    ],
  };
}

/** The message with what fills it, by name where it comes from each person. */
export function messageHtml(
  {
    template,
    parameters,
    mediaUrl,
  }: { template: Template; parameters: OpenFollowUp['parameters']; mediaUrl?: string | undefined },
  texts: Texts,
  bodyCharacters?: number,
): string {
  const values = parameters.map((source) => {
    const said = sourceText(source, texts) ?? '';
    return source.kind === 'column' ? `‹${said}›` : said;
  });
  return filledHtml(fillTemplate(template, values, mediaUrl), texts, bodyCharacters);
}

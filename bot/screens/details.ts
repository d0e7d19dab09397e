/** What fills the message: each parameter's source, the header's media, and the campaign's name. */
import { done, refusalOf, refused } from '../../config/errors';
import type { ParameterSource } from '../../domain/audience';
import { mediaLinkRefusal } from '../../campaigns/media';
import { MAX_NAME_CHARACTERS } from '../../domain/campaign-name';
import { nameProblem } from '../../domain/campaign-spec';
import { numbersAlone, withoutNumbers } from '../../domain/story/number-like';
import {
  fillTemplate,
  isMediaLink,
  parameterProblem,
  parametersOf,
  type Template,
  type TemplateParameter,
} from '../../domain/templates/template';
import type { Writing } from '../../domain/reading/transforms';
import { columnsOfAudience, labelOfAudience, type Column } from '../conversation/chosen-audience';
import { change, nextStep, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { pageOf, pagerRow, rowsThatFit, warning, type Screen } from '../screen';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { escapeHtml, Html, shorten, type Texts } from '../texts';
import { exampleValues, variantsOf } from '../conversation/variants';

/** With more of them, each in a row of its own, the question would be out of a phone's sight. */
const COLUMNS_A_PAGE = 6;
/** Of the audience, in a suggested name: the day must not be cut off. */
const LABEL_CHARACTERS = 40;

/** The draft with one more answer, on to the next question. */
function answer(draft: Draft, answers: Partial<Draft>): Move {
  const next = change(draft, answers);
  return go(nextStep(next), next);
}

export const parameterScreen: StepScreen<StepAt<'parameter'>> = {
  show: async (step, { draft }, view) => done({ screen: renderParameter(step, draft, view) }),
  press: async (step, action, argument, { draft, texts }) => {
    if (action === 'page') return go({ ...step, page: Number(argument) }, draft);
    const [index, variant] = argument.split('-').map(Number);
    const column = action === 'column' ? columnsOfDraft(draft)[index ?? NaN] : undefined;
    if (!column) return stale;
    const transform =
      variant === undefined ? undefined : variantsOf(column, writingOf(draft, texts))[variant]?.transform;
    if (variant !== undefined && !transform) return stale;
    const source: ParameterSource = { kind: 'column', column: column.name, ...(transform && { transform }) };
    return answer(draft, { parameters: [...draft.parameters, source] });
  },
  text: async (step, typed, { draft, texts }) => {
    const value = typed.trim();
    const asked = asksWhetherText(step, value, draft.parameters.length + 1, draft, texts);
    if (asked) return asked;
    const place = draft.template && parametersOf(draft.template)[draft.parameters.length]?.place;
    const problem = parameterProblem(value, place);
    if (problem) return refuse(invalid(draft.parameters.length + 1, value, problem));
    return answer(draft, { parameters: [...draft.parameters, { kind: 'text', value }] });
  },
};

/**
 * The rest of a long paste, or an answer to the previous question: other people's numbers would go to everyone. Several
 * are refused; a single one may be intended, so it is accepted when sent again.
 */
function asksWhetherText(
  step: StepAt<'parameter'> | StepAt<'fallback'>,
  value: string,
  position: number,
  draft: Draft,
  texts: Texts,
): Move | undefined {
  const numbers = numbersAlone(value);
  if (numbers === 'several') return refuse(refused('parameter_is_numbers', { position }));
  if (numbers === 'none' || step.number === value) return undefined;
  const { refusal } = refused('parameter_is_number', { position, value: shorten(value, 40) });
  return go({ ...step, number: value }, draft, warning(texts, texts.refusalText(refusal)));
}

function invalid(position: number, value: string, problem: string): ReturnType<typeof refused> {
  return refused('parameter_invalid', { position, value: shorten(value.replace(/\s*\n\s*/g, ' ⏎ '), 60), problem });
}

function renderParameter(step: StepAt<'parameter'>, draft: Draft, view: View): Screen {
  const { texts } = view;
  const { template } = draft;
  const parameter = template && parametersOf(template)[draft.parameters.length];
  if (!template || !parameter) throw new Error('parameter screen: expected an open parameter, got none');
  const columns = columnsOfDraft(draft);
  const page = pageOf(columns, step.page, COLUMNS_A_PAGE);
  const first = page.page * COLUMNS_A_PAGE;
  return {
    html: [
      texts.html('parameter.question', {
        position: parameter.position,
        total: parametersOf(template).length,
        variable: parameter.variable,
        place: texts.plain(`parameter.places.${parameter.place}`, { button: parameter.button ?? '' }),
      }),
      `<blockquote>${markVariable(template, parameter, exampleValues(draft, texts))}</blockquote>`,
      texts.html(columns.length > 0 ? 'parameter.choose' : 'parameter.type'),
    ].join('\n\n'),
    keyboard: [
      ...rowsThatFit(
        page.items.flatMap((column, index) => [
          view.button('column', { text: columnLabel(column, view), argument: first + index }),
          ...variantsOf(column, writingOf(draft, texts)).flatMap(({ shown }, variant) =>
            // Two buttons that write the same would only be a riddle.
            columns.some(({ example }) => example === shown)
              ? []
              : [
                  view.button('column', {
                    text: columnLabel(column, view, shown),
                    argument: `${first + index}-${variant}`,
                  }),
                ],
          ),
        ]),
      ),
      ...pagerRow(page, (number) => view.data('page', number)),
      view.footer(),
    ],
  };
}

function columnsOfDraft({ audience }: Draft): Column[] {
  return audience ? columnsOfAudience(audience) : [];
}

/** As the messages of this campaign will be written. */
function writingOf({ template }: Draft, texts: Texts): Writing {
  return { language: template?.language ?? texts.language, timezone: texts.zone };
}

/** The column with what the first person has in it, or what that becomes. */
function columnLabel({ name, example }: Column, { texts }: View, becomes?: string): string {
  // p1, p2 …: what an earlier campaign put into its message.
  const [, position] = /^p(\d+)$/.exec(name) ?? [];
  const known = position ? texts.plain('columns.earlier', { position }) : texts.maybe(`columns.${name}`);
  const title = shorten(known ?? name, 24);
  if (becomes) return `${title} → ${shorten(becomes, 20)}`;
  return example ? `${title}: ${shorten(example, 20)}` : title;
}

/** The text the variable stands in as it is filled so far, with the variable in bold. */
function markVariable(template: Template, { place, variable, button }: TemplateParameter, values: string[]): string {
  const { header, body, buttons } = fillTemplate(template, values);
  const text =
    place === 'header'
      ? (header ?? variable)
      : place === 'body'
        ? body
        : (buttons.find((one) => one.text === button)?.value ?? variable);
  return escapeHtml(shorten(text, 700)).replaceAll(escapeHtml(variable), `<b>${escapeHtml(variable)}</b>`);
}

/** From the preview: people without a value would be left out, unless there is a text for them. */
export const fallbackScreen: StepScreen<StepAt<'fallback'>> = {
  show: async ({ index }, { draft: { parameters } }, view) => {
    const source = parameters[index];
    const column = source?.kind === 'column' ? source.column : '';
    return done({
      screen: {
        html: view.texts.html('parameter.fallback', { column: view.texts.maybe(`columns.${column}`) ?? column }),
        keyboard: [view.footer()],
      },
    });
  },
  text: async (step, typed, { draft, texts }) => {
    const { index } = step;
    const fallback = typed.trim();
    const asked = asksWhetherText(step, fallback, index + 1, draft, texts);
    if (asked) return asked;
    const place = draft.template && parametersOf(draft.template)[index]?.place;
    const problem = parameterProblem(fallback, place);
    if (problem) return refuse(invalid(index + 1, fallback, problem));
    const parameters = draft.parameters.map((source, at) =>
      at === index && source.kind === 'column' ? { ...source, fallback } : source,
    );
    return answer(draft, { parameters });
  },
};

export const mediaScreen: StepScreen<StepAt<'media'>> = {
  show: async (_step, { draft: { template } }, view) => {
    const kind = template?.header?.type ?? '';
    return done({
      screen: {
        html: view.texts.html('media.question', { kind: view.texts.maybe(`media.${kind}`) ?? kind }),
        keyboard: [...(sampleOf(template) ? [[view.button('sample')]] : []), view.footer()],
      },
    });
  },
  press: async (_step, action, _argument, { draft }) => {
    const sample = action === 'sample' ? sampleOf(draft.template) : undefined;
    return sample ? answer(draft, { mediaUrl: sample }) : stale;
  },
  text: async (_step, typed, { draft, texts, now }) => {
    const value = typed.trim();
    if (!isMediaLink(value)) return refuse(refused('media_link_invalid', { value: shorten(value, 120) }));
    const problem =
      draft.template &&
      mediaLinkRefusal(
        { template: draft.template, mediaUrl: value },
        { start: now().toJSDate() },
        { timezone: texts.zone },
      );
    return problem ? refuse({ refusal: problem }) : answer(draft, { mediaUrl: value });
  },
};

function sampleOf(template: Template | undefined): string | undefined {
  const url = template?.header && 'exampleUrl' in template.header ? template.header.exampleUrl : undefined;
  // Of a template that Meta has looked at, the example is often on Meta's own network.
  return template &&
    url &&
    isMediaLink(url) &&
    !mediaLinkRefusal({ template, mediaUrl: url }, { start: new Date() }, {})
    ? url
    : undefined;
}

export const nameScreen: StepScreen<StepAt<'name'>> = {
  show: async (_step, talk, view) => {
    const suggestion = suggestName(talk);
    return done({
      screen: {
        html: view.texts.html('name.question', { suggestion: new Html(`<b>${escapeHtml(suggestion)}</b>`) }),
        keyboard: [[view.button('suggested', { text: `✅ ${suggestion}` })], view.footer()],
      },
    });
  },
  press: async (_step, action, _argument, talk) =>
    action === 'suggested' ? answer(talk.draft, { name: suggestName(talk) }) : stale,
  text: async (_step, typed, { draft }) => {
    const name = typed.trim().replace(/\s+/g, ' ');
    const problem = nameProblem(name);
    return problem ? refuse({ refusal: refusalOf(problem) }) : answer(draft, { name });
  },
};

/** Template, audience and day, unless it has a name already. */
function suggestName({ draft, now }: Talk): string {
  if (draft.name) return draft.name;
  const label = draft.audience ? withoutNumbers(labelOfAudience(draft.audience)) : '';
  return shorten(
    `${withoutNumbers(draft.template?.name ?? '')} · ${shorten(label, LABEL_CHARACTERS)} · ${now().toFormat('dd.MM')}`,
    MAX_NAME_CHARACTERS,
  );
}

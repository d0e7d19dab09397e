/** What fills a parameter of the message: a column of the people's, with what is made of its values, or one text for all. */
import { isLinkTarget, isTrackedPlace } from '../../domain/links';
import { done, refused } from '../../config/errors';
import type { ParameterSource } from '../../domain/audience';
import type { Writing } from '../../domain/reading/transforms';
import { numbersAlone } from '../../domain/story/number-like';
import { suggestColumns } from '../../domain/templates/suggest-columns';
import {
  fillTemplate,
  parameterProblem,
  parametersOf,
  type Template,
  type TemplateParameter,
} from '../../domain/templates/template';
import { columnsOfAudience, type Column } from '../conversation/chosen-audience';
import type { Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { answer, go, refuse, stale, type Move, type StepScreen, type View } from '../conversation/talk';
import { exampleValues, variantsOf } from '../conversation/variants';
import { pageOf, pagerRow, rowsThatFit, warning, type Screen } from '../screen';
import { escapeHtml, shorten, type Texts } from '../texts';

/** With more of them, each in a row of its own, the question would be out of a phone's sight. */
const COLUMNS_A_PAGE = 6;

export const parameterScreen: StepScreen<StepAt<'parameter'>> = {
  show: async (step, { draft }, view) => done({ screen: renderParameter(step, draft, view) }),
  press: async (step, action, argument, { draft, texts }) => {
    if (action === 'page') return go({ ...step, page: Number(argument) }, draft);
    if (action === 'allSuggested') {
      const rest = restSuggested(draft);
      return rest.length > 0 ? answer(draft, { parameters: [...draft.parameters, ...rest] }) : stale;
    }
    const [index, variant] = argument.split('-').map(Number);
    const column = action === 'column' ? columnsOfDraft(draft)[index ?? NaN] : undefined;
    if (!column) return stale;
    const transform =
      variant === undefined ? undefined : variantsOf(column, writingOf(draft, texts))[variant]?.transform;
    if (variant !== undefined && !transform) return stale;
    const source: ParameterSource = { kind: 'column', column: column.name, ...(transform && { transform }) };
    return answer(draft, { parameters: withParameter(draft.parameters, source, step) });
  },
  text: async (step, typed, { draft, texts, services }) => {
    const value = typed.trim();
    const at = step.index ?? draft.parameters.length;
    const asked = asksWhetherText(step, value, at + 1, draft, texts);
    if (asked) return asked;
    const place = draft.template && parametersOf(draft.template)[at]?.place;
    // A whole address where our own domain stands: it is led there from, and counted.
    if (isTracked(draft, at, services.linksUrl) && isLinkTarget(value))
      return answer(draft, { parameters: withParameter(draft.parameters, { kind: 'link', target: value }, step) });
    const problem = parameterProblem(value, place);
    if (problem) return refuse(invalid(at + 1, value, problem));
    return answer(draft, { parameters: withParameter(draft.parameters, { kind: 'text', value }, step) });
  },
};

/** Whether the parameter is the end of a button's address under LINKS_URL. */
function isTracked({ template }: Draft, at: number, linksUrl: string | undefined): boolean {
  const place = template && parametersOf(template)[at];
  return place !== undefined && linksUrl !== undefined && isTrackedPlace(template!, place, linksUrl);
}

/** The answers with this one: the next, or in the place of an earlier one. */
function withParameter(
  parameters: readonly ParameterSource[],
  source: ParameterSource,
  { index = parameters.length }: StepAt<'parameter'>,
): ParameterSource[] {
  return [...parameters.slice(0, index), source, ...parameters.slice(index + 1)];
}

/** Columns for all parameters that are not answered yet; none where one of them, or all but one, must be asked. */
function restSuggested(draft: Draft): ParameterSource[] {
  const { template, parameters } = draft;
  if (!template) return [];
  const rest = suggestionsOf(template, draft).slice(parameters.length);
  const named = rest.filter((column) => column !== undefined);
  return named.length < 2 || named.length < rest.length
    ? []
    : named.map((column) => ({ kind: 'column' as const, column }));
}

/** For each parameter the column it seems to ask for, of those that no answer has taken. */
function suggestionsOf(template: Template, draft: Draft): (string | undefined)[] {
  const taken = new Set(draft.parameters.flatMap((source) => (source.kind === 'column' ? [source.column] : [])));
  const suggested = suggestColumns(
    template,
    columnsOfDraft(draft).map(({ name }) => name),
  );
  return suggested.map((column, index) =>
    index >= draft.parameters.length && column !== undefined && taken.has(column) ? undefined : column,
  );
}

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
  const at = step.index ?? draft.parameters.length;
  const parameter = template && parametersOf(template)[at];
  if (!template || !parameter) throw new Error('parameter screen: expected an open parameter, got none');
  const all = columnsOfDraft(draft);
  const suggested = suggestionsOf(template, draft)[at];
  // What the template seems to ask for stands first; its place in the list stays its name in the buttons.
  const numbered = all.map((column, index) => ({ column, index }));
  const columns = numbered.toSorted(
    (a, b) => Number(b.column.name === suggested) - Number(a.column.name === suggested),
  );
  const page = pageOf(columns, step.page, COLUMNS_A_PAGE);
  const rest = step.index === undefined ? restSuggested(draft) : [];
  const values = exampleValues(draft, texts);
  if (step.index !== undefined) values[at] = parameter.variable;
  return {
    html: [
      texts.html('parameter.question', {
        position: parameter.position,
        total: parametersOf(template).length,
        place: texts.plain(`parameter.places.${parameter.place}`, {
          variable: parameter.variable,
          button: parameter.button ?? '',
        }),
      }),
      `<blockquote>${markVariable(template, parameter, values)}</blockquote>`,
      texts.html(columns.length > 0 ? 'parameter.choose' : 'parameter.type'),
    ].join('\n\n'),
    keyboard: [
      ...(rest.length > 0 ? [[view.button('allSuggested', { text: allSuggestedLabel(rest, view) })]] : []),
      ...rowsThatFit(
        page.items.flatMap(({ column, index }) => [
          view.button('column', {
            text: `${columnLabel(column, view)}${column.name === suggested ? ' ✨' : ''}`,
            argument: index,
          }),
          ...variantsOf(column, writingOf(draft, texts)).flatMap(({ shown }, variant) =>
            // Two buttons that write the same would only be a riddle.
            all.some(({ example }) => example === shown)
              ? []
              : [view.button('column', { text: columnLabel(column, view, shown), argument: `${index}-${variant}` })],
          ),
        ]),
      ),
      ...pagerRow(page, (number) => view.data('page', number)),
      view.footer(),
    ],
  };
}

/** All that is suggested, by the columns' names. */
function allSuggestedLabel(rest: readonly ParameterSource[], view: View): string {
  const names = rest.map((source) =>
    titleOf(source.kind === 'column' ? source.column : source.kind === 'link' ? source.target : source.value, view),
  );
  return view.texts.plain('parameter.allSuggested', { columns: shorten(names.join(', '), 50) });
}

function columnsOfDraft({ audience }: Draft): Column[] {
  return audience ? columnsOfAudience(audience) : [];
}

/** As the messages of this campaign will be written. */
function writingOf({ template }: Draft, texts: Texts): Writing {
  return { language: template?.language ?? texts.language, timezone: texts.zone };
}

/** What fills a parameter, in short: a text, a link, a column by its title. */
export function sourceText(source: ParameterSource | undefined, texts: Texts): string | undefined {
  if (source?.kind === 'link') return source.target;
  return source?.kind === 'column' ? titleOf(source.column, { texts }) : source?.value;
}

/** What a column is called on a button: the CRM's fields in words. */
function titleOf(name: string, { texts }: Pick<View, 'texts'>): string {
  // p1, p2 …: what an earlier campaign put into its message.
  const [, position] = /^p(\d+)$/.exec(name) ?? [];
  const known = position ? texts.plain('columns.earlier', { position }) : texts.maybe(`columns.${name}`);
  return shorten(known ?? name, 24);
}

/** The column with what the first person has in it, or what that becomes. */
function columnLabel({ name, example }: Column, view: View, becomes?: string): string {
  const title = titleOf(name, view);
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

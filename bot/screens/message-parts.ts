/** The parts of a message on a card, a campaign's as a follow-up's: a button each, and the question of one of them. */
import type { ParameterSource } from '../../domain/audience';
import { needsMedia, parametersOf, type Template } from '../../domain/templates/template';
import { mediaLabel } from '../../domain/templates/uploaded-media';
import type { StepAt } from '../conversation/steps';
import type { View } from '../conversation/talk';
import type { Button } from '../screen';
import { shorten } from '../texts';
import { sourceText } from './parameter';

/** Of a part so much stands on its button. */
const VALUE_CHARACTERS = 30;

interface Message {
  template?: Template;
  parameters: readonly ParameterSource[];
  mediaUrl?: string;
}

/** Of a part with its title and value; without a value it has not been answered. Pressed, it is the action `part`. */
export function partButton(view: View, argument: string, title: string, value: string | undefined): Button {
  const shown = shorten(value ?? view.texts.plain('parts.open'), VALUE_CHARACTERS);
  return view.button('part', { text: `${value === undefined ? '▫️' : '✅'} ${title}: ${shown}`, argument });
}

export function templatePart(view: View, { template }: Message): Button {
  const value = template && `${template.name} · ${template.language}`;
  return partButton(view, 'template', view.texts.plain('parts.titles.template'), value);
}

/** What fills the template: its parameters, and its file where it has one. */
export function filledParts(view: View, { template, parameters, mediaUrl }: Message): Button[] {
  if (!template) return [];
  const { texts } = view;
  const filled = parametersOf(template).map(({ variable }, index) =>
    partButton(view, `p${index}`, variable, sourceText(parameters[index], texts)),
  );
  if (!needsMedia(template)) return filled;
  return [...filled, partButton(view, 'media', texts.plain('parts.titles.media'), mediaUrl && mediaLabel(mediaUrl))];
}

/** The question of a parameter's button; undefined for another part, and for one that the template does not have. */
export function parameterPart(part: string, { template, parameters }: Message): StepAt<'parameter'> | undefined {
  const at = Number(/^p(\d+)$/.exec(part)?.[1] ?? Infinity);
  if (!template || at >= parametersOf(template).length) return undefined;
  // They are answered in order: before this one may be another that is open.
  return { at: 'parameter', page: 0, ...(at < parameters.length && { index: at }) };
}

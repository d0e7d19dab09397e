/**
 * Extracts a template's submitted values from its samples (gupshup.md#templates: sampleText, meta.example, buttons'
 * example).
 */
import { parametersOf, type Template, type TemplateParameter } from '../../domain/templates/template';

interface Samples {
  /** Header and body as filled for Meta's review; '' if unknown. */
  header: string;
  body: string;
  /** One per button of the template: the whole link, or the code. */
  buttons: readonly (string | undefined)[];
}

const VARIABLE = /\{\{\s*[\w.]+\s*\}\}/g;

/** In parameter order; undefined when none is known or there are no parameters. */
export function examplesOf(template: Template, samples: Samples): string[] | undefined {
  const header = template.header?.type === 'TEXT' ? valuesIn(template.header.text, samples.header) : {};
  const body = valuesIn(template.body, samples.body);
  const ofButton = (parameter: TemplateParameter): string => {
    const index = template.buttons.findIndex(({ text, type }) => text === parameter.button && type !== 'QUICK_REPLY');
    const given = samples.buttons[index] ?? '';
    return parameter.place === 'copy_code' ? given : suffixOf(given, template.buttons[index]?.url ?? '');
  };
  const examples = parametersOf(template).map((parameter) => {
    if (parameter.place === 'header') return header[parameter.variable] ?? '';
    return parameter.place === 'body' ? (body[parameter.variable] ?? '') : ofButton(parameter);
  });
  return examples.some((example) => example !== '') ? examples : undefined;
}

/** The sample's values at the positions of the variables; empty when the sample belongs to another text. */
function valuesIn(text: string, sample: string): Record<string, string> {
  const variables = text.match(VARIABLE) ?? [];
  const between = text.split(VARIABLE).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const found = new RegExp(`^${between.join('([^]*?)')}$`).exec(sample);
  if (!found) return {};
  // Older samples mark the values with [brackets].
  const values = found.slice(1).map((value) => value.replace(/^\[(.*)\]$/s, '$1'));
  return Object.fromEntries(variables.map((variable, index) => [variable, values[index] ?? '']));
}

function suffixOf(link: string, url: string): string {
  const start = url.replace(VARIABLE, '');
  return link.startsWith(start) ? link.slice(start.length) : '';
}

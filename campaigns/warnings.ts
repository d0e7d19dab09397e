/** What is worth knowing before a template goes to these people, and no reason not to start. */
import type { Refusal } from '../config/errors';
import type { ParameterSource, Person } from '../domain/audience';
import { columnValue } from '../domain/parameters';
import { isMarketing } from '../domain/suppression';
import { parametersOf, type Template } from '../domain/template';

/**
 * Looks on while the people come, and notes which of the columns that parameters name are nobody's: a misspelt one
 * would give everybody the fallback.
 */
export function watchColumns(parameters: readonly ParameterSource[]): {
  watch: (people: AsyncIterable<Person>) => AsyncIterable<Person>;
  missing: () => Refusal[];
} {
  const sought = new Map(
    parameters.flatMap((parameter, index) => (parameter.kind === 'column' ? [[index, parameter.column] as const] : [])),
  );
  async function* watch(people: AsyncIterable<Person>): AsyncGenerator<Person> {
    for await (const person of people) {
      for (const [index, column] of sought) if (columnValue(person.columns, column) !== '') sought.delete(index);
      yield person;
    }
  }
  return {
    watch,
    missing: () =>
      [...sought].map(([index, column]) => ({ code: 'column_empty', values: { position: index + 1, column } })),
  };
}

/** `recipients` by the ISO code of their country. */
export function templateWarnings(template: Template, recipients: ReadonlyMap<string, number>): Refusal[] {
  const { name, quality, category } = template;
  const warnings: Refusal[] = [];
  if (quality === 'RED' || quality === 'YELLOW') {
    warnings.push({ code: 'template_low_quality', values: { template: name, quality } });
  }
  if (parametersOf(template).some(({ place }) => place === 'header')) {
    warnings.push({ code: 'template_header_variable', values: { template: name } });
  }
  // WhatsApp delivers no marketing to the US since April 2025 (facts/gupshup-whatsapp.md §6).
  const american = recipients.get('US') ?? 0;
  if (american > 0 && isMarketing(category)) warnings.push({ code: 'marketing_to_us', values: { count: american } });
  return warnings;
}

/** Template parameters of one person: taken from their columns, checked, in the order of the template. */
import type { ParameterSource, Person } from './audience';
import { fillTemplate, MAX_BODY_CHARACTERS, parameterProblem, parametersOf, type Template } from './template';

/** The parameters of one send, or why this person cannot be sent to. `detail` names the parameter, never its value. */
export type FilledParameters =
  { ok: true; params: string[] } | { ok: false; reason: 'empty_parameter' | 'bad_parameter'; detail: string };

/**
 * A function that fills the template's parameters from a person's columns. A parameter without a source counts as
 * empty; sources beyond the template's parameters are left out. Values lose the blanks at their ends.
 */
export function createParameterFiller(
  template: Template,
  sources: readonly ParameterSource[],
): (columns: Person['columns']) => FilledParameters {
  const parameters = parametersOf(template);

  return (columns) => {
    const params: string[] = [];
    for (const { position, variable } of parameters) {
      const value = valueOf(sources[position - 1], columns);
      const problem = parameterProblem(value);
      if (problem) {
        const reason = problem === 'empty' ? 'empty_parameter' : 'bad_parameter';
        return { ok: false, reason, detail: `parameter ${position} ${variable}: ${problem}` };
      }
      params.push(value);
    }
    const { length } = fillTemplate(template, params).body;
    if (length > MAX_BODY_CHARACTERS) {
      return {
        ok: false,
        reason: 'bad_parameter',
        detail: `text of ${length} characters, at most ${MAX_BODY_CHARACTERS}`,
      };
    }
    return { ok: true, params };
  };
}

/** The value of a column by its name, blanks at the ends and case aside; '' when there is none. */
export function columnValue(columns: Record<string, string>, column: string): string {
  const key = Object.hasOwn(columns, column) ? column : Object.keys(columns).find((name) => sameColumn(name, column));
  return key === undefined ? '' : (columns[key] ?? '').trim();
}

/** Whether two column names mean the same column. */
function sameColumn(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function valueOf(source: ParameterSource | undefined, columns: Record<string, string>): string {
  if (!source) return '';
  if (source.kind === 'text') return source.value.trim();
  return columnValue(columns, source.column) || (source.fallback ?? '').trim();
}

/** Whether the parameters of a draft fit its template: their number, and what stands in them. */
import type { Refusal } from '../config/errors';
import type { ParameterSource } from '../domain/audience';
import { parameterProblem, parametersOf, type Template } from '../domain/templates/template';

/** What is wrong with the parameters of every person alike. */
export function parametersProblems(parameters: readonly ParameterSource[], template: Template): Refusal[] {
  const places = parametersOf(template);
  const [expected, got] = [places.length, parameters.length];
  const count: Refusal[] =
    got === expected
      ? []
      : [{ code: got < expected ? 'parameters_too_few' : 'parameters_too_many', values: { expected, got } }];
  const texts = parameters.flatMap((parameter, index): Refusal[] => {
    if (parameter.kind !== 'text') return [];
    const problem = parameterProblem(parameter.value, places[index]?.place);
    return problem
      ? [{ code: 'parameter_invalid', values: { position: index + 1, value: parameter.value, problem } }]
      : [];
  });
  return [...count, ...texts];
}

/** Whether the parameters of a draft can be filled at all: their shape, their number, what stands in them. */
import { z } from 'zod';
import type { Refusal } from '../config/errors';
import type { ParameterSource } from '../domain/audience';
import { DATE_ORDERS } from '../domain/read-date';
import { DECIMAL_MARKS } from '../domain/read-sum';
import { parameterProblem, parametersOf, type Template } from '../domain/template';
import { isCurrency, TRANSFORM_NAMES } from '../domain/transforms';

const parametersSchema = z.array(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('text'), value: z.string() }),
    z.strictObject({
      kind: z.literal('column'),
      column: z.string().trim().min(1),
      fallback: z.string().optional(),
      transform: z
        .array(
          z.discriminatedUnion('name', [
            z.strictObject({ name: z.enum(TRANSFORM_NAMES).exclude(['date', 'date_short', 'money']) }),
            z.strictObject({ name: z.enum(['date', 'date_short']), order: z.enum(DATE_ORDERS).optional() }),
            z.strictObject({
              name: z.literal('money'),
              currency: z.string().refine(isCurrency, 'expected a currency such as RUB').optional(),
              decimal: z.enum(DECIMAL_MARKS).optional(),
            }),
          ]),
        )
        .optional(),
    }),
  ]),
);

/** What is wrong with the parameters of every person alike. */
export function parametersProblems(parameters: readonly ParameterSource[], template: Template): Refusal[] {
  const read = parametersSchema.safeParse(parameters);
  if (!read.success) {
    return [{ code: 'parameters_invalid', values: { detail: z.prettifyError(read.error).replace(/\s+/g, ' ') } }];
  }
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

/** Parameters as bot and CLI hand them in. */
import { parametersProblems } from '../../campaigns/draft-problems';
import type { ParameterSource } from '../../domain/audience';
import { template } from '../domain/samples';

const two = template({ body: '{{1}}', buttons: [{ type: 'URL', text: 'Pay', url: 'https://x.io/{{1}}' }] });
const problems = (...parameters: unknown[]): object[] => parametersProblems(parameters as ParameterSource[], two);
const column = { kind: 'column', column: 'name' };

test('that fit are fine, with transforms and a fallback', () => {
  expect(problems({ ...column, fallback: 'x', transform: [{ name: 'first_name' }, { name: 'money', currency: 'RUB' }] }, { kind: 'text', value: 'orders/7' })).toEqual([]);
}); // prettier-ignore

test('too few, too many, and texts that do not fit their place are told together', () => {
  expect(problems({ kind: 'text', value: 'a\tb' })).toEqual([
    { code: 'parameters_too_few', values: { expected: 2, got: 1 } },
    { code: 'parameter_invalid', values: { position: 1, value: 'a\tb', problem: 'tab' } },
  ]);
  expect(problems(column, { kind: 'text', value: 'https://x.io/7' }, column)).toEqual([
    { code: 'parameters_too_many', values: { expected: 2, got: 3 } },
    { code: 'parameter_invalid', values: { position: 2, value: 'https://x.io/7', problem: 'whole_link' } },
  ]);
});

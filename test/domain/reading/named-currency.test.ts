/** A sum that names another currency than the parameter's is never written as that one. */
import type { Cell } from '../../../domain/reading/cell';
import { createParameterFiller } from '../../../domain/templates/parameters';
import { transformed } from '../../../domain/reading/transforms';
import { template } from '../samples';

const spaces = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');
const money = (cell: Cell, currency: string): string => {
  const read = transformed(cell, [{ name: 'money', currency }], { language: 'ru', timezone: 'UTC' });
  return read.ok ? spaces(read.value) : read.problem;
};

test.each<[Cell, string, string]>([
  ['5 000 руб.', 'RUB', '5 000 ₽'],
  ['5000р.', 'RUB', '5 000 ₽'],
  ['₽5000', 'RUB', '5 000 ₽'],
  ['5000 RUB', 'RUB', '5 000 ₽'],
  ['5000 rur', 'RUB', '5 000 ₽'],
  ['5000', 'RUB', '5 000 ₽'],
  ['$1,049.50', 'USD', '1 049,50 $'],
  ['300 долларов', 'USD', '300 $'],
  ['5000 тенге', 'KZT', '5 000 ₸'],
  ['300 грн', 'UAH', '300 ₴'],
  ['₱300', 'PHP', '300 ₱'],
  ['₦300', 'NGN', '300 ₦'],
  ['MX$300', 'MXN', '300 $'],
  ['NT$300', 'TWD', '300 NT$'],
  ['300 lei', 'RON', '300 L'],
  [{ number: 1049.5, shown: '1 049,50 ₽' }, 'RUB', '1 049,50 ₽'],
  [{ number: 1049.5, shown: '1 049,50' }, 'RUB', '1 049,50 ₽'],
])('%j is a sum in %s', (cell, currency, written) => {
  expect(money(cell, currency)).toBe(written);
});

test.each<[Cell, string]>([
  ['$1,049.50', 'RUB'],
  ['US$300', 'RUB'],
  ['300 usd', 'RUB'],
  ['300 долл.', 'RUB'],
  ['€300', 'RUB'],
  ['300 евро', 'RUB'],
  ['5000 тенге', 'RUB'],
  ['5000 KZT', 'RUB'],
  ['5000 тг', 'RUB'],
  ['300 грн', 'RUB'],
  ['300 гривен', 'RUB'],
  ['100 zł', 'RUB'],
  ['100 злотых', 'RUB'],
  ['¥300', 'RUB'],
  ['£300', 'EUR'],
  ['5 000 руб.', 'KZT'],
  ['5000 ₽', 'USD'],
  ['A$300', 'USD'],
  ['$5000 руб.', 'RUB'],
  ['-$300', 'RUB'],
  [{ number: 1049.5, shown: '$1 049,50' }, 'RUB'],
  [{ number: 5, shown: '5,00 тг' }, 'RUB'],
  ['5000 pcs', 'RUB'],
  ['₿0.5', 'USD'],
  ['₱300', 'USD'],
  ['300 ₦', 'RUB'],
  ['₡300', 'EUR'],
  ['MX$300', 'USD'],
  ['NZ$ 300', 'USD'],
  ['NT$300', 'USD'],
  ['E£300', 'GBP'],
  ['300 lei', 'RUB'],
])('the currency named in %j is not %s', (cell, currency) => {
  expect(money(cell, currency)).toBe('other_currency');
});

test.each(['15 %', '15%', '5 тыс.', 'от 5000'])('%s is no sum of money', (cell) => {
  expect(money(cell, 'RUB')).toBe('not_a_sum');
});

test('a person with another currency is skipped with the reason, and no fallback hides it', () => {
  const fill = createParameterFiller(template({ body: 'Долг: {{1}}' }), [
    { kind: 'column', column: 'sum', fallback: '0 ₽', transform: [{ name: 'money', currency: 'RUB' }] },
  ]);
  expect(fill({ sum: '5000 тенге' })).toMatchObject({ ok: false, reason: 'bad_parameter', detail: 'parameter 1 {{1}}: other_currency' }); // prettier-ignore
  expect(fill({ sum: 'нет' })).toMatchObject({ ok: true, params: ['0 ₽'] });
});

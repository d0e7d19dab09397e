/** Columns offered for a template's parameters, by a table of templates and files as people have them. */
import { suggestColumns } from '../../../domain/templates/suggest-columns';
import { template } from '../samples';

const CRM = ['name', 'first_name', 'last_name', 'lead_name', 'lead_price', 'company'];

it.each([
  ['Здравствуйте, {{1}}! Заказ {{2}} готов.', ['Имя', 'Телефон', 'Заказ'], ['Имя', 'Заказ']],
  ['Здравствуйте, {{1}}! Ваш заказ №{{2}} на сумму {{3}} ₽ привезут до {{4}}.', ['Дата', 'Сумма', 'Номер заказа', 'ФИО'], ['ФИО', 'Номер заказа', 'Сумма', 'Дата']], // prettier-ignore
  ['Hello {{1}}, your order {{2}} is ready.', ['Order no', 'First name', 'Name'], ['First name', 'Order no']],
  ['Добрый день, {{1}}. К оплате {{2}}.', CRM, ['first_name', 'lead_price']],
  ['Dear {{name}}, see you in {{city}}.', ['City', 'Name'], ['Name', 'City']],
  ['Ваш менеджер — {{1}}', ['Менеджер', 'Имя'], ['Менеджер']],
  ['Промокод «{{1}}» даёт скидку {{2}}', ['Скидка, %', 'Промокод'], ['Промокод', 'Скидка, %']],
  ['{{1}}, ждём вас по адресу {{2}} в {{3}}', ['Время', 'Адрес', 'Имя'], [undefined, 'Адрес', 'Время']],
  ['Тариф: {{1}}', ['Тариф', 'Имя'], ['Тариф']],
  ['Новости: {{1}}', ['Имя', 'Телефон'], [undefined]],
  ['Здравствуйте, {{1}}!', [], [undefined]],
  ['Здравствуйте, {{1}}! И снова {{2}}', ['Имя'], ['Имя', undefined]],
  ['Скидка {{1}} до {{2}}', ['p1', 'p2', 'p3'], ['p1', 'p2']],
])('%s with %j', (body, columns, expected) => {
  expect(suggestColumns(template({ body }), columns)).toEqual(expected);
});

it('an example says what is meant where the words do not', () => {
  const one = template({ body: '{{1}} и {{2}}', examples: ['5 000 ₽', '31.12.2026'] });
  expect(suggestColumns(one, ['Дата', 'Имя', 'Сумма'])).toEqual(['Сумма', 'Дата']);
});

it('a button’s code is a column of codes', () => {
  const one = template({ body: 'Скидка', buttons: [{ type: 'COPY_CODE', text: 'Copy' }] });
  expect(suggestColumns(one, ['Имя', 'Промокод'])).toEqual(['Промокод']);
});

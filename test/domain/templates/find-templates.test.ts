/** Templates found by what people remember of them. */
import { findTemplates } from '../../../domain/templates/find-templates';
import { template } from '../samples';

const ALL = [
  template({ name: 'spring_sale', category: 'MARKETING', body: 'Весна! Скидка {{1}} ещё три дня.', buttons: [{ type: 'QUICK_REPLY', text: 'Отписаться' }] }), // prettier-ignore
  template({ name: 'order_ready', language: 'en', body: 'Your order {{1}} is ready.', footer: 'Shop' }),
  template({ name: 'loan_offer', category: 'MARKETING', status: 'REJECTED', body: 'Займ', header: { type: 'TEXT', text: 'Деньги' } }), // prettier-ignore
];

it.each([
  ['spring', ['spring_sale']],
  ['Spring Sale', ['spring_sale']],
  ['spring-sale', ['spring_sale']],
  ['СКИДКА', ['spring_sale']],
  ['еще три', ['spring_sale']],
  ['отписаться', ['spring_sale']],
  ['shop', ['order_ready']],
  ['деньги', ['loan_offer']],
  ['marketing', ['spring_sale', 'loan_offer']],
  ['marketing rejected', ['loan_offer']],
  ['реклама', ['spring_sale', 'loan_offer']],
  ['en', ['order_ready']],
  ['sale order', []],
  ['', ['spring_sale', 'order_ready', 'loan_offer']],
])('by “%s”', (search, expected) => {
  const said = ({ category }: { category: string }): string[] => (category === 'MARKETING' ? ['реклама'] : []);
  expect(findTemplates(ALL, search, said).map(({ name }) => name)).toEqual(expected);
});

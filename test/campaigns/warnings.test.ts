/** What is worth knowing of a template before it is sent. */
import { labelWarnings, templateWarnings, watchColumns } from '../../campaigns/warnings';
import type { Template } from '../../domain/templates/template';
import type { ParameterSource, Person } from '../../domain/audience';
import { template } from '../domain/samples';

const codes = (changes: Partial<Template>): string[] => templateWarnings(template(changes)).map(({ code }) => code);

test('an ordinary template has none', () => {
  expect(codes({})).toEqual([]);
  expect(codes({ quality: 'UNKNOWN', header: { type: 'TEXT', text: 'Hello' } })).toEqual([]);
});

test('low quality, and a variable in the header, are told', () => {
  expect(codes({ quality: 'RED' })).toEqual(['template_low_quality']);
  expect(codes({ quality: 'YELLOW', header: { type: 'TEXT', text: 'Hi {{1}}' } })).toEqual([
    'template_low_quality',
    'template_header_variable',
  ]);
});

test('a column that is filled for nobody is told with its parameter, and everybody is passed on in order', async () => {
  const people = ['Anna', '', ''].map((name, at): Person => ({ phones: [], columns: { Name: name, city: ' ' }, origin: String(at) })); // prettier-ignore
  async function* stream(): AsyncGenerator<Person> {
    yield* people;
  }
  const parameters: ParameterSource[] = [
    { kind: 'column', column: 'name' },
    { kind: 'column', column: 'nmae', fallback: 'friend' },
    { kind: 'text', value: 'x' },
    { kind: 'column', column: 'city' },
  ];
  const watched = watchColumns(parameters);
  const passed: Person[] = [];
  for await (const person of watched.watch(stream())) passed.push(person);
  expect(passed).toEqual(people);
  expect(watched.missing()).toEqual([
    { code: 'column_empty', values: { position: 2, column: 'nmae' } },
    { code: 'column_empty', values: { position: 4, column: 'city' } },
  ]);
});

const reply = (text: string): Template['buttons'] => [{ type: 'QUICK_REPLY', text }];
test.each<[string, Partial<Template>, string[]]>([
  ['a button that is understood', { buttons: reply('Больше не присылать') }, []],
  ["Meta's sample", { buttons: reply('Unsubscribe from Promos') }, []],
  ['a line that tells the word', { footer: 'Reply STOP to opt out' }, []],
  ['the word in its body', { body: 'Скидки! Отписаться — ответьте «Стоп».' }, []],
  ['nothing', {}, ['template_opt_out_missing']],
  ['only a link that says so', { buttons: [{ type: 'URL', text: 'Отписаться', url: 'https://example.com' }] }, ['template_opt_out_missing']],
  ['a button about something else', { buttons: reply('Подробнее') }, ['template_opt_out_missing']],
  ['a button that may mean it', { buttons: reply('Не интересна реклама') }, ['template_opt_out_unknown']],
])('a marketing template with %s is warned of or not', (_what, changes, expected) => {
  expect(codes({ category: 'MARKETING', ...changes })).toEqual(expected);
  expect(codes({ category: 'UTILITY', ...changes })).toEqual([]);
}); // prettier-ignore

test('a button that the settings name is known', () => {
  const words = { stop: [], start: [], stopButtons: ['Не интересно'] };
  const marketing = template({ category: 'MARKETING', buttons: reply('Не интересно') });
  expect(templateWarnings(marketing, words)).toEqual([]);
  expect(templateWarnings(marketing)).toMatchObject([{ code: 'template_opt_out_unknown', values: { button: 'Не интересно' } }]);
}); // prettier-ignore

test('a file name with a number in it is told, as Temporal will show it', () => {
  expect(labelWarnings('clients 79001234567.csv + guests_20261231_1030.csv')).toEqual([
    { code: 'label_masked', values: { masked: 'clients •••••••••67.csv + guests_20261231_1030.csv' } },
  ]);
  expect(labelWarnings('Продажи / Договор, созданы с 01.12.2026 по 31.12.2026')).toEqual([]);
});

/** Templates: which parameters they take and how they look when filled. */
import fc from 'fast-check';
import {
  fillTemplate,
  needsMedia,
  parameterProblem,
  parametersOf,
  unsupportedPart,
} from '../../../domain/templates/template';
import { template } from '../samples';

test('asks for body variables first, then for those of the buttons', () => {
  const parameters = parametersOf(
    template({
      body: '{{1}} is due by {{2}}, {{1}}!',
      buttons: [
        { type: 'QUICK_REPLY', text: 'Stop' },
        { type: 'URL', text: 'Pay', url: 'https://x.io/{{1}}' },
        { type: 'URL', text: 'Site', url: 'https://x.io' },
        { type: 'COPY_CODE', text: 'Copy' },
      ],
    }),
  );
  expect(parameters).toEqual([
    { position: 1, place: 'body', variable: '{{1}}' },
    { position: 2, place: 'body', variable: '{{2}}' },
    { position: 3, place: 'url_suffix', variable: '{{1}}', button: 'Pay' },
    { position: 4, place: 'copy_code', variable: '{{1}}', button: 'Copy' },
  ]);
});

test('takes none when the body has no variable', () => {
  expect(parametersOf(template({ body: 'Just text, {not} a {{ variable with spaces }}' }))).toEqual([]);
});

test('shows header, body, footer and buttons as the recipient sees them', () => {
  const filled = fillTemplate(
    template({
      header: { type: 'TEXT', text: 'Заказ' },
      body: '{{1}}: {{2}} и снова {{1}}',
      footer: 'Отписаться: СТОП',
      buttons: [
        { type: 'URL', text: 'Оплатить', url: 'https://x.io/{{1}}' },
        { type: 'PHONE_NUMBER', text: 'Позвонить', phoneNumber: '+74951234567' },
        { type: 'QUICK_REPLY', text: 'Да' },
      ],
    }),
    ['Анна', '100 ₽', 'abc'],
  );
  expect(filled).toEqual({
    header: 'Заказ',
    body: 'Анна: 100 ₽ и снова Анна',
    footer: 'Отписаться: СТОП',
    buttons: [
      { type: 'URL', text: 'Оплатить', value: 'https://x.io/abc' },
      { type: 'PHONE_NUMBER', text: 'Позвонить', value: '+74951234567' },
      { type: 'QUICK_REPLY', text: 'Да' },
    ],
  });
});

test('a media header shows its link, and only such a header needs one', () => {
  const image = template({ header: { type: 'IMAGE' }, body: 'x' });
  expect(fillTemplate(image, [], 'https://x.io/a.png')).toMatchObject({
    mediaType: 'IMAGE',
    mediaUrl: 'https://x.io/a.png',
  });
  expect(needsMedia(image)).toBe(true);
  expect(needsMedia(template({ header: { type: 'TEXT', text: 'x' } }))).toBe(false);
  expect(needsMedia(template({ header: { type: 'LOCATION' } }))).toBe(false);
  expect(needsMedia(template())).toBe(false);
});

test('a missing parameter stays a variable', () => {
  expect(fillTemplate(template({ body: '{{1}} {{2}}' }), ['Анна']).body).toBe('Анна {{2}}');
});

test('values go in as they are: nothing in them is taken for a variable or a pattern', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('$&', '$1', '{{2}}', '$$')), (value) => {
      expect(fillTemplate(template({ body: '<{{1}}|{{2}}>' }), [value, 'b']).body).toBe(`<${value}|b>`);
    }),
  );
});

test.each([
  ['Анна', undefined],
  ['a    b', undefined],
  ['', 'empty'],
  ['  ', 'empty'],
  ['a\nb', 'newline'],
  ['a\rb', 'newline'],
  ['a\tb', 'tab'],
  ['a     b', 'spaces'],
])('the value %p has the problem %p', (value, problem) => expect(parameterProblem(value)).toBe(problem));

test.each([
  ['url_suffix', 'orders/7?a=b', undefined],
  ['url_suffix', 'https://x.io/7', 'whole_link'],
  ['url_suffix', 'two words', 'blank_in_link'],
  ['copy_code', 'FIFTEEN-LETTERS', undefined],
  ['copy_code', 'SIXTEEN--LETTERS', 'too_long'],
  ['body', 'https://x.io/ and two words', undefined],
] as const)('at %s the value %p has the problem %p', (place, value, problem) => {
  expect(parameterProblem(value, place)).toBe(problem);
});

test('what cannot be sent from here is named: cards, products, places, countdowns', () => {
  expect(unsupportedPart(template({ type: 'CAROUSEL' }))).toBe('CAROUSEL');
  const card = { media: 'IMAGE' as const, exampleUrl: 'https://x.example/1.jpg', body: 'Осло', buttons: [] };
  const carousel = (...cards: object[]) => template({ type: 'CAROUSEL', cards: cards as never });
  expect(unsupportedPart(carousel(card, card))).toBeUndefined();
  expect(unsupportedPart(carousel(card, { ...card, body: 'Диван {{1}}' }))).toBe('CAROUSEL');
  expect(unsupportedPart(carousel(card, { ...card, exampleUrl: undefined }))).toBe('CAROUSEL');
  expect(unsupportedPart(carousel(card, { ...card, media: 'VIDEO' }))).toBe('CAROUSEL');
  expect(unsupportedPart(template({ header: { type: 'LOCATION' } }))).toBe('LOCATION');
  expect(unsupportedPart(template({ buttons: [{ type: 'MPM', text: 'See' }] }))).toBe('MPM');
  expect(unsupportedPart(template({ countdown: true }))).toBe('LIMITED_TIME_OFFER');
  expect(unsupportedPart(template({ type: 'IMAGE', header: { type: 'IMAGE' }, buttons: [{ type: 'FLOW', text: 'Go' }] }))).toBeUndefined();
}); // prettier-ignore

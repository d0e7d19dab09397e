/** A draft as the template it will be, its suggested name, and Meta's reasons for a rejection. */
import { freeName, suggestName, templateOf } from '../../../domain/templates/draft';
import { readRejection } from '../../../domain/templates/review';
import { fillTemplate } from '../../../domain/templates/template';

test('looks filled as its recipient will see it', () => {
  const template = templateOf({
    name: 'sale',
    language: 'ru',
    category: 'MARKETING',
    header: { type: 'TEXT', text: 'Для вас, {{1}}', sample: 'Анна' },
    body: 'Скидка {{1}} до {{2}} на всё.',
    samples: ['20 %', 'пятницы'],
    buttons: [
      { type: 'URL', text: 'Открыть', url: 'https://x.example/{{1}}', sample: 'u7' },
      { type: 'COPY_CODE', sample: 'DOM20' },
    ],
  });
  expect(template.examples).toEqual(['Анна', '20 %', 'пятницы', 'u7', 'DOM20']);
  expect(fillTemplate(template, template.examples!)).toEqual({
    header: 'Для вас, Анна',
    body: 'Скидка 20 % до пятницы на всё.',
    buttons: [
      { type: 'URL', text: 'Открыть', value: 'https://x.example/u7' },
      { type: 'COPY_CODE', text: 'Copy offer code', value: 'DOM20' },
    ],
  });
});

test.each([
  ['Здравствуйте, {{1}}! Вышел новый каталог кухонь, смотрите.', 'vyshel_novyy_katalog_kukhon'],
  ['Hello {{1}}, your order {{2}} is ready.', 'your_order_is_ready'],
  ['🎉', 'template'],
  ['Щёлково ждёт — 5 мая', 'schelkovo_zhdet_5_maya'],
])('%s is called %s', (body, name) => {
  expect(suggestName(body)).toBe(name);
});

test('a taken name gets a number, the next one where it has one', () => {
  expect(freeName('sale', new Set())).toBe('sale');
  expect(freeName('sale', new Set(['sale']))).toBe('sale_2');
  expect(freeName('sale_2', new Set(['sale', 'sale_2', 'sale_3']))).toBe('sale_4');
  expect(freeName('sale_2026', new Set(['sale_2026']))).toBe('sale_2026_2');
});

test.each([
  ['INVALID_FORMAT', { word: 'INVALID_FORMAT' }],
  [
    'INVALID_FORMAT: variables may not stand next to each other',
    { word: 'INVALID_FORMAT', detail: 'variables may not stand next to each other' },
  ],
  ['tag_content_mismatch', { word: 'TAG_CONTENT_MISMATCH' }],
  ['Template rejected, SCAM', { word: 'SCAM', detail: 'Template rejected' }],
  ['Name is wrong', { detail: 'Name is wrong' }],
  ['', { word: 'NONE' }],
  [undefined, { word: 'NONE' }],
])('the rejection %j is read', (reason, read) => {
  expect(readRejection(reason)).toEqual(read);
});

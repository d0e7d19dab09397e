/** The check of a draft: each rule of Meta's and Gupshup's, by the code and the place that it names. */
import { translate } from '../../../config/i18n';
import { templateDraftSchema, type TemplateDraft } from '../../../domain/templates/draft';
import { DRAFT_PROBLEM_CODES, draftProblems, blockingProblems } from '../../../domain/templates/draft-check';
import { problemText } from '../../../report/draft-problems';

const GOOD: TemplateDraft = {
  name: 'new_catalogue',
  language: 'ru',
  category: 'MARKETING',
  body: 'Здравствуйте, {{1}}! Вышел новый каталог кухонь, он действует до {{2}} включительно.',
  samples: ['Анна', '31 мая'],
  footer: 'Ответьте СТОП, чтобы не получать рассылку',
  buttons: [],
};
const reply = (text: string) => ({ type: 'QUICK_REPLY' as const, text });
const link = (url: string, sample?: string) => ({
  type: 'URL' as const,
  text: 'Открыть',
  url,
  ...(sample !== undefined && { sample }),
});
const card = { mediaUrl: 'https://svetly-dom.example/1.jpg', body: 'Осло', buttons: [reply('Отписаться')] };
const CAROUSEL: Partial<TemplateDraft> = {
  footer: undefined,
  body: 'Новые диваны, посмотрите все сразу.',
  samples: [],
  cardMedia: 'IMAGE',
  cards: [card, card],
} as never;

const found = (change: Partial<TemplateDraft>): string[] =>
  draftProblems({ ...GOOD, ...change }).map(({ place, code }) => `${place} ${code}`);

test.each<[what: string, change: Partial<TemplateDraft>]>([
  ['as it is', {}],
  ['utility without an opt-out', { category: 'UTILITY', footer: 'Светлый дом' }],
  ['an opt-out as a button', { footer: 'Светлый дом', buttons: [reply('Отписаться')] }],
  ['a header with a variable', { header: { type: 'TEXT', text: 'Для вас, {{1}}', sample: 'Анна' } }],
  ['a sample from an approved template', { header: { type: 'IMAGE', handle: '4::aW1hZ2U=:ARZ' } }],
  ['a link with a suffix', { buttons: [link('https://svetly-dom.example/c/{{1}}', 'spring')] }],
  [
    'a phone, a code and replies behind them',
    {
      buttons: [
        { type: 'PHONE_NUMBER', text: 'Звонок', phone: '+74950000000' },
        { type: 'COPY_CODE', sample: 'DOM20' },
        reply('Да'),
        reply('Нет'),
      ],
    },
  ],
  [
    'a variable twice',
    { body: 'Анна, {{1}} ждёт вас сегодня в нашем салоне. Ваш заказ номер {{1}} уже готов.', samples: ['кухня'] },
  ],
  ['a carousel', CAROUSEL],
] as never)('%s: nothing to correct', (_what, change) => {
  expect(found(change)).toEqual([]);
});

test.each<[problem: string, change: Partial<TemplateDraft>]>([
  ['name name_missing', { name: '' }],
  ['name name_letters', { name: 'Каталог' }],
  ['name name_letters', { name: 'new-catalogue' }],
  ['name name_long', { name: 'a'.repeat(181) }],
  ['language language_unknown', { language: 'Russian' }],
  ['language language_unknown', { language: 'en-US' }],
  ['category authentication', { category: 'AUTHENTICATION' }],
  [
    'category utility_sounds_marketing',
    { category: 'UTILITY', body: 'Здравствуйте! Ваш заказ готов, и на него скидка.', samples: [] },
  ],
  ['category opt_out_missing', { footer: 'Светлый дом' }],
  ['category opt_out_unknown', { footer: 'Светлый дом', buttons: [reply('Не интересны новинки')] }],
  ['header header_missing', { header: { type: 'TEXT', text: ' ' } }],
  ['header header_long', { header: { type: 'TEXT', text: 'а'.repeat(61) } }],
  ['header header_variables', { header: { type: 'TEXT', text: '{{1}} и {{2}}' } }],
  ['header header_signs', { header: { type: 'TEXT', text: 'Новый *каталог*' } }],
  ['header header_signs', { header: { type: 'TEXT', text: 'Каталог 🎉' } }],
  ['header header_sample', { header: { type: 'TEXT', text: 'Для вас, {{1}}' } }],
  ['header header_handle', { header: { type: 'IMAGE', handle: 'https://svetly-dom.example/1.jpg' } }],
  ['body body_missing', { body: ' ', samples: [] }],
  ['body body_long', { body: 'а'.repeat(1025), samples: [] }],
  ['body body_spaces', { body: 'Каталог вышел.\n\n\n\n\nПосмотрите его.', samples: [] }],
  ['footer footer_long', { footer: `СТОП ${'а'.repeat(60)}` }],
  ['footer footer_variable', { footer: 'СТОП, {{1}}' }],
  ['footer footer_signs', { footer: 'Ответьте СТОП 🛑' }],
  ['body variable_form', { body: 'Здравствуйте, {{имя}}! Вышел новый каталог.', samples: [] }],
  ['body variable_form', { body: 'Здравствуйте, {1}! Вышел новый каталог.', samples: [] }],
  ['body variable_form', { body: 'Здравствуйте, {{ 1 }}! Вышел новый каталог.', samples: [] }],
  ['body variables_gap', { body: 'Здравствуйте, {{1}}! Вышел каталог, он действует до {{3}} включительно.' }],
  ['body variables_order', { body: 'Здравствуйте, {{2}}! Вышел каталог, он действует до {{1}} включительно.' }],
  ['body variable_edge', { body: '{{1}}, здравствуйте! Вышел каталог, он действует.', samples: ['Анна'] }],
  ['body variable_edge', { body: 'Здравствуйте! Вышел каталог, он действует до {{1}}.', samples: ['31 мая'] }],
  ['body variable_edge', { body: 'Здравствуйте! Вышел каталог, он действует до *{{1}}*', samples: ['31 мая'] }],
  ['body variables_adjacent', { body: 'Здравствуйте, {{1}} {{2}}! Вышел новый каталог наших кухонь.' }],
  ['body variables_many', { body: 'Вот {{1}} и {{2}} тут.' }],
  ['body sample_missing', { samples: ['Анна'] }],
  ['body sample_bad', { samples: ['Анна', '31\nмая'] }],
  ['body samples_extra', { samples: ['Анна', '31 мая', 'лишнее'] }],
  ['buttons buttons_many', { buttons: Array.from({ length: 11 }, (_, n) => reply(`Ответ ${n}`)) }],
  [
    'buttons buttons_of_kind',
    { buttons: ['a', 'b', 'c'].map((path) => ({ ...link(`https://x.example/${path}`), text: path })) },
  ],
  ['buttons buttons_mixed', { buttons: [reply('Да'), link('https://x.example/'), reply('Нет')] }],
  ['buttons button_missing', { buttons: [reply('')] }],
  ['buttons button_long', { buttons: [reply('а'.repeat(26))] }],
  ['buttons button_variable', { buttons: [reply('Да, {{1}}')] }],
  ['buttons button_variable', { buttons: [reply('Да ✅')] }],
  ['buttons button_twice', { buttons: [reply('Да'), reply('Да')] }],
  ['buttons url_bad', { buttons: [link('svetly-dom.example')] }],
  ['buttons url_variable', { buttons: [link('https://x.example/{{1}}/card', 'a')] }],
  ['buttons url_variable', { buttons: [link('https://x.example/{{2}}', 'a')] }],
  ['buttons url_sample', { buttons: [link('https://x.example/{{1}}')] }],
  ['buttons url_sample', { buttons: [link('https://x.example/{{1}}', 'https://x.example/a')] }],
  ['buttons url_shortened', { buttons: [link('https://bit.ly/abc')] }],
  ['buttons phone_bad', { buttons: [{ type: 'PHONE_NUMBER', text: 'Звонок', phone: '84950000000' }] }],
  ['buttons code_bad', { buttons: [{ type: 'COPY_CODE', sample: 'A'.repeat(16) }] }],
  ['cards cards_count', { ...CAROUSEL, cards: [card] }],
  ['cards cards_count', { ...CAROUSEL, cards: Array.from({ length: 11 }, () => card) }],
  ['cards cards_media_kind', { ...CAROUSEL, cardMedia: undefined } as never],
  ['cards card_media', { ...CAROUSEL, cards: [card, { ...card, mediaUrl: 'http://x.example/1.jpg' }] }],
  ['cards card_long', { ...CAROUSEL, cards: [card, { ...card, body: 'а'.repeat(161) }] }],
  ['cards card_buttons', { ...CAROUSEL, cards: [card, { ...card, buttons: [] }] }],
  ['cards cards_differ', { ...CAROUSEL, cards: [card, { ...card, body: '' }] }],
  ['cards card_variable', { ...CAROUSEL, cards: [card, { ...card, body: 'Диван {{1}}' }] }],
  ['cards carousel_parts', { ...CAROUSEL, footer: 'Светлый дом' }],
])('%s', (problem, change) => {
  expect(found(change)).toContain(problem);
});

test('every problem is explained in both languages, with its values', () => {
  for (const code of DRAFT_PROBLEM_CODES) {
    for (const language of ['ru', 'en'] as const) {
      expect(translate(language, `templates.problems.${code}`)).not.toBe(`templates.problems.${code}`);
    }
  }
  const [problem] = draftProblems({ ...GOOD, body: 'Здравствуйте, {1}! Вышел новый каталог.', samples: [] });
  expect(problemText(problem!, 'ru')).toBe(
    'Текст: «{1}!» — не переменная. Переменная — это номер в двойных фигурных скобках без пробелов: {{1}}.',
  );
});

test('all of them at once; what Meta alone decides does not block', () => {
  const problems = draftProblems({ ...GOOD, name: 'Каталог', footer: 'x', body: 'Вот {{1}} и {{2}} тут.' });
  expect(problems.map(({ code }) => code)).toEqual(['name_letters', 'variables_many', 'opt_out_missing']);
  expect(blockingProblems(problems).map(({ code }) => code)).toEqual(['name_letters', 'opt_out_missing']);
});

test('the schema takes what the check judges, and fills in what is left out', () => {
  const { samples: _samples, buttons: _buttons, ...rest } = GOOD;
  expect(templateDraftSchema.parse(rest)).toMatchObject({ samples: [], buttons: [] });
  expect(templateDraftSchema.safeParse({ ...GOOD, kind: 'x' }).success).toBe(false);
});

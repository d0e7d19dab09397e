/** Why a person's parameters cannot be filled, as the planner says it and as a reader is told. */
import type { Cell } from '../../domain/reading/cell';
import { createParameterFiller } from '../../domain/templates/parameters';
import type { ParameterTransform } from '../../domain/reading/transforms';
import type { Template } from '../../domain/templates/template';
import { parameterTrouble } from '../../report/columns';
import { WELCOME } from '../bot/fake-services';

const template: Template = {
  ...WELCOME,
  body: '{{1}}',
  buttons: [
    { type: 'URL', text: 'Открыть', url: 'https://shop.example/{{1}}' },
    { type: 'COPY_CODE', text: 'Скопировать' },
  ],
};

const trouble = (value: Cell, transform: ParameterTransform[] = [], place: 1 | 2 | 3 = 1): (string | undefined)[] => {
  const texts = ['текст', 'oblozhka', 'KOD'].map((text) => ({ kind: 'text' as const, value: text }));
  const column = { kind: 'column' as const, column: 'a', transform };
  const filled = createParameterFiller(template, texts.with(place - 1, column as never))({ a: value });
  if (filled.ok) throw new Error(`filled with ${filled.params[place - 1]}`);
  return [parameterTrouble(filled.reason, filled.detail, 'ru'), parameterTrouble(filled.reason, filled.detail, 'en')];
};

type Case = [
  what: string,
  expected: [ru: string, en: string],
  value: Cell,
  transform?: ParameterTransform[],
  place?: 1 | 2 | 3,
];

const CASES: Case[] = [
  ['nothing', ['параметр 1: пусто', 'parameter 1: empty'], ''],
  ['two lines', ['параметр 1: в значении несколько строк', 'parameter 1: several lines in the value'], 'а\nб'],
  ['a tab', ['параметр 1: в значении табуляция', 'parameter 1: a tab in the value'], 'а\tб'],
  ['a gap', ['параметр 1: в значении больше четырёх пробелов подряд', 'parameter 1: more than four spaces in a row'], 'а      б'],
  ['a word for a date', ['параметр 1: не дата', 'parameter 1: not a date'], 'скоро', [{ name: 'date' }]],
  ['a word for a sum', ['параметр 1: не сумма', 'parameter 1: not a sum'], 'даром', [{ name: 'money' }]],
  ['two ways', ['параметр 1: можно понять двояко', 'parameter 1: can be read in two ways'], '1.234', [{ name: 'money' }]],
  ['a link', ['параметр 2: целая ссылка, а нужен только её конец', 'parameter 2: a whole link; only its end belongs here'], 'https://x.io/a', [], 2],
  ['a blank in a link', ['параметр 2: пробел в ссылке', 'parameter 2: a space in the link'], 'а б', [], 2],
  ['a long code', ['параметр 3: код длиннее 15 знаков', 'parameter 3: a code of more than 15 characters'], 'K'.repeat(16), [], 3],
  ['a long text', ['в тексте 1030 знаков, можно не больше 1024', 'the text has 1030 characters; at most 1024 are allowed'], 'а'.repeat(1030)],
]; // prettier-ignore

test.each(CASES)('why somebody’s parameters cannot be filled: %s', (...[, expected, value, transform, place]: Case) => {
  expect(trouble(value, transform, place)).toEqual(expected);
});

it('leaves alone what is no sentence about a parameter', () => {
  expect(parameterTrouble('suppressed', 'complaint', 'ru')).toBeUndefined();
  expect(parameterTrouble('bad_parameter', 'something newer', 'ru')).toBeUndefined();
});

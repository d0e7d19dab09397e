/** What may be made of a value: names, dates and sums, as the template's language writes them. */
import fc from 'fast-check';
import { firstNameOf } from '../../../domain/reading/first-name';
import type { Cell } from '../../../domain/reading/cell';
import {
  isCurrency,
  transformed,
  TRANSFORM_NAMES,
  withHint,
  type ParameterTransform,
  type Reading,
} from '../../../domain/reading/transforms';

/** Intl puts blanks that do not break between a number and its unit. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

function write(value: Cell, transforms: ParameterTransform[], language = 'ru', timezone = 'Europe/Moscow'): string {
  const result = transformed(value, transforms, { language, timezone });
  return result.ok ? plain(result.value) : `! ${result.problem}`;
}

describe('a first name out of a cell', () => {
  test.each([
    ['Анна', 'Анна'],
    ['Анна Петрова', 'Анна'],
    ['Петрова Анна', 'Анна'],
    ['Иванов Иван Иванович', 'Иван'],
    ['Иван Иванович Иванов', 'Иван'],
    ['Алиев Рашид Керим оглы', 'Рашид'],
    ['Ирина Петрова', 'Ирина'],
    ['Петрова Ирина', 'Ирина'],
    ['Пушкина Марина', 'Марина'],
    ['Лев Толстой', 'Лев'],
    ['Шевченко Тарас', 'Тарас'],
    ['John Smith', 'John'],
    ['Smith, John', 'John'],
    ['Petrova,', 'Petrova'],
    ['  Мария   Ковалёва ', 'Мария'],
    ['', ''],
    ['Анна, постоянная', 'Анна'],
    ['Анна И.', 'Анна'],
    ['Иванова А.П.', 'Иванова А.П.'],
    ['А. П. Иванова', 'А. П. Иванова'],
    ['ООО Ромашка', 'ООО Ромашка'],
    ['ИП Иванов Иван Иванович', 'Иван'],
  ])('of "%s" is "%s"', (name, first) => expect(firstNameOf(name)).toBe(first));
});

test.each<[string, ParameterTransform[], string]>([
  ['АННА-мария де ла круз', [{ name: 'title_case' }], 'Анна-Мария Де Ла Круз'],
  ["O'NEIL", [{ name: 'title_case' }], "O'neil"],
  ['код-1ё', [{ name: 'upper' }], 'КОД-1Ё'],
  ['ИВАНОВ ИВАН', [{ name: 'first_name' }, { name: 'title_case' }], 'Иван'],
  ['анна петрова', [{ name: 'first_name' }, { name: 'upper' }], 'АННА'],
])('%s by %j is %s', (value, transforms, expected) => expect(write(value, transforms)).toBe(expected));

describe('a date out of a cell', () => {
  const long: ParameterTransform[] = [{ name: 'date' }];
  test.each([
    ['2026-12-01', '1 декабря 2026 г.'],
    ['2026-12-01T23:30', '1 декабря 2026 г.'],
    ['01.12.2026', '1 декабря 2026 г.'],
    ['1.12.26', '1 декабря 2026 г.'],
    ['1.12.2026 10:00', '1 декабря 2026 г.'],
    ['31/12/2026', '31 декабря 2026 г.'],
    ['12/31/2026', '31 декабря 2026 г.'],
    ['31-12-2026', '31 декабря 2026 г.'],
    ['06/06/2026', '6 июня 2026 г.'],
    ['06.05.2026', '6 мая 2026 г.'],
    ['31.12.2026 г.', '31 декабря 2026 г.'],
    ['19651204', '4 декабря 1965 г.'],
    ['-147398400', '1 мая 1965 г.'],
    ['86400000', '27 сентября 1972 г.'],
    ['-147398400000', '1 мая 1965 г.'],
    ['20261201', '1 декабря 2026 г.'],
    ['1790812800', '1 октября 2026 г.'],
    ['1790812800000', '1 октября 2026 г.'],
  ])('written "%s" is read', (value, expected) => expect(write(value, long)).toBe(expected));

  test.each([
    'завтра',
    '32.12.2026',
    '13/13/2026',
    '05-06-26',
    '01121985',
    '46148',
    '2026',
    '15000',
    '01.01.0001',
    '01.01.0001 0:00:00',
    '0001-01-01',
    '',
  ])('is not "%s"', (value) => {
    expect(write(value, long)).toBe('! not_a_date');
  });

  test('is written as the language writes it, long or short; an unknown one as English', () => {
    expect(write('2026-12-01', long, 'en_US')).toBe('December 1, 2026');
    expect(write('2026-12-01', long, 'pt_BR')).toBe('1 de dezembro de 2026');
    expect(write('2026-12-01', long, '??')).toBe('December 1, 2026');
    expect(write('2026-12-01', [{ name: 'date_short' }], 'ru')).toBe('01.12.2026');
    expect(write('2026-12-01', [{ name: 'date_short' }], 'en_GB')).toBe('01/12/2026');
  });

  test('that is a moment falls on the day it has in the time zone; a day written as such stays', () => {
    const midnightInMoscow = String(Date.parse('2026-12-01T00:00:00+03:00') / 1000);
    expect(write(midnightInMoscow, long)).toBe('1 декабря 2026 г.');
    expect(write(midnightInMoscow, long, 'ru', 'UTC')).toBe('30 ноября 2026 г.');
    expect(write('2026-11-30T21:00:00Z', long)).toBe('1 декабря 2026 г.');
    expect(write('2026-12-01', long, 'ru', 'America/Los_Angeles')).toBe('1 декабря 2026 г.');
  });
});

describe('a sum out of a cell', () => {
  const roubles: ParameterTransform[] = [{ name: 'money', currency: 'RUB' }];
  test.each([
    ['15000', '15 000 ₽'],
    ['15 000,5', '15 000,50 ₽'],
    ['15,000.50', '15 000,50 ₽'],
    ['1.234.567', '1 234 567 ₽'],
    ['1 234', '1 234 ₽'],
    ['15\u00a0000 руб.', '15 000 ₽'],
    ['₽99.90', '99,90 ₽'],
    ['0', '0 ₽'],
    ['-5', '-5 ₽'],
    ['−5 000,00 руб.', '-5 000 ₽'],
    ['1049,3', '1 049,30 ₽'],
    ['1049.325', '1 049,33 ₽'],
    ['1 049,325', '1 049,33 ₽'],
    ["1'049.5", '1 049,50 ₽'],
    ['0.125', '0,13 ₽'],
    ['33.333333333333336', '33,33 ₽'],
    ['1.234.567,891', '1 234 567,89 ₽'],
    ['12,34,567.50', '1 234 567,50 ₽'],
    ['5000 рублей', '5 000 ₽'],
    ['RUB 5000', '5 000 ₽'],
    ['5000.-', '5 000 ₽'],
  ])('written "%s" is read', (value, expected) => expect(write(value, roubles)).toBe(expected));

  test.each([
    'дорого',
    '',
    '5 или 6',
    '5 тыс.',
    '15%',
    'от 5000',
    '01.12.2026',
    '1.2,3.4',
    '1 23 4',
    '12-34',
    '+7 900 123-45-67',
  ])('is not "%s"', (value) => {
    expect(write(value, roubles)).toBe('! not_a_sum');
  });

  test('is written as the language writes it, without a currency as a number', () => {
    expect(write('15000.5', [{ name: 'money', currency: 'USD' }], 'en_US')).toBe('$15,000.50');
    expect(write('15000', [{ name: 'money' }], 'de')).toBe('15.000');
  });

  test('has a currency that there is', () => {
    expect(['RUB', 'USD', 'KZT'].filter(isCurrency)).toHaveLength(3);
    expect(['', 'rub', 'RUR2', 'XYZ', 'ZZZ'].filter(isCurrency)).toEqual([]);
  });
});

describe('what can be read in two ways is never guessed', () => {
  const readings = (value: string, transforms: ParameterTransform[]): unknown => {
    const result = transformed(value, transforms, { language: 'ru', timezone: 'Europe/Moscow' });
    if (result.ok || result.problem !== 'unclear') return result;
    return Object.fromEntries(result.readings.map(({ hint, value: read }) => [hint, plain(read)]));
  };

  test.each<[string, ParameterTransform, object]>([
    ['1.049', { name: 'money', currency: 'RUB' }, { dot: '1,05 ₽', comma: '1 049 ₽' }],
    ['1,049 ₽', { name: 'money', currency: 'RUB' }, { dot: '1 049 ₽', comma: '1,05 ₽' }],
    ['-15.000', { name: 'money' }, { dot: '-15', comma: '-15 000' }],
    ['05/06/2026', { name: 'date' }, { day_first: '5 июня 2026 г.', month_first: '6 мая 2026 г.' }],
    ['1/12/26', { name: 'date_short' }, { day_first: '01.12.2026', month_first: '12.01.2026' }],
    ['05-06-2026 10:00', { name: 'date' }, { day_first: '5 июня 2026 г.', month_first: '6 мая 2026 г.' }],
  ])('%s by %j: both are said, and either can be chosen', (value, transform, expected) => {
    expect(readings(value, [transform])).toEqual(expected);
    for (const [hint, written] of Object.entries(expected))
      expect(write(value, withHint([transform], hint as Reading['hint']))).toBe(written);
  });

  test('readings are shown as the whole chain leaves them', () => {
    expect(readings('05/06/2026', [{ name: 'date' }, { name: 'upper' }])).toEqual({
      day_first: '5 ИЮНЯ 2026 Г.',
      month_first: '6 МАЯ 2026 Г.',
    });
  });

  test('an answer changes nothing of what is clear', () => {
    expect(write('1049,50', [{ name: 'money', decimal: 'dot' }])).toBe('1 049,50');
    expect(write('31/12/2026', [{ name: 'date', order: 'month_first' }])).toBe('31 декабря 2026 г.');
  });
});

test.each<[Cell, ParameterTransform[], string]>([
  [{ number: 1049.325, shown: '1049,325' }, [{ name: 'money', currency: 'RUB' }], '1 049,33 ₽'],
  [{ number: 15, shown: '15.000' }, [{ name: 'money' }], '15'],
  [{ number: 1e21, shown: '1E+21' }, [{ name: 'money' }], '1 000 000 000 000 000 000 000'],
  [{ number: 0.001, shown: '0.001' }, [{ name: 'money', currency: 'RUB' }], '0 ₽'],
  [{ day: '2026-05-06', shown: '5/6/2026' }, [{ name: 'date' }], '6 мая 2026 г.'],
  [{ day: '1900-01-01', shown: '01.01.1900' }, [{ name: 'date' }], '1 января 1900 г.'],
  [{ day: '2026-05-06', shown: '06.05' }, [{ name: 'money' }], '! not_a_sum'],
  [{ number: -86400, shown: '-86400' }, [{ name: 'date' }], '31 декабря 1969 г.'],
  [{ number: 46148, shown: '46148' }, [{ name: 'date' }], '! not_a_date'],
  [{ number: 1121985, shown: '1121985' }, [{ name: 'date' }], '! not_a_date'],
  [{ number: 2026.5, shown: '2026.5' }, [{ name: 'date' }], '! not_a_date'],
  [{ number: 0, shown: '0' }, [{ name: 'date' }], '! not_a_date'],
  [{ error: '#N/A', shown: '' }, [{ name: 'money' }], '! not_a_sum'],
  [{ number: 123, shown: '00123' }, [], '00123'],
  [{ number: 123, shown: '00123' }, [{ name: 'upper' }], '00123'],
])('the cell %j by %j is %s', (cell, transforms, expected) => expect(write(cell, transforms)).toBe(expected));

test('no value and no chain of transforms makes it throw', () => {
  const chain = fc.array(fc.constantFrom(...TRANSFORM_NAMES).map((name): ParameterTransform => ({ name })), { maxLength: 4 }); // prettier-ignore
  const value = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('1', '0', '.', ',', '-', ' ', 'T', 'я', 'Ё') }),
  );
  fc.assert(
    fc.property(value, chain, fc.constantFrom('ru', 'en_US', 'zh_CN', 'x'), (text, transforms, language) => {
      expect(() => write(text, transforms, language)).not.toThrow();
    }),
  );
});

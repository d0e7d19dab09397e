/** Filling a template's parameters from a person's columns. */
import fc from 'fast-check';
import type { ParameterSource } from '../../../domain/audience';
import { columnValue, createParameterFiller } from '../../../domain/templates/parameters';
import { fillTemplate, MAX_BODY_CHARACTERS } from '../../../domain/templates/template';
import { TRANSFORM_NAMES, type ParameterTransform } from '../../../domain/reading/transforms';
import { template } from '../samples';

const column = (name: string, fallback?: string): ParameterSource => ({
  kind: 'column',
  column: name,
  ...(fallback !== undefined && { fallback }),
});
const text = (value: string): ParameterSource => ({ kind: 'text', value });
const fill = (sources: ParameterSource[], columns: Record<string, string>) =>
  createParameterFiller(template(), sources)(columns);

test('takes texts and columns in the order of the template', () => {
  expect(fill([column('Имя'), text('1 мая')], { Имя: ' Анна ', Город: 'Казань' })).toEqual({
    ok: true,
    params: ['Анна', '1 мая'],
  });
});

test('finds a column whatever its case and blanks, the exact name first', () => {
  expect(columnValue({ ' ИМЯ ': 'Анна' }, 'имя')).toBe('Анна');
  expect(columnValue({ NAME: 'other', name: 'exact' }, 'name')).toBe('exact');
  expect(columnValue({}, 'constructor')).toBe('');
});

test('a typed cell is taken with its type', () => {
  const columns = { sum: { number: 1049.325, shown: '1049,325' }, day: { day: '2026-05-06', shown: '5/6/26' } };
  const sources: ParameterSource[] = [
    { kind: 'column', column: 'Sum', transform: [{ name: 'money' }] },
    { kind: 'column', column: 'day', transform: [{ name: 'date_short' }] },
  ];
  expect(createParameterFiller(template(), sources)(columns)).toMatchObject({
    params: ['1.049,33', '06.05.2026'].map((text) => expect.stringMatching(text.slice(-3))),
  });
});

test('a value that can be read in two ways is told with both, and takes no fallback', () => {
  const sources: ParameterSource[] = [
    { kind: 'column', column: 'sum', fallback: '0', transform: [{ name: 'money' }] },
    text('x'),
  ];
  expect(createParameterFiller(template({ language: 'en' }), sources)({ sum: '1.049' })).toEqual({
    ok: false,
    reason: 'bad_parameter',
    detail: 'parameter 1 {{1}}: unclear',
    unclear: {
      position: 1,
      column: 'sum',
      given: '1.049',
      readings: [
        { hint: 'dot', value: '1.05' },
        { hint: 'comma', value: '1,049' },
      ],
    },
  });
});

test.each<[string, ParameterSource, string]>([
  ['Ждём вас {{1}}.', { kind: 'column', column: 'day', transform: [{ name: 'date' }] }, 'Ждём вас 6 мая 2026 г.'],
  [
    'Ждём вас *{{1}}*. До встречи',
    { kind: 'column', column: 'day', transform: [{ name: 'date' }] },
    'Ждём вас *6 мая 2026 г*. До встречи',
  ],
  [
    'Ждём вас {{1}} в 10:00',
    { kind: 'column', column: 'day', transform: [{ name: 'date' }] },
    'Ждём вас 6 мая 2026 г. в 10:00',
  ],
  [
    '{{1}} или после {{1}}.',
    { kind: 'column', column: 'day', transform: [{ name: 'date' }] },
    '6 мая 2026 или после 6 мая 2026.',
  ],
  ['Ждём вас {{1}}.', text('31 мая 2026 г.'), 'Ждём вас 31 мая 2026 г.'],
])('%s with %j has one full stop where a year ends the sentence', (body, source, expected) => {
  const made = template({ body, language: 'ru', buttons: [] });
  const filled = createParameterFiller(made, [source])({ day: '2026-05-06' });
  expect(filled.ok && fillTemplate(made, filled.params).body.replaceAll('\u00a0', ' ')).toBe(expected);
});

test('uses the fallback where the column is empty or missing', () => {
  expect(fill([column('Имя', 'друг'), text('x')], { Имя: '  ' })).toMatchObject({ params: ['друг', 'x'] });
  expect(fill([column('нет такой', 'друг'), text('x')], {})).toMatchObject({ params: ['друг', 'x'] });
});

test('an empty value without a fallback, or a parameter without a source, is skipped as empty', () => {
  const refusal = { ok: false, reason: 'empty_parameter', detail: 'parameter 1 {{1}}: empty' };
  expect(fill([column('Имя'), text('x')], { Имя: '' })).toEqual(refusal);
  expect(fill([text('x')], {})).toMatchObject({ reason: 'empty_parameter', detail: 'parameter 2 {{2}}: empty' });
});

test.each([
  ['one\ntwo', 'newline'],
  ['one\ttwo', 'tab'],
  ['one     two', 'spaces'],
])('%p is skipped as bad, naming the parameter and not the value', (value, problem) => {
  expect(fill([text('x'), column('a')], { a: value })).toEqual({
    ok: false,
    reason: 'bad_parameter',
    detail: `parameter 2 {{2}}: ${problem}`,
  });
});

test('a text longer than WhatsApp takes is skipped as bad, to the character', () => {
  const rest = fillTemplate(template(), ['', 'x']).body.length;
  const longest = 'a'.repeat(MAX_BODY_CHARACTERS - rest);
  expect(fill([text(longest), text('x')], {})).toMatchObject({ ok: true });
  expect(fill([text(`${longest}a`), text('x')], {})).toMatchObject({ ok: false, reason: 'bad_parameter' });
});

test('what comes out is always something that WhatsApp takes', () => {
  const cell = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(' ', '\n', '\t', 'я', '{{1}}') }));
  fc.assert(
    fc.property(cell, cell, (a, b) => {
      const filled = fill([column('a'), column('b')], { a, b });
      if (!filled.ok) return;
      expect(filled.params).toEqual([a.trim(), b.trim()]);
      for (const value of filled.params) expect(value).toMatch(/^(?!.*\t)(?!.* {5})[^\r\n]+$/);
    }),
  );
});

describe('a column with transforms', () => {
  const made = (source: Partial<Extract<ParameterSource, { kind: 'column' }>>, value: string): unknown =>
    createParameterFiller(template({ body: '{{1}}' }), [{ kind: 'column', column: 'a', ...source }])({ a: value });

  test('is filled with what they make of it; an empty value takes the fallback as it is', () => {
    expect(made({ transform: [{ name: 'first_name' }, { name: 'upper' }] }, 'Анна Петрова')).toMatchObject({
      params: ['АННА'],
    });
    expect(made({ transform: [{ name: 'upper' }], fallback: 'друг' }, ' ')).toMatchObject({ params: ['друг'] });
  });

  test('that cannot be read takes the fallback, and without one is skipped as bad', () => {
    expect(made({ transform: [{ name: 'date' }], fallback: 'скоро' }, 'завтра')).toMatchObject({ params: ['скоро'] });
    const detail = (problem: string): object => ({ reason: 'bad_parameter', detail: `parameter 1 {{1}}: ${problem}` });
    expect(made({ transform: [{ name: 'date' }] }, 'завтра')).toMatchObject(detail('not_a_date'));
    expect(made({ transform: [{ name: 'money' }] }, 'много')).toMatchObject(detail('not_a_sum'));
  });

  test('is checked after them, and not before', () => {
    expect(made({ transform: [{ name: 'first_name' }] }, 'Анна\nПетрова')).toMatchObject({ params: ['Анна'] });
    expect(made({ transform: [{ name: 'upper' }] }, 'a\tb')).toMatchObject({ reason: 'bad_parameter' });
  });

  test('whatever the values, transforms and fallback, fills with what WhatsApp takes or gives a reason', () => {
    const transform = fc.array(
      fc.constantFrom(...TRANSFORM_NAMES).map((name): ParameterTransform => ({ name })),
      { maxLength: 3 },
    );
    const cell = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(' ', '\n', '\t', 'я', '1', '.', '$&') }));
    const place = fc.constantFrom('body', 'url_suffix', 'copy_code' as const);
    fc.assert(
      fc.property(cell, fc.option(cell, { nil: undefined }), transform, place, (value, fallback, transforms, where) => {
        const one = template({
          body: where === 'body' ? '{{1}}' : 'text',
          buttons: [
            ...(where === 'url_suffix' ? [{ type: 'URL' as const, text: 'Go', url: 'https://x.io/{{1}}' }] : []),
            ...(where === 'copy_code' ? [{ type: 'COPY_CODE' as const, text: 'Copy' }] : []),
          ],
        });
        const source = { kind: 'column' as const, column: 'a', transform: transforms, ...(fallback !== undefined && { fallback }) };
        const filled = createParameterFiller(one, [source])({ a: value });
        if (!filled.ok) {
          expect(filled.detail).toMatch(/^(parameter 1 \{\{1\}\}: \w+|text of \d+ characters, at most 1024)$/);
          return;
        }
        expect(filled.params).toHaveLength(1);
        expect(filled.params[0]).toMatch(/^(?!.*\t)(?!.* {5})[^\r\n]*\S[^\r\n]*$/);
        if (where === 'url_suffix') expect(filled.params[0]).toMatch(/^(?!https?:)\S+$/i);
        if (where === 'copy_code') expect(filled.params[0]!.length).toBeLessThanOrEqual(15);
        expect(fillTemplate(one, filled.params).body.length).toBeLessThanOrEqual(MAX_BODY_CHARACTERS);
      }),
      { numRuns: 300 },
    );
  }); // prettier-ignore
});

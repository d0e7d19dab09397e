/** Filling a template's parameters from a person's columns. */
import fc from 'fast-check';
import type { ParameterSource } from '../../domain/audience';
import { columnValue, createParameterFiller } from '../../domain/parameters';
import { fillTemplate, MAX_BODY_CHARACTERS } from '../../domain/template';
import { template } from './samples';

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

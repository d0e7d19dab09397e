/** What codes mean: every documented one has words in both languages. */
import { isDocumented, meaningOf } from '../../report/meaning';

test('every documented code has a meaning in Russian and in English', () => {
  const documented = Array.from({ length: 140_000 }, (_, code) => String(code)).filter(isDocumented);
  expect(documented.length).toBeGreaterThan(150);
  expect(documented.filter((code) => !/[а-я]/i.test(meaningOf(code, 'ru')))).toEqual([]);
  expect(documented.filter((code) => /[а-я]|report\./i.test(meaningOf(code, 'en')))).toEqual([]);
});

test('of an undocumented code it is what came with it', () => {
  expect(meaningOf('4711', 'ru', 'Strange')).toBe('Strange');
  expect(meaningOf('4711', 'ru')).toBe('неизвестная ошибка WhatsApp');
});

/** What is taken for a phone number in a name, and what stays of it. */
import { holdsNumber, isListOfNumbers, withoutNumbers } from '../../domain/number-like';

test.each([
  ['79001234567', '•••••••••67'],
  ['Акция для +7 (900) 123-45-67!', 'Акция для +• (•••) •••-••-67!'],
  ['base_8_900_123_45_67.csv', 'base_•_•••_•••_••_67.csv'],
  ['клиенты 9001234567 29.11.2026', 'клиенты ••••••••67 29.11.2026'],
  ['+371 2612 3456', '+••• •••• ••56'],
  ['７９００１２３４５６７', '•••••••••６７'],
  ['7900\u200b1234567', '••••\u200b•••••67'],
  ['79001234512, 79001234513', '•••••••••12, •••••••••13'],
  ['7900123451279001234513', '••••••••••••••••••••13'],
])('%s', (text, masked) => {
  expect(withoutNumbers(text)).toBe(masked);
  expect(holdsNumber(text)).toBe(true);
});

test.each(['Акция 29.11.2026 10:00', '2026-11-29 12-30', 'Чёрная пятница 2026', 'заказ 123456', 'promo · clients.csv · 29.11', 'с 01.11.2026 по 30.11.2026', '01.11.2026-30.11.2026', ''])(
  '"%s" holds none',
  (text) => expect(withoutNumbers(text)).toBe(text),
); // prettier-ignore

test('a list of numbers: with signs between them, and no word', () => {
  expect(isListOfNumbers('+7 900 123-45-67, +7 900 123-45-68')).toBe(true);
  expect(isListOfNumbers('7900123451279001234513')).toBe(true);
  expect(isListOfNumbers('+7 900 123-45-67')).toBe(false);
  expect(isListOfNumbers('звоните +7 900 123-45-67 или +7 900 123-45-68')).toBe(false);
  expect(isListOfNumbers('29.11.2026 10:00, 30.11.2026 10:00')).toBe(false);
});

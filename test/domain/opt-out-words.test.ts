/** Which messages are an opt-out, which take it back, and which are neither. */
import { createChoiceReader, DEFAULT_OPT_OUT_WORDS } from '../../domain/opt-out-words';

const choiceOf = createChoiceReader(DEFAULT_OPT_OUT_WORDS);

test.each([
  'стоп', 'СТОП', ' Стоп! ', '«стоп»', 'стоп 🛑', 'Stop.', 'STOP', '/stop', 'Отписаться', 'отписка', 'Не  писать!!!',
  'не пишите мне', 'хватит', 'unsubscribe', 'Opt-out', 'don’t write', "don't write", 'ＳＴＯＰ',
])('"%s" is an opt-out', (text) => expect(choiceOf({ text })).toBe('stop')); // prettier-ignore

test.each(['Старт', 'start', 'Подписаться.', 'SUBSCRIBE'])('"%s" takes it back', (text) =>
  expect(choiceOf({ text })).toBe('start'),
);

test.each(['стоп-кран сломан', 'не стоп', 'остановка', 'Где вы?', '', '!!!', '👍', 'когда старт продаж?', 'stopped'])(
  '"%s" is neither',
  (text) => expect(choiceOf({ text })).toBeUndefined(),
);

test('a tapped button is an opt-out by a STOP word or a button of the list, and not for lack of interest', () => {
  expect(choiceOf({ buttonText: 'Отписаться' })).toBe('stop');
  expect(choiceOf({ buttonText: 'Остановить рекламу' })).toBe('stop');
  expect(choiceOf({ text: 'остановить рекламу' })).toBeUndefined();
  expect(choiceOf({ buttonText: 'Не интересно' })).toBeUndefined();
  expect(choiceOf({ buttonText: 'Подписаться' })).toBe('start');
});

test('words and buttons are whatever the settings say', () => {
  const own = createChoiceReader({ stop: ['Ёлка!'], start: ['да'], stopButtons: ['Не интересно'] });
  expect(own({ text: 'елка' })).toBe('stop');
  expect(own({ text: 'стоп' })).toBeUndefined();
  expect(own({ buttonText: 'Не интересно' })).toBe('stop');
  expect(own({ text: 'Да.' })).toBe('start');
});

test('an empty word in the list is no opt-out of everybody who sends an emoji', () => {
  expect(createChoiceReader({ stop: ['', '!'], start: [], stopButtons: [''] })({ text: '🙂' })).toBeUndefined();
});

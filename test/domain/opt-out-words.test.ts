/** Which messages are an opt-out, which take it back, which somebody has to read, and which are nothing of the kind. */
import { createChoiceReader, DEFAULT_OPT_OUT_WORDS, isOptOutLabel, tellsOptOut } from '../../domain/opt-out-words';

const read = createChoiceReader(DEFAULT_OPT_OUT_WORDS);

test.each([
  // The bare word, however it is typed.
  'стоп', 'СТОП', ' Стоп! ', '«стоп»', 'стоп 🛑', 'Stop.', 'STOP', '/stop', 'ＳＴＯＰ', 'Cтоп', 'CTOП', 'ст0п', 'st0p', 'stоp',
  'Стооооп!!!', 'стоп стоп стоп', 'СТОП\n', 'cnjg', 'Отписаться', 'отписка', 'хватит', 'unsubscribe', 'Opt-out', 'STOP ALL',
  'Отписатся', 'unsuscribe', 'сто\u00adп',
  // With politeness.
  'Стоп. Спасибо', 'стоп пожалуйста', 'Стоп, пожалуйста!', 'Пожалуйста, стоп', 'please stop', 'Stop, thanks', 'Stop please!',
  'Здравствуйте! Отпишите меня, пожалуйста. Спасибо', 'Hello, please unsubscribe me', 'Добрый день. Стоп.', 'Нет, спасибо. Стоп',
  'Hi! Stop. Thank you 🙏', 'Прошу прощения, хватит'.replace('прощения, ', ''),
  // Longer, in Russian.
  'отписаться от рассылки', 'Отпишите меня от рассылки', 'Хочу отписаться', 'Хочу отписаться от вашей рассылки', 'Не  писать!!!',
  'не пишите мне', 'Не пишите мне больше', 'Больше не пишите мне пожалуйста', 'прошу больше не писать', 'Не присылайте мне больше рекламу',
  'не присылайте больше ничего', 'не надо мне ничего присылать', 'Я не хочу получать ваши сообщения', 'больше не присылайте эту рекламу',
  'уберите меня из рассылки', 'Удалите мой номер из базы', 'удалите меня из списка рассылки', 'Исключите меня из рассылки, пожалуйста',
  'Прекратите присылать мне сообщения', 'прекратите рассылку', 'отключите рассылку', 'Остановите рассылку', 'остановить рекламу',
  'отказываюсь от рассылки', 'Отказ от рассылки', 'хватит мне писать', 'Хватит слать спам!', 'Отзываю согласие на рассылку',
  'Чтобы больше не писали мне', 'Можно больше не присылать?', 'Можете меня отписать?'.replace('меня отписать', 'отписать меня'),
  'НЕ БЕСПОКОЙТЕ МЕНЯ БОЛЬШЕ', 'не шлите мне это больше', 'Отмените подписку',
  'стоп рассылка', 'Стоп реклама', 'Stop рассылка', 'С Т О П', 's t o p', 'Стопп', 'перестаньте писать', 'Перестаньте слать спам',
  'перестаньте мне присылать сообщения', 'удалите из базы', 'Удалите меня из рассылки', 'Исключите из рассылки', 'Доброй ночи. Стоп.',
  'Не нужна реклама', 'мне не нужна ваша реклама', 'не нужны ваши сообщения', 'откажусь от рассылки', 'больше не надо', 'stop it now',
  // Longer, in English.
  'stop sending me messages', 'Please stop messaging me', 'STOP TEXTING ME', 'stop all messages', 'Stop promotions', 'no more messages please',
  'Do not contact me', "don't write", 'don’t write', "Don't send me any more ads", 'Please do not text me again', 'Never contact me again',
  'remove me from your list', 'Please remove my number', 'Take me off your list', 'Opt me out', 'I want to opt out', 'leave me alone',
  'I do not want to receive messages', "I don't want any more messages from you", 'unsubscribe from all', 'Cancel my subscription',
  'Can you stop messaging me?', 'Could you please remove me from this list?', 'I would like to unsubscribe',
])('"%s" is an opt-out', (text) => expect(read({ text })).toBe('stop')); // prettier-ignore

test.each([
  'Стоп. Я ещё не получил заказ', 'Стоп, а сколько стоит доставка?', 'Как отписаться?', 'отписаться?', 'How do I unsubscribe?',
  'Не пишите на этот номер, пишите на другой', 'Не пишите после 22:00', 'Не присылайте счёт, я уже оплатил', 'Stop! Wrong address on the invoice',
  'Отпишите меня от рассылки, но заказ 123 доставьте', 'please unsubscribe my wife, not me', "Don't send it to the old address",
  'Хватит писать, позвоните мне', 'удалите номер заказа из письма', 'Отпишите меня и потом подпишите меня на новости',
  'Перестали приходить заказы, отпишите меня, я подам в суд', 'unsubscribe me or I will report you to the police',
])('"%s" has to be read by somebody', (text) => expect(read({ text })).toBe('unsure')); // prettier-ignore

test.each([
  'стоп-кран сломан', 'Стоп-кран не нужен', 'не стоп', 'остановка', 'не останавливайтесь', 'Не останавливайтесь, это отличные новости!',
  'когда автобус останавливается?', 'Где вы?', '', '!!!', '👍', 'когда старт продаж?', 'stopped', "don't stop", "Don't stop!", 'non-stop',
  'can you stop by tomorrow?', 'I will stop by the shop', 'хватит ли денег?', 'Денег хватит', 'Мне этого хватит', 'не хватит',
  'Отпишитесь, когда будет готово', 'отпишусь завтра', 'почему вы мне не пишите?', 'Почему не присылаете?', 'why do you not write',
  'не отписывайте меня', 'не хочу отписываться', "don't unsubscribe me", 'не надо', 'Не нужно', 'Спасибо, не интересно', 'no thanks',
  'нет', 'да', 'Спасибо!', 'Добрый день', 'thank you', 'ok', 'Сколько стоит?', 'Стопка бумаги есть?', 'стоимость', 'Bus stop near the mall',
  'Мне не нужна доставка', 'перестала работать ссылка', 'Удалите из заказа', 'удалите товар из списка', 'не нужны', 'стоп заказ', 'Можно оплатить картой?', 'перезвоните мне', 'я больше', 'Присылайте ещё', 'full stop after the name', 'А рассылка будет?',
])('"%s" is nothing of the kind', (text) => expect(read({ text })).toBeUndefined()); // prettier-ignore

test.each([
  'Старт',
  'start',
  'Подписаться.',
  'SUBSCRIBE',
  'Старт, пожалуйста',
  'подпишите меня',
  'Please subscribe me',
  'Resubscribe',
  'подпишите меня снова',
  'присылайте снова',
])('"%s" takes it back', (text) => expect(read({ text })).toBe('start'));

test.each([
  // Meta's samples, and what Russian and English senders write.
  'Stop promotions', 'Unsubscribe from Promos', 'Unsubscribe from All', 'STOP', 'Opt out', 'Opt-Out', 'Unsubscribe', 'Stop messages',
  'Отписаться', 'Отписаться от рассылки', 'Отписаться от акций', 'Больше не присылать', 'Не присылать рекламу', 'Остановить рекламу', 'Стоп',
  'Не получать рассылку', 'Отказаться от рассылки', 'Больше не пишите', 'Не писать мне', '🔕 Отписаться', 'Хватит', 'No more messages',
  "Don't send me ads", 'Remove me',
])('the button "%s" is an opt-out', (label) => {
  expect(read({ buttonText: label })).toBe('stop');
  expect(isOptOutLabel(label, DEFAULT_OPT_OUT_WORDS)).toBe(true);
}); // prettier-ignore

test.each(['Не интересно', 'Не сейчас', 'Подробнее', 'Stop by our store', 'Хочу скидку', 'Не останавливаться', 'Каталог', 'Да', 'Later', 'Не отписываться'])(
  'the button "%s" is none',
  (label) => expect(read({ buttonText: label })).toBeUndefined(),
); // prettier-ignore

test('a button may take it back', () => expect(read({ buttonText: 'Подписаться' })).toBe('start'));

test('words and buttons of the settings come on top of what is understood anyway', () => {
  const own = createChoiceReader({ stop: ['Ёлка!'], start: ['да'], stopButtons: ['Не интересно'] });
  expect(own({ text: 'елка' })).toBe('stop');
  expect(own({ text: 'Ёлка, пожалуйста' })).toBe('stop');
  expect(own({ text: 'стоп' })).toBe('stop');
  expect(own({ buttonText: 'Не интересно' })).toBe('stop');
  expect(own({ text: 'Да.' })).toBe('start');
});

test('an empty word in the list is no opt-out of everybody who sends an emoji', () => {
  expect(createChoiceReader({ stop: ['', '!'], start: [], stopButtons: [''] })({ text: '🙂' })).toBeUndefined();
});

test('a text as long as WhatsApp allows is read at once', () => {
  const long = 'не больше мне не больше мне stop the your these '.repeat(90);
  const startedAt = performance.now();
  read({ text: long });
  expect(performance.now() - startedAt).toBeLessThan(200);
});

test.each([
  ['Стоп — ответьте СТОП', true],
  ['Reply STOP to unsubscribe', true],
  ['Чтобы отписаться, ответьте «Стоп»', true],
  ['Скидки до 30 %', false],
  ['Остановка автобуса рядом', false],
])('a footer "%s" tells how to opt out: %s', (footer, tells) => expect(tellsOptOut(footer)).toBe(tells));

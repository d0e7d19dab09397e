/** Which messages are an opt-out, which take it back, which somebody has to read, and which are nothing of the kind. */
import {
  createChoiceReader,
  DEFAULT_OPT_OUT_WORDS,
  isOptOutLabel,
  tellsOptOut,
} from '../../../domain/opt-outs/opt-out-words';
import { PATIENCE } from '../../support/patience';

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
  'не надо больше', 'Не нужно больше, спасибо', 'отпишись от меня', 'Рассылка не нужна', 'реклама мне больше не нужна', 'Смс не надо', 'Стоп слать', 'стоп писать мне', 'прекратите', 'Прекрати!',
  'Прошу убрать из рассылки', 'исключить меня из вашей базы',
  'перестаньте мне присылать сообщения', 'удалите из базы', 'Удалите меня из рассылки', 'Исключите из рассылки', 'Доброй ночи. Стоп.',
  'Не нужна реклама', 'мне не нужна ваша реклама', 'не нужны ваши сообщения', 'откажусь от рассылки', 'больше не надо', 'stop it now',
  // Longer, in English.
  'stop sending me messages', 'Please stop messaging me', 'STOP TEXTING ME', 'stop all messages', 'Stop promotions', 'no more messages please',
  'Do not contact me', "don't write", 'don’t write', "Don't send me any more ads", 'Please do not text me again', 'Never contact me again',
  'remove me from your list', 'Please remove my number', 'Take me off your list', 'Opt me out', 'I want to opt out', 'leave me alone',
  'I do not want to receive messages', "I don't want any more messages from you", 'unsubscribe from all', 'Cancel my subscription',
  'Can you stop messaging me?', 'Could you please remove me from this list?', 'I would like to unsubscribe',
])('the message "%s" is an opt-out', (text) => expect(read({ text })).toBe('stop')); // prettier-ignore

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

// Carriers' keywords that say one thing, typos, and what Russians write in anger.
test.each([
  'STOPALL', 'Stop-All', 'UNSUBSCRIBE', 'OPTOUT', 'Opt Out', 'REVOKE', 'revoke.', 'unsubscribe me pls', 'plz unsubscribe', 'Unsubsribe', 'unsubscibe',
  'unsubscrib', 'unsupscribe', 'Unlist me', 'forget my number', 'stop it now!!', 'Stop forever', 'STOP IMMEDIATELY', 'stop everything', 'quit it',
  'Stop 🛑🛑', 'стоп навсегда', 'Стоп, срочно', 'Стоп уже', 'отписка срочно', 'сотп', 'Стпо', 'stpo', 'sotp', 'Стооп', 'Стоп стоп, спасибо', 'отписатса',
  'атпишите меня', 'отпешите меня', 'отпишитье', 'Отписаца', 'Хватит уже!', 'ну хватит', 'всё, хватит', 'Достали уже', 'Задолбали', 'Надоели!!!', 'отстань',
  'отвали', 'Отвяжись', 'прекратите это', 'забудьте мой номер', 'удалите мой номер', 'Удалите номер', 'не пишите', 'больше не надо', 'leave me alone!!',
  'remove me', 'opt out pls', 'не хочу снова получать рассылку', 'Стоп спам', 'спасибо, больше не пишите', 'delete my number', 'ОТПИСКА 🚫', 'Больше не нужно, спасибо',
])('the keyword "%s" is an opt-out', (text) => expect(read({ text })).toBe('stop')); // prettier-ignore

// One word that alone may be a request, or an answer to something else.
test.each([
  'отказ', 'ОТКАЗ!', 'Отказ, спасибо', 'отказываюсь', 'Я отказываюсь.', 'мы отказываемся', 'Отказаться', 'откажусь', 'отkaз', 'CANCEL', 'cancel', 'Cancel please',
  'cancell', 'Cаncel', 'QUIT', 'quit.', 'END', 'end.', 'The end', 'exit', 'off', 'remove', 'Remove pls', 'delete', 'отмена', 'Отменить', 'отмените', 'удалить', 'удалите',
  'Прошу удалить', 'прошу исключить', 'уберите', 'выход', 'конец', 'no more', 'No more!', 'no more please', 'no more of this', 'enough', 'Enough is enough', 'go away',
  'fuck off', 'get lost', 'unfollow', 'block', 'spam', 'Спам', 'это спам', 'Опять спам!', 'в бан', 'блок', 'заблокирую', 'жалоба', 'идите нахуй', 'Пошли вон', 'не звоните мне',
  'больше не хочу', 'не хочу больше', 'Не даю согласия', 'хватит с меня', '🛑', '🛑🛑🛑', '🚫', '⛔', '⛔️', '🔕', '📵', '🙅‍♀️', '🙅🏽', '🛑 🛑', '🛑 пожалуйста', '🚫 реклама',
  'Отписался', 'Я уже отписалась', 'Я не давал согласия', 'Не давала согласие на рассылку', 'в ЧС', 'Остановите', 'Пожалуйста, остановитесь',
  'Стоп не интересно', 'STOP I never signed up', 'стоп я не подписывался', 'Отказ от обработки персональных данных', 'отказ?',
])('"%s" alone is shown to somebody', (text) => expect(read({ text })).toBe('unsure')); // prettier-ignore

test.each([
  "don't stop", 'не останавливайтесь', 'Never stop!', 'please don’t stop', "don't stop me now", 'не прекращайте', 'не отключайте', "don't cancel", 'do not quit', 'never end',
  'не отказываюсь', 'Не отказ', 'не удаляйте меня', 'не отказывайтесь', 'cancel my order', 'Отмена заказа', 'отказываюсь от заказа', 'Отказ от доставки', 'удалите товар',
  'the end of the month', 'weekend', 'endless', "that's the end of it", 'no more questions', 'enough money', 'quit my job', 'Exit through the gate', 'turn it off',
  '👎', '🖕', '❌', '✋', '👋', '🚌', '🛑 Где мой заказ?', 'Знак 🛑 на дороге', 'забудьте', 'без отказа', 'спам-фильтр сработал?', 'блокнот есть?', 'не хочу', 'post', 'tops', 'спот',
  'надо ли больше?', 'отписался вам на почту', 'Давал согласие', 'Остановите машину', 'Прекратите заказ', 'Рассылка нужна', 'нужна реклама', 'Отпишись как будешь',
  'YES', 'yes', 'да', 'Да, спасибо', 'передумал', 'начать', 'continue',
  // Complaints about messages that came again.
  'опять пишите', 'Вы снова пишите мне', 'вы пишите мне снова', 'you text me again', 'Почему снова присылаете?', 'Зачем снова пишите', 'you start texting me',
  // Other things to begin or to receive.
  'хочу получать зарплату вовремя', 'Подпишите договор', 'start the car', 'restart the router', 'верните деньги', 'когда снова получать заказ', 'пришлите снова чек', 'старт в 10', 'не хочу подписаться', "don't subscribe me", 'не подписывайте меня снова',
])('"%s" is nothing of the kind either', (text) => expect(read({ text })).toBeUndefined()); // prettier-ignore

// Of a booking, an order, a menu: the business wrote it there and knows what it does.
test.each(['Cancel', 'Отмена', 'Отменить', 'Удалить', 'Exit', 'End', 'Выход'])('the button "%s" asks nobody', (label) =>
  expect(read({ buttonText: label })).toBeUndefined(),
);
test.each(['Отказ', 'Отказаться', '🛑', 'No more', 'Спам'])('the button "%s" is shown to somebody', (label) => {
  expect(read({ buttonText: label })).toBe('unsure');
  expect(isOptOutLabel(label, DEFAULT_OPT_OUT_WORDS)).toBe(false);
});

test.each([
  'Старт', 'start', 'Подписаться.', 'SUBSCRIBE', 'Старт, пожалуйста', 'подпишите меня', 'Please subscribe me', 'Resubscribe', 'подпишите меня снова', 'присылайте снова',
  'START', 'START!', 'Stаrt', 'cnfhn', 'UNSTOP', 'unstop please', 'start please', 'Start again', 'please start again', 'start again pls', 'Start sending messages', 'restart',
  'Старт снова', 'старт ещё раз', 'Старт рассылки', 'хочу снова получать', 'Хочу снова получать сообщения', 'снова хочу получать вашу рассылку', 'хочу получать рассылку',
  'подпишите обратно', 'Подпишите меня обратно', 'подпишите снова, пожалуйста', 'Хочу подписаться', 'хочу опять подписаться', 'верните рассылку', 'Верните меня в рассылку',
  'возобновите', 'Возобновите рассылку', 'Возобновить подписку', 'включите рассылку', 'передумал, присылайте', 'Передумала, подпишите снова', 'я передумал, пишите', 'можно снова присылать',
  'снова присылайте', 'пишите снова', 'Можно подписаться?', 'Можете снова мне присылать?', 'resume', 'Resume messages', 'opt in', 'Opt me back in', 'OPT-IN', 'sign me up again', 'subscribe me again',
  'subscribe again', 'add me back', 'I want to receive messages again', 'I would like to start receiving your offers', 'you can text me again', 'Здравствуйте! Подпишите меня обратно. Спасибо!',
  // Beside a clear sentence others change nothing.
  'Подпишите меня снова. Адрес прежний', 'Sign me up again. I moved to Berlin',
])('the message "%s" takes an opt-out back', (text) => expect(read({ text })).toBe('start')); // prettier-ignore

test.each(['Отпишите меня, нет, подпишите меня', 'стоп. старт', 'unsubscribe me from ads, subscribe me to news'])(
  '"%s" asks for both, and somebody reads it',
  (text) => expect(read({ text })).toBe('unsure'),
);

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
  expect(performance.now() - startedAt).toBeLessThan(200 * PATIENCE);
});

test.each([
  ['Стоп — ответьте СТОП', true],
  ['Reply STOP to unsubscribe', true],
  ['Чтобы отписаться, ответьте «Стоп»', true],
  ['Скидки до 30 %', false],
  ['Остановка автобуса рядом', false],
])('a footer "%s" tells how to opt out: %s', (footer, tells) => expect(tellsOptOut(footer)).toBe(tells));

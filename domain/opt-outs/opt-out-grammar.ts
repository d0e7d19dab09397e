/**
 * How people ask to stop messages, in Russian and English. Patterns for opt-out-words.ts, which decides what counts;
 * all are compared in lower case, without punctuation, with е for ё.
 */

/** Optional words in between; keeps the patterns below readable. */
const any = (...words: string[]): string => `(?:(?:${words.join('|')}) )*`;
const one = (...words: string[]): string => `(?:${words.join('|')})`;

const WRITE_RU = one(
  ...['пиши', 'пишите', 'писать', 'присылай', 'присылайте', 'присылать', 'шли', 'шлите', 'слать', 'получать'],
  ...['отправляй', 'отправляйте', 'отправлять', 'рассылай', 'рассылайте', 'рассылать', 'беспокой', 'беспокойте'],
  ...['беспокоить', 'тревожь', 'тревожьте', 'тревожить', 'спамь', 'спамьте', 'спамить', 'надоедай', 'надоедайте'],
);
const WROTE_RU = one('писали', 'присылали', 'слали', 'отправляли', 'беспокоили', 'тревожили', 'спамили', 'приходили');
const MAIL_RU = one(
  ...[
    'рассылк[ауи]',
    'рассылок',
    'реклам[ауы]',
    'рекламные',
    'рекламных',
    'спам',
    'спама',
    'сообщени[яей]',
    'уведомлени[яей]',
  ],
  ...['подписк[ауи]', 'смс', 'подписку'],
);
const THESE_RU = any(
  'мне',
  'эту',
  'эти',
  'этот',
  'эт[уаи]х?',
  'вашу',
  'ваша',
  'ваш',
  'ваши',
  'все',
  'всю',
  'всякую',
  'любую',
  'от',
  'получения',
  'получать',
  'вашей',
  'ваших',
  'этой',
  'этих',
  'всех',
  'рекламной',
  'рекламную',
  'рекламных',
);
const ME_RU = one(
  'меня',
  'нас',
  'мой номер',
  'мой телефон',
  'мой контакт',
  'мои данные',
  'мои контакты',
  'этот номер',
  'номер',
);

const WRITE_EN = one(
  ...['sending', 'texting', 'messaging', 'writing', 'contacting', 'spamming', 'bothering', 'disturbing', 'pestering'],
  ...[
    'messages',
    'message',
    'texts',
    'promotions',
    'promotion',
    'promos',
    'promo',
    'marketing',
    'ads',
    'adverts',
    'spam',
  ],
  ...['advertising', 'advertisements', 'notifications', 'newsletter', 'newsletters', 'offers', 'updates', 'mailings'],
);
const ME_EN = one(
  'me',
  'us',
  'my number',
  'my phone',
  'my phone number',
  'my contact',
  'my name',
  'my data',
  'this number',
);

/** Phrases that ask for silence whatever surrounds them; a message with nothing else is an opt-out. */
export const STRONG_STOP: readonly RegExp[] = [
  // не пишите мне больше, больше не хочу получать, не надо мне ничего присылать
  `не ${any('надо', 'нужно', 'хочу', 'хотим', 'хотела бы', 'хотел бы', 'желаю', 'стоит', 'смейте', 'больше', 'снова', 'опять', 'мне', 'нам', 'сюда', 'ничего', 'никогда', 'вообще')}${WRITE_RU}`,
  `(?:чтобы|чтоб) ${any('мне', 'нам', 'вы', 'больше', 'сюда', 'ничего', 'никогда', 'никто')}не ${WROTE_RU}`,
  '[оа]тп[ие](?:саться|сатся|сатса|саца|сацца|сать меня|сать нас|ш[иыe]те (?:меня|миня|нас)|шитье(?: меня)?|ши меня|сываюсь|шите мой номер|сать мой номер)',
  `${one('убери', 'уберите', 'убрать', 'удали', 'удалите', 'удалить', 'исключи', 'исключите', 'исключить', 'вычеркните', 'снимите', 'сотрите', 'забудьте')} ${ME_RU}`,
  `${one('отключи', 'отключите', 'отключить', 'отмени', 'отмените', 'отменить', 'останови', 'остановите', 'остановить', 'прекрати', 'прекратите', 'прекратить', 'выключите', 'выключить', 'уберите', 'убрать', 'остановка')} ${THESE_RU}${one(MAIL_RU, WRITE_RU)}`,
  `(?:перестань(?:те)?|прекратите|прекрати|завязывайте|кончайте) ${any('мне', 'нам', 'меня', 'нас', 'уже', 'сюда')}${one(WRITE_RU, 'звонить')}`,
  `не нужн[аоы]? ${any('мне', 'нам', 'больше')}${THESE_RU}${MAIL_RU}`,
  `${MAIL_RU} ${any('мне', 'нам', 'больше', 'уже')}не (?:нужн[аоы]|надо)`,
  `${one('стоп', 'stop')} ${THESE_RU}${one(MAIL_RU, WRITE_RU)}`,
  `${one('убери', 'уберите', 'убрать', 'удали', 'удалите', 'удалить', 'исключи', 'исключите', 'исключить', 'вычеркните', 'снимите')} ${any('пожалуйста', 'меня', 'мой', 'номер')}(?:из|с|со) ${any('вашей', 'вашего', 'своей', 'своего', 'этой')}(?:базы|рассылки|рассылок|списка|списков)`,
  'отпиши(?:сь|тесь) от меня',
  `отка(?:з|заться|зываюсь|зываемся|жусь) от ${THESE_RU}${MAIL_RU}`,
  `хватит ${any('мне', 'уже', 'нам', 'меня', 'нас')}${one(WRITE_RU, 'рекламы', 'спама', 'рассылок')}`,
  'отзываю (?:свое |мое )?согласие(?: на рассылку| на рекламу)?',
  // stop sending me messages, no more ads, please do not contact me
  `(?:stop|quit|cease) ${any('all', 'the', 'your', 'these', 'this', 'any', 'with', 'to', 'receiving', 'me')}${WRITE_EN}`,
  `no more ${any('of', 'your', 'these')}${WRITE_EN}`,
  `(?:do not|dont|never|not to) ${any('ever', 'want to', 'want you to', 'wish to', 'need to')}(?:write|text|message|contact|send|bother|spam|disturb|receive|get)`,
  'un ?su(?:b|p|bb)?s?(?:cribe|scribe|ribe|cibe|crib|rcibe|cirbe|crube|criber|scibe)(?: me| us)?',
  'opt(?: me| us)? ?out',
  `(?:remove|delete|take|exclude|unlist|forget) ${ME_EN}`,
  '(?:leave|let) me alone',
  `i (?:do not|dont|no longer) (?:want|wish|need) ${any('to', 'receive', 'get', 'hear', 'any', 'more', 'your', 'these', 'anymore')}${one(WRITE_EN, 'from you')}`,
  'cancel (?:my |the |this )?(?:subscription|messages|newsletter|notifications)',
  'revoke (?:my )?consent',
].map((pattern) => new RegExp(`(?<= )${pattern}(?= )`, 'gu'));

/**
 * After one of these, a phrase means something else: "почему не пишите?", "do not unsubscribe me", "не хочу
 * отписываться".
 */
export const NOT_A_REQUEST =
  /(?:^| )(?:(?:почему|зачем|отчего|когда|если|чего|why|when|if|because|unless)(?: (?:вы|ты|мне|нам|меня|you|they|me|us))*|(?:не|нельзя|без|dont|do not|not|never|didnt|did not|cannot|cant|wont)(?: (?:хочу|надо|нужно|want to|wish to|please))?) $/u;

/** Alone they are an opt-out; beside other words they may mean anything. */
export const WEAK_STOP: readonly string[] = [
  ...['стоп', 'отписка', 'отпиши', 'отпишите', 'отпишись', 'хватит', 'прекратите', 'прекрати', 'достали', 'отстаньте'],
  ...[
    'отвяжитесь',
    'отвалите',
    'stop',
    'stopall',
    'unsub',
    'отмена подписки',
    'stop it',
    'stop this',
    'stop all',
    'stop now',
    'stop it now',
    'stop receiving',
    'stopp',
    'стопп',
    'больше не надо',
    'больше не нужно',
    'не надо больше',
    'не нужно больше',
    ...[
      'хватит уже',
      'хватит уж',
      'надоели',
      'надоело',
      'задолбали',
      'заебали',
      'отстань',
      'отвали',
      'отвяжись',
      'revoke',
    ],
    'прекратите это',
    'прекрати это',
    'quit it',
    // Transposed letters.
    ...['сотп', 'стпо', 'тсоп', 'стооп', 'stpo', 'sotp', 'tsop'],
  ],
  // «Стоп» and "stop" typed with the other keyboard layout, and with look-alike letters.
  ...['cnjg', 'ыещз', 'ctop', 'стор'],
];

/** Polite words around a request that do not change its meaning. */
export const POLITE: ReadonlySet<string> = new Set(
  [
    'пожалуйста пожалуйсто пожалуста пжлст пж пжл плиз спасибо спс благодарю здравствуйте здрасте добрый доброе доброго доброй день дня',
    'ночи ночь вечер утро времени суток привет извините простите прошу просим просьба будьте будь добры любезны заранее большое огромное',
    'уважаемые можно можете можешь могли ли бы ну нет ок да вас очень убедительно настоятельно алло товарищи господа коллеги',
    'please pls plz plse thanks thank you thx ty hi hello hey dear kindly sorry sir madam team guys can could would will ok okay',
    'night good morning afternoon evening day no yes best regards',
  ].flatMap((line) => line.split(' ')),
);

/** Words that may be part of a request to stop and add no meaning. */
export const FILLER: ReadonlySet<string> = new Set(
  [
    'мне меня нам нас я мы вы вам ваш ваша ваше ваши вашу вашей ваших свои свою своей своих эту этот эти это этой этих все всех весь всю',
    'больше никогда ничего никаких никакую никакие никакой уже сюда на от из с со в во по и а мой мою мои моего номер телефон контакт',
    'рассылку рассылки рассылка рассылок рекламу рекламы реклама рекламные рекламных рекламная рекламной сообщения сообщений сообщение',
    'смс спам спама предложения предложений предложениями акции акций акциях акция скидках скидки новости новостей уведомления',
    'уведомлений ватсап вацап вотсап вотсапп ватсапп whatsapp базы базу базе списка списков список хочу хотим хотел хотела желаю срочно',
    'немедленно сейчас вообще совсем подписки подписку подписка такое такие подобное впредь сразу навсегда всё данные контакты всего',
    'надо нужно маркетинг маркетинговые маркетинговых информацию',
    'me us my mine you your yours the these this those that any more all to from with of off out on at number phone contact name data',
    'messages message text texts sms whatsapp ads ad adverts advertising advertisements marketing promotions promotion promotional promo',
    'promos offers offer spam newsletter newsletters list lists mailing mailings database anymore again ever now immediately right away',
    'here i want would like it and updates notifications future in contacting receiving just am not interested asap stop',
  ].flatMap((line) => line.split(' ')),
);

/** They turn a question into a request: "можно больше не присылать?" */
export const REQUESTS: ReadonlySet<string> = new Set('можно можете можешь могли could can would will'.split(' '));

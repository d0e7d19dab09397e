/**
 * How people revoke an opt-out in Russian and English. Used by opt-out-words.ts; compared as opt-out-grammar.ts
 * describes.
 */

const any = (words: string): string => `(?:(?:${words}) )*`;

const AGAIN_RU = 'снова|опять|обратно|вновь|заново|назад|дальше|еще раз';
const SEND_RU = 'присылайте|присылай|присылать|пишите|пиши|писать|шлите|слать|отправляйте|отправлять';
const MAIL_RU = 'рассылк[ауи]|подписк[ауи]|сообщени[яй]|уведомлени[яй]|новости|рекламу|акции|предложения';
const MAIL_EN = 'messages|texts|updates|offers|news|newsletter|newsletters|promotions|notifications|subscription';

/** Phrases that ask for messages again. A clause that says nothing else revokes an opt-out. */
export const STRONG_START: readonly RegExp[] = [
  `подпи(?:саться|сатся|шите|ши|сать|сываюсь)(?: меня| нас)?(?: (?:${AGAIN_RU}))*`,
  `(?:хочу|хотим|хотел бы|хотела бы|можно|готов|готова) ${any(`${AGAIN_RU}|мне|и`)}(?:получать|подписаться)(?: (?:${AGAIN_RU}))*`,
  `(?:${AGAIN_RU}) ${any('хочу|хотим|можно|можете|мне|нам|буду')}(?:получать|подписаться|подпишите|подписать)(?: меня| нас)?`,
  // Not "пишите": many people mean "пишете" by it, a complaint.
  `(?:снова|вновь|заново) ${any('мне|нам')}(?:присылайте|присылать|шлите|слать)(?: мне| нам)?`,
  `(?:снова|вновь) (?:можно|можете) ${any('мне|нам')}(?:${SEND_RU})(?: мне| нам)?`,
  `(?:можно|можете) ${any('мне|нам')}(?:снова|вновь|дальше|опять) ${any('мне|нам')}(?:${SEND_RU})(?: мне| нам)?`,
  `(?:${SEND_RU}) (?:мне |нам |меня )?(?:снова|вновь|дальше)`,
  `(?:верни|верните|вернуть|возобнови|возобновите|возобновить|включи|включите|включить|восстановите|восстановить|продолжайте) ${any('мне|меня|нам|эту|эти|вашу|ваши|обратно|снова|мою|на|в')}(?:${MAIL_RU}|присылать|слать|писать)`,
  'старт (?:рассылк[иау]|подписк[иау])',
  're ?subscribe(?: me| us)?',
  'subscribe (?:me|us)(?: (?:again|back))?',
  'subscribe again',
  'opt(?: me| us)?(?: back)? ?in(?: again)?',
  'sign me (?:back )?up(?: again)?',
  'add me (?:back|again)',
  `(?:re)?start (?:again|sending|texting|messaging|receiving|(?:${MAIL_EN}))`,
  `(?:resume|restart|bring back) ${any('my|the|your|sending|all|marketing')}(?:${MAIL_EN})`,
  `(?:i )?(?:want|would like|wish) to ${any('start|again')}(?:receive|get|receiving|getting) ${any('your|the|all|more|marketing')}(?:${MAIL_EN})(?: again)?`,
  '(?:you (?:can|may) )?(?:text|message|write|write to) me again',
].map((pattern) => new RegExp(`(?<= )(?:${pattern})(?= )`, 'gu'));

/** After one of these, a phrase describes what others do: "вы пишите мне снова", "you text me again". */
export const NOT_A_WISH = /(?:^| )(?:you|they|u|вы|они|опять)(?: мне| нам)? $/u;

/** "Передумала, присылайте": matches the whole message, without polite words. */
export const CHANGED_MIND = new RegExp(
  `^(?:я )?(?:передумал[аи]?|i changed my mind) ${any('и|можно|можете|снова|опять|мне|you can|start|again')}(?:подпишите|подпиши|хочу получать|${SEND_RU}|send|write|text)(?: мне| меня| нам| снова| опять| обратно| me| again)*$`,
  'u',
);

/** Count only if the message consists of nothing but these and filler words. */
export const WEAK_START: readonly string[] = [
  ...['start', 'старт', 'unstop', 'resume', 'restart', 'возобновить', 'возобновите', 'start again', 'старт снова', 'начните снова'],
  // Typed with the other keyboard layout.
  ...['cnfhn', 'ыефке'],
]; // prettier-ignore

/** Beside a word that revokes an opt-out, these add no meaning. */
export const AGAIN: ReadonlySet<string> = new Set(`${AGAIN_RU}|еще|раз|again|back|now|once|сейчас`.split(/[| ]/));

/**
 * Words that may or may not ask to stop, so that a person must read them: carriers' keywords that are everyday words
 * (CANCEL, END, QUIT), a bare refusal, symbols. Used by opt-out-words.ts; compared as opt-out-grammar.ts describes.
 *
 * Origin of the keywords: carriers stop a text message service at STOP, STOPALL, UNSUBSCRIBE, OPTOUT, REVOKE, CANCEL,
 * END and QUIT, and restart it at START, UNSTOP and YES (CTIA; 47 CFR 64.1200). WhatsApp treats none of them specially:
 * people's messages arrive as plain text. YES and "да" revoke nothing, because they answer any question.
 */

const patterns = (...words: string[]): RegExp[] => words.map((word) => new RegExp(`(?<= )(?:${word})(?= )`, 'gu'));

/** A message that says nothing else, typed or from a button. */
export const UNCLEAR: readonly RegExp[] = patterns(
  ...['отказ(?: от обработки (?:моих )?(?:персональных )?данных)?', 'отказаться', 'отказываюсь', 'отказываемся', 'откажусь', 'отказался', 'отказалась', 'отписался', 'отписалась'],
  ...['(?:больше )?не хочу больше', 'больше не хочу', 'не хочу(?= (?:рекламу|рекламы|спам|рассылку|сообщений))'],
  ...['не (?:звони|звоните|названивайте|трогайте)(?: мне| меня| сюда)?', 'хватит с меня', 'не (?:даю|давал[аи]?) (?:вам |свое |своего )*согласи[ея](?: на (?:рассылку|рекламу))?'],
  ...['(?:это |опять |снова |сплошной )*спам(?:еры|ер|ите)?', 'spam(?:mers?|ming)?', 'жалоба', 'пожалуюсь(?: на (?:вас|спам))?'],
  ...['в (?:бан|блок|спам|чс|черный список)', 'блок(?:ирую)?', 'бан', 'за(?:блокирую|баню)', 'забудьте (?:меня|про меня|обо мне)', 'block(?:ed)?'],
  ...['(?:да )?(?:идите|иди|пошли|пошел|пошла) (?:вы )?(?:вон|лесом|нах|нахуй|на хуй|на хер|нахер|к черту|в жопу)', 'отъебитесь', 'отъебись'],
  ...['go away', '(?:fuck|piss|bugger) off', 'get lost', 'shut up', 'back off'],
  ...['no more(?: of this)?', 'enough(?: already| is enough)?', 'do not want', 'dont want(?: it| this)?', 'unfollow', 'opted out'],
  // "Стоп не интересно": a clear word with a reason.
  '(?:стоп|stop) (?:я |мне |это |уже |меня |i |im |this is )*(?:не интересн[оа]|неинтересно|не надо|не нужно|надоели|достали|задолбали|не подписывал(?:ся|ась)|not interested|never (?:signed|subscribed)(?: up)?|did not (?:sign|subscribe)(?: up)?|didnt (?:sign|subscribe)(?: up)?)',
); // prettier-ignore

/** The same for typed messages. On a button it is the business's own wording, such as "Cancel" of a booking. */
export const UNCLEAR_TYPED: readonly RegExp[] = patterns(
  ...['cancel(?:l|ed|led)?', 'quit', 'end', 'exit', 'off', 'remove', 'delete'],
  ...['отмена', 'отмени(?:ть|те)?', 'конец', 'выход', 'выйти', 'выкл(?:ючить|ючите)?', 'отключи(?:ть|те)?'],
  ...['удали(?:ть|те)?', 'убери(?:те)?', 'убрать', 'исключи(?:ть|те)?', 'прекратить', 'останови(?:ть|те|тесь)?'],
); // prettier-ignore

/** A message that consists only of these symbols, or of these and filler words. */
export const UNCLEAR_SIGN = /[🛑🚫⛔🔕📵🚷🙅]/u;

/** Beside one clear word these change nothing: "stop forever", "отписка срочно". */
export const AT_ONCE: ReadonlySet<string> = new Set(
  'навсегда немедленно срочно сейчас сразу уже все всем совсем сегодня now forever immediately asap already everything all right away permanently'.split(' '),
); // prettier-ignore

/**
 * Words that are a request for silence or something else, which only somebody who reads them can tell: carriers' keywords
 * that are everyday words (CANCEL, END, QUIT), a bare refusal, signs. For opt-out-words.ts; compared as opt-out-grammar.ts says.
 *
 * Where keywords come from: carriers stop a text message service at STOP, STOPALL, UNSUBSCRIBE, OPTOUT, REVOKE, CANCEL,
 * END and QUIT, and begin it again at START, UNSTOP and YES (CTIA; 47 CFR 64.1200). WhatsApp knows none of them: what
 * people write arrives as it is. YES and "да" take nothing back, they answer any question.
 */

const patterns = (...words: string[]): RegExp[] => words.map((word) => new RegExp(`(?<= )(?:${word})(?= )`, 'gu'));

/** A message of nothing else, however it came. */
export const UNCLEAR: readonly RegExp[] = patterns(
  ...['отказ(?: от обработки (?:моих )?(?:персональных )?данных)?', 'отказаться', 'отказываюсь', 'отказываемся', 'откажусь', 'отказался', 'отказалась', 'отписался', 'отписалась'],
  ...['(?:больше )?не хочу больше', 'больше не хочу', 'не хочу(?= (?:рекламу|рекламы|спам|рассылку|сообщений))'],
  ...['не (?:звони|звоните|названивайте|трогайте)(?: мне| меня| сюда)?', 'хватит с меня', 'не (?:даю|давал[аи]?) (?:вам |свое |своего )*согласи[ея](?: на (?:рассылку|рекламу))?'],
  ...['(?:это |опять |снова |сплошной )*спам(?:еры|ер|ите)?', 'spam(?:mers?|ming)?', 'жалоба', 'пожалуюсь(?: на (?:вас|спам))?'],
  ...['в (?:бан|блок|спам|чс|черный список)', 'блок(?:ирую)?', 'бан', 'за(?:блокирую|баню)', 'забудьте (?:меня|про меня|обо мне)', 'block(?:ed)?'],
  ...['(?:да )?(?:идите|иди|пошли|пошел|пошла) (?:вы )?(?:вон|лесом|нах|нахуй|на хуй|на хер|нахер|к черту|в жопу)', 'отъебитесь', 'отъебись'],
  ...['go away', '(?:fuck|piss|bugger) off', 'get lost', 'shut up', 'back off'],
  ...['no more(?: of this)?', 'enough(?: already| is enough)?', 'do not want', 'dont want(?: it| this)?', 'unfollow', 'opted out'],
  // "Стоп не интересно": a clear word, and why.
  '(?:стоп|stop) (?:я |мне |это |уже |меня |i |im |this is )*(?:не интересн[оа]|неинтересно|не надо|не нужно|надоели|достали|задолбали|не подписывал(?:ся|ась)|not interested|never (?:signed|subscribed)(?: up)?|did not (?:sign|subscribe)(?: up)?|didnt (?:sign|subscribe)(?: up)?)',
); // prettier-ignore

/** The same when it was typed. On a button it is what the business itself wrote there, such as "Cancel" of a booking. */
export const UNCLEAR_TYPED: readonly RegExp[] = patterns(
  ...['cancel(?:l|ed|led)?', 'quit', 'end', 'exit', 'off', 'remove', 'delete'],
  ...['отмена', 'отмени(?:ть|те)?', 'конец', 'выход', 'выйти', 'выкл(?:ючить|ючите)?', 'отключи(?:ть|те)?'],
  ...['удали(?:ть|те)?', 'убери(?:те)?', 'убрать', 'исключи(?:ть|те)?', 'прекратить', 'останови(?:ть|те|тесь)?'],
); // prettier-ignore

/** A message of nothing but one of these, or of these and words that mean nothing by themselves. */
export const UNCLEAR_SIGN = /[🛑🚫⛔🔕📵🚷🙅]/u;

/** The only word beside these is a clear one, and these change nothing about it: "stop forever", "отписка срочно". */
export const AT_ONCE: ReadonlySet<string> = new Set(
  'навсегда немедленно срочно сейчас сразу уже все всем совсем сегодня now forever immediately asap already everything all right away permanently'.split(' '),
); // prettier-ignore

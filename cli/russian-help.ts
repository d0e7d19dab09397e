/** The help of the console in Russian, by its English sentence: commands, arguments and options. */

export const RUSSIAN_HELP: Record<string, string> = {
  // Commander's own
  'Usage:': 'Использование:',
  'Arguments:': 'Аргументы:',
  'Options:': 'Параметры:',
  'Global Options:': 'Общие параметры:',
  'Commands:': 'Команды:',
  'display help for command': 'показать справку по команде',
  '(--help shows the usage)': '(справка: --help)',
  'Example:': 'Пример:',
  'Examples:': 'Примеры:',
  choices: 'варианты',
  default: 'по умолчанию',

  [`
Without a command, a terminal shows a menu.
Exit codes: 0 done, 1 refused or failed (the reason is on standard error), 2 wrong usage.
With --json, standard output holds exactly one JSON document; after a failure it has "error":{"code","message"}.
An option given twice is wrong usage unless it takes several values.
In scripts use \`npm run -s cli -- …\`: without -s, npm prints a banner there.
Settings come from the environment, .env, or the running \`npm start\`.`]: `
Без команды терминал покажет меню.
Коды: 0 — сделано, 1 — отказ или ошибка (причина в стандартном потоке ошибок), 2 — неверный вызов.
С --json в стандартном выводе ровно один документ JSON; после ошибки в нём "error":{"code","message"}.
Параметр, указанный дважды, — неверный вызов, если он не принимает несколько значений.
В скриптах пишите \`npm run -s cli -- …\`: без -s npm печатает свой заголовок.
Настройки берутся из окружения, .env или запущенного \`npm start\`.`,

  'Durable WhatsApp template campaigns from the shell': 'Надёжные рассылки шаблонов WhatsApp из консоли',
  'print the version': 'показать версию',
  'print exactly one JSON document on standard output': 'вывести ровно один документ JSON',

  // campaign
  'Campaigns: create, start, watch, control': 'Рассылки: создать, запустить, следить, управлять',
  'create a campaign as a draft; with --start or --at also start it':
    'создать рассылку черновиком; с --start или --at — и запустить',
  'campaign name': 'название рассылки',
  'template name, name/language, or Gupshup id': 'шаблон: название, название/язык или id в Gupshup',
  'the Gupshup app that sends (default: the default sender); several that have the same template send together':
    'приложение Gupshup, от которого отправлять (иначе основное); несколько с одинаковым шаблоном отправляют вместе',
  'an amoCRM stage or a whole pipeline, by id or name': 'этап amoCRM или вся воронка, по id или названию',
  'leads with any of these tags': 'сделки с любым из этих тегов',
  'leads of any of these users, by id or name': 'сделки любого из этих ответственных, по id или имени',
  'leads created on this day or later': 'сделки, созданные в этот день или позже',
  'leads created on this day or earlier': 'сделки, созданные в этот день или раньше',
  'leads updated on this day or later': 'сделки, изменённые в этот день или позже',
  'leads updated on this day or earlier': 'сделки, изменённые в этот день или раньше',
  'leads with this value in a custom field, by its id or name': 'сделки с этим значением поля (id или название)',
  'from amoCRM take every number of every contact of a lead, not only the best one':
    'из amoCRM взять все номера всех контактов сделки, а не только лучший',
  'a file of people: CSV, Excel (.xlsx) or JSON': 'файл с людьми: CSV, Excel (.xlsx) или JSON',
  'write the unusable lines of --contacts, with reasons, as CSV':
    'записать негодные строки --contacts с причинами в CSV',
  'the phone column, by name, letter or number (default: detected)':
    'столбец с телефонами: название, буква или номер (иначе найдём сами)',
  'the sheet of the workbook (default: the one that holds people)': 'лист книги (иначе тот, где люди)',
  'what to do with hidden or filtered rows (default: skip)':
    'что делать со скрытыми и отфильтрованными строками (иначе skip)',
  'what to do with hidden columns (default: skip)': 'что делать со скрытыми столбцами (иначе skip)',
  'the encoding of a text file, such as windows-1252 (default: detected)':
    'кодировка файла, например windows-1252 (иначе определим сами)',
  'a saved list': 'сохранённый список',
  'these numbers': 'эти номера',
  'people from an earlier campaign: failed_temporarily, undelivered, unread, not_replied, clicked, not_clicked, reached':
    'люди из прошлой рассылки: failed_temporarily, undelivered, unread, not_replied, clicked, not_clicked, reached',
  'exclude the people in a saved list': 'исключить людей из сохранённого списка',
  'exclude the people a campaign reached, or CAMPAIGN:outcome as above':
    'исключить тех, до кого дошла рассылка, или CAMPAIGN:outcome, как выше',
  'put what a person answers into a note on their lead in amoCRM':
    'записать ответ человека примечанием к его сделке в amoCRM',
  "make a task for the lead's responsible user once a person answers":
    'поставить задачу ответственному за сделку, когда человек ответит',
  'move the lead to this stage once a person answers: pipeline:stage, by name or id':
    'перевести сделку на этот этап, когда человек ответит: воронка:этап, по названию или id',
  'only from these stages (default: from where the campaign found the lead, else from any that is not closed)':
    'только с этих этапов (по умолчанию с того, где её нашла рассылка, иначе с любого незакрытого)',
  'exclude the people in an amoCRM stage or pipeline': 'исключить людей с этапа или воронки amoCRM',
  'parameter values: 1=column:NAME, 1=column:NAME|first_name|fallback:friend, 1=text:WORDS':
    'значения параметров: 1=column:NAME, 1=column:NAME|first_name|fallback:friend, 1=text:WORDS',
  'the picture, video or document in the header: an https link, or a file here, which is uploaded to Gupshup':
    'картинка, видео или документ для заголовка: ссылка https или файл на этой машине, он загрузится в Gupshup',
  'note for colleagues, up to 500 characters, shown with the campaign and in its report':
    'заметка для коллег, до 500 знаков; видна у рассылки и в отчёте',
  'start time: ISO 8601, with a zone or in DEFAULT_TIMEZONE': 'время начала: ISO 8601, с поясом или в DEFAULT_TIMEZONE',
  'maximum messages per second': 'не больше сообщений в секунду',
  'send evenly over this much time, such as 4h; closed hours do not count':
    'растянуть равномерно, например на 4h; закрытые часы не в счёт',
  'how many times to resend, on later days, messages that WhatsApp withholds (131049)':
    'сколько раз повторять через сутки, если WhatsApp не доставил рекламу (131049)',
  'no later wave after this time: ISO 8601': 'не повторять после этого времени: ISO 8601',
  'further templates, up to 3, each for a part of the people, to see which does better: TEMPLATE or TEMPLATE=PERCENT':
    'ещё шаблоны, до 3, каждый для части людей: видно, какой лучше; ШАБЛОН или ШАБЛОН=ПРОЦЕНТ',
  'then another message to those who did not react, up to 5: 3d:not_read:TEMPLATE; also not_replied, not_clicked':
    'потом ещё сообщение тем, кто не отреагировал, до 5: 3d:not_read:TEMPLATE; также not_replied, not_clicked',
  'parameters of a follow-up: 1.1=column:NAME for the first --follow-up; columns: name, p1, p2 … (default: p1, p2 …)':
    'параметры догона: 1.1=column:NAME для первого --follow-up; колонки: name, p1, p2 … (иначе p1, p2 …)',
  "https link to the file in a follow-up's header": 'ссылка https на файл в заголовке догона',
  'show the follow-ups of a campaign; pause, resume, cancel or edit them':
    'показать догоны рассылки; поставить на паузу, продолжить, отменить или изменить',
  'no further follow-up begins until they are resumed': 'следующий догон не начнётся, пока их не продолжат',
  'go on; one whose time has passed begins': 'продолжить; догон, чьё время прошло, начнётся',
  'no further follow-up, for good': 'больше ни одного догона, насовсем',
  'change a follow-up that has not begun': 'изменить догон, который ещё не начался',
  'time after what comes before it, such as 3d': 'время после предыдущего сообщения, например 3d',
  'whom it is for': 'для кого он',
  'another template: name, name/language, or Gupshup id': 'другой шаблон: название, название/язык или id в Gupshup',
  'its parameters, as for `campaign create`; columns: name, p1, p2 …':
    'его параметры, как в `campaign create`; колонки: name, p1, p2 …',
  'https link to the file in its header': 'ссылка https на файл в его заголовке',
  [`
A follow-up is a campaign of its own: \`campaign status\` and \`report\` take its id. While they are paused no further one
begins; a follow-up that is being sent is paused, resumed and cancelled with them. --edit changes one that has not begun.`]:
    `
Догон — отдельная рассылка: её id понимают \`campaign status\` и \`report\`. На паузе следующий догон не начинается;
тот, что отправляется, встаёт на паузу, идёт дальше и отменяется вместе с ними. --edit меняет ещё не начатый.`,
  'parameters of a variant: B1=column:NAME for the first --variant, C1=… for the second (default: as --param)':
    'параметры варианта: B1=column:NAME для первого --variant, C1=… для второго (иначе как --param)',
  'with --variant: only so many percent of the people get the variants, the rest gets the best of them':
    'с --variant: варианты получат только столько процентов людей, остальные — лучший из них',
  'what the best is measured by; admin = somebody says (default: replies)':
    'по чему судить, какой лучше; admin — решает человек (иначе по ответам)',
  'how long the test is watched, such as 4h (default: 24h)': 'сколько наблюдать за проверкой, например 4h (иначе 24h)',
  'if the difference may be chance: the best all the same, or ask an admin (default: ask)':
    'если разница может быть случайной: всё равно лучший (best) или спросить (ask; так по умолчанию)',
  'show how a test of variants stands; with --choose say which of them goes to the rest':
    'показать, как идёт проверка вариантов; с --choose сказать, какой получат остальные',
  'the variant that goes to the rest, such as B': 'вариант, который получат остальные, например B',
  'control group: so many percent of the people, 1 to 50, get nothing, to be compared with the others':
    'контрольная группа: столько процентов людей, от 1 до 50, ничего не получат, для сравнения с остальными',
  'hold back the same people as that campaign did (default for both: nobody)':
    'не писать тем же людям, что и в этой рассылке (иначе для обоих: никому)',
  'leave out those who have read none of the last n messages that reached them':
    'пропустить тех, кто не прочитал ни одного из последних n дошедших сообщений',
  'send to the first n people only, watch them, then go on':
    'отправить только первым n получателям, понаблюдать и продолжить',
  'how long to watch them, such as 30m (default: 1h)': 'сколько наблюдать, например 30m (иначе 1h)',
  'then ask an admin in any case (default: only if something is wrong)':
    'потом спросить администратора в любом случае (иначе — только если что-то не так)',
  'start now': 'запустить сейчас',
  'only show what would happen, without creating a campaign': 'только показать, что будет, ничего не создавая',
  'sending hours, such as 09:00-20:00; "any" = at any time (default: SENDING_HOURS)':
    'часы отправки, например 09:00-20:00; any — в любое время (иначе SENDING_HOURS)',
  'sending days, 1 = Monday, such as 1-5,7 (default: SENDING_DAYS)':
    'дни отправки, 1 — понедельник, например 1-5,7 (иначе SENDING_DAYS)',
  'time zone of the hours and days (default: DEFAULT_TIMEZONE)': 'часовой пояс часов и дней (иначе DEFAULT_TIMEZONE)',
  "apply the hours in each recipient's local time, derived from the number":
    'часы — по времени каждого получателя, которое видно по номеру',
  'what to do if it cannot start within an hour of --at (default: ask)':
    'что делать, если не удалось начать в течение часа после --at (иначе ask)',
  'start a draft now; starting it again has no effect': 'запустить черновик сейчас; повторный запуск ничего не меняет',
  'stop sending for now; sends in flight finish': 'приостановить; начатые отправки завершатся',
  'continue after a pause': 'продолжить после паузы',
  'end it: people not yet messaged are skipped, and the report is written':
    'закончить: кому не успели отправить, тех пропустим; отчёт будет',
  'send the rest from other senders that have the same approved template; the campaign must be paused or scheduled':
    'отправить остаток от других отправителей с тем же одобренным шаблоном; рассылка должна быть на паузе или запланирована',
  'let senders send again that stand aside in a campaign of several; without --sender all of them':
    'вернуть отправителей, без которых идёт рассылка от нескольких; без --sender — всех',
  'only these': 'только этих',
  'the Gupshup app; several send together': 'приложение Gupshup; несколько отправляют вместе',
  'change the rate of a campaign at once; this ends a spread': 'сменить скорость сразу; растягивание на этом кончится',
  'change the start time of a scheduled campaign': 'перенести начало запланированной рассылки',
  'ISO 8601, with a zone or in DEFAULT_TIMEZONE': 'ISO 8601, с поясом или в DEFAULT_TIMEZONE',
  'resend failed deliveries that are worth it now; for an ended campaign, as a new campaign':
    'отправить ещё раз тем, кому есть смысл сейчас; после конца рассылки — новой рассылкой',
  'those worth it then (default: now)': 'те, кому есть смысл тогда (иначе now)',
  'only failures in these families': 'только ошибки этих видов',
  'only failures with these codes': 'только ошибки с этими кодами',
  'only show what failed and when sending again is worth it': 'только показать ошибки и когда стоит повторить',
  'decide about sends without an answer, which may or may not have arrived':
    'решить про отправки без ответа: они могли дойти, а могли и нет',
  'count them as accepted': 'считать их принятыми',
  'send them again: people who got the first message get two':
    'отправить ещё раз: кто получил первое сообщение, получит два',
  "show what became of the campaign's leads: moved forward, won, sum, against the control group":
    'показать, что стало со сделками рассылки: продвинулись, куплено, сумма, против контрольной группы',
  'read the leads in amoCRM now, whatever the day': 'прочитать сделки в amoCRM сейчас, какой бы ни был день',
  'read its leads in amoCRM again so many days after its end, such as 1,7,30; "none" = not (default: RESULTS_DAYS)':
    'прочитать её сделки в amoCRM снова через столько дней после окончания, например 1,7,30; none — не читать (иначе RESULTS_DAYS)',
  'show the state and the ledger, which counts each delivery once, at its furthest state':
    'показать состояние и ведомость, где каждая отправка посчитана один раз',
  'list campaigns, newest first': 'список рассылок, новые сверху',
  'maximum number to show': 'сколько показать',
  "list campaigns that wait for a second person's approval; --all: who asked, who answered what and when":
    'рассылки, которые ждут согласия второго человека; --all — кто спросил, кто, что и когда ответил',
  'the answered ones too, newest first': 'и те, на которые ответили, новые сверху',
  'how many campaigns': 'сколько рассылок',
  'run after Temporal was moved or emptied: continues the campaigns in this one':
    'после переноса или очистки Temporal: продолжить рассылки в этом',
  'wait until it has ended; exit 1 if it was cancelled or failed. Ctrl-C stops only the waiting':
    'ждать конца; код 1, если отменена или прервана. Ctrl-C прерывает только ожидание',

  // campaign schedule
  'Recurring campaigns: create, list, pause, resume, delete':
    'Повторяющиеся рассылки: создать, список, пауза, продолжить, удалить',
  'repeat a campaign: each time a new campaign like it is created and started':
    'повторять рассылку: каждый раз создаётся и запускается такая же',
  'the campaign to repeat: a draft or an earlier one': 'что повторять: черновик или прошлая рассылка',
  'when, as five cron fields': 'когда: пять полей cron',
  'time zone of --cron (default: DEFAULT_TIMEZONE)': 'часовой пояс для --cron (иначе DEFAULT_TIMEZONE)',
  "name of its campaigns, followed by the day (default: the campaign's name)":
    'название новых рассылок, к нему добавится день (иначе как у исходной)',
  'list recurring campaigns, soonest first': 'список расписаний, ближайшие сверху',
  'stop firing for now; campaigns it has created continue': 'приостановить; созданные рассылки продолжатся',
  'stop firing for good; campaigns it has created continue': 'удалить; созданные рассылки продолжатся',

  // report, replies
  'answers to campaigns that nobody has dealt with, the oldest first':
    'ответы, которые никто не обработал, сначала старые',
  'mark an answer as dealt with': 'отметить ответ обработанным',
  'the key of the answer, as `replies open` lists it': 'ключ ответа из `replies open`',
  'and send no more marketing to this person': 'и больше не слать этому человеку рекламу',
  'write to the person, within 24 hours of their last message; it goes at once and is never repeated':
    'написать человеку в течение 24 часов после его сообщения; уходит сразу и никогда не повторяется',
  'what to send': 'что отправить',
  'who on the team hears of replies, unless somebody there is responsible for the lead':
    'кому в команде приходят ответы, если у сделки там нет ответственного',
  'say which amoCRM user a person is: replies of the leads they are responsible for come to them':
    'указать, какой пользователь amoCRM этот человек: ему придут ответы по его сделкам',
  'the id of the amoCRM user, or none': 'id пользователя amoCRM или none',
  'report on one campaign, or on all of some days or of one template':
    'отчёт об одной рассылке или обо всех за дни или с шаблоном',
  'campaign id': 'номер рассылки',
  'format of the report': 'вид отчёта',
  'only failed deliveries, one per line': 'только недоставленные, по одному в строке',
  'first day, or time': 'первый день или время',
  'last day (inclusive), or time': 'последний день (включительно) или время',
  'only campaigns with this template; alone, all there have been':
    'только рассылки с этим шаблоном; без дат — все, какие были',
  'write to this file': 'записать в этот файл',
  'language of the report': 'язык отчёта',
  'what people answered': 'что ответили люди',
  'every answer to a campaign, in the order of writing; one person: `contacts show`':
    'все ответы на рассылку по порядку; одного человека — `contacts show`',
  'write them to this file, as CSV': 'записать в этот файл CSV',
  'language of the CSV': 'язык CSV',

  // send, templates, phone
  'send one template message to one number; exit 1 unless Gupshup accepts it':
    'отправить одно сообщение на один номер; код 1, если Gupshup не принял',
  'the number, as people write it': 'номер, как его пишут люди',
  'the parameters, in template order': 'параметры в порядке шаблона',
  'the Gupshup app that sends (default: the default sender)':
    'приложение Gupshup, от которого отправлять (иначе основное)',
  'WhatsApp templates': 'Шаблоны WhatsApp',
  "list the sender's templates, as last read from Gupshup":
    'шаблоны отправителя, как их последний раз прочитали из Gupshup',
  'read from Gupshup now': 'прочитать из Gupshup сейчас',
  'of this Gupshup app (default: the default sender)': 'этого приложения Gupshup (иначе основного)',
  'show one template: its details, its parameters, and the message as recipients see it':
    'показать шаблон: свойства, параметры и сообщение, каким его увидят',
  'the values to fill in, in template order': 'значения для подстановки в порядке шаблона',
  'the media link to show in the header': 'ссылка на файл для заголовка',
  'put a template together, from options or a JSON file, and check it; nothing is submitted':
    'составить шаблон из параметров или файла JSON и проверить; никуда не отправляется',
  'JSON, as in the example': 'JSON, как в примере',
  'change this draft; what is not given stays': 'изменить этот черновик; что не указано, остаётся',
  'a-z, 0-9 and _; default: made of the text': 'a–z, 0–9 и _; иначе составляется из текста',
  'what it is for': 'для чего он',
  "of the text, as Meta writes it: ru, en, en_US (default: the console's)":
    'язык текста, как у Meta: ru, en, en_US (иначе язык консоли)',
  'the text, with {{1}}, {{2}} … where values go': 'текст; {{1}}, {{2}} … там, где подставляются значения',
  "a value of each variable, for Meta's reviewers": 'значение каждой переменной, для проверяющих Meta',
  'a line above the text': 'строка над текстом',
  "the value of the header's variable": 'значение переменной в заголовке',
  'a grey line below the text': 'серая строка под текстом',
  'TEXT, TEXT=https://…, TEXT=+7…, or =CODE': 'ТЕКСТ, ТЕКСТ=https://…, ТЕКСТ=+7… или =КОД',
  'for this Gupshup app (default: the default sender)': 'для этого приложения Gupshup (иначе основного)',
  "the templates put together here, with Meta's answers, the newest first":
    'составленные здесь шаблоны и ответы Meta, сначала новые',
  "check a draft by Meta's rules: everything to correct, and how":
    'проверить черновик по правилам Meta: всё, что исправить, и как',
  'the draft, as `templates drafts` lists it': 'черновик, как его называет `templates drafts`',
  "submit a draft for Meta's review, once; the worker follows it and tells the team":
    'отправить черновик на проверку Meta, один раз; worker следит за ним и сообщает команде',
  'ask Gupshup what became of submitted drafts': 'спросить Gupshup, что стало с отправленными черновиками',
  'this one only': 'только этот',
  'take a draft away; a submitted one is deleted at Gupshup too, in every language, for good':
    'убрать черновик; отправленный удаляется и в Gupshup, на всех языках, навсегда',
  'Phone numbers': 'Номера телефонов',
  'show the E.164 numbers in each text; exit 1 if a text has none, or a piece that is not a number':
    'показать номера E.164 в каждом тексте; код 1, если номера нет или есть лишнее',
  'numbers as people write them; a text may hold several':
    'номера, как их пишут люди; в тексте их может быть несколько',
  'two-letter country for numbers without a country code (default: DEFAULT_COUNTRY)':
    'страна (две буквы) для номеров без кода (иначе DEFAULT_COUNTRY)',

  // crm
  'amoCRM: pipelines, stages, leads': 'amoCRM: воронки, этапы, сделки',
  'show the pipelines and their stages, as last read from amoCRM':
    'воронки и этапы, как их последний раз прочитали из amoCRM',
  'read from amoCRM now': 'прочитать из amoCRM сейчас',
  'show the users who can be responsible for leads, as last read from amoCRM':
    'кто может быть ответственным, по последнему чтению из amoCRM',
  'show the custom fields of leads and their choices, as last read from amoCRM':
    'поля сделок и их значения, по последнему чтению из amoCRM',
  'show the tags of leads, as last read from amoCRM': 'теги сделок, по последнему чтению из amoCRM',
  'count leads, their prices and reachable people in every stage, and save the counts':
    'посчитать сделки, суммы и людей с телефоном на каждом этапе и сохранить',
  'show the last snapshot without asking amoCRM': 'показать последний снимок, не спрашивая amoCRM',
  "write a campaign's outcome to amoCRM, at once or when it ends; each lead once":
    'записать итоги рассылки в amoCRM, сразу или в конце; в каждую сделку один раз',
  'add a note with the outcome to every lead that was messaged': 'примечание с итогом во все сделки, кому писали',
  'tag the leads that were reached': 'тег сделкам, до кого дошло',
  'move the leads that were reached, if they are still in the same stage':
    'перевести сделки, до кого дошло, если они всё ещё на том же этапе',
  'create a task for the responsible user of each lead that answered':
    'задача ответственному по каждой ответившей сделке',
  'wait until it is done': 'ждать, пока закончится',
  'only show the progress': 'только показать ход',
  'show the leads of a stage, a pipeline or the whole CRM, with phones as written there':
    'сделки этапа, воронки или всей CRM, с телефонами как там записано',
  'id or name of the pipeline': 'id или название воронки',
  'id or name of the stage; needs --pipeline': 'id или название этапа; нужен --pipeline',
  'print the link with which an amoCRM administrator grants access (OAuth)':
    'показать ссылку, по которой администратор amoCRM даёт доступ (OAuth)',
  'wait until access is granted, at most until the link expires': 'ждать доступа, но не дольше срока ссылки',

  // contacts
  'Lists of people, and single contacts': 'Списки людей и отдельные контакты',
  'save the people in a file as a list; a name used several times means the newest list':
    'сохранить людей из файла списком; одинаковое название значит самый новый',
  'CSV (any common encoding and separator), Excel (.xlsx) or JSON with a phone column':
    'CSV (любая обычная кодировка и разделитель), Excel (.xlsx) или JSON со столбцом телефонов',
  'name of the list': 'название списка',
  'only show how the file is read: columns, phones, the first rows':
    'только показать, как прочитан файл: столбцы, телефоны, первые строки',
  'write the unusable lines, with reasons, as CSV': 'записать негодные строки с причинами в CSV',
  'record that they agreed to this category': 'записать, что они согласны на эту категорию',
  'find people by part of their number or words of their name; --save-as saves them as a list':
    'найти людей по части номера или словам имени; --save-as сохранит их списком',
  'part of a number, or words of a name; without it: everyone': 'часть номера или слова имени; без них — все',
  'only those with this tag': 'только с этим тегом',
  'save all matches as a list of this name': 'сохранить всех найденных списком с этим названием',
  'show what is known about a number: names, tags, suppressions, consents, messages, replies, removals':
    'всё, что известно о номере: имена, теги, запреты, согласия, сообщения, ответы, удаления',
  'maximum number of messages, replies and removals to show, newest first':
    'сколько сообщений, ответов и удалений показать, новые сверху',
  'also show the text of replies': 'показать и тексты ответов',
  'add a tag to contacts': 'поставить тег контактам',
  'remove a tag from contacts': 'снять тег с контактов',
  'list all tags and how many contacts have each': 'все теги и сколько контактов с каждым',
  'export contacts as CSV, all or only matches': 'выгрузить контакты в CSV, все или найденные',
  'part of a number, or words of a name': 'часть номера или слова имени',
  "erase a person's data everywhere; the counts stay": 'стереть данные человека отовсюду; счётчики останутся',
  'confirm: this cannot be undone': 'подтверждение: восстановить будет нельзя',
  'the person wants to be messaged again: keep no hash of their opt-out':
    'человек снова хочет сообщений: не хранить отпечаток его отказа',

  'saved lists: list, show, rename, delete; a name used several times means the newest list':
    'сохранённые списки: показать, переименовать, удалить; одинаковое название значит самый новый',
  'list saved lists, newest first': 'сохранённые списки, новые сверху',
  'show a list: when it was saved and by whom, its columns, its first people':
    'показать список: когда и кем сохранён, столбцы, первые люди',
  'name or id of a list': 'название или id списка',
  'how many people to show': 'сколько людей показать',
  'give a list another name': 'переименовать список',
  'its new name': 'новое название',
  'delete a list and its rows; its people stay contacts': 'удалить список и его строки; люди останутся в контактах',

  // rules
  'Rules by country and category: allow, warn, skip':
    'Правила по странам и категориям: разрешать, предупреждать, пропускать',
  'list the rules': 'показать правила',
  'set what is done with numbers of a country': 'задать, что делать с номерами страны',
  'two-letter code such as KZ, a name, or all': 'двухбуквенный код, например KZ, название или all',
  'of which messages': 'о каких сообщениях',
  'what to do': 'что делать',
  'leave out whoever has no recorded consent to such messages':
    'пропускать тех, у кого нет записанного согласия на такие сообщения',
  'remove a rule of your own': 'убрать своё правило',
  'leave out numbers of these countries, by code or name (rules for all campaigns: bobcofer rules)':
    'пропустить номера этих стран, по коду или названию (правила для всех рассылок: bobcofer rules)',
  [`
The most specific rule counts: a country before a category, your own before those that came with the program.
A change holds from the next message on, in running campaigns too. People left out: skipped(country_rule).
A rule with --consent also leaves out whoever has no recorded consent to such messages: skipped(no_consent).`]: `
Действует самое точное правило: страна важнее категории, свои важнее тех, что пришли с программой.
Изменение действует со следующего сообщения, и в идущих рассылках. Кого пропустили: skipped(country_rule).
Правило с --consent пропускает и тех, у кого нет записанного согласия на такие сообщения: skipped(no_consent).`,

  // prices
  'What a message costs in which country': 'Сколько стоит сообщение в какой стране',
  "import Meta's rate card; one of the same day is replaced": 'загрузить прайс Meta; прайс того же дня заменяется',
  'CSV in USD, one row a market': 'CSV в USD, по строке на рынок',
  'the day from which the prices hold, as on the card': 'с какого дня действуют цены, как в прайсе',
  "Gupshup's own fee on every message; default: the one in force":
    'комиссия Gupshup за каждое сообщение; по умолчанию действующая',
  'show the prices of countries on a day; without a country, the tables there are':
    'показать цены стран на день; без страны — какие есть прайсы',
  'ISO codes such as RU': 'коды ISO, например RU',
  'the day; default: today': 'день; по умолчанию сегодня',
  'remove the imported prices of that day': 'удалить загруженные цены этого дня',
  'the day from which they hold': 'с какого дня они действуют',

  // consent, suppress
  'show what is recorded of a person: consents, opt-outs, and what was taken back':
    'показать, что записано о человеке: согласия, отписки и что было снято',
  'write what is recorded of a person as a document, for them or for an authority':
    'выдать записанное о человеке документом: ему самому или ведомству',
  'format of the document': 'формат документа',
  'language of the document': 'язык документа',
  'the document that they agreed to': 'документ, с которым согласились',
  'which text of it: a version, a date or a hash': 'какая редакция: версия, дата или хеш',
  'when they agreed (default: now)': 'когда согласились (иначе сейчас)',
  'where they agreed: a text for all, or column:NAME (default: a column such as consent_source)':
    'где согласились: текст для всех или column:НАЗВАНИЕ (иначе столбец вроде «Источник согласия»)',
  'the document that they agreed to, likewise (default: a column such as consent_document)':
    'документ, с которым согласились, так же (иначе столбец вроде «Документ согласия»)',
  'which text of it, likewise (default: a column such as consent_version)':
    'его редакция, так же (иначе столбец вроде «Версия согласия»)',
  'when they agreed, likewise (default: a column such as consent_at, else now)':
    'когда согласились, так же (иначе столбец вроде «Дата согласия», иначе сейчас)',
  'Recorded consents (setting REQUIRE_CONSENT)': 'Записанные согласия (настройка REQUIRE_CONSENT)',
  'record that these numbers agreed': 'записать согласие этих номеров',
  'what they agreed to': 'на что согласились',
  'where they agreed': 'где согласились',
  'record consent for every number in a file': 'записать согласие всех номеров файла',
  'CSV, Excel (.xlsx) or JSON with a phone column': 'CSV, Excel (.xlsx) или JSON со столбцом телефонов',
  'remove the consents of these numbers; the audit keeps who removed what and when':
    'удалить согласия этих номеров; в журнале останется, кто, что и когда',
  'only consents of this category; default: all of them': 'только согласия этой категории; иначе все',
  'Numbers that must not be messaged': 'Номера, которым не писать',
  'stop messaging these numbers; an existing entry with the same reason and scope stays':
    'больше не писать этим номерам; такая же запись, если есть, останется',
  'all: no messages at all; marketing: no marketing': 'all — совсем не писать; marketing — без рекламы',
  'opted_out, invalid, manual, or your own words (stored as manual)':
    'opted_out, invalid, manual или свои слова (запишутся как manual)',
  'suppress every number in a file': 'внести в стоп-лист все номера файла',
  'show whether these numbers are suppressed, since when, why and by whom':
    'показать, в стоп-листе ли эти номера, с каких пор, почему и кем внесены',
  'allow messages to these numbers again; the audit keeps who removed what and when':
    'снова разрешить писать этим номерам; в журнале останется, кто, что и когда',
  'only entries of this scope; default: all of them': 'только записи этой области; иначе все',
  'show the suppressed numbers, newest first': 'стоп-лист, новые сверху',
  'only entries of this scope': 'только записи этой области',
  'list opt-outs from unknown numbers instead': 'вместо этого — отписки с неизвестных номеров',
  'list possible opt-outs that await an answer instead': 'вместо этого — возможные отписки, которые ждут ответа',

  // users, audit
  'The team: who may use the bot, with which role, and hears about campaigns':
    'Команда: кому можно в бот, с какой ролью и кто узнаёт о рассылках',
  'list the team': 'показать команду',
  'make a link that lets one person join the team, once': 'создать одноразовую ссылку-приглашение',
  'their role': 'роль',
  'how long it holds': 'сколько часов действует',
  'list the invitations that still hold, or revoke one': 'показать действующие приглашения или отозвать одно',
  'make this one useless': 'отозвать это приглашение',
  'add a person to the team without an invitation': 'добавить человека в команду без приглашения',
  'their Telegram id': 'Telegram ID человека',
  "change a person's role: from the next second on": 'сменить роль: действует со следующей секунды',
  'the new role': 'новая роль',
  'remove a person from the team: from the next second on they can do nothing and hear nothing':
    'убрать из команды: со следующей секунды ни доступа, ни уведомлений',
  'Who did what and when, and who saw which report': 'Кто, что и когда сделал и кто какой отчёт видел',
  'list what was done, newest first': 'что сделано, новое сверху',
  'only by this person (Telegram id), or by cli, telegram or system':
    'только этого человека (Telegram ID) или cli, telegram, system',
  'only about this campaign': 'только об этой рассылке',
  'how many; default: 50, or all as CSV': 'сколько; иначе 50, а в CSV все',
  'format of the list': 'вид списка',
  'write the CSV to this file': 'записать CSV в этот файл',

  // Machinery
  "import the older program's settings, people, jobs and logs":
    'перенести настройки, людей, задания и журналы старой программы',
  'the folder with its conf.json, contacts.json, logs/ …': 'папка с её conf.json, contacts.json, logs/ …',
  'only show what would be imported': 'только показать, что будет перенесено',
  'overwrite settings that have a different value': 'заменить настройки, у которых другое значение',
  'settings file': 'файл настроек',
  'bring the database and Temporal to what this version needs':
    'привести базу данных и Temporal к тому, что нужно этой версии',
  'only say what would be done': 'только показать, что будет сделано',
  'check the services, settings, versions, queues and webhooks; exit 1 if there is a problem':
    'проверить сервисы, настройки, версии, очереди и вебхуки; код 1, если есть неполадка',
  'run after restoring the database from a backup: prevents second messages':
    'после восстановления базы из копии: не даст отправить второй раз',
  'when the backup began, ISO 8601': 'когда началась копия, ISO 8601',
  'Temporal was not restored': 'Temporal не восстанавливали',
  'print a script that completes commands, options and names in a shell':
    'показать скрипт автодополнения команд, параметров и имён',
  'the shell': 'оболочка',
  'what the completion scripts ask for, one value a line':
    'что спрашивают скрипты автодополнения, по значению в строке',
  'which values': 'какие значения',
};

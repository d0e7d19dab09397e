/** What the console says, in Russian, by its English sentence; a test finds those that are missing, and those that nobody says. */
import { RUSSIAN_HELP } from './russian-help';
import { RUSSIAN_USAGE } from './russian-usage';

const SENTENCES: Record<string, string> = {
  // While it works
  '`{{command}}` is at work': 'Выполняется `{{command}}`',
  '{{what}}: {{seconds}} s so far': '{{what}}: прошло {{seconds}} с',
  'Reading leads from amoCRM': 'Читаю сделки amoCRM',
  'Writing the report': 'Пишу отчёт',
  'Reading the audience and checking everyone in it': 'Читаю и проверяю получателей',
  "Waiting for Gupshup's answer": 'Жду ответа Gupshup',

  '--canary-wait: expected --canary with it': '--canary-wait: нужен и --canary',
  '--canary-ask: expected --canary with it': '--canary-ask: нужен и --canary',

  // Consent
  'Not recorded, for their time cannot be read or is to come: {{count}}.':
    'Не записано, потому что время не прочитать или оно ещё не наступило: {{count}}.',
  'expected --source, or a column that says where they agreed, such as consent_source':
    'нужен --source или столбец, где сказано, где согласились, например «Источник согласия»',
  '--{{option}}: expected --consent with it': '--{{option}}: нужен и --consent',
  '--at: expected a date or time that has passed, such as 2026-03-01, got "{{given}}"':
    '--at: ожидались прошедшие дата или время, например 2026-03-01, а дано «{{given}}»',

  // Rules by country
  '{{country}}, {{category}}: {{action}}': '{{country}}, {{category}}: {{action}}',
  '{{country}}, {{category}}: {{action}}, only with a consent':
    '{{country}}, {{category}}: {{action}}, только с согласием',
  '{{rule}}. It holds from the next message on.': '{{rule}}. Действует со следующего сообщения.',
  'Removed: {{rule}}': 'Убрано: {{rule}}',
  'There are no rules.': 'Правил нет.',
  'came with the program': 'пришло с программой',
  required: 'нужно',
  'not required': 'не нужно',
  'skipped by a rule {{count}}': 'пропущено по правилу {{count}}',
  'without a consent {{count}}': 'без согласия {{count}}',
  '{{percent}} % of {{sent}} delivered in the last 30 days': 'за 30 дней доставлено {{percent}} % из {{sent}}',
  // Results
  'Reading the leads in amoCRM': 'Читаю сделки в amoCRM',
  'The leads are still being read. `campaign results {{id}}` shows them later.':
    'Сделки ещё читаются. Позже их покажет `campaign results {{id}}`.',

  // Replies
  'Everything is dealt with.': 'Всё обработано.',
  'expected the id of an amoCRM user, such as 501, or none; got "{{given}}"':
    'ожидался id пользователя amoCRM, например 501, или none, а дано «{{given}}»',
  '{{key}} is dealt with.': '{{key}}: обработано.',
  '{{key}} was dealt with before, {{at}}.': '{{key}}: уже обработано, {{at}}.',
  'Sent.': 'Отправлено.',
  'No answer came from Gupshup: unknown whether it was sent. Look into WhatsApp before you repeat it.':
    'Gupshup не ответил: неизвестно, ушло ли сообщение. Прежде чем повторять, посмотрите в WhatsApp.',
  'Replies of leads of amoCRM user {{crmUserId}} come to {{id}}.':
    'Ответы по сделкам пользователя amoCRM {{crmUserId}} приходят {{id}}.',
  'Replies of leads no longer come to {{id}}.': 'Ответы по сделкам больше не приходят {{id}}.',

  // A campaign
  'template {{template}}, audience {{audience}}, sender {{sender}}, at most {{rate}} per second':
    'шаблон {{template}}, получатели: {{audience}}, отправитель {{sender}}, не больше {{rate}} в секунду',
  'starts {{at}}': 'начнётся {{at}}',
  'started {{at}}': 'началась {{at}}',
  'ended {{at}}': 'закончилась {{at}}',
  'closed until {{at}}': 'сейчас не время отправки, продолжится {{at}}',
  'waiting: the messaging limit of {{limit}} people in 24 hours is reached; next check for room {{at}}':
    'ждёт: лимит WhatsApp исчерпан ({{limit}} человек в сутки); следующая попытка {{at}}',
  'waiting: the messaging limit of {{limit}} people in 24 hours is reached but for {{kept}} kept for tests; next check for room {{at}}':
    'ждёт: лимит WhatsApp исчерпан ({{limit}} человек в сутки), кроме {{kept}}, что оставлены для проб; следующая попытка {{at}}',
  'without {{sender}} since {{at}}: {{detail}} ({{code}}); {{then}}':
    'без отправителя {{sender}} с {{at}}: {{detail}} ({{code}}); {{then}}',
  'once it is fixed: `campaign back {{id}}`': 'когда причина устранена: `campaign back {{id}}`',
  '{{sender}}: Gupshup takes only about {{rate}} per second (cap {{cap}}); lower the cap, or ask Gupshup for more':
    '{{sender}}: Gupshup принимает лишь около {{rate}} в секунду (предел {{cap}}); снизьте предел или попросите Gupshup о большем',
  'no worker is running, so it waits. Start one: `npm run worker`':
    'ни один worker не работает, рассылка ждёт. Запустите: `npm run worker`',
  'no worker is running, so it waits; the last one was seen {{at}}. Start one: `npm run worker`':
    'ни один worker не работает, рассылка ждёт; последний был виден {{at}}. Запустите: `npm run worker`',
  '(no worker is running: start one)': '(ни один worker не работает: запустите)',
  '{{total}} people': 'Людей: {{total}}',
  '{{done}} of {{total}} done, {{delivered}} delivered, {{failed}} failed, {{unknown}} unknown, {{skipped}} skipped':
    'готово {{done}} из {{total}}, доставлено {{delivered}}, не доставлено {{failed}}, неизвестно {{unknown}}, пропущено {{skipped}}',
  ' by {{who}}': ' ({{who}})',
  ' because of {{code}}: {{detail}}': ', причина {{code}}: {{detail}}',
  'Campaign {{id}} ended {{state}}, not completed.': 'Рассылка {{id}} закончилась иначе: {{state}}.',
  'No longer waiting. The campaign continues by itself: `campaign status {{id}}` shows its progress.':
    'Больше не жду. Рассылка продолжается сама: ход покажет `campaign status {{id}}`.',
  'Campaign "{{name}}" is created: {{id}} ({{state}})': 'Рассылка «{{name}}» создана: {{id}} ({{state}})',
  'Campaign "{{name}}" is created: {{id}} ({{state}} for {{at}})':
    'Рассылка «{{name}}» создана: {{id}} ({{state}} на {{at}})',
  'Campaign {{id}} is created as a draft but not started: {{why}}':
    'Рассылка {{id}} создана как черновик, но не запущена: {{why}}',
  'Start it with: campaign start {{id}}': 'Запустить: campaign start {{id}}',
  'Watch it with: campaign wait {{id}}': 'Следить: campaign wait {{id}}',
  'it ends at about {{at}}': 'закончится примерно {{at}}',
  'There are no campaigns. `campaign create --help` shows how to create one.':
    'Рассылок нет. Как создать, скажет `campaign create --help`.',
  'No campaign waits for an approval.': 'Ни одна рассылка не ждёт согласия.',
  'No campaign has needed an approval.': 'Ни одной рассылке согласие не требовалось.',
  'Nobody is in it.': 'В нём никого нет.',
  'There are no active campaigns. The database now belongs to this Temporal.':
    'Идущих рассылок нет. Теперь база относится к этому Temporal.',

  // Before it starts
  '{{total}} people, {{sendable}} to message.': 'Людей: {{total}}, отправим {{sendable}}.',
  '{{total}} people, {{sendable}} to message, skipped: {{skipped}}.':
    'Людей: {{total}}, отправим {{sendable}}, пропустим: {{skipped}}.',
  'Follow-ups of {{name}} ({{id}}): {{state}}': 'Догоны рассылки {{name}} ({{id}}): {{state}}',
  'the campaign has not been started': 'рассылка ещё не запущена',
  'Temporal does not know them any more: `--resume` lets them go on':
    'Temporal о них больше не знает: `--resume` запустит их дальше',
  'next: {{step}}, {{at}}': 'следующий: {{step}}, {{at}}',
  STEP: 'ШАГ',
  AFTER: 'ЧЕРЕЗ',
  TO: 'КОМУ',
  LEFT: 'ВЫБЫЛИ',
  SENT: 'ОТПРАВЛЕНО',
  READ: 'ПРОЧИТАНО',
  'Variant {{variant}}, {{template}}: {{people}} people.': 'Вариант {{variant}}, {{template}}: людей {{people}}.',
  'What wins the test: {{people}} people.': 'Победитель проверки: людей {{people}}.',
  'Sending takes about {{duration}}.': 'Займёт около {{duration}}.',
  'The messaging limit of {{limit}} people in 24 hours has room for {{left}} of them now; the rest follow as room appears.':
    'Лимит WhatsApp: {{limit}} новых людей в сутки, сейчас можно ещё {{left}}; остальные получат позже.',
  'Of the limit {{kept}} are kept for tests and single messages.':
    'Из лимита {{kept}} оставлено для проб и отдельных сообщений.',
  ', first at {{where}}': ', впервые: {{where}}',
  'With its follow-ups: at most {{sum}}, should everybody get them all.':
    'С догонами: не дороже {{sum}}, если каждый получит все.',
  'Gupshup wallet: {{sum}}.': 'В кошельке Gupshup — {{sum}}.',
  'Warning: {{warning}}': 'Внимание: {{warning}}',
  '  --param "{{param}}" means {{value}}': '  --param "{{param}}" значит {{value}}',
  'Estimated cost: {{sum}} if all are delivered (rates of {{day}}); undelivered messages are almost free.':
    'Стоимость: {{sum}}, если доставят всем (цены от {{day}}); недоставленные почти бесплатны.',
  'Estimated cost: at most {{sum}} (rates of {{day}}); undelivered messages are almost free.':
    'Стоимость: не дороже {{sum}} (цены от {{day}}); недоставленные почти бесплатны.',
  '{{country}} ({{people}} people)': '{{country}} (людей: {{people}})',
  'numbers without a country': 'номера без страны',
  'Wide because no rate is set for: {{countries}}. Add it to the price file (PRICES_FILE).':
    'Разброс такой, потому что цена не задана: {{countries}}. Её можно вписать в файл цен (PRICES_FILE).',

  // One message
  'Gupshup accepted the message to {{phone}}: {{id}} ({{state}}).':
    'Gupshup принял сообщение на {{phone}}: {{id}} ({{state}}).',
  'The message to {{phone}} was not accepted: it is {{state}}{{why}}.':
    'Сообщение на {{phone}} не принято: {{state}}{{why}}.',
  "Campaign {{id}} is started: waiting for Gupshup's answer, at most a minute. After Ctrl-C it goes on: campaign status {{id}}":
    'Рассылка {{id}} запущена: жду ответа Gupshup, не больше минуты. После Ctrl-C она продолжится: campaign status {{id}}',
  '{{lead}}; Gupshup says "{{detail}}"': '{{lead}}; ответ Gupshup: «{{detail}}»',

  // Sending again
  '{{name}} ({{id}}): nothing has failed.': '{{name}} ({{id}}): ошибок нет.',
  '{{name}} ({{id}}): {{failed}} failed. When sending again is worth it:':
    '{{name}} ({{id}}): не доставлено {{failed}}. Когда стоит отправить ещё раз:',
  ', not before {{at}}': ', не раньше {{at}}',
  'Campaign {{id}} has no failed deliveries to send again.': 'В рассылке {{id}} нет того, что стоит отправить ещё раз.',
  'Campaign {{id}} has no failed deliveries to send again {{when}}. There are: {{groups}}. `campaign retry {{id}} --check` says why.':
    'В рассылке {{id}} нечего отправлять ещё раз с --when {{when}}. Есть: {{groups}}. Причины покажет `campaign retry {{id}} --check`.',
  'Campaign {{id}} is still {{state}}: it takes deliveries back at once, and these must wait. Once it has ended, --when later starts a new campaign in time.':
    'Рассылка {{id}} ещё не закончилась ({{state}}): она отправит сразу, а этим надо подождать. Когда закончится, --when later вовремя начнёт новую.',
  'No {{kind}} to complete: {{why}}': 'Значений для автодополнения нет ({{kind}}): {{why}}',
  'no answer': 'нет ответа',
  'no: its workflow exists': 'нет: её workflow есть',
  'Left: {{groups}}. `campaign retry {{id}} --check` says why.':
    'Осталось: {{groups}}. Причины покажет `campaign retry {{id}} --check`.',
  '{{count}} unknown deliveries now count as accepted.': 'Теперь считаем принятыми: {{count}}.',
  'in campaign {{id}}': 'в рассылке {{id}}',
  'as a new campaign, {{id}}': 'новой рассылкой, {{id}}',
  ', from {{at}} on': ', начиная с {{at}}',
  '1 delivery will be resent {{where}}{{from}}.': 'Отправим ещё раз одному человеку {{where}}{{from}}.',
  '{{count}} deliveries will be resent {{where}}{{from}}.': 'Отправим ещё раз {{where}}{{from}}; людей: {{count}}.',

  // Schedules
  'Schedule {{id}} is deleted. Campaigns it has created continue.':
    'Расписание {{id}} удалено. Уже созданные рассылки продолжатся.',
  ', paused': ', на паузе',
  'next {{at}}': 'следующий запуск {{at}}',
  'There are no recurring campaigns. `campaign schedule create --help` shows how to create one.':
    'Расписаний нет. Как создать, скажет `campaign schedule create --help`.',

  // Files and lists of people
  'line {{line}}': 'строка {{line}}',
  '… and {{more}} more lines: {{file}}': '… и ещё строк: {{more}}, все в {{file}}',
  '… and {{more}} more lines; --rejected FILE writes them all to a file':
    '… и ещё строк: {{more}}; --rejected FILE запишет все в файл',
  'Cannot write the file "{{path}}" ({{code}}).': 'Не удалось записать файл «{{path}}» ({{code}}).',
  'Cannot read the file "{{file}}" ({{code}}).': 'Не удалось прочитать файл «{{file}}» ({{code}}).',
  'no header': 'без заголовка',
  'header in line {{line}}': 'заголовок в строке {{line}}',
  'columns named by their keys': 'столбцы названы по ключам',
  'Columns: {{columns}}.': 'Столбцы: {{columns}}.',
  '… and {{rest}} more columns': '… и ещё столбцов: {{rest}}',
  '"{{name}}" ({{count}} of {{looked}} rows; {{why}})': '«{{name}}» (строк: {{count}} из {{looked}}; {{why}})',
  ', then ': ', затем ',
  'Other sheets with phones: {{sheets}}. To choose one: --sheet NAME.':
    'Другие листы с телефонами: {{sheets}}. Выбрать: --sheet NAME.',
  'Hidden or filtered rows among the first: {{count}}, {{fate}}.':
    'Скрытых и отфильтрованных среди первых строк: {{count}}, {{fate}}.',
  'Hidden columns: {{columns}}, {{fate}}.': 'Скрытые столбцы: {{columns}}, {{fate}}.',
  included: 'включены',
  'left out unless --hidden-rows include': 'не включены; включит --hidden-rows include',
  'left out unless --hidden-columns include': 'не включены; включит --hidden-columns include',
  'Phones: {{named}}: {{why}}. A valid number in {{rows}} of the {{looked}} rows inspected.':
    'Телефоны: {{named}}: {{why}}. Верный номер в {{rows}} из {{looked}} просмотренных строк.',
  'Other columns with phones: {{columns}}. To choose one: --phone-column NAME.':
    'Другие столбцы с телефонами: {{columns}}. Выбрать: --phone-column NAME.',
  'The encoding is uncertain; read as {{encoding}}. To choose another: --encoding NAME.':
    'Кодировка под вопросом; прочитано как {{encoding}}. Выбрать другую: --encoding NAME.',
  'List "{{name}}" ({{id}}): {{count}} people, {{rejected}} without a usable phone.':
    'Список «{{name}}» ({{id}}): людей {{count}}, без годного телефона {{rejected}}.',
  'List "{{name}}" ({{id}}): {{count}} people.': 'Список «{{name}}» ({{id}}): людей {{count}}.',
  'Phones are in column "{{column}}": {{why}}.': 'Телефоны в столбце «{{column}}»: {{why}}.',
  'Columns for parameters: {{columns}}.': 'Столбцы для параметров: {{columns}}.',
  'Consents to {{category}}: {{added}} recorded.': 'Записано согласий ({{category}}): {{added}}.',
  'Hidden or filtered rows: {{count}}, included.': 'Скрытых и отфильтрованных строк: {{count}}, включены.',
  'Hidden or filtered rows: {{count}}, left out; --hidden-rows include includes them.':
    'Скрытых и отфильтрованных строк: {{count}}, не включены; включит --hidden-rows include.',
  'There are no saved lists yet. Create one with: contacts import FILE --list NAME':
    'Сохранённых списков пока нет. Создать: contacts import FILE --list NAME',

  // People
  'No one matches.': 'Никто не нашёлся.',
  '… and {{more}} more; --limit shows them': '… и ещё {{more}}; покажет --limit',
  'Tagged "{{tag}}": {{changed}} of {{all}}.': 'Тег «{{tag}}» поставлен: {{changed}} из {{all}}.',
  'Untagged "{{tag}}": {{changed}} of {{all}}.': 'Тег «{{tag}}» снят: {{changed}} из {{all}}.',
  'There are no tags yet.': 'Тегов пока нет.',
  '{{file}}: {{count}} contacts.': '{{file}}: контактов {{count}}.',
  '  … and {{more}} older ones; --limit shows more': '  … и ещё {{more}} более ранних; покажет --limit',
  '  tags: {{tags}}': '  теги: {{tags}}',
  '  met {{first}} – {{last}} in {{sources}}': '  встречался с {{first}} по {{last}}: {{sources}}',
  '  suppressed ({{scope}}) since {{at}} by {{who}}: {{why}}': '  в стоп-листе ({{scope}}) с {{at}}, {{who}}: {{why}}',
  '  not suppressed': '  в стоп-листе нет',
  '  consent to {{category}} at {{at}} by {{who}}: {{source}}':
    '  согласие ({{category}}), {{at}}, {{who}}: {{source}}',
  '  no messages': '  сообщений не было',
  '  messages: {{count}}': '  сообщений: {{count}}',
  ' to {{id}}': ' на {{id}}',
  '  reply {{at}}{{to}}{{said}}': '  ответ {{at}}{{to}}{{said}}',
  '  {{done}} at {{at}} by {{who}}': '  {{done}}: {{at}}, {{who}}',
  'Nothing was erased: active campaigns may still message this number: {{named}}. Cancel them or wait until they end.':
    'Ничего не стёрто: на этот номер ещё могут написать рассылки {{named}}. Отмените их или дождитесь конца.',
  'Erased: {{counts}}.': 'Стёрто: {{counts}}.',
  'Consents removed: {{count}}.': 'Удалено согласий: {{count}}.',
  'Consents recorded: {{added}}.': 'Записано согласий: {{added}}.',
  'Consents recorded: {{added}}, already recorded: {{already}}.':
    'Записано согласий: {{added}}, уже были: {{already}}.',
  'Added: {{phones}}': 'Добавлены: {{phones}}',
  'Already there: {{phones}}': 'Уже были: {{phones}}',
  'Removed: {{phones}}': 'Удалены: {{phones}}',
  'Was not there: {{phones}}': 'Не было: {{phones}}',
  '{{added}} numbers added, {{already}} were there already, {{rejected}} lines without a number.':
    'Добавлено номеров: {{added}}, уже были: {{already}}, строк без номера: {{rejected}}.',
  '{{phone}}: not suppressed': '{{phone}}: в стоп-листе нет',
  '{{phone}}: suppressed ({{scope}}) since {{at}} by {{who}}: {{why}}':
    '{{phone}}: в стоп-листе ({{scope}}) с {{at}}, {{who}}: {{why}}',
  'Prices from {{day}}: markets in the card {{markets}}, countries with a price of their own {{countries}}.':
    'Цены с {{day}}: рынков в прайсе — {{markets}}, стран со своей ценой — {{countries}}.',
  "No table has Gupshup's fee on that day, so that it counts as 0: say it with --fee.":
    'Комиссии Gupshup на этот день нет ни в одной таблице, она считается нулевой: назовите её в --fee.',
  "Gupshup's fee: {{fee}} USD a message.": 'Комиссия Gupshup: {{fee}} USD за сообщение.',
  'Removed: prices from {{day}}': 'Удалены цены с {{day}}',
  'There were no imported prices from {{day}}': 'Загруженных цен с {{day}} не было',
  'No prices.': 'Цен нет.',
  'No numbers are suppressed.': 'Стоп-лист пуст.',
  'None awaits an answer.': 'Никто не ждёт ответа.',
  'Nobody has answered.': 'Никто не ответил.',

  // The team
  'It makes one person {{role}}, once, until {{at}}. Send it only to the person it is for.':
    'Ссылка даёт одному человеку роль «{{role}}», один раз, до {{at}}. Отправьте только тому, для кого она.',
  'Invitation {{key}} no longer works.': 'Приглашение {{key}} больше не действует.',
  '{{id}} is now on the team as {{role}}.': '{{id}} теперь в команде, роль — {{role}}.',
  '{{id}} is already on the team; `users role {{id}} {{role}}` changes their role.':
    '{{id}} уже в команде; роль сменит `users role {{id}} {{role}}`.',
  '{{id}} is now {{role}}.': '{{id}}: теперь {{role}}.',
  '{{id}} is {{role}} already.': '{{id}}: уже {{role}}.',
  '{{id}} is no longer on the team.': '{{id}} больше не в команде.',
  'The team is empty. The bot and the worker make the ids in ADMIN_IDS owners when they first start.':
    'Команда пуста. Бот и worker при первом запуске сделают владельцами тех, кто в ADMIN_IDS.',
  'No invitation is open. `users invite --role operator` makes one.':
    'Приглашений нет. Создать: `users invite --role operator`.',
  'Nothing is recorded that fits.': 'Подходящих записей нет.',

  // Templates, reports, amoCRM
  'Written: {{file}}': 'Записано: {{file}}',
  'Read from Gupshup {{at}}.': 'Прочитано из Gupshup {{at}}.',
  'Draft {{id}}: {{name}} ({{language}}), {{category}}': 'Черновик {{id}}: {{name}} ({{language}}), {{category}}',
  'Gupshup did not take it: {{refusal}}': 'Gupshup его не принял: {{refusal}}',
  'Ready: bobcofer templates submit {{id}}': 'Готов: bobcofer templates submit {{id}}',
  'To correct: {{count}}.': 'Исправить: {{count}}.',
  'No templates have been put together here.': 'Здесь ещё не составляли шаблонов.',
  '{{name}}: {{state}}. bobcofer templates status {{id}} tells more.':
    '{{name}}: {{state}}. Подробнее: bobcofer templates status {{id}}.',
  'Meta made it {{category}}: its price is that of {{category}}.':
    'Meta перевела его в {{category}}: цена теперь как у {{category}}.',
  '{{name}} is deleted at Gupshup. Its name can be used again after 30 days.':
    '{{name}} удалён в Gupshup. Название снова можно взять через 30 дней.',
  'The draft {{name}} is gone.': 'Черновика {{name}} больше нет.',
  'Gupshup has no templates for this sender.': 'У этого отправителя в Gupshup нет шаблонов.',
  '{{name}} ({{language}}): {{category}}, {{type}}, quality {{quality}}':
    '{{name}} ({{language}}): {{category}}, {{type}}, качество {{quality}}',
  'Gupshup id {{id}}': 'id в Gupshup: {{id}}',
  'It can be sent.': 'Его можно отправлять.',
  'It cannot be sent: {{reason}}.': 'Пока недоступен: {{reason}}.',
  'It has no parameters.': 'Параметров нет.',
  'messages of type {{part}} are not supported': 'сообщения вида {{part}} не поддерживаются',
  'Parameter {{position}} would be refused: {{problem}}.': 'Параметр {{position}} не примут: {{problem}}.',
  'amoCRM has no pipelines.': 'В amoCRM нет воронок.',
  'amoCRM has no active users.': 'В amoCRM нет активных пользователей.',
  'amoCRM has no custom fields for leads.': 'В amoCRM нет полей сделок.',
  'amoCRM has no tags for leads.': 'В amoCRM нет тегов сделок.',
  'There are no leads.': 'Сделок нет.',
  '{{leads}} leads read': 'прочитано сделок: {{leads}}',
  'All leads': 'Все сделки',
  'Taken {{at}}.': 'Снято {{at}}.',
  'Taken {{at}}; in brackets the change since {{since}}.': 'Снято {{at}}; в скобках изменение с {{since}}.',
  'Reachable: people with a valid number of their own.': 'С телефоном: люди, у которых есть свой верный номер.',
  'There is no snapshot yet. `crm snapshot` takes one.': 'Снимка ещё нет. Снять: `crm snapshot`.',
  'Read just now.': 'Прочитано только что.',
  'Read {{minutes}} min ago; --refresh reads again.': 'Прочитано {{minutes}} мин назад; заново прочитает --refresh.',
  'Open this link as an amoCRM administrator:': 'Откройте эту ссылку под администратором amoCRM:',
  'Open this link as an amoCRM administrator, then come back here:':
    'Откройте эту ссылку под администратором amoCRM и вернитесь сюда:',
  'amoCRM is connected.': 'amoCRM подключена.',
  'Access was not granted in time. `crm connect` prints a new link.':
    'Доступ не дали вовремя. Новую ссылку покажет `crm connect`.',
  'amoCRM has several users "{{given}}": {{known}}. Use the id.':
    'В amoCRM несколько пользователей «{{given}}»: {{known}}. Укажите id.',
  'amoCRM has no user "{{given}}". Available: {{known}}.': 'В amoCRM нет пользователя «{{given}}». Есть: {{known}}.',
  'amoCRM has several fields "{{given}}": {{known}}. Use the id.':
    'В amoCRM несколько полей «{{given}}»: {{known}}. Укажите id.',
  'amoCRM has no field "{{given}}". Available: {{known}}.': 'В amoCRM нет поля «{{given}}». Есть: {{known}}.',
  'amoCRM has several pipelines "{{given}}": {{known}}. Use the id.':
    'В amoCRM несколько воронок «{{given}}»: {{known}}. Укажите id.',
  'amoCRM has no pipeline "{{given}}". Available: {{known}}.': 'В amoCRM нет воронки «{{given}}». Есть: {{known}}.',
  'pipeline {{pipeline}} has several stages "{{given}}": {{known}}. Use the id.':
    'В воронке {{pipeline}} несколько этапов «{{given}}»: {{known}}. Укажите id.',
  'pipeline {{pipeline}} has no stage "{{given}}". Available: {{known}}.':
    'В воронке {{pipeline}} нет этапа «{{given}}». Есть: {{known}}.',
  '--crm "{{given}}" matches several stages: {{ids}}. Use ids.':
    '--crm «{{given}}» подходит к нескольким этапам: {{ids}}. Укажите id.',
  tags: 'теги',
  moves: 'этапы',
  notes: 'примечания',
  tasks: 'задачи',
  '{{n}} written': 'записано {{n}}',
  '{{n}} refused': 'отказано {{n}}',
  '{{n}} left: moved meanwhile': 'осталось {{n}}: их этап уже сменили',
  'Campaign {{id}}: will be written back when it ends.': 'Рассылка {{id}}: итог запишем, когда она закончится.',
  'Campaign {{id}}: nothing was ordered.': 'Рассылка {{id}}: ничего не заказано.',
  'Campaign {{id}}: not written back to the end': 'Рассылка {{id}}: итог записан не до конца',
  'Campaign {{id}}: written back': 'Рассылка {{id}}: итог записан',
  'Campaign {{id}}: being written back': 'Рассылка {{id}}: итог записывается',
  '  {{why}}; order it again to go on': '  {{why}}; чтобы продолжить, закажите ещё раз',
  '  lead {{lead}}, {{kind}}: {{detail}}': '  сделка {{lead}}, {{kind}}: {{detail}}',

  // Numbers
  'Not a phone number: {{named}}. Expected a number valid in {{country}}, or one that starts with + and the country code.':
    'Не номер телефона: {{named}}. Ожидался номер, верный в стране {{country}}, или номер с + и кодом страны.',
  '"{{value}}" ({{problem}})': '«{{value}}» ({{problem}})',
  'expected digits such as +7 900 123-45-67': 'нужны цифры, например +7 900 123-45-67',
  'the spreadsheet has rounded the number and its last digits are lost: make the column text and enter it again':
    'таблица округлила номер, последние цифры потеряны: сделайте столбец текстовым и введите номер заново',
  'too few digits': 'мало цифр',
  'too many digits': 'слишком много цифр',
  'no country has this code': 'такого кода страны нет',
  'the length is right, but no operator has such numbers': 'длина верная, но таких номеров нет ни у одного оператора',
  'wrong length for its country': 'в этой стране не бывает столько цифр',
  'unclear: could be {{other}} too': 'неясно: может быть и {{other}}',
  'valid, perhaps a landline: mobiles have a 9 after +54':
    'верный, но, возможно, городской: у мобильных после +54 стоит 9',
  valid: 'верный',
  'possible, not valid': 'возможен, но не верен',
  yes: 'да',
  no: 'нет',

  // The menu
  'Bobcofer. Choose with arrows and Enter, leave with Ctrl-C. `npm run cli -- --help` lists all commands.':
    'Bobcofer. Выбор — стрелками и Enter, выход — Ctrl-C. Все команды покажет `npm run cli -- --help`.',
  'What would you like to do?': 'Чем займёмся?',
  Leave: 'Выйти',
  'CRM: pipelines and stages': 'CRM: воронки и этапы',
  'CRM: leads of a stage, with contacts and phones': 'CRM: сделки этапа, с контактами и телефонами',
  'CRM: snapshot of the funnels': 'CRM: снимок воронок',
  'Normalize a phone': 'Привести номер к общему виду',
  Templates: 'Шаблоны',
  'Send a test message': 'Отправить тест',
  Campaigns: 'Рассылки',
  'Status of a campaign': 'Ход рассылки',
  'Report on a campaign': 'Отчёт о рассылке',
  'Check everything (doctor)': 'Проверить всё (doctor)',
  'Which pipeline?': 'Какая воронка?',
  'Which stage?': 'Какой этап?',
  'All of them': 'Все',
  'Number, as people write it:': 'Номер, как его пишут люди:',
  'Which template?': 'Какой шаблон?',
  'To which number?': 'На какой номер?',
  'Parameter {{position}}, {{variable}}:': 'Параметр {{position}}, {{variable}}:',
  'The {{media}}, an https link or a file:': 'Файл ({{media}}) на этой машине или ссылка https:',
  'Which campaign?': 'Какая рассылка?',
  'There is nothing to choose from.': 'Выбирать не из чего.',

  // Setup
  'The database is empty: setup would make its indexes.': 'База пуста: setup создаст индексы.',
  'The data are of version {{to}}, which is this one: nothing to migrate.':
    'Версия данных {{to}}, она и нужна: переносить нечего.',
  'The data are of version {{from}}. To version {{to}}:': 'Версия данных {{from}}. До версии {{to}}:',
  'The data are brought from version {{from}} to {{to}}; {{indexes}} indexes are there.':
    'Данные переведены с версии {{from}} на {{to}}; индексов: {{indexes}}.',
  'The data are of version {{to}}; {{indexes}} indexes are there.': 'Версия данных {{to}}; индексов: {{indexes}}.',

  // After a restore; doctor
  paused: 'на паузе',
  'closed: its workflow has ended since the backup': 'закрыта: её workflow закончился после копии',
  'not started yet: continues as planned': 'ещё не начата: пойдёт по плану',
  'its workflow: {{status}}': 'её workflow: {{status}}',
  'These campaigns were created after the backup: they ran, but the database does not know them:':
    'Эти рассылки созданы после копии: они шли, но база о них не знает:',
  'Now start the roles and wait some minutes for receipts to settle what they can.':
    'Теперь запустите роли и подождите несколько минут: отчёты о доставке решат, что смогут.',
  'Most of what is then still unknown was sent: run `campaign unknown <id> --assume-sent` (`--send-again` may send a second message), then `campaign resume <id>`.':
    'Из оставшихся неизвестными большинство отправлено: `campaign unknown <id> --assume-sent` (`--send-again` может отправить второй раз), затем `campaign resume <id>`.',
  'Problems: {{problems}}, warnings: {{warnings}}.': 'Неполадок: {{problems}}, предупреждений: {{warnings}}.',

  // What does not work
  'Something unexpected happened: {{message}}. LOG_LEVEL=debug shows the details.':
    'Случилось непредвиденное: {{message}}. Подробности покажет LOG_LEVEL=debug.',
  '{{why}}. On this machine `npm start` starts it.': '{{why}}. На этой машине его запускает `npm start`.',
  'MongoDB does not answer ({{why}}): check that it runs and that MONGODB_URI is right':
    'MongoDB не отвечает ({{why}}): проверьте, что она работает и MONGODB_URI верен',
  'Telegram does not say what the bot is called ({{why}}). Check TELEGRAM_BOT_TOKEN and TELEGRAM_API_ROOT; `doctor` checks them too.':
    'Telegram не говорит, как зовут бота ({{why}}). Проверьте TELEGRAM_BOT_TOKEN и TELEGRAM_API_ROOT; их проверяет и `doctor`.',
  'No stack is running in {{home}}: start it with `npm start`. Or, for services elsewhere, set {{missing}} (.env.example explains each).':
    'В {{home}} ничего не запущено: запустите `npm start`. Если сервисы в другом месте, задайте {{missing}} (каждую объясняет .env.example).',
  '--out: cannot write "{{file}}" ({{why}})': '--out: не удалось записать «{{file}}» ({{why}})',
  'There is no unused invitation {{key}}. `users invitations` lists them.':
    'Неиспользованного приглашения {{key}} нет. Все покажет `users invitations`.',
  '{{id}} is the last owner. Make somebody else an owner first: `users role <id> owner`':
    '{{id}} — последний владелец. Сначала сделайте владельцем другого: `users role <id> owner`',
  '{{id}} is not on the team; `users list` shows who is': '{{id}} нет в команде; кто есть, покажет `users list`',
  'List "{{name}}" ({{id}}): {{count}} people, saved {{at}} by {{who}}; phones in column "{{column}}".':
    'Список «{{name}}» ({{id}}): людей {{count}}, сохранён {{at}}, {{who}}; телефоны в столбце «{{column}}».',
  'List {{id}} is now called "{{name}}".': 'Список {{id}} теперь называется «{{name}}».',
  'List "{{name}}" ({{id}}) is deleted: {{count}} rows.': 'Список «{{name}}» ({{id}}) удалён, строк: {{count}}.',
  'There is no folder "{{folder}}": expected the older program\'s folder.':
    'Папки «{{folder}}» нет: ожидалась папка старой программы.',
  'Settings are imported; people, jobs and logs are not. {{why}} Then import again.':
    'Настройки перенесены, а люди, задания и журналы — нет. {{why}} Потом перенесите ещё раз.',
  '{{count}} campaigns were refused; see above.': 'Отказано рассылкам: {{count}}, причины выше.',
  Understood: 'Прочитано',
  'Not recognised, left alone': 'Не узнано и не тронуто',
  'Settings for {{file}}': 'Настройки для {{file}}',
  'Would be made': 'Будет создано',
  Made: 'Создано',
  'Nothing was written (--dry-run).': 'Ничего не записано (--dry-run).',
  'not needed': 'не нужно',
  '… and {{rest}} more; --json lists all.': '… и ещё {{rest}}; все покажет --json.',
  '{{name}}: would be written ({{from}})': '{{name}}: будет записано ({{from}})',
  '{{name}}: written ({{from}})': '{{name}}: записано ({{from}})',
  '{{name}}: already set to the same value': '{{name}}: уже задано, то же значение',
  '{{name}}: not imported from {{from}}: {{why}}': '{{name}}: из {{from}} не перенесено: {{why}}',
  'None.': 'Нет.',
  'They take effect at the next start; `doctor` then shows what is still missing.':
    'Подействуют при следующем запуске; чего ещё не хватает, покажет `doctor`.',
  'Nothing in this folder is recognised.': 'В этой папке ничего не узнано.',
  'Nothing to import.': 'Переносить нечего.',
  'Everything is recognised.': 'Узнано всё.',
  'The backup holds no active campaigns.': 'Идущих рассылок в копии нет.',
};

/** Heads of tables. */
const HEADS: Record<string, string> = {
  ...{ ID: 'ID', NAME: 'НАЗВАНИЕ', STATE: 'СОСТОЯНИЕ', TEMPLATE: 'ШАБЛОН', PEOPLE: 'ЛЮДЕЙ', DONE: 'ГОТОВО' },
  ...{ FAILED: 'СБОЙ', CREATED: 'СОЗДАНО', CRON: 'CRON', ZONE: 'ПОЯС', NEXT: 'СЛЕДУЮЩИЙ', FIRED: 'ЗАПУСКОВ' },
  ...{ DRAFT: 'ЧЕРНОВИК', SUBMITTED: 'ОТПРАВЛЕН' },
  ...{ STATUS: 'СТАТУС', QUALITY: 'КАЧЕСТВО', CATEGORY: 'КАТЕГОРИЯ', PARAMETERS: 'ПАРАМЕТРОВ', MEDIA: 'ФАЙЛ' },
  'CRM USER': 'ПОЛЬЗОВАТЕЛЬ CRM',
  ...{ LANGUAGE: 'ЯЗЫК', TEXT: 'ТЕКСТ', PARAMETER: 'ПАРАМЕТР', OF: 'ГДЕ', VARIABLE: 'ПЕРЕМЕННАЯ' },
  ...{ EXAMPLE: 'ПРИМЕР', PHONE: 'ТЕЛЕФОН', AT: 'КОГДА', CHOICE: 'ВЫБОР', TAGS: 'ТЕГИ', 'LAST SEEN': 'ВСТРЕЧАЛСЯ' },
  ...{ COLUMNS: 'СТОЛБЦЫ', REASON: 'ПРИЧИНА', DETAIL: 'ПОДРОБНЕЕ', SINCE: 'С', BY: 'КЕМ', SCOPE: 'ОБЛАСТЬ' },
  ...{ WHEN: 'КОГДА', WHO: 'КТО', CAMPAIGN: 'РАССЫЛКА', ROLE: 'РОЛЬ', KEY: 'КЛЮЧ', UNTIL: 'ДО', ACTION: 'ДЕЙСТВИЕ' },
  ...{ WHAT: 'ЧТО', 'TELEGRAM ID': 'TELEGRAM ID', LINE: 'СТРОКА', 'SENT TO': 'ОТПРАВИМ НА', GIVEN: 'ДАНО' },
  ...{ 'E.164': 'E.164', COUNTRY: 'СТРАНА', MOBILE: 'МОБИЛЬНЫЙ', PIPELINE: 'ВОРОНКА', STAGE: 'ЭТАП', LEAD: 'СДЕЛКА' },
  ...{
    SUM: 'СУММА',
    LEADS: 'СДЕЛОК',
    PRICE: 'СУММА',
    REACHABLE: 'С ТЕЛЕФОНОМ',
    CONTACT: 'КОНТАКТ',
    PHONES: 'ТЕЛЕФОНЫ',
  },
  ...{ USER: 'ПОЛЬЗОВАТЕЛЬ', FIELD: 'ПОЛЕ', TYPE: 'ВИД', CHOICES: 'ЗНАЧЕНИЯ', TAG: 'ТЕГ', VALUE: 'ЗНАЧЕНИЕ' },
  ...{ FROM: 'С', COUNTRIES: 'СТРАН', 'FEE, USD': 'КОМИССИЯ, USD', SOURCE: 'ИСТОЧНИК' },
  CONSENT: 'СОГЛАСИЕ',
  ...{ MARKETING: 'МАРКЕТИНГ', UTILITY: 'СЕРВИС', AUTHENTICATION: 'КОДЫ' },
  ...{ FILE: 'ФАЙЛ', COUNT: 'СКОЛЬКО', WHY: 'ПОЧЕМУ', 'READ AS': 'ПРОЧИТАНО КАК', CHECK: 'ПРОВЕРКА' },
  ...{
    RESULT: 'ИТОГ',
    TIME: 'ВРЕМЯ',
    'FINDING AND ADVICE': 'ЧТО НАЙДЕНО И ЧТО ДЕЛАТЬ',
    'STARTED AGAIN': 'ЗАПУЩЕНА СНОВА',
  },
  ...{ CHANGE: 'ИЗМЕНЕНИЕ', 'ASKED BY': 'КТО СПРОСИЛ', ANSWER: 'ОТВЕТ' },
  ...{ ASKED: 'СПРОШЕНО', NOW: 'СЕЙЧАС', 'NOW UNKNOWN': 'СТАЛО НЕИЗВЕСТНО', 'IN THE BACKUP': 'В КОПИИ' },
};

export const RUSSIAN: Record<string, string> = { ...RUSSIAN_HELP, ...RUSSIAN_USAGE, ...SENTENCES, ...HEADS };

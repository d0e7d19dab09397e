/** What `import-legacy` (legacy/) and the migrations of `setup` (store/migrations/) say, in Russian by the English sentence. */

export const RUSSIAN_LEGACY: Record<string, string> = {
  // Kinds, results
  settings: 'настройки',
  admins: 'админы',
  people: 'люди',
  parameters: 'параметры',
  jobs: 'задания',
  history: 'история',
  list: 'список',
  scheduled: 'по времени',
  draft: 'черновик',
  planned: 'будет',
  new: 'новое',
  'already there': 'уже есть',
  refused: 'отказано',
  waits: 'ждёт',

  // Read as
  '{{n}} ids → ADMIN_IDS': 'id → ADMIN_IDS, всего {{n}}',
  '{{key}} → {{meaning}}': '{{key}} → {{meaning}}',
  'file name → {{meaning}}': 'имя файла → {{meaning}}',
  'column {{n}} → {{meaning}}': 'столбец {{n}} → {{meaning}}',
  phone: 'телефон',
  time: 'время',
  template: 'шаблон',
  status: 'статус',
  error: 'ошибка',
  failed: 'не отправлено',
  day: 'день',
  person: 'имя',
  name: 'название',
  campaign: 'рассылка',
  recipients: 'получатели',
  language: 'язык',
  zone: 'часовой пояс',
  pipeline: 'воронка',
  stage: 'этап',
  recurs: 'повтор',
  done: 'сделано',
  role: 'роль',
  code: 'код',
  messageId: 'id сообщения',

  '{{key}}: {{n}} characters': '{{key}}: знаков: {{n}}',
  '{{n}} characters': 'знаков: {{n}}',

  // Why something was left out
  'no Telegram id in it': 'в нём нет Telegram ID',
  'role "{{role}}": ADMIN_IDS would let them do more; give it in the bot':
    'роль «{{role}}»: с ADMIN_IDS человек сможет больше; дайте роль в боте',
  'not needed: the bot learns of a person from Telegram': 'не нужно: о человеке бот узнаёт из Telegram',
  'neither a template, its language nor its parameters': 'не шаблон, не его язык и не параметры',
  'no template is named': 'шаблон не назван',
  'expected a list of texts and fields such as {name}, each alone':
    'ожидался список текстов и полей вида {name}, каждое отдельно',
  'neither people nor a group of them': 'не люди и не группа людей',
  "amoCRM's references to other things: no field of the person": 'ссылки amoCRM на другое: не поле человека',
  'no phone in it; stays in the list': 'телефона нет; остаётся в списке',
  'not a phone number; stays in the list': 'не номер телефона; остаётся в списке',
  'nothing in it is understood': 'ничего в нём не понятно',
  'larger than {{n}} MB': 'больше {{n}} МБ',
  'no text file': 'не текст',
  'it is empty': 'пусто',
  "the program's own log": 'собственный журнал программы',
  'a kind of file that is not read: expected JSON, CSV or .env': 'такие файлы не читаются: ожидался JSON, CSV или .env',
  'broken JSON ({{why}}): mend the file and import again': 'испорченный JSON ({{why}}): исправьте и перенесите снова',
  'nested too deeply': 'слишком глубоко вложено',
  'neither settings, admins, people, parameters nor jobs': 'не настройки, админы, люди, параметры и не задания',
  'a table without phones': 'таблица без телефонов',
  'a refresh token; authorise anew, or use a long-lived token':
    'refresh-токен: дайте доступ заново или возьмите долгоживущий токен',
  'no setting of that name here': 'настройки с таким названием здесь нет',
  'a report here has nothing of that name': 'в отчёте здесь такого нет',
  'no phone in it': 'телефона нет',
  'not a phone number': 'не номер телефона',
  'what became of it is not understood: "{{word}}"': 'непонятно, чем кончилось: «{{word}}»',
  'its time is not understood: "{{time}}"': 'непонятно время: «{{time}}»',
  'no job': 'не задание',
  'a job here has nothing of that name': 'у задания здесь такого нет',
  'it recurs: make it anew with `campaign schedule create`':
    'повторяется: создайте заново через `campaign schedule create`',
  'done already': 'уже сделано',
  'its time is not understood: expected a day and an hour': 'непонятно время: ожидались день и час',
  'its time has passed': 'время прошло',
  'whom it is for is not understood': 'непонятно, кому',
  'its parameters are no list of texts and fields such as {name}, each alone':
    'параметры — не список текстов и полей вида {name}, каждое отдельно',
  'no list of contacts to make a draft for': 'нет списка людей, чтобы сделать черновик',
  'there are no people "{{name}}" in this folder': 'людей «{{name}}» в этой папке нет',

  // Settings that are not written
  'the older program has several values: none is taken': 'у старой программы несколько значений: не взято ни одно',
  'the environment has another value, which wins over any file': 'в окружении другое значение, оно важнее файла',
  '{{file}} has another value, which stays; --force overwrites it':
    'в {{file}} другое значение, оно остаётся; заменит --force',
  'set already, without {{ids}}; --force adds them to those in {{file}}':
    'уже задано, без {{ids}}; --force добавит их к тем, что в {{file}}',

  '{{names}} changed: restart everything, then import again':
    'изменились {{names}}: перезапустите всё и перенесите снова',

  // Migrations
  'version {{n}}: {{what}}': 'версия {{n}}: {{what}}',
  'lookups of deliveries by number and message, open events in a list of their own, roles of the team, contacts found by name':
    'поиск доставок по номеру и сообщению, события к разбору отдельным списком, роли команды, поиск контактов по имени',
  '{{n}} deliveries are found by number and message': 'доставок, которые найдутся по номеру и сообщению: {{n}}',
  '{{n}} events wait in a list of their own': 'событий в отдельном списке: {{n}}',
  '{{n}} people of the team have a role': 'людей команды с ролью: {{n}}',
  '{{n}} contacts are found by name': 'контактов, которые найдутся по имени: {{n}}',
  'contacts found by the end of their number': 'поиск контактов по концу номера',
  '{{n}} contacts are found by the end of their number': 'контактов, которые найдутся по концу номера: {{n}}',
  'contacts found by two words of a name': 'поиск контактов по двум словам имени',
  '{{n}} contacts are found by two words of a name': 'контактов, которые найдутся по двум словам имени: {{n}}',
};

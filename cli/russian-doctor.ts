/** `doctor`'s checks, findings and advice, in Russian by the English sentence. */

export const RUSSIAN_DOCTOR: Record<string, string> = {
  // Checks
  Versions: 'Версии',
  Settings: 'Настройки',
  'Setting {{name}}': 'Настройка {{name}}',
  Clock: 'Часы',
  'Gupshup ({{sender}})': 'Gupshup ({{sender}})',
  'Webhooks subscribed': 'Подписка на вебхуки',
  'Webhooks subscribed ({{sender}})': 'Подписка на вебхуки ({{sender}})',
  'Task queues': 'Очереди задач',
  'Search attributes': 'Атрибуты поиска',
  Workers: 'Процессы worker',
  Senders: 'Отправители',
  'Messaging limit': 'Лимит WhatsApp',
  'Opt-outs': 'Отписки',
  'Receipts waiting': 'Отчёты в очереди',
  'Webhook receiver': 'Приём вебхуков',
  'Local processes': 'Процессы на этой машине',
  ok: 'в порядке',
  warning: 'внимание',
  problem: 'неполадка',

  // Versions, settings
  'server {{version}}': 'сервер {{version}}',
  'database {{database}}, version {{version}}': 'база {{database}}, версия {{version}}',
  'Expected {{version}} or newer: update it.': 'Нужна версия {{version}} или новее: обновите.',
  '{{set}} of {{all}} set': 'задано {{set}} из {{all}}',
  '{{set}} of {{all}} set: {{places}}': 'задано {{set}} из {{all}}: {{places}}',
  '{{n}} in the environment': 'в окружении {{n}}',
  '{{n}} in .env': 'в .env {{n}}',
  '{{n}} in the running stack': 'в запущенном стеке {{n}}',
  '{{n}} in the environment, {{m}} in .env': 'в окружении {{n}}, в .env {{m}}',
  '{{n}} in the environment, {{m}} in the running stack': 'в окружении {{n}}, в запущенном стеке {{m}}',
  '{{n}} in .env, {{m}} in the running stack': 'в .env {{n}}, в запущенном стеке {{m}}',
  '{{n}} in the environment, {{m}} in .env, {{k}} in the running stack':
    'в окружении {{n}}, в .env {{m}}, в запущенном стеке {{k}}',
  '{{n}} wrong or missing, see below': 'неверных или незаданных: {{n}}, они ниже',
  '.env.example explains each.': 'Каждую объясняет .env.example.',
  'No stack is running in {{home}}: `npm start` provides what is missing. .env.example explains each setting.':
    'В {{home}} ничего не запущено: недостающее даст `npm start`. Каждую настройку объясняет .env.example.',

  // The services
  "agrees with the servers' ({{seconds}} s apart)": 'идут как на серверах (разница {{seconds}} с)',
  'this machine is {{seconds}} s ahead of the servers': 'часы этой машины спешат на {{seconds}} с',
  'this machine is {{seconds}} s behind the servers': 'часы этой машины отстают на {{seconds}} с',
  'Turn on time synchronisation (timedatectl set-ntp true): schedules and sending hours use this clock.':
    'Включите синхронизацию времени (timedatectl set-ntp true): по этим часам идут расписания и часы отправки.',
  'No server told the time: see the services above.': 'Ни один сервер не назвал время: посмотрите на сервисы выше.',
  '{{host}} answers without a Date header': '{{host}} отвечает без заголовка Date',
  'Check TELEGRAM_BOT_TOKEN (@BotFather shows it) and that {{reach}}.':
    'Проверьте TELEGRAM_BOT_TOKEN (его покажет @BotFather) и что {{reach}}.',
  'TELEGRAM_API_ROOT can be reached from here': 'TELEGRAM_API_ROOT отсюда доступен',
  '{{proxy}} (TELEGRAM_PROXY) leads to TELEGRAM_API_ROOT': '{{proxy}} (TELEGRAM_PROXY) ведёт к TELEGRAM_API_ROOT',
  'answers; the bot is {{bot}}': 'отвечает; бот — {{bot}}',
  'answers through the proxy {{proxy}}; the bot is {{bot}}': 'отвечает через прокси {{proxy}}; бот — {{bot}}',
  "Check {{what}} (both are in Gupshup's dashboard) and GUPSHUP_BASE_URL.":
    'Проверьте {{what}} (оба есть в кабинете Gupshup) и GUPSHUP_BASE_URL.',
  'the key and the app id of {{sender}}': 'ключ и id приложения {{sender}}',
  'number {{number}}, {{cap}} a second': 'номер {{number}}, {{cap}} в секунду',
  'number {{number}}, {{cap}} a second, the default': 'номер {{number}}, {{cap}} в секунду, основной',
  'key and app are right': 'ключ и приложение верны',
  '{{approved}} of {{all}} templates are approved': 'одобрено шаблонов: {{approved}} из {{all}}',
  '{{approved}} of {{all}} templates are approved, wallet {{sum}} USD':
    'одобрено шаблонов: {{approved}} из {{all}}, в кошельке {{sum}} USD',
  'Top up the wallet: Gupshup refuses every message without credit.':
    'Пополните кошелёк: без денег Gupshup не примет ни одного сообщения.',
  'You cannot create a campaign without an approved template.': 'Без одобренного шаблона рассылку не создать.',
  "Check AMOCRM_BASE_URL and AMOCRM_TOKEN: an integration's token expires on the day chosen for it.":
    'Проверьте AMOCRM_BASE_URL и AMOCRM_TOKEN: у токена интеграции есть последний день.',
  'answers; account {{name}} ({{subdomain}})': 'отвечает; аккаунт {{name}} ({{subdomain}})',
  'Without the list of subscriptions it is unknown whether receipts come; see Gupshup above.':
    'Без списка подписок неизвестно, приходят ли отчёты о доставке; посмотрите на Gupshup выше.',
  'PUBLIC_URL is not set, so Gupshup does not know where to send receipts':
    'PUBLIC_URL не задан: Gupshup не знает, куда слать отчёты о доставке',
  'Set PUBLIC_URL to the address at which the webhook receiver can be reached from the internet.':
    'Задайте в PUBLIC_URL адрес, по которому приём вебхуков доступен из интернета.',
  'no active subscription points to {{url}} with this WEBHOOK_SECRET; active: {{others}}':
    'ни одна действующая подписка не ведёт на {{url}} с этим WEBHOOK_SECRET; действуют: {{others}}',
  'no active subscription points to {{url}} with this WEBHOOK_SECRET; active: none':
    'ни одна подписка не ведёт на {{url}} с этим WEBHOOK_SECRET; действующих нет',
  'Start the webhook receiver (`npm run webhooks`): it subscribes by itself. An app may have at most five subscriptions.':
    'Запустите приём вебхуков (`npm run webhooks`): он подпишется сам. У приложения может быть не больше пяти подписок.',
  'the subscription lacks {{modes}}': 'в подписке нет {{modes}}',
  'Restart the webhook receiver (`npm run webhooks`): it repairs the subscription.':
    'Перезапустите приём вебхуков (`npm run webhooks`): он исправит подписку.',
  '{{n}} active subscriptions ({{tags}}) point here: each event comes {{times}} times':
    'сюда ведут действующие подписки: {{n}} ({{tags}}); каждое событие приходит {{times}} раз',
  "Harmless, but delete all but one in Gupshup's dashboard.": 'Не вредит, но в кабинете Gupshup лучше оставить одну.',
  'all events go to {{url}}': 'все события идут на {{url}}',

  // What runs the campaigns
  'Is it running (`npm start`)? Check TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and TEMPORAL_API_KEY.':
    'Работает ли он (`npm start`)? Проверьте TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE и TEMPORAL_API_KEY.',
  'Is it running (`npm start`)? Check MONGODB_URI, including its user and password.':
    'Работает ли она (`npm start`)? Проверьте MONGODB_URI, в том числе пользователя и пароль.',
  '{{queue}}: {{pollers}} pollers, {{backlog}} waiting': '{{queue}}: слушают {{pollers}}, в очереди {{backlog}}',
  '{{queue}}: {{pollers}} pollers, {{backlog}} waiting (for {{seconds}} s)':
    '{{queue}}: слушают {{pollers}}, в очереди {{backlog}} (ждут {{seconds}} с)',
  'No worker polls {{queues}}: campaigns do not progress. Start one: `npm run worker`.':
    'Ни один worker не слушает {{queues}}: рассылки стоят. Запустите: `npm run worker`.',
  '{{one}} and {{other}}': '{{one}} и {{other}}',
  'Tasks wait too long: start more workers (`npm run worker`).':
    'Задачи ждут слишком долго: запустите ещё worker (`npm run worker`).',
  registered: 'есть все',
  'the namespace lacks {{names}}': 'в namespace нет {{names}}',
  'A worker creates them when it starts; if it lacks permission, create them by hand, type Keyword (Senders: KeywordList).':
    'Их создаёт worker при запуске; если ему нельзя, создайте сами, вид Keyword (Senders: KeywordList).',
  'alive: {{roles}}': 'работают: {{roles}}',
  'No worker is running': 'Ни один worker не работает',
  'the last one was seen {{at}}': 'последний был виден {{at}}',
  'active campaigns: {{n}}': 'идущих рассылок: {{n}}',
  'Start one: `npm run worker`.': 'Запустите: `npm run worker`.',
  '{{sender}} cannot send: {{detail}} ({{code}})': '{{sender}} не может отправлять: {{detail}} ({{code}})',
  '{{sender}} is not in the settings': '{{sender}} нет в настройках',
  'its active campaigns: {{n}}': 'его идущих рассылок: {{n}}',
  "{{sender}} is in these settings, but in no worker's": '{{sender}} есть в этих настройках, но ни у одного worker',
  'no known trouble': 'неполадок не видно',
  'Fix the cause, then resume one of its campaigns.': 'Устраните причину и продолжите одну из его рассылок.',
  'Add it to SENDERS_FILE, or move them: `campaign move <id> --sender <app>`.':
    'Впишите его в SENDERS_FILE или передайте рассылки другому: `campaign move <id> --sender <app>`.',
  'Give the workers the same SENDERS_FILE and restart them.': 'Дайте worker тот же SENDERS_FILE и перезапустите их.',
  'none is known': 'неизвестен',
  '{{limit}} people in 24 hours, not counted yet, {{kept}} kept for tests':
    '{{limit}} человек за 24 часа, ещё не подсчитано, {{kept}} оставлено для тестов',
  '{{limit}} people in 24 hours, at most {{used}} of them used, {{kept}} kept for tests':
    '{{limit}} человек в сутки, занято не больше {{used}}, для проб оставлено {{kept}}',
  'Campaigns wait and go on by themselves; tests may use what is kept for them (MESSAGING_KEPT).':
    'Рассылки ждут и продолжатся сами; пробам доступно то, что для них оставлено (MESSAGING_KEPT).',
  'none awaits an answer': 'ни одна не ждёт ответа',
  'awaiting an answer: {{unnamed}} from unknown numbers, {{unsure}} with unclear words':
    'ждут ответа: с неизвестных номеров {{unnamed}}, с неясными словами {{unsure}}',
  'See `suppress list --unnamed` and `suppress list --unsure`; the team answers them with the buttons in Telegram.':
    'Их покажут `suppress list --unnamed` и `suppress list --unsure`; команда отвечает кнопками в Telegram.',
  '{{n}}, the oldest for {{seconds}} s': '{{n}}, старейший ждёт {{seconds}} с',
  'The webhook receiver applies them: is it running (`npm run webhooks`)?':
    'Их разбирает приём вебхуков: работает ли он (`npm run webhooks`)?',
  'Is it running (`npm run webhooks`), and can {{url}} be reached from here?':
    'Работает ли он (`npm run webhooks`) и доступен ли отсюда {{url}}?',
  'ready at {{url}}': 'готов, {{url}}',
  '{{url}} answers {{status}}': '{{url}} отвечает {{status}}',
  'It runs but does not reach MongoDB: it refuses events, and they come again later.':
    'Он работает, но не достаёт до MongoDB: события отклоняет, они придут снова.',
  'Something else answers there, or a receiver with a different WEBHOOK_SECRET: check PUBLIC_URL, WEBHOOK_PORT and the proxy in front of the receiver.':
    'Отвечает что-то другое или приём с другим WEBHOOK_SECRET: проверьте PUBLIC_URL, WEBHOOK_PORT и прокси перед ним.',
  'Restart the stack: `npm start`.': 'Перезапустите всё: `npm start`.',
  '`npm start` restarts a role by itself; if `npm start` itself has ended, run it again.':
    '`npm start` перезапускает роли сам; если закончился он, запустите его снова.',
  'not running: {{roles}}': 'не работают: {{roles}}',

  // No answer
  'connect ECONNREFUSED {{address}}': 'по адресу {{address}} никто не отвечает (ECONNREFUSED)',
  'getaddrinfo ENOTFOUND {{host}}': 'адреса {{host}} нет (ENOTFOUND)',
  'getaddrinfo EAI_AGAIN {{host}}': 'адрес {{host}} сейчас не узнать (EAI_AGAIN)',
  '{{request}} was refused: expected HTTP 2xx, got {{status}}': '{{request}}: отказ, HTTP {{status}} вместо 2xx',
  '{{request}} was refused: expected HTTP 2xx, got {{status}}. {{more}}':
    '{{request}}: отказ, HTTP {{status}} вместо 2xx. {{more}}',
  '{{request}} was not sent: cannot connect to {{host}} ({{code}}); check the address and the network':
    '{{request}} не отправлен: нет соединения с {{host}} ({{code}}); проверьте адрес и сеть',
  '{{request}} was sent and no complete answer came ({{code}})':
    '{{request}} отправлен, а полный ответ не пришёл ({{code}})',
  '{{service}} at {{address}} does not answer ({{why}}): check that it runs there and that {{setting}} is right':
    '{{service}} по адресу {{address}} не отвечает ({{why}}): проверьте, что там всё работает и {{setting}} верен',
};

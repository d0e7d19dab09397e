/** What is wrong with a setting, in Russian by the English sentence (config/settings-schema.ts, senders-file.ts, secret-files.ts). */

export const RUSSIAN_SETTINGS: Record<string, string> = {
  'Wrong settings:': 'Неверные настройки:',
  'is missing': 'не задана',
  '{{problem}}, got a value of {{n}} characters': '{{problem}}, а дано значение, знаков: {{n}}',
  '{{problem}}, got "{{value}}"': '{{problem}}, а дано "{{value}}"',
  'in {{file}}: {{problem}}': 'в {{file}}: {{problem}}',
  'cannot be read: {{why}}': 'не читается: {{why}}',
  '{{file}} holds a value, and {{name}} is set as well: take one of them out':
    'значение есть в {{file}}, но задана и {{name}}: уберите одно из них',
  '{{file}} is empty: expected the key': '{{file}} пуст: ожидался ключ',
  'give {{one}} and {{other}}, or neither': 'задайте {{one}} и {{other}} или ни одной',
  'give AMOCRM_TOKEN, or all of AMOCRM_CLIENT_ID, AMOCRM_CLIENT_SECRET, AMOCRM_REDIRECT_URI':
    'задайте AMOCRM_TOKEN или все три: AMOCRM_CLIENT_ID, AMOCRM_CLIENT_SECRET, AMOCRM_REDIRECT_URI',

  'expected an https address, such as https://go.example.com': 'ожидался адрес https, например https://go.example.com',
  'expected Telegram ids as whole numbers, separated by commas': 'ожидались Telegram ID через запятую, целые числа',
  'expected a certificate in PEM, from -----BEGIN … to -----END …':
    'ожидался сертификат в PEM, от -----BEGIN … до -----END …',
  'expected a private key in PEM, from -----BEGIN … to -----END …':
    'ожидался закрытый ключ в PEM, от -----BEGIN … до -----END …',
  'expected letters, digits, or - _ .': 'ожидались буквы, цифры или - _ .',
  'expected a token like 123456:ABC-def': 'ожидался токен вида 123456:ABC-def',
  'expected http://, https:// or socks5://, a host and a port, before them user:password@ if the proxy asks (signs such as @ in them percent-encoded)':
    'ожидались http://, https:// или socks5://, хост и порт, перед ними user:password@, если прокси спрашивает (знаки вроде @ — в процентной записи)',
  'expected 16 to 256 letters, digits, or - _': 'ожидалось от 16 до 256 букв, цифр или - _',
  'expected a whole number such as 2000, or unlimited': 'ожидалось целое число, например 2000, или unlimited',
  'expected note, tag:NAME, move:PIPELINE:STATUS (ids), task, or some of them':
    'ожидались note, tag:NAME, move:PIPELINE:STATUS (id), task или несколько из них',
  'expected host:port': 'ожидалось host:port',
  'expected keys such as 2026-11:… of 32 bytes in base64 (`openssl rand -base64 32`), the one in use first, separated by commas':
    'ожидались ключи вида 2026-11:… по 32 байта в base64 (`openssl rand -base64 32`), первым действующий, через запятую',
  'expected 24 to 200 letters, digits, or - _ . ~': 'ожидалось от 24 до 200 букв, цифр или - _ . ~',
  'expected 24 to 200 letters, digits, or - _ . ~, or two such secrets, the new and the old, with a comma between':
    'ожидалось от 24 до 200 букв, цифр или - _ . ~, или два таких секрета через запятую: новый и старый',
  'expected mongodb://… or mongodb+srv://…': 'ожидалось mongodb://… или mongodb+srv://…',
  'expected a two-letter country code such as RU': 'ожидался код страны из двух букв, например RU',
  'expected an IANA time zone such as {{zone}}': 'ожидался часовой пояс IANA, например {{zone}}',
  'expected hours such as {{hours}}': 'ожидались часы, например {{hours}}',
  'expected hours such as 09:00-21:00, or any': 'ожидались часы, например 09:00-21:00, или any',
  'expected days from 1 (Monday) to 7 such as 1-5,7': 'ожидались дни от 1 (понедельник) до 7, например 1-5,7',
  'expected dates such as 2026-12-31, separated by commas': 'ожидались даты через запятую, например 2026-12-31',
  'expected marketing, utility or authentication, separated by commas':
    'ожидались marketing, utility или authentication через запятую',
  'expected name=value, separated by commas': 'ожидались пары имя=значение через запятую',
  'expected up to {{most}} days from 1 to {{last}}, ascending, such as 1,7,30':
    'ожидались дни от 1 до {{last}} по возрастанию, не больше {{most}}, например 1,7,30',
  'expected a time of day such as 09:00, or off': 'ожидалось время дня, например 09:00, или off',

  // The file of senders
  'expected a text': 'ожидался текст',
  'expected a number': 'ожидалось число',
  'expected true or false': 'ожидалось true или false',
  'expected digits with the country code, no +': 'ожидались цифры с кодом страны, без +',
  'expected the key, or apiKeyFile, the path of a file that holds it, and not both':
    'ожидался ключ или apiKeyFile, путь к файлу с ним, но не оба',
  'expected JSON: a list of senders [{"appName": …}, …]': 'ожидался JSON: список отправителей [{"appName": …}, …]',
  'expected a list of senders [{"appName": …}, …]': 'ожидался список отправителей [{"appName": …}, …]',
  'expected only {{names}}, got {{given}}': 'ожидались только {{names}}, а дано {{given}}',
  '{{where}}: expected one of its own, got {{value}}, which {{other}} has':
    '{{where}}: ожидалось своё значение, а {{value}} уже есть у {{other}}',
  'default: expected at most one sender with it, got {{names}}':
    'default: ожидался не больше чем у одного отправителя, а он у {{names}}',

  // Zod's own
  'Invalid URL': 'ожидался адрес URL',
  'Invalid input: expected {{wanted}}, received {{given}}': 'ожидалось {{wanted}}, получено {{given}}',
  'Invalid option: expected one of {{choices}}': 'ожидалось одно из {{choices}}',
  'Too small: expected {{what}} to be {{bound}}': 'слишком мало: ожидалось {{what}} {{bound}}',
  'Too big: expected {{what}} to be {{bound}}': 'слишком много: ожидалось {{what}} {{bound}}',
  number: 'число',
  int: 'целое число',
  string: 'текст',
};

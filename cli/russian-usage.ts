/** What is said of a wrong command line, and of values that it refuses, in Russian by the English sentence. */

export const RUSSIAN_USAGE: Record<string, string> = {
  'error: ': 'ошибка: ',

  // Commander's own
  "missing required argument '{{1}}'": 'не хватает аргумента «{{1}}»',
  "option '{{1}}' argument missing": 'у параметра «{{1}}» нет значения',
  "required option '{{1}}' not specified": 'нужен параметр «{{1}}»',
  "option '{{1}}' cannot be used with option '{{2}}'": 'параметры «{{1}}» и «{{2}}» нельзя указать вместе',
  "option '{{1}}' is given twice, and takes one value": 'параметр «{{1}}» указан дважды, а принимает одно значение',
  "unknown option '{{1}}'": 'неизвестный параметр «{{1}}»',
  "unknown command '{{1}}'": 'неизвестная команда «{{1}}»',
  "too many arguments for '{{1}}': expected {{2}}, got {{3}}":
    'лишние аргументы у «{{1}}»: ожидалось {{2}}, получено {{3}}',
  "option '{{1}}' argument '{{2}}' is invalid: {{3}}": 'параметр «{{1}}» не может быть «{{2}}»: {{3}}',
  "argument '{{2}}' cannot be '{{1}}': {{3}}": 'аргумент «{{2}}» не может быть «{{1}}»: {{3}}',
  'expected one of {{1}}': 'ожидалось одно из: {{1}}',
  '(Did you mean {{1}}?)': '(Может быть, {{1}}?)',

  '--without-countries: expected countries such as RU or Kazakhstan.':
    '--without-countries: ожидались страны, например RU или Казахстан.',
  '--results: expected ascending days such as 1,7,30, or none.':
    '--results: ожидались дни по возрастанию, например 1,7,30, или none.',
  '--category: expected {{categories}}': '--category: ожидалось одно из: {{categories}}',
  'expected a file or --body': 'ожидался файл или --body',
  '--sender: draft {{id}} is for {{sender}}; make a new one for another sender':
    '--sender: черновик {{id}} для отправителя {{sender}}; для другого составьте новый',

  // Numbers
  '{{1}}: expected a whole number from 1.': '{{1}}: ожидалось целое число от 1.',
  '{{1}}: expected a time such as 90m, 4h or 2d.': '{{1}}: ожидалось время, например 90m, 4h или 2d.',
  '{{1}}: expected a number above 0.': '{{1}}: ожидалось число больше 0.',
  '--replies-to: expected Telegram ids of the team.': '--replies-to: ожидались Telegram ID людей команды.',
  'one of {{letters}}': 'одно из {{letters}}',
  '--variant with it': 'вместе с --variant',
  'expected at most {{1}} hours': 'ожидалось не больше {{1}} ч',
  'expected a Telegram id, a whole number such as 123456789; the bot tells strangers theirs':
    'ожидался Telegram ID, целое число, например 123456789; чужому бот называет его собственный',

  // Times and days
  '{{option}}: expected a time that has passed, got {{value}} ({{moment}})':
    '{{option}}: ожидалось время в прошлом, получено {{value}} ({{moment}})',
  '{{option}}: {{value}} occurs twice in {{timezone}}, where the clocks go back; choose one: {{both}}':
    '{{option}}: {{value}} в поясе {{timezone}} бывает дважды: стрелки переводят назад; выберите одно: {{both}}',
  '{{option}}: {{value}} does not exist: the clocks in {{timezone}} skip that hour. Give a time before or after it.':
    '{{option}}: {{value}} не существует: в поясе {{timezone}} стрелки в этот час переводят вперёд. Укажите время до или после.',
  '{{option}}: cannot read "{{value}}" as a date and time; expected ISO 8601 such as 2026-12-01T10:00 (then in {{timezone}}) or 2026-12-01T10:00+03:00':
    '{{option}}: «{{value}}» — не дата и время; ожидалось по ISO 8601, например 2026-12-01T10:00 (тогда в поясе {{timezone}}) или 2026-12-01T10:00+03:00',
  '{{option}}: cannot read "{{value}}" as a date; expected for example 2026-12-01 or 2026-12-01T10:00':
    '{{option}}: «{{value}}» — не дата; ожидалось, например, 2026-12-01 или 2026-12-01T10:00',
  '--from: expected a time before --to {{to}}, got {{from}}':
    '--from: ожидалось время раньше --to {{to}}, получено {{from}}',
  '--hours any: expected none of --days, --timezone and --recipient-hours with it':
    '--hours any: с ним нельзя указать --days, --timezone и --recipient-hours',
  '--late: expected --at with it': '--late: нужен ещё --at',
  '--waves-until: expected --waves with it': '--waves-until: нужен ещё --waves',
  '--canary-wait: expected --canary with it': '--canary-wait: нужен ещё --canary',
  '--canary-ask: expected --canary with it': '--canary-ask: нужен ещё --canary',
  '--reply-move-from: expected --reply-move with it': '--reply-move-from: нужен ещё --reply-move',
  '--winner-by: expected --test with it': '--winner-by: нужен ещё --test',
  '--winner-after: expected --test with it': '--winner-after: нужен ещё --test',
  '--if-chance: expected --test with it': '--if-chance: нужен ещё --test',

  // Who gets it
  'expected an audience: --crm, another --crm-… condition, --contacts, --list, --phones or --outcome; got none':
    'нужны получатели: --crm, другое условие --crm-…, --contacts, --list, --phones или --outcome; нет ни одного',
  '--rejected: expected exactly one --contacts file with it, got {{count}}':
    '--rejected: нужен ровно один файл --contacts, получено {{count}}',
  '{{option}}: expected --contacts FILE with it': '{{option}}: нужен ещё --contacts FILE',
  '--all-numbers: expected --crm or another --crm-… condition with it':
    '--all-numbers: нужен ещё --crm или другое условие --crm-…',
  '{{option}} "{{given}}": expected CAMPAIGN:OUTCOME with an outcome of {{outcomes}}, such as 7k2m9xpa:unread':
    '{{option}} «{{given}}»: ожидалось CAMPAIGN:OUTCOME, где OUTCOME — одно из {{outcomes}}, например 7k2m9xpa:unread',
  '--crm-field "{{given}}": expected FIELD=VALUE, such as 12345=Omsk or City=Omsk':
    '--crm-field «{{given}}»: ожидалось FIELD=VALUE, например 12345=Омск или Город=Омск',
  '--status: expected --pipeline with it, because amoCRM has the stages 142 and 143 in every pipeline':
    '--status: нужен ещё --pipeline, потому что этапы 142 и 143 есть в amoCRM в каждой воронке',
  '--country "{{code}}": expected a two-letter country code such as RU':
    '--country «{{code}}»: ожидался код страны из двух букв, например RU',
  '--to "{{to}}": expected one number, got {{count}}': '--to «{{to}}»: ожидался один номер, получено {{count}}',
  'expected --list NAME, or --preview to save nothing': 'нужен --list NAME или --preview, чтобы ничего не сохранять',
  'expected --yes: a deleted list cannot be restored': 'нужен --yes: удалённый список не вернуть',
  'expected a tag, got an empty text': 'нужен тег, получен пустой текст',

  'expected exactly one number': 'нужен ровно один номер',
  'expected --yes: erased data cannot be restored': 'нужен --yes: стёртые данные не вернуть',
  'expected --out FILE with --json: the answer must be one JSON document':
    'вместе с --json нужен --out FILE: ответ — ровно один документ JSON',

  '--control-as: campaign {{controlAs}} has no control group':
    '--control-as: у рассылки {{controlAs}} нет контрольной группы',
  '--follow-up "{{given}}": expected TIME:WHOM:TEMPLATE, such as 3d:not_read:promo_b; WHOM is one of {{whom}}':
    '--follow-up «{{given}}»: ожидалось TIME:WHOM:TEMPLATE, например 3d:not_read:promo_b; WHOM — одно из: {{whom}}',
  '{{option}}: expected a --follow-up that it is for': '{{option}}: ожидался --follow-up, к которому он относится',
  '{{option}} "{{one}}": expected {{form}}, such as {{example}}; STEP is the number of a --follow-up, 1 to {{steps}}':
    '{{option}} «{{one}}»: ожидалось {{form}}, например {{example}}; STEP — номер --follow-up, от 1 до {{steps}}',
  '--after, --to, --template, --param and --media: expected --edit with them':
    '--after, --to, --template, --param и --media: вместе с ними ожидался --edit',
  '--edit: expected --after, --to, --template, --param or --media with it':
    '--edit: вместе с ним ожидался --after, --to, --template, --param или --media',
  '--variant: expected at most {{most}}, beside --template; got {{count}}':
    '--variant: кроме --template можно не больше {{most}}, получено {{count}}',
  '--variant "{{given}}": expected TEMPLATE or TEMPLATE=PERCENT, such as promo_b=30':
    '--variant «{{given}}»: ожидалось TEMPLATE или TEMPLATE=PERCENT, например promo_b=30',
  '--variant-param "{{one}}": expected {{expected}} before the position, such as B1=column:name':
    '--variant-param «{{one}}»: перед местом ожидалось {{expected}}, например B1=column:имя',

  // Prices
  'expected a date such as 2026-10-01, got "{{given}}"': 'ожидалась дата, например 2026-10-01, получено «{{given}}»',
  '--fee: expected USD from 0 to 1, got "{{given}}"': '--fee: ожидались USD от 0 до 1, получено «{{given}}»',

  // Parameters
  'expected POSITION=column:NAME or POSITION=text:WORDS, such as 1=column:name':
    'ожидалось POSITION=column:NAME или POSITION=text:WORDS, например 1=column:имя',
  '--param: expected {{expected}} values for {{template}}, got {{count}}':
    '--param: у {{template}} ожидалось значений: {{expected}}, получено {{count}}',
  '--param: position {{position}} is given twice, as "{{earlier}}" and as "{{given}}"':
    '--param: место {{position}} указано дважды, как «{{earlier}}» и как «{{given}}»',
  '--param: position {{position}} is missing: got {{positions}}; expected 1 to {{last}} without gaps':
    '--param: не хватает места {{position}}: есть {{positions}}, а ожидались от 1 до {{last}} без пропусков',
  '--param "{{given}}": {{expected}}': '--param «{{given}}»: {{expected}}',
  '--param "{{given}}": "{{value}}" is not a position: positions are whole numbers from 1; {{expected}}':
    '--param «{{given}}»: «{{value}}» — не место: места — целые числа от 1; {{expected}}',
  '--param "{{given}}": "{{target}}" is not a whole https address, such as https://shop.example/sale':
    '--param "{{given}}": «{{target}}» — не полный адрес https, например https://shop.example/sale',
  '--param "{{given}}": nothing follows "{{kind}}:"; {{expected}}':
    '--param «{{given}}»: после «{{kind}}:» ничего нет; {{expected}}',
  '--param "{{given}}": the name of the column is missing; {{expected}}':
    '--param «{{given}}»: нет названия столбца; {{expected}}',
  '--param "{{given}}": "{{step}}" is not a valid transformation; expected one of {{expected}}':
    '--param «{{given}}»: «{{step}}» — неверное преобразование; ожидалось одно из {{expected}}',
  '--param "{{given}}": "{{step}}" is not a transformation; expected one of {{steps}}':
    '--param «{{given}}»: «{{step}}» — не преобразование; ожидалось одно из {{steps}}',
  '--param "{{given}}": "{{word}}" is not a currency; expected a code such as RUB or USD, or the decimal mark as dot or comma':
    '--param «{{given}}»: «{{word}}» — не валюта; ожидался код, например RUB или USD, или дробный знак: dot или comma',

  // Reports and the rest
  '--format {{format}}: expected --out FILE': '--format {{format}}: нужен ещё --out FILE',
  '--format png: expected no --failed, the picture shows all':
    '--format png: --failed не нужен, картинка показывает всё',
  '--json with --format csv: expected --out FILE for the CSV, or --json alone for the report as JSON':
    '--json вместе с --format csv: нужен --out FILE для CSV или один --json, тогда отчёт будет в JSON',
  '--json with --format csv: expected --out FILE for the CSV, or --json alone':
    '--json вместе с --format csv: нужен --out FILE для CSV или один --json',
  '--format csv: expected no --json with it': '--format csv: вместе с ним нельзя --json',
  '--format csv: expected --all with it': '--format csv: нужен ещё --all',
  '--out: expected --format csv with it': '--out: нужен ещё --format csv',
  'report: expected either a campaign id or --from, --to and --template, got both':
    'report: нужен либо номер рассылки, либо --from, --to и --template, получено и то и другое',
  'report: expected a campaign id, both --from and --to, or --template':
    'report: нужен номер рассылки, либо --from вместе с --to, либо --template',
  '--who: expected a Telegram id, or cli, telegram or system, got "{{text}}"':
    '--who: ожидался Telegram ID или cli, telegram, system, получено «{{text}}»',
  'campaign unknown: expected exactly one of --assume-sent and --send-again':
    'campaign unknown: нужно ровно одно: --assume-sent или --send-again',
};

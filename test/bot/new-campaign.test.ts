/** A whole conversation about a new campaign, over the real Bot API protocol. */
import { waitFor } from '../support/servers';
import { buttonsOf, changePart, startWorld, type World } from './support';
import { OF_SECOND, WELCOME } from './fake-services';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const CSV = 'Имя;Телефон;Сумма\nИван;+7 900 111-22-33;5000\nПётр;8 900 111 22 44;700\nНикто;12-34;1\n';

/** As far as the preview: template, file, both parameters, name. */
async function toPreview({ admin }: World): Promise<void> {
  await admin.write('/new');
  await admin.sees('Какой шаблон');
  await admin.press('welcome');
  await admin.sees('Кому отправить?');
  await admin.upload('clients.csv', CSV);
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
  await admin.press('Имя: Иван');
  await admin.sees('Параметр 2 из 2');
  await admin.write('10 %');
  await admin.sees('Название рассылки?');
  await admin.press('✅ welcome · clients.csv · 15.01');
  await admin.sees('Отправим 10');
}

describe('/new', () => {
  it('leads from a file to a running campaign with live progress', async () => {
    const { admin, services } = world;
    await toPreview(world);
    const preview = await admin.sees('Пропустим 2');
    expect(preview.text).toContain('строка 3, «12-34»: неверный телефон');
    expect(preview.text).toContain('Здравствуйте, <Имя>! Скидка 10 % ждёт вас.');

    await admin.press('когда отправить');
    await admin.sees('Сейчас 15 января 2026, 12:00 (Москва)');
    await admin.press('Сейчас');
    const confirm = await admin.sees('Отправляем?');
    expect(confirm.text).toContain('Отправим: 10, пропустим 2');
    expect(confirm.text).toContain('Стоимость: не дороже 1,25\u00a0$');
    await admin.press('Отправить 10 сообщений');
    const progress = await admin.sees('идёт');

    expect(services.asked.created).toEqual([
      {
        name: 'welcome · clients.csv · 15.01',
        template: WELCOME.id,
        audience: { kind: 'list', listId: expect.any(String) },
        audienceLabel: 'clients.csv',
        parameters: [
          { kind: 'column', column: 'Имя' },
          { kind: 'text', value: '10 %' },
        ],
        createdBy: { kind: 'telegram', id: 5001 },
      },
    ]);
    expect(services.asked.started).toEqual([{ id: 'c1' }]);
    expect(services.asked.lists).toEqual([{ name: 'clients.csv', count: 3 }]);
    expect(services.watched.get('c1')).toEqual([{ chatId: 5001, messageId: progress.message_id }]);
    expect(buttonsOf(progress).slice(0, 2)).toEqual(['⏸ Пауза', '⚡️ Скорость']);
  });

  it('asks for the sender where there are several: the default is ticked, another one has its own templates', async () => {
    const { admin, services } = world;
    Object.assign(services, {
      senders: [
        { app: 'DemoApp', source: '79990000000', sendsPerSecond: 20, isDefault: true },
        { app: 'SecondApp', source: '79990000002', sendsPerSecond: 20, isDefault: false },
      ],
    });
    await admin.write('/new');
    const first = await admin.sees('Отправителя выберите');
    expect(buttonsOf(first)).toEqual(expect.arrayContaining(['✓ 📱 DemoApp', '📱 SecondApp']));
    await admin.press('📱 SecondApp');
    await admin.press('second_welcome');
    await admin.sees('Кому отправить?');
    await admin.upload('clients.csv', CSV);
    await admin.press('Всё верно');
    await admin.press('Имя: Иван');
    await admin.sees('Параметр 2 из 2');
    await admin.write('10 %');
    await admin.press('✅ second_welcome');
    await changePart(admin, '📱 Отправители');
    await admin.sees('SecondApp отправляет в любом случае');
    await admin.press('📱 DemoApp');
    expect(buttonsOf(await admin.sees('С каких номеров'))).toContain('✓ 📱 DemoApp');
    await admin.press('Назад');
    await admin.press('когда отправить');
    await admin.press('Сейчас');
    const confirm = await admin.sees('Отправляем?');
    expect(confirm.text).toContain('Отправитель: SecondApp, +79990000002');
    expect(confirm.text).toContain('Отправитель: DemoApp, +79990000000');
    await admin.press('Отправить 10 сообщений');
    await admin.sees('идёт');
    expect(services.asked.created).toMatchObject([
      { template: OF_SECOND.id, sender: 'SecondApp', alsoFrom: ['DemoApp'] },
    ]);
  });

  it('takes people from a stage of the CRM', async () => {
    const { admin, services } = world;
    await admin.write('/new');
    await admin.press('welcome');
    await admin.press('Сделки amoCRM');
    await admin.press('Продажи');
    await admin.press('Договор');
    await admin.sees('Параметр 1 из 2');
    await admin.press('Имя: Иван');
    await admin.sees('Параметр 2 из 2');
    await admin.press('Сумма сделки: 5000');
    await admin.press('✅ welcome · Продажи / Договор');
    await admin.press('когда отправить');
    await admin.press('Сейчас');
    await admin.press('Отправить 10');
    await admin.sees('идёт');
    expect(services.asked.created[0]).toMatchObject({ audience: { kind: 'crm', pipelineId: 7, statusId: 72 } });
  });

  it('asks for the media link of an image header and takes pasted numbers', async () => {
    const { admin, services } = world;
    await admin.write('/new');
    await admin.write('PHOTO');
    await admin.sees('Кому отправить?');
    await admin.write('8 900 111-22-33\n8 900 12, 89001112244');
    const media = await admin.sees('https, доступную всем');
    expect(media.text).toContain('Номеров: 2');
    expect(media.text).toContain('строка 2: «8 900 12»');
    await admin.write('http://example.com/a.png');
    await admin.sees('получено «http://example.com/a.png»');
    await admin.press('Взять образец');
    await admin.write('Новинка недели');
    await admin.press('когда отправить');
    await admin.press('Сейчас');
    await admin.press('Отправить 10');
    await admin.sees('идёт');
    expect(services.asked.created[0]).toMatchObject({
      name: 'Новинка недели',
      audience: { kind: 'phones', phones: ['8 900 111-22-33', '8 900 12', '89001112244'] },
      mediaUrl: 'https://example.com/sample.png',
    });
  });

  it('goes on where it stood after the bot restarted in the middle', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await admin.press('когда отправить');
    await admin.sees('Когда отправить?');
    await world.restartBot();
    await admin.press('Завтра в 10:00');
    await admin.sees('Когда: пятница, 16 января 2026, 10:00');
    await world.restartBot();
    await admin.press('Запланировать 10');
    await admin.sees('Начнётся: 16 января 2026, 10:00');
    expect(services.asked.started).toEqual([{ id: 'c1', at: new Date('2026-01-16T07:00:00Z') }]);
  });

  it('starts once when the start button is pressed twice', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await admin.press('когда отправить');
    await admin.press('Сейчас');
    await admin.sees('Отправляем?');
    await admin.pressTwice('Отправить 10');
    await admin.sees('идёт');
    expect(services.asked.created).toHaveLength(1);
    expect(services.asked.started).toHaveLength(1);
  });

  it('for later: says what becomes of it if it cannot start on time, and takes another choice', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await admin.press('когда отправить');
    await admin.press('Завтра в 10:00');
    await admin.press('При сбое: спросить меня');
    const question = await admin.sees('больше 1\u00a0ч');
    expect(buttonsOf(question).slice(0, 3)).toEqual(['🚀 Отправить всё равно', '⏭ Пропустить', '✓ ❔ Спросить меня']);
    await admin.press('Пропустить');
    await admin.sees('Отправляем?');
    await admin.press('При сбое: пропустить');
    await admin.sees('не сможет начаться вовремя');
    await admin.press('‹ Назад');
    await admin.sees('Отправляем?');
    await admin.press('Запланировать 10');
    await admin.sees('Начнётся: 16 января');
    expect(services.asked.created).toMatchObject([{ lateStart: { policy: 'skip', afterMs: 3_600_000 } }]);
  });

  it('starts the campaign that is stored already when the first start was refused', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await admin.press('когда отправить');
    await admin.press('Сейчас');
    await admin.sees('Отправляем?');
    const { start } = services.campaigns;
    services.campaigns.start = async () => ({
      ok: false,
      refusal: { code: 'temporal_unreachable', values: { detail: 'gone' } },
    });
    await admin.press('Отправить 10');
    await admin.sees('Сервис рассылок (Temporal) не отвечает');
    services.campaigns.start = start;
    await admin.press('Отправить 10');
    await admin.sees('идёт');
    expect(services.asked.created).toHaveLength(1);
    expect(services.asked.started).toEqual([{ id: 'c1' }]);
  });

  it('lets nothing start that preflight blocks', async () => {
    world.services.blocking = [{ code: 'audience_empty', values: {} }];
    const { admin } = world;
    await admin.write('/new');
    await admin.press('welcome');
    await admin.sees('Кому отправить?');
    await admin.upload('clients.csv', CSV);
    await admin.press('Всё верно');
    await admin.press('Имя: Иван');
    await admin.sees('Параметр 2');
    await admin.write('x');
    await admin.write('Имя');
    const preview = await admin.sees('Исправьте перед запуском');
    expect(buttonsOf(preview)).not.toContainEqual(expect.stringContaining('когда отправить'));
  });

  it('tests on the admin with the first person’s values and remembers the number', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await admin.press('Отправить тест');
    await admin.sees('На какой номер');
    await admin.write('не номер');
    await admin.sees('«не номер» — не номер телефона');
    await admin.write('8 900 555 44 33');
    await admin.sees('Тест на +79005554433 отправлен');
    await admin.press('Тест на +79005554433');
    await admin.sees('Тест на +79005554433 отправлен');
    expect(services.asked.tests).toEqual([
      { phone: '+79005554433', params: ['Иван', '10 %'] },
      { phone: '+79005554433', params: ['Иван', '10 %'] },
    ]);
  });

  it('fills what people lack with a text of the admin’s', async () => {
    const { admin, services } = world;
    const { preflight } = services.campaigns;
    services.campaigns.preflight = async (draft) => {
      const checked = await preflight(draft);
      const empty = draft.parameters.some((source) => source.kind === 'column' && !source.fallback);
      return checked.ok && empty ? { ok: true, value: { ...checked.value, skips: { empty_parameter: 4 } } } : checked;
    };
    await toPreview(world);
    await admin.press('Чем заменить пустые');
    await admin.sees('у кого в столбце «Имя» пусто');
    await admin.write('друг');
    const preview = await admin.sees('Отправим 10');
    expect(buttonsOf(preview)).not.toContainEqual(expect.stringContaining('Чем заменить пустые'));
    await admin.press('когда отправить');
    await admin.press('Сейчас');
    await admin.press('Отправить 10');
    await admin.sees('идёт');
    expect(services.asked.created[0]?.parameters[0]).toEqual({ kind: 'column', column: 'Имя', fallback: 'друг' });
  });

  it('offers to go on with an unfinished campaign', async () => {
    const { admin } = world;
    await toPreview(world);
    await admin.write('/new');
    await admin.sees('Есть незаконченная рассылка');
    await admin.press('Продолжить');
    await admin.sees('Отправим 10');
    await admin.write('/cancel');
    await admin.sees('Отменено');
    await admin.write('/cancel');
    await admin.sees('Отменять нечего');
  });
});

describe('bad input', () => {
  it('a file that is none, or has no phones, is explained and the conversation goes on', async () => {
    const { admin, services } = world;
    await admin.write('/new');
    await admin.press('welcome');
    await admin.sees('Кому отправить?');
    await admin.upload('picture.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3, 0, 0, 0, 0]));
    await admin.sees('Это не таблица');
    await admin.upload('names.csv', 'Имя;Город\nИван;Москва\n');
    await admin.sees('нет столбца с телефонами');
    await admin.upload('clients.csv', CSV);
    const table = await admin.sees('clients.csv');
    expect(table.text).toContain('строка 4: «12-34»');
    expect(await services.lists.list()).toMatchObject([{ name: 'clients.csv', count: 3 }]);
  });

  it('an unknown or rejected template is named', async () => {
    const { admin } = world;
    await admin.write('/new');
    await admin.write('no_such <b>');
    await admin.sees('По «no_such <b>» ничего не нашлось');
    await admin.write('rejected_one');
    await admin.sees('Шаблон «rejected_one»');
  });

  it('a wrong time, a day that is none and a time in the past are told apart', async () => {
    const { admin } = world;
    await toPreview(world);
    await admin.press('когда отправить');
    await admin.sees('Когда отправить?');
    await admin.write('потом');
    await admin.sees('Не понимаю дату и время «потом»');
    await admin.write('31.02.2026 10:00');
    await admin.sees('Не понимаю дату и время «31.02.2026 10:00»');
    await admin.write('14.01.2026 10:00');
    await admin.sees('Время 14.01.2026 10:00 уже прошло');
    await admin.press('Выбрать день');
    await admin.sees('Какой день?');
    await admin.press('20');
    await admin.sees('20 января 2026');
    await admin.write('09:45');
    await admin.sees('Когда: вторник, 20 января 2026, 09:45');
  });

  it('a value that WhatsApp refuses is asked for again', async () => {
    const { admin } = world;
    await admin.write('/new');
    await admin.press('welcome');
    await admin.sees('Кому отправить?');
    await admin.upload('clients.csv', CSV);
    await admin.press('Всё верно');
    await admin.sees('Параметр 1 из 2');
    await admin.write('две\nстроки');
    await admin.sees('Параметр 1 «две ⏎ строки» WhatsApp не примет: перевод строки');
  });

  it('numbers are no answer to a parameter, nor a name; one alone is taken when it is sent again', async () => {
    const { admin } = world;
    await admin.write('/new');
    await admin.press('welcome');
    await admin.sees('Кому отправить?');
    await admin.upload('clients 79001234567.csv', CSV);
    await admin.press('Всё верно');
    await admin.sees('Параметр 1 из 2');
    await admin.write('8 900 111-22-33\n8 900 111-22-34');
    await admin.sees('Это список номеров, а не текст: его увидели бы все в значении 1');
    await admin.write('8 900 111-22-33');
    await admin.sees('8 900 111-22-33 — точно текст?');
    await admin.write('8 900 111-22-34');
    await admin.sees('8 900 111-22-34 — точно текст?');
    await admin.write('8 900 111-22-34');
    await admin.sees('Параметр 2 из 2');
    await admin.write('Москва');
    const question = await admin.sees('Название рассылки');
    expect(question.text).toContain('clients •••••••••67.csv');
    await admin.write('8 (900) 111-22-33');
    await admin.sees('В названии есть номер телефона: • (•••) •••-••-33');
    await admin.write('Осень 31.12.2026 10:00');
    await admin.sees('Осень 31.12.2026 10:00');
  });

  it('a text where a button is awaited says so', async () => {
    const { admin } = world;
    await toPreview(world);
    await admin.write('что?');
    await admin.sees('Выберите кнопку ниже');
  });
});

it('the buttons of an answered question go when Telegram bears it again', async () => {
  const { admin, telegram } = world;
  await admin.write('/new');
  await admin.press('welcome');
  const question = await admin.sees('Кому отправить?');
  await telegram.control('/faults', { kind: 'flood', method: 'editMessageReplyMarkup', retryAfter: 1 });
  await admin.write('8 900 111-22-33');
  await admin.sees('Параметр 1 из 2');
  await waitFor(
    async () => {
      const found = (await admin.messages()).find(({ message_id: id }) => id === question.message_id);
      return found && buttonsOf(found).length === 0;
    },
    { what: 'the buttons to go' },
  );
});

describe('an old button', () => {
  it('is answered with an alert, and the open question is shown again', async () => {
    const { admin, telegram } = world;
    // The old screen keeps its buttons.
    await telegram.control('/faults', { kind: 'server_error', method: 'editMessageReplyMarkup' });
    await admin.write('/new');
    await admin.press('welcome');
    await admin.sees('Кому отправить?');
    await admin.write('8 900 111-22-33');
    await admin.sees('Параметр 1 из 2');
    await admin.press('Сделки amoCRM');
    await admin.sees('Параметр 1 из 2');
    await waitFor(async () => (await admin.alerts()).includes('Кнопка устарела. Вот как обстоят дела сейчас.'), {
      what: 'the alert',
    });
  });

  it('of a conversation that is over loses its keyboard', async () => {
    const { admin, telegram } = world;
    await admin.write('/new');
    const old = await admin.sees('Какой шаблон');
    await telegram.control('/faults', { kind: 'server_error', method: 'editMessageText', times: 3 });
    await admin.write('/cancel');
    await admin.sees('что-то сломалось');
    await admin.press('welcome');
    await waitFor(
      async () => !(await admin.messages()).find(({ message_id }) => message_id === old.message_id)?.reply_markup,
      { what: 'the keyboard to go' },
    );
  });
});

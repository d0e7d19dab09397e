/** A new campaign from its card: parts in any order, drafts, suggestions, templates found by their words, other people's messages. */
import { done } from '../../config/errors';
import { WELCOME } from './fake-services';
import { answerAll, buttonsOf, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const CSV = 'Имя;Телефон;Скидка\nИван;+7 900 111-22-33;10 %\nПётр;8 900 111 22 44;20 %\n';

async function toParts({ admin }: World): Promise<void> {
  await admin.write('/new');
  await admin.press('welcome');
  await admin.sees('Кому отправить?');
  await admin.press('Карточка');
  await admin.sees('на любую часть');
}

it('every part is chosen from the card in any order, and changed again', async () => {
  const { admin, services } = world;
  await toParts(world);
  expect(buttonsOf(await admin.sees('Новая рассылка'))).toEqual([
    '✅ Шаблон: welcome · ru',
    '▫️ Кому: не выбрано',
    '▫️ {{1}}: не выбрано',
    '▫️ {{2}}: не выбрано',
    '▫️ Название: не выбрано',
    '✅ Начало: сразу',
    ...[
      '🕘 Часы отправки',
      '⚡️ Скорость',
      '🌊 Повтор через сутки',
      '🆎 Варианты',
      '↪️ Догоны',
      '🧪 Контрольная группа',
      '💰 Результаты',
      '🐤 Сначала немногим',
      '🙈 Кто не читает',
      '🌍 Без стран',
      '📝 Заметка',
      '💬 Ответы',
      '🗂 Ответ в amoCRM',
    ],
    ...['▶️ Следующий вопрос', '💾 В черновики', '✖️ Отмена'],
  ]);
  await admin.press('Название');
  await admin.sees('Название рассылки');
  await admin.write('Январь');
  await admin.press('Начало');
  await admin.sees('Когда отправить?');
  await admin.write('в понедельник утром');
  const timed = await admin.sees('на любую часть');
  expect(buttonsOf(timed)).toEqual(expect.arrayContaining(['✅ Название: Январь', '✅ Начало: 19.01 10:00']));
  await admin.press('Часы отправки');
  await admin.sees('Когда можно отправлять?');
  await admin.write('10-19');
  await admin.sees('10:00–19:00');
  await admin.press('Скорость');
  await admin.sees('Как быстро');
  await admin.write('5 в секунду');
  await admin.sees('5/с');
  await admin.press('Кому');
  await admin.sees('Кому отправить?');
  await admin.upload('clients.csv', CSV);
  await admin.press('Всё верно');
  await admin.sees('на любую часть');
  await admin.press('{{2}}');
  // They are answered in order: the first is open.
  await admin.sees('Параметр 1 из 2');
  await admin.press('Имя: Иван');
  await admin.sees('на любую часть');
  await admin.press('{{2}}');
  await admin.sees('Параметр 2 из 2');
  await admin.press('Скидка: 10 %');
  await admin.sees('Отправим 10');
  await admin.press('✏️ Изменить');
  await admin.sees('на любую часть');
  await admin.press('{{1}}');
  const again = await admin.sees('Параметр 1 из 2');
  expect(again.text).toContain('Здравствуйте, {{1}}! Скидка 10 %');
  await admin.write('друг');
  await admin.sees('Отправим 10');
  await admin.press('Дальше: начать 19.01 10:00');
  await admin.sees('Отправляем?');
  await admin.press('Запланировать 10');
  await admin.sees('Начнётся');
  const { createdBy: _by, audience: _who, ...created } = services.asked.created[0]!;
  expect(created).toEqual({
    name: 'Январь',
    template: WELCOME.id,
    audienceLabel: 'clients.csv',
    parameters: [
      { kind: 'text', value: 'друг' },
      { kind: 'column', column: 'Скидка' },
    ],
    hours: expect.objectContaining({ from: '10:00', to: '19:00' }),
    pace: { ratePerSecond: 5 },
  });
  expect(services.asked.started).toEqual([{ id: 'c1', at: new Date('2026-01-19T07:00:00Z') }]);
});

it('back from a part leads to the card, and from the card to the questions', async () => {
  const { admin } = world;
  await toParts(world);
  await admin.press('Название');
  await admin.sees('Название рассылки');
  await admin.press('‹ Назад');
  await admin.sees('на любую часть');
  await admin.press('Следующий вопрос');
  await admin.sees('Кому отправить?');
  await admin.write('8 900 111-22-33');
  await admin.sees('Параметр 1 из 2');
});

it('drafts are kept, listed, continued after a restart, and deleted', async () => {
  const { admin } = world;
  await toParts(world);
  await admin.press('Название');
  await admin.write('Первая');
  await admin.sees('на любую часть');
  await admin.press('В черновики');
  await admin.sees('Сохранено в черновиках: Первая');
  await admin.write('/new');
  await admin.sees('Черновики');
  await admin.press('Новая рассылка');
  await admin.press('photo');
  await admin.sees('Кому отправить?');
  await admin.write('/new');
  await admin.sees('Есть незаконченная рассылка');
  await admin.press('В черновики и начать новую');
  await admin.sees('Какой шаблон');
  await admin.write('/cancel');
  await admin.sees('Отменено');
  await world.restartBot();
  await admin.write('/new');
  const list = await admin.sees('Черновики');
  expect(buttonsOf(list)).toEqual([
    '▶️ photo · 15.01.26 12:00', '🗑', '▶️ Первая · 15.01.26 12:00', '🗑', '✨ Новая рассылка', '✖️ Отмена',
  ]); // prettier-ignore
  await admin.press('🗑');
  await admin.sees('Черновики');
  await admin.press('Первая');
  const card = await admin.sees('на любую часть');
  expect(buttonsOf(card)).toContain('✅ Название: Первая');
  await admin.write('/cancel');
  await admin.sees('Отменено');
  await admin.write('/new');
  await admin.sees('Какой шаблон');
});

it('what the parameters seem to ask for is offered first, and all of it at one press', async () => {
  const { admin, services } = world;
  await admin.write('/new');
  await admin.press('welcome');
  await admin.sees('Кому отправить?');
  await admin.upload('clients.csv', 'Город;Телефон;Скидка;Имя\nОмск;+7 900 111-22-33;10 %;Иван\n');
  await admin.press('Всё верно');
  const question = await admin.sees('Параметр 1 из 2');
  expect(buttonsOf(question).slice(0, 3)).toEqual(['✨ Всё сразу: Имя, Скидка', 'Имя: Иван ✨', 'Город: Омск']);
  await admin.press('Всё сразу');
  await admin.press('✅ welcome · clients.csv · 15.01');
  await admin.press('когда отправить');
  await admin.press('Сейчас');
  await admin.press('Отправить 10');
  await admin.sees('идёт');
  expect(services.asked.created[0]?.parameters).toEqual([
    { kind: 'column', column: 'Имя' },
    { kind: 'column', column: 'Скидка' },
  ]);
});

it('templates are found by words of their text, their category and their state; what cannot be sent says why', async () => {
  const { admin } = world;
  await admin.write('/new');
  await admin.sees('Какой шаблон');
  await admin.write('скидка ждёт');
  const byText = await admin.sees('Поиск: скидка ждёт');
  expect(buttonsOf(byText)).toContain('💬 welcome · ru');
  expect(byText.text).toContain('⛔️ rejected_one — ');
  expect(byText.text).toContain('PROMOTIONAL <content>');
  await admin.write('реклама новинка');
  expect(buttonsOf(await admin.sees('Поиск: реклама новинка'))).toContain('🖼 photo · ru');
  await admin.write('rejected');
  const rejected = await admin.sees('Поиск: rejected');
  expect(buttonsOf(rejected).filter((text) => /welcome|photo/.test(text))).toEqual([]);
  await admin.write('такого нет');
  await admin.sees('По «такого нет» ничего не нашлось');
});

it('the preview flips through people, and shows one by name or number', async () => {
  const { admin, services } = world;
  const { preflight } = services.campaigns;
  const searched: (string | undefined)[] = [];
  services.campaigns.preflight = async (draft, options) => {
    searched.push(options?.search);
    const checked = await preflight(draft);
    if (!checked.ok) return checked;
    const [sample] = checked.value.samples;
    const samples = [1, 2, 3].map((n) => ({ ...sample!, name: `Человек ${n}` }));
    const found = options?.search === 'Анна' ? [{ name: 'Анна', origin: '7', skipped: 'opted_out' as const }] : [];
    return done({ ...checked.value, samples, ...(options?.search && { found }) });
  };
  await answerAll(world);
  const first = await admin.sees('Так увидят первые 2 получателя');
  expect(first.text).toContain('Человек 2');
  await admin.press('›');
  const next = await admin.sees('Так увидят получатели 3–3');
  expect(next.text).toContain('Человек 3');
  await admin.press('🔎');
  await admin.sees('Кого показать?');
  await admin.write('Анна');
  await admin.sees('Анна — пропустим: ');
  await admin.write('4455');
  await admin.sees('«4455» нет');
  expect(searched.filter(Boolean)).toEqual(['Анна', '4455']);
  await admin.press('‹ Назад');
  await admin.sees('Отправим 10');
});

it('a newcomer’s first campaign to a stage of the CRM takes at most 12 presses from /start', async () => {
  const { admin } = world;
  let presses = 0;
  const press = (text: string): Promise<void> => {
    presses++;
    return admin.press(text);
  };
  await admin.write('/start');
  await press('Новая рассылка');
  await press('welcome');
  await admin.sees('Кому отправить?');
  await press('Сделки amoCRM');
  await press('Продажи');
  await press('Договор');
  await admin.sees('Параметр 1 из 2');
  await press('Имя: Иван');
  await admin.sees('Параметр 2 из 2');
  await press('Сумма сделки');
  await press('✅ welcome');
  await press('когда отправить');
  await press('Сейчас');
  await press('Отправить 10');
  await admin.sees('идёт');
  expect(presses).toBeLessThanOrEqual(12);
});

it('a test goes to a list of numbers that is remembered', async () => {
  const { admin, services } = world;
  await answerAll(world);
  await admin.sees('Отправим 10');
  await admin.press('Отправить тест');
  await admin.sees('тестовый список');
  await admin.write('89005554401\n89005554402\n89005554403\n89005554404\n89005554405\n89005554406');
  await admin.sees('не больше чем на 5 номеров, а здесь 6');
  await admin.write('8 900 555 44 33, +7 900 555 00 00');
  const tested = await admin.sees('Тест на +79005554433 отправлен');
  expect(tested.text).toContain('Тест на +79005550000 не отправлен');
  await admin.press('Тест на номера: 2');
  await admin.sees('Тест на +79005554433 отправлен');
  expect(services.asked.tests.map(({ phone }) => phone)).toEqual([
    '+79005554433',
    '+79005550000',
    '+79005554433',
    '+79005550000',
  ]);
});

/** What the bot offers to make of a column's values, and that it goes into the campaign. */
import { variantsOf } from '../../bot/conversation/variants';
import { startWorld, type World } from './support';

const ru = { language: 'ru', timezone: 'Europe/Moscow' };
const shown = (name: string, example: string, language = 'ru'): string[] =>
  variantsOf({ name, example }, { ...ru, language }).map((one) => one.shown.replace(/\u00a0|\u202f/g, ' '));

it.each([
  ['ФИО', 'ПЕТРОВ ИВАН СЕРГЕЕВИЧ', ['Иван']],
  ['name', 'Иван Петров', ['Иван']],
  ['Имя', 'Иван', []],
  ['lead_name', 'Кухня 1005', []],
  ['Имя', '', []],
  ['Дата записи', '2026-12-01', ['1 декабря 2026 г.', '01.12.2026']],
  ['Сумма', '15000', ['15 000 ₽']],
  ['Заказ', '15000', []],
  ['Город', 'Москва', []],
])('of %s «%s» it offers %j', (name, example, expected) => {
  expect(shown(name, example)).toEqual(expected);
});

it('writes sums without a currency in other languages', () => {
  expect(shown('Amount', '15000', 'en')).toEqual(['15,000']);
});

describe('in a conversation', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it('the chosen one goes into the campaign, and into a test', async () => {
    const { admin, services } = world;
    await admin.write('/new');
    await admin.press('welcome');
    await admin.sees('Кому отправить?');
    await admin.upload('clients.csv', 'ФИО;Телефон;Сумма\nПЕТРОВ ИВАН;+7 900 111-22-33;5000\n');
    await admin.press('Всё верно');
    await admin.sees('Параметр 1 из 2');
    await admin.press('ФИО → Иван');
    expect((await admin.sees('Параметр 2 из 2')).text).toContain('Здравствуйте, Иван! Скидка {{2}} ждёт вас.');
    await admin.press('5\u00a0000\u00a0₽');
    await admin.press('✅');
    await admin.sees('Отправим 10');
    await admin.press('Отправить тест');
    await admin.write('+79001112255');
    await admin.sees('Тест на +79001112255');
    expect(services.asked.tests).toEqual([{ phone: '+79001112255', params: ['Иван', '5\u00a0000\u00a0₽'] }]);
    await admin.press('когда отправить');
    await admin.press('Сейчас');
    await admin.press('Отправить 10');
    await admin.sees('идёт');
    expect(services.asked.created[0]?.parameters).toEqual([
      { kind: 'column', column: 'ФИО', transform: [{ name: 'first_name' }, { name: 'title_case' }] },
      { kind: 'column', column: 'Сумма', transform: [{ name: 'money', currency: 'RUB' }] },
    ]);
  });

  it('long labels have a row of their own, and nothing is offered twice', async () => {
    const { admin } = world;
    await admin.write('/new');
    await admin.press('welcome');
    await admin.sees('Кому отправить?');
    await admin.upload('clients.csv', 'ФИО;Имя;Телефон;Город\nПЕТРОВ ИВАН СЕРГЕЕВИЧ;Иван;+7 900 111-22-33;Омск\n');
    await admin.press('Всё верно');
    const question = await admin.sees('Параметр 1 из 2');
    expect(question.reply_markup!.inline_keyboard.map((row) => row.map(({ text }) => text)).slice(0, -1)).toEqual([
      ['Имя: Иван ✨'], ['ФИО: ПЕТРОВ ИВАН СЕРГЕЕВ…'], ['Телефон: +7 900 111-22-33'], ['Город: Омск'],
    ]); // prettier-ignore
  });
});

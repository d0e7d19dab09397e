/** /prices: the rate card that holds, a new one as a file in the chat, and its removal; over the real Bot API protocol and MongoDB. */
import { buttonsOf, person, startWorld, type Person, type World } from './support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const card = (russia: string, above = 'WhatsApp rate card'): string =>
  `${above}\nMarket,Currency,Marketing,Utility,Authentication\nRussia,$US,$${russia},$0.0400,n/a\nOther,$US,$0.0604,$0.0077,$0.0077\n`;

/** What is kept, as a campaign would reckon. */
const kept = async ({ services }: World): Promise<string[]> => {
  const tables = await services.prices.tables();
  if (!tables.ok) throw new Error(tables.refusal.code);
  return tables.value.flatMap((table) =>
    'importedAt' in table
      ? [`${table.validFrom} RU ${table.countries['RU']?.MARKETING} by ${table.by.kind}, fee ${table.gupshupFee}`]
      : [],
  );
};

it('an admin sends the card, says from which day it holds, sees it in force, replaces and removes it', async () => {
  const { admin, people } = world;
  await admin.write('/prices');
  const none = await admin.sees('Цены сообщений');
  // The program's own tables begin in April 2026, the test in January.
  expect(none.text).toContain('Цен на сегодня нет');
  expect(none.text).toContain('пришлите сюда файл CSV');
  expect(none.text).toContain('⏳ таблица программы с 1 апреля 2026, ещё не действует');
  expect(buttonsOf(none)).toEqual(['✅ Готово']);

  await admin.upload('card.csv', card('0.0802', '"Rates effective January 1, 2026"'));
  const asked = await admin.sees('С какого дня действуют эти цены?');
  expect(asked.text).toContain('Рынков в прайсе: 2, стран со своей ценой: 1');
  expect(asked.text).toContain('• Россия: реклама 0,0802 $, служебные 0,04 $, коды входа 0,0077 $');
  // The card's own day; quarter and month begin then too.
  expect(buttonsOf(asked)).toEqual(['1 января 2026', '15 января 2026', '‹ Назад', '✖️ Отмена']);
  await admin.write('когда-нибудь');
  await admin.sees('Не понимаю день «когда-нибудь»');
  await admin.press('1 января 2026');
  const saved = await admin.sees('Цены с 1 января 2026: рынков в прайсе 2, стран со своей ценой 1');
  // No table is so old.
  expect(saved.text).toContain('Комиссии Gupshup на этот день нет ни в одной таблице, она считается нулевой');
  expect(saved.text).toMatch(/Сегодня действует: прайс с 1 января 2026 \(загружен \d\d\.\d\d\.\d\d \d\d:\d\d, .+\)\./);
  expect(await kept(world)).toEqual(['2026-01-01 RU 0.0802 by telegram, fee 0']);
  await admin.write('узбекистан');
  expect((await admin.sees('Узбекистан: реклама 0,0604 $')).text).not.toContain('Россия');
  await admin.write('Нарния');
  await admin.sees('«Нарния» — не страна');

  // One for later holds later; one of the same day takes the place of the former.
  await admin.upload('later.csv', card('0.09'));
  await admin.sees('С какого дня');
  await admin.write('01.02.2026');
  expect((await admin.sees('Цены с 1 февраля 2026')).text).toContain('⏳ прайс с 1 февраля 2026');
  await admin.upload('card.csv', card('0.0777').replace('$0.0604', '$0.0605'));
  await admin.sees('С какого дня');
  await admin.write('2026-01-01');
  await admin.sees('Цены с 1 января 2026 заменены');
  expect(await kept(world)).toEqual([
    '2026-02-01 RU 0.09 by telegram, fee 0',
    '2026-01-01 RU 0.0777 by telegram, fee 0',
  ]);

  await admin.press('Убрать прайс с 1 февраля 2026');
  await admin.sees('Убрать прайс с 1 февраля 2026?');
  await admin.press('‹ Нет');
  await admin.sees('Сегодня действует');
  await admin.press('Убрать прайс с 1 февраля 2026');
  await admin.sees('Убрать прайс с 1 февраля 2026?');
  await admin.press('🗑 Убрать');
  await admin.sees('Прайс с 1 февраля 2026 убран');
  expect(await kept(world)).toEqual(['2026-01-01 RU 0.0777 by telegram, fee 0']);
  await admin.press('Готово');
  await admin.sees('Цены закрыты');
  await admin.write('/audit');
  const journal = (await admin.sees('Журнал')).text;
  expect(journal).toMatch(/изменено: цены: удалить · 2026-02-01: rate card: 1 → –/);
  expect(journal).toContain('2026-01-01: rate card: 1 → rate card: 1, изменилось цен: 2');
  const changes = await people.audit.find({}).toArray();
  expect(changes.filter(({ action }) => action === 'changed').map(({ what, after }) => [what, after])).toEqual([
    ['prices remove', { '2026-02-01': null }],
    ['prices import', { '2026-01-01': 'rate card: 1, prices changed: 2' }],
    ['prices import', { '2026-02-01': 'rate card: 1' }],
    ['prices import', { '2026-01-01': 'rate card: 1' }],
  ]);
});

it('what is offered as today holds at once, also while it is yesterday still in UTC', async () => {
  await world.stop();
  world = await startWorld({ now: new Date('2026-04-15T22:00:00Z') });
  const { admin } = world;
  await admin.write('/prices');
  await admin.upload('card.csv', card('0.0802'));
  // 01:00 of the 16th in Moscow.
  const asked = await admin.sees('С какого дня действуют эти цены?');
  expect(buttonsOf(asked)).toEqual(['1 апреля 2026', '15 апреля 2026', '‹ Назад', '✖️ Отмена']);
  expect(asked.text).toContain('Дни — по UTC');
  await admin.press('15 апреля 2026');
  const saved = await admin.sees('Цены с 15 апреля 2026');
  expect(saved.text).toContain('Сегодня действует: прайс с 15 апреля 2026');
  // The fee of the program's own table goes on.
  expect(saved.text).toContain('Комиссия Gupshup осталась прежней: 0,001 $ за сообщение');
});

it.each([
  ['euros', 'Market,Currency,Marketing\nRussia,EUR,0.07\n', 'Прайс в валюте EUR'],
  ['people', 'phone,name\n+79261234567,Анна\n', 'не прайс Meta'],
  ['an unknown market', 'Market,Currency,Marketing\nNarnia,USD,0.07\n', 'Строка 2: рынок «Narnia» неизвестен'],
  ['no number', 'Market,Currency,Marketing\nRussia,USD,cheap\n', 'а стоит «cheap»'],
  ['more than a card', 'x'.repeat(1024 * 1024 + 1), '> 1 MB'],
])('a file of %s is refused in the words of the console, and nothing is kept', async (_what, content, said) => {
  const { admin } = world;
  await admin.write('/prices');
  await admin.sees('Цены сообщений');
  await admin.upload('card.csv', content);
  await admin.sees(said);
  expect(await kept(world)).toEqual([]);
});

async function operator(): Promise<Person> {
  await world.services.users.admit(7001, 'operator', { kind: 'cli' }, new Date());
  await world.telegram.control('/users', { id: 7001, first_name: 'Имя' });
  return person(world.telegram, 7001, world.bot);
}

it('an operator sees prices, and neither imports a card nor removes one', async () => {
  const { admin } = world;
  await admin.write('/prices');
  await admin.upload('card.csv', card('0.0802'));
  await admin.press('1 января 2026');
  await admin.sees('Цены с 1 января 2026');
  const other = await operator();
  await other.write('/prices RU');
  const seen = await other.sees('Россия: реклама 0,0802 $');
  expect(buttonsOf(seen)).toEqual(['✅ Готово']);
  expect(seen.text).not.toContain('CSV');
  await other.upload('card.csv', card('0.5'));
  await other.sees('роль');
  expect(await kept(world)).toEqual(['2026-01-01 RU 0.0802 by telegram, fee 0']);
  expect((await world.people.audit.find({}).toArray()).filter(({ action }) => action === 'refused')).toHaveLength(1);
});

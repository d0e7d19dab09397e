/** One answer that comes as several updates: a long paste in pieces, an album, a correction; and what it must never become. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { belongsTo } from '../../bot/conversation/whole-answer';
import { waitFor } from '../support/servers';
import { statusOf } from './fake-services';
import { ADMIN, lastOwn, startWorld, type World } from './support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const fixture = (name: string): string => readFileSync(join(__dirname, '../fixtures/cases', name), 'utf8');

async function askForNumbers({ admin }: World): Promise<void> {
  await admin.write('/new');
  await admin.sees('Какой шаблон');
  await admin.press('photo');
  await admin.sees('Кому отправить');
  await admin.press('Номера текстом');
  await admin.sees('Пришлите номера');
}

async function phonesChosen({ services }: World): Promise<string[]> {
  const stored = (await services.sessions.get(`chat/${ADMIN}`)) as { session: { draft: { audience?: { include: { source: { phones?: string[] } }[] } } } } | undefined; // prettier-ignore
  return stored?.session.draft.audience?.include[0]?.source.phones ?? [];
}

test.each([
  ['10-paste-400.txt', 400],
  ['10b-paste-600-commas.txt', 600],
])('%s in pieces is one audience of %i, and no piece answers the next question', async (file, count) => {
  await askForNumbers(world);
  await world.admin.write(fixture(file));
  await world.admin.sees(`Номеров: ${count}`);
  expect(await phonesChosen(world)).toHaveLength(count);
  const asked = await world.admin.sees('Картинка');
  expect(asked.text).toContain(`Номеров: ${count}`);
});

test('a piece that comes after a restart of the bot still belongs to its answer', async () => {
  const text = fixture('10-paste-400.txt');
  await askForNumbers(world);
  await world.admin.write(text.slice(0, 4096));
  await world.admin.sees('Номеров: 241');
  await world.restartBot();
  await world.admin.write(text.slice(4096));
  await world.admin.sees('Номеров: 400');
});

test('several numbers on one line are several people, and what is none is listed', async () => {
  await askForNumbers(world);
  await world.admin.write('79001234501 79001234502\t79001234503\n7900123450479001234505\nabc');
  const answer = await world.admin.sees('Номеров: 5');
  expect(answer.text).toContain('«abc»');
});

test('a corrected answer takes the place of the first one', async () => {
  const { admin, telegram } = world;
  await askForNumbers(world);
  await admin.write('79001234501');
  await admin.sees('Номеров: 1');
  const messageId = await lastOwn(world);
  await telegram.control(`/chats/${ADMIN}/edit`, { messageId, text: '79001234501\n79001234502' });
  await admin.sees('Номеров: 2');
  expect(await phonesChosen(world)).toEqual(['79001234501', '79001234502']);
});

test('a corrected answer to a question beside a campaign leaves the campaign that waited, and its list', async () => {
  const { admin, services, telegram } = world;
  const status = statusOf('c1', 'running');
  services.statuses.set('c1', { ...status, ledger: { ...status.ledger, total: 7204, queued: 7200 } });
  await askForFile(world);
  await admin.upload('guests.csv', CSV);
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
  await admin.write('/campaigns');
  await admin.press('Рассылка c1');
  await admin.press('Скорость');
  await admin.sees('Как быстро');
  await admin.write('5');
  await admin.seesAnywhere('теперь до 5/с');
  await admin.sees('Параметр 1 из 2');
  const messageId = await lastOwn(world);
  await telegram.control(`/chats/${ADMIN}/edit`, { messageId, text: '8' });
  await admin.sees('уже на следующем шаге');
  expect(await services.lists.list()).toMatchObject([{ name: 'guests.csv' }]);
  expect(services.asked.commands).toMatchObject([{ command: 'setRate', ratePerSecond: 5 }]);
});

test('corrected names beside numbers leave one list', async () => {
  const { admin, services, telegram } = world;
  await askForNumbers(world);
  await admin.write('79001234501 Анна');
  await admin.sees('Номеров: 1');
  const messageId = await lastOwn(world);
  await telegram.control(`/chats/${ADMIN}/edit`, { messageId, text: '79001234501 Анна\n79001234502 Борис' });
  await admin.sees('столбцом «Имя»: «Анна», «Борис»');
  expect(await services.lists.list()).toMatchObject([{ name: '2 номера', count: 2 }]);
  await telegram.control(`/chats/${ADMIN}/edit`, { messageId, text: '79001234501\n79001234502' });
  await waitFor(async () => (await services.lists.list()).length === 0, { what: 'no list of mere numbers' });
});

test('a correction that comes once something was built on the answer is not taken, and that is said', async () => {
  const { admin, telegram } = world;
  await admin.write('/new');
  await admin.press('welcome');
  await admin.sees('Кому отправить');
  await admin.press('Номера текстом');
  await admin.sees('Пришлите номера');
  await admin.write('79001234501');
  await admin.sees('Номеров: 1');
  const messageId = await lastOwn(world);
  await admin.write('Иван');
  await admin.sees('{{2}}');
  await telegram.control(`/chats/${ADMIN}/edit`, { messageId, text: '79001234502' });
  await admin.sees('уже на следующем шаге');
  expect(await phonesChosen(world)).toEqual(['79001234501']);
});

test('/stoplist takes a whole list, pasted in pieces', async () => {
  const { admin, people } = world;
  await admin.write('/stoplist');
  await admin.sees('номер');
  await admin.write(fixture('10-paste-400.txt'));
  await admin.sees('400');
  await admin.press('Не присылать рекламу');
  await waitFor(async () => (await people.suppressions.list({ limit: 1000 })).length === 400, { what: 'all of them' });
  expect((await people.suppressions.list({ limit: 1 }))[0]).toMatchObject({ reason: 'manual', scope: 'marketing' });
});

async function askForFile({ admin }: World): Promise<void> {
  await admin.write('/new');
  await admin.sees('Какой шаблон');
  await admin.press('welcome');
  await admin.sees('Кому отправить');
}
const CSV = 'Имя;Телефон\nИван;+7 900 111-22-33\n';

test('of two files of one album the first is taken, and that the other is not is said once', async () => {
  const { admin } = world;
  await askForFile(world);
  await admin.upload('a.csv', CSV, { albumId: 'x1', caption: 'Осенняя акция, клиенты' });
  await admin.upload('b.csv', 'Телефон\n+7 900 111-22-44\n', { albumId: 'x1' });
  const shown = await admin.sees('Пришло несколько файлов');
  expect(shown.text).toContain('a.csv');
  expect(shown.text).not.toContain('b.csv');
});

test('of an album the first file that can be read is taken; a caption is no answer', async () => {
  const { admin } = world;
  await askForFile(world);
  await admin.upload('scan.pdf', '%PDF-1.4 nothing', { albumId: 'x2', caption: '+7 900 000-00-01' });
  await admin.upload('b.csv', CSV, { albumId: 'x2' });
  const shown = await admin.sees('b.csv');
  expect(shown.text).not.toContain('Пришло несколько файлов');
  expect(shown.text).toContain('+79001112233');
  expect(shown.text).not.toContain('900 000');
});

test('a file of another album takes its place', async () => {
  const { admin } = world;
  await askForFile(world);
  await admin.upload('a.csv', CSV, { albumId: 'x3' });
  await admin.sees('a.csv');
  await admin.upload('b.csv', CSV, { albumId: 'x4' });
  const shown = await admin.sees('b.csv');
  expect(shown.text).not.toContain('Пришло несколько файлов');
});

test('a corrected caption of a file answers nothing and loses nothing', async () => {
  const { admin, telegram } = world;
  await askForFile(world);
  await admin.upload('a.csv', CSV, { caption: 'клиенты' });
  const before = await admin.sees('a.csv');
  await telegram.control(`/chats/${ADMIN}/edit`, { messageId: await lastOwn(world), text: '+7 900 000-00-01' });
  expect((await admin.sees('a.csv')).text).toBe(before.text);
});

const answered = { step: { at: 'numbers' } as const, draft: { parameters: [] }, messageId: 10, at: 100, text: '79001234501', length: 11, revision: 5 }; // prettier-ignore
test.each([
  ['the rest of a message cut at the limit', { length: 4096 }, { messageId: 11, at: 101, text: 'anything' }, 'rest'],
  ['the rest, cut at a space', { length: 3900 }, { messageId: 13, at: 108, text: '1' }, 'rest'],
  ['something said a minute later', { length: 4096 }, { messageId: 11, at: 170, text: 'Осень' }, undefined],
  ['two lists pasted at once', {}, { messageId: 11, at: 100, text: '79001234502' }, 'rest'],
  ['a list and a word', {}, { messageId: 11, at: 100, text: 'Осень' }, undefined],
  ['a short answer and the next one', { text: 'Иван', length: 4 }, { messageId: 12, at: 101, text: 'Осень' }, undefined],
  ['the rest, after a button was pressed', { length: 4096, revision: 4 }, { messageId: 11, at: 101, text: 'x' }, 'late'],
  ['a correction', {}, { messageId: 10, at: 100, text: 'x', isEdit: true }, 'edit'],
  ['a correction of something older', {}, { messageId: 7, at: 90, text: 'x', isEdit: true }, 'late'],
  ['another file of the album', { albumId: 'a' }, { messageId: 11, at: 100, albumId: 'a' }, 'album'],
  ['a file of another album', { albumId: 'a' }, { messageId: 11, at: 100, albumId: 'b' }, undefined],
  ['a file after a text', {}, { messageId: 11, at: 100 }, undefined],
] as const)('a second update belongs to the answer or does not: %s', (_what, before, written, expected) => {
  const session = { answered: { ...answered, ...before }, revision: 5 };
  expect(belongsTo(session, { isEdit: false, ...written })).toBe(expected);
}); // prettier-ignore

/** /funnel: the snapshot of the CRM, what has changed, a new one, and a campaign to a stage. */
import { buttonsOf, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const plain = (text: string | undefined): string => (text ?? '').replace(/\u00a0|\u202f/g, ' ');

it('takes the first snapshot by itself, then shows it until a new one is asked for, with the change', async () => {
  const { admin, services } = world;
  await admin.write('/funnel');
  const first = await admin.sees('Всего');
  expect(plain(first.text)).toBe(
    [
      '🔻 Воронка amoCRM',
      'Снимок: 15 января 2026, 11:00 (Москва)',
      '',
      'Продажи',
      '12 сделок · 70 000 ₽ · 👤 3',
      '',
      'Всего',
      '12 сделок · 70 000 ₽ · 👤 3',
    ].join('\n'),
  );
  await admin.write('/funnel');
  await admin.sees('Всего');
  expect(services.funnel.taken).toHaveLength(1);
  await admin.press('Обновить');
  const second = plain((await admin.sees('13 сделок')).text);
  expect(second).toContain('В скобках — изменения с 15 января 2026, 11:00');
  expect(second).toContain('13 сделок (+1) · 75 000 ₽ (+5 000) · 👤 3');
});

it('opens a pipeline with its stages, from which a campaign begins', async () => {
  const { admin, services } = world;
  await admin.write('/funnel');
  await admin.press('Продажи');
  const pipeline = await admin.sees('Договор');
  expect(plain(pipeline.text)).toContain('▫️ Первый контакт: 8 · 👤 0\n🟦 Договор: 4 · 70 000 ₽ · 👤 3');
  expect(buttonsOf(pipeline)).toEqual(['✉️ Договор · 3', '🔄 Обновить', '‹ Ко всем воронкам']);
  await admin.press('✉️ Договор');
  await admin.sees('Какой шаблон');
  await admin.press('welcome');
  await admin.sees('Параметр 1 из 2');
  await admin.press('Имя: Иван');
  await admin.sees('Параметр 2 из 2');
  await admin.write('x');
  await admin.press('✅ welcome · Продажи / Договор');
  await admin.sees('Отправим 10');
  expect(services.asked.created).toEqual([]);
});

it('when the CRM does not answer, says so above the last one there is', async () => {
  const { admin, services } = world;
  services.funnel.away = true;
  await admin.write('/funnel');
  await admin.sees('amoCRM не отвечает: timeout');
  services.funnel.away = false;
  await admin.write('/funnel');
  await admin.sees('Всего');
  services.funnel.away = true;
  await admin.press('Обновить');
  expect((await admin.sees('amoCRM не отвечает')).text).toContain('12 сделок');
});

it('is in the main menu', async () => {
  const { admin } = world;
  await admin.write('/start');
  await admin.press('Воронка');
  await admin.sees('Всего');
});

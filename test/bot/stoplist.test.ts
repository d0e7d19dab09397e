/** /stoplist over the real Bot API protocol and a real MongoDB. */
import { ADMIN, buttonsOf, startWorld, type World } from './support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const PHONE = '+79001112233';

it('looks a number up as people write it: what holds it back, since when, by whom, and its consents', async () => {
  const { admin, people } = world;
  await people.suppressions.add([
    {
      phone: PHONE,
      reason: 'opted_out',
      scope: 'marketing',
      detail: 'STOP word',
      createdAt: new Date('2026-01-10T09:00:00Z'),
      createdBy: { kind: 'system' },
    },
    {
      phone: PHONE,
      reason: 'invalid',
      scope: 'all',
      detail: '1013: the number is not valid',
      createdAt: new Date('2026-01-11T09:00:00Z'),
      createdBy: { kind: 'system' },
    },
  ]);
  const by = { kind: 'cli' } as const;
  await people.contacts.addConsents([
    { phone: PHONE, category: 'marketing', source: 'анкета <сайт>', at: new Date('2025-12-01T09:00:00Z'), by },
  ]);
  await admin.write('/stoplist');
  await admin.sees('Пришлите номер');
  await admin.write('8 (900) 111-22-33');
  const { text } = await admin.sees('в стоп-листе:');
  expect(text).toContain('без рекламы — отписался (прислал стоп-слово)');
  expect(text).toContain('с 10 января 2026, 12:00 (Москва), автоматически');
  expect(text).toMatch(/не писать ничего — нет в WhatsApp \(1013 /);
  expect(text).toContain('Согласие на рекламу: анкета <сайт>');
  expect(text).toContain('через консоль');
});

it('puts a number there for marketing or everything, with the admin as the one who did it', async () => {
  const { admin, people } = world;
  await admin.write('/stoplist');
  await admin.write(PHONE);
  const free = await admin.sees('в стоп-листе нет');
  expect(buttonsOf(free)).toEqual(['🚫 Не писать ничего', '🔕 Не присылать рекламу', '✅ Готово']);
  await admin.press('Не присылать рекламу');
  const marketing = await admin.sees('Номер теперь в стоп-листе');
  expect(marketing.text).toContain(`администратор ${ADMIN}`);
  expect(buttonsOf(marketing)).toEqual(['🚫 Не писать ничего', '✅ Снять запрет', '✅ Готово']);
  await admin.press('Не писать ничего');
  expect(buttonsOf(await admin.sees('не писать ничего — внесён вручную'))).toEqual(['✅ Снять запрет', '✅ Готово']);
  const entries = await people.suppressions.of(PHONE);
  expect(entries.map(({ scope }) => scope).sort()).toEqual(['all', 'marketing']);
  for (const entry of entries) {
    expect(entry).toMatchObject({ reason: 'manual', createdBy: { kind: 'telegram', id: ADMIN } });
  }
});

it('takes a number off only after a yes, and remembers who did it', async () => {
  const { admin, people } = world;
  const createdBy = { kind: 'system' } as const;
  await people.suppressions.add([
    { phone: PHONE, reason: 'opted_out', scope: 'marketing', createdAt: new Date(), createdBy },
  ]);
  await admin.write('/stoplist');
  await admin.write(PHONE);
  await admin.press('Снять запрет');
  await admin.sees('Снова разрешить писать');
  await admin.press('‹ Нет');
  await admin.sees('в стоп-листе:');
  expect(await people.suppressions.of(PHONE)).toHaveLength(1);
  await admin.press('Снять запрет');
  await admin.press('Да, разрешить');
  expect((await admin.sees('снова можно писать')).text).toMatch(/Запрет снят: .*администратор/);
  expect(await people.suppressions.of(PHONE)).toEqual([]);
  expect(await people.audit.of(PHONE, 5)).toMatchObject([{ actor: { kind: 'telegram', id: ADMIN } }]);
});

it('says what is no number and waits for the next; the last state stays in the chat when done', async () => {
  const { admin } = world;
  await admin.write('/stoplist');
  await admin.write('позвоните мне');
  await admin.sees('не номер телефона');
  await admin.write(PHONE);
  await admin.sees('в стоп-листе нет');
  await admin.write('+79001112244');
  await admin.sees('+79001112244');
  await admin.press('Готово');
  const left = await admin.sees('+79001112244: в стоп-листе нет');
  expect(buttonsOf(left)).toEqual([]);
});

it('leaves a campaign that is being put together as it was', async () => {
  const { admin } = world;
  await admin.write('/new');
  await admin.press('welcome');
  await admin.sees('Кому отправить?');
  await admin.write('/stoplist');
  await admin.write(PHONE);
  await admin.sees('в стоп-листе нет');
  await admin.press('Готово');
  await admin.sees('Кому отправить?');
  await admin.write('/stoplist');
  await admin.write('/new');
  await admin.sees('незаконченная');
  await admin.press('Продолжить');
  await admin.sees('Кому отправить?');
});

it('speaks English to whoever wants it', async () => {
  const { admin, services } = world;
  await services.users.update(ADMIN, { language: 'en' });
  await admin.write('/stoplist');
  await admin.write(PHONE);
  await admin.press('Send nothing at all');
  expect((await admin.sees('is on the stop list:')).text).toContain('nothing at all — added by hand');
});

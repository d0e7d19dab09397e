/** /find: people by number or name, with what they were sent and answered; putting them into the stop list and back. */
import { createDeliveryStore } from '../../store/deliveries';
import { createReplyStore } from '../../store/contact-history';
import { campaignDocument } from '../store/support';
import { ADMIN, buttonsOf, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
  const at = new Date('2026-01-10T09:00:00Z');
  await world.people.contacts.met(
    [
      { phone: '+79001112233', name: 'Иван Петров' },
      { phone: '+79001112244', name: 'Пётр Иванов' },
      { phone: '+79005556677' },
    ],
    { source: 'list:l1', at },
  );
});
afterEach(() => world.stop());

async function history({ db }: World): Promise<void> {
  await db
    .collection<{ _id: string }>('campaigns')
    .insertOne(campaignDocument('c1', { spec: { name: 'Осень <2026>' } }));
  const deliveries = createDeliveryStore(db);
  await deliveries.keep([
    { _id: 'c1:0', campaignId: 'c1', n: 0, phone: '+79001112233', state: 'read', readAt: new Date('2026-01-12T09:00:00Z'), claimedAt: new Date('2026-01-12T08:00:00Z') },
    { _id: 'c2:0', campaignId: 'c2', n: 0, phone: '+79001112233', state: 'failed', code: '131026', failedAt: new Date('2026-01-11T09:00:00Z'), claimedAt: new Date('2026-01-11T08:00:00Z') },
  ] as never); // prettier-ignore
  const replies = createReplyStore(db);
  await replies.save({ _id: 'r1', phone: '+79001112233', at: new Date('2026-01-12T10:00:00Z'), text: 'Спасибо <3' });
}

it('finds by a part of a name, and shows messages, replies and the stop list', async () => {
  const { admin } = world;
  await history(world);
  await admin.write('/find');
  await admin.sees('Кого найти?');
  await admin.write('иван');
  const found = await admin.sees('найдено 2');
  expect(buttonsOf(found)).toEqual(['Иван Петров · +79001112233', 'Пётр Иванов · +79001112244', '✅ Готово']);
  await admin.press('Иван Петров');
  const person = await admin.sees('👤 Иван Петров +79001112233');
  expect(person.text).toContain('+79001112233: в стоп-листе нет');
  expect(person.text).toContain(
    [
      '📨 2 сообщения',
      '👁 12.01.26 12:00 Осень <2026> — прочитано',
      '❌ 11.01.26 12:00 — — не доставлено (131026)',
    ].join('\n'),
  );
  expect(person.text).toContain('💬 1 ответ\n12.01.26 13:00 «Спасибо <3»');
  await admin.press('К результатам');
  await admin.sees('найдено 2');
});

it('goes straight to the person when there is but one, or a whole number is given', async () => {
  const { admin } = world;
  await admin.write('/find');
  await admin.write('петр иванов');
  await admin.sees('👤 Пётр Иванов +79001112244');
  await admin.write('8 900 555-66-77');
  const nameless = await admin.sees('👤 +79005556677');
  expect(nameless.text).toContain('Сообщений не было');
  await admin.write('5556');
  await admin.sees('👤 +79005556677');
  await admin.write('Сидор <b>');
  await admin.sees('«Сидор <b>» нет');
});

it('shows of several people with one number the one that was looked for', async () => {
  const { admin, people } = world;
  const at = new Date('2026-01-11T09:00:00Z');
  await people.contacts.met([{ phone: '+79001112233', name: 'Алёна Петрова' }], { source: 'list:l2', at });
  await people.contacts.met([{ phone: '+79001112255', name: 'Алёна Орлова' }], { source: 'list:l2', at });
  await admin.write('/find');
  await admin.write('алена');
  const found = await admin.sees('найдено 2');
  expect(buttonsOf(found).sort().slice(0, 2)).toEqual(['Алёна Орлова · +79001112255', 'Алёна Петрова · +79001112233']);
});

it('takes what stands behind the command for the answer', async () => {
  const { admin } = world;
  await admin.write('/find иван');
  await admin.sees('найдено 2');
  await admin.write('/find  8 900 555-66-77');
  await admin.sees('👤 +79005556677');
  await admin.write('/find Сидор');
  await admin.sees('«Сидор» нет');
  await admin.write('петр иванов');
  await admin.sees('👤 Пётр Иванов +79001112244');
  await admin.write('/stoplist 8 900 111-22-33');
  await admin.sees('+79001112233: в стоп-листе нет');
});

it('puts tags on a person, typed or those of others, and takes them off', async () => {
  const { admin, people } = world;
  await people.contacts.tag(['+79001112244'], { add: ['опт'] });
  await admin.write('/find +79001112277');
  await admin.press('Теги');
  expect(buttonsOf(await admin.sees('Теги +79001112277'))).toEqual(['➕ опт', '‹ К человеку']);
  await admin.write('VIP  клиент');
  await admin.sees('Теги +79001112277');
  await admin.press('➕ опт');
  expect(buttonsOf(await admin.sees('Теги +79001112277'))).toEqual(['✖️ VIP клиент', '✖️ опт', '‹ К человеку']);
  expect(await people.contacts.find('+79001112277')).toMatchObject({ tags: ['VIP клиент', 'опт'] });
  await world.restartBot();
  await admin.press('✖️ VIP клиент');
  await admin.sees('Теги +79001112277');
  await admin.press('К человеку');
  await admin.sees('🏷 опт');
  expect(await people.contacts.find('+79001112277')).toMatchObject({ tags: ['опт'] });
});

it('puts a person into the stop list, and takes them off after a yes', async () => {
  const { admin, people } = world;
  await admin.write('/find');
  await admin.write('Иван Петров');
  await admin.press('Не писать ничего');
  await admin.sees('в стоп-листе:');
  expect(await people.suppressions.of('+79001112233')).toMatchObject([
    { scope: 'all', createdBy: { kind: 'telegram', id: ADMIN } },
  ]);
  await world.restartBot();
  await admin.press('Снять запрет');
  await admin.sees('Снова разрешить писать');
  await admin.press('Да, разрешить');
  await admin.sees('Запрет снят');
  expect(await people.suppressions.of('+79001112233')).toEqual([]);
  await admin.press('Готово');
  await admin.sees('Поиск закрыт');
});

it('gives the record of their consents as PDF, and the journal has who took it; without one there is no button', async () => {
  const { admin, people } = world;
  const phone = '+79001112233';
  const proof = { document: 'Согласие на рекламу', version: '3', source: 'анкета' };
  const at = new Date('2026-01-05T09:00:00Z');
  await people.contacts.addConsents([{ phone, category: 'marketing', ...proof, at, by: { kind: 'cli' } }]);
  await admin.write('/find +79001112244');
  expect(buttonsOf(await admin.sees('Пётр Иванов'))).not.toContain('📄 Сведения о согласии');
  await admin.write(phone);
  const person = await admin.sees('Иван Петров');
  expect(person.text).toContain('Согласие на рекламу: анкета · документ «Согласие на рекламу», 3');
  await admin.press('Сведения о согласии');
  await admin.sees('Иван Петров');
  const taken = async (): Promise<unknown> =>
    (await people.audit.find({ who: ADMIN }).toArray()).filter(({ action }) => action === 'consent_exported');
  expect(await taken()).toMatchObject([{ phone, what: 'pdf' }]);
  expect((await admin.messages()).some(({ document }) => document?.file_name === 'consent-2233.pdf')).toBe(true);
});

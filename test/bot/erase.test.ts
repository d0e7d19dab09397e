/** Erasing a person from /find: after a yes, everywhere, unless a campaign may still write to them. */
import { createDeliveryStore } from '../../store/deliveries';
import { campaignDocument } from '../store/support';
import { buttonsOf, startWorld, type World } from './support';

const PHONE = '+79001112233';
let world: World;

beforeEach(async () => {
  world = await startWorld();
  const at = new Date('2026-01-10T09:00:00Z');
  await world.people.contacts.met([{ phone: PHONE, name: 'Иван Петров' }], { source: 'list:l1', at });
});
afterEach(() => world.stop());

async function delivery({ db }: World, state: 'running' | 'completed'): Promise<void> {
  await db
    .collection<{ _id: string }>('campaigns')
    .insertOne(campaignDocument('c1', { spec: { name: 'Осень <2026>' }, state }));
  const deliveries = createDeliveryStore(db);
  await deliveries.keep([
    {
      _id: 'c1:0',
      campaignId: 'c1',
      n: 0,
      phone: PHONE,
      name: 'Иван',
      origin: '1',
      state: 'accepted',
    },
  ] as never);
}

it('asks first, says what stays, and leaves nothing of the person, not in the conversation either', async () => {
  const { admin, people, db } = world;
  await delivery(world, 'completed');
  await admin.write('/new');
  await admin.press('welcome');
  await admin.sees('Кому отправить?');
  await admin.write('8 900 111-22-33');
  await admin.sees('Параметр 1 из 2');
  await admin.write('/find Иван Петров');
  await admin.press('Стереть данные');
  const question = await admin.sees(`Стереть всё, что известно о ${PHONE}?`);
  expect(buttonsOf(question)).toEqual(['🗑 Да, стереть навсегда', '‹ Нет']);
  await admin.press('‹ Нет');
  await admin.sees('👤 Иван Петров');
  await admin.press('Стереть данные');
  await admin.press('Да, стереть');
  await admin.seesAnywhere('Данные стёрты: сообщений — 1');
  expect(await people.contacts.find(PHONE)).toBeUndefined();
  expect(await db.collection<{ _id: string }>('deliveries').findOne({ _id: 'c1:0' })).not.toHaveProperty('phone');
  await admin.write('/cancel');
  await admin.sees('Отменять нечего');
  expect(JSON.stringify(await db.collection('sessions').find().toArray())).not.toContain('900 111-22-33');
});

it('while a campaign may still write to the person nothing goes, and it is named', async () => {
  const { admin, people } = world;
  await delivery(world, 'running');
  await admin.write('/find Иван Петров');
  await admin.press('Стереть данные');
  await admin.press('Да, стереть');
  await admin.sees('Ничего не стёрто: этому человеку ещё может написать рассылка «Осень <2026>»');
  expect(await people.contacts.find(PHONE)).toMatchObject({ names: ['Иван Петров'] });
});

it('a stop is kept as a print that only fits the number', async () => {
  const { admin, people } = world;
  await admin.write('/find Иван Петров');
  await admin.press('Не писать ничего');
  await admin.sees('в стоп-листе:');
  await admin.press('Стереть данные');
  await admin.press('Да, стереть');
  await admin.seesAnywhere('Запрет писать сохранён');
  expect(await people.suppressions.of(PHONE)).toMatchObject([{ scope: 'all' }]);
});

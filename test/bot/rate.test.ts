/** The rate of a started campaign: offered values, typed ones, a time to take; and what was being done meanwhile waits. */
import { statusOf } from './fake-services';
import { buttonsOf, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

async function openRate({ admin, services }: World): Promise<void> {
  const status = statusOf('c1', 'running');
  services.statuses.set('c1', { ...status, ledger: { ...status.ledger, total: 7204, queued: 7200 } });
  await admin.write('/campaigns');
  await admin.sees('Рассылки: ');
  await admin.press('Рассылка c1');
  await admin.sees('— идёт');
  await admin.press('Скорость');
}

it('is offered with the time it takes, and changes at a press', async () => {
  const { admin, services } = world;
  await openRate(world);
  const question = await admin.sees('Сейчас до 20/с, предел отправителя — 20/с');
  expect(buttonsOf(question)).toEqual(
    [
      '1/с · 2 ч',
      '2/с · 1 ч',
      '5/с · 24 мин',
      '10/с · 12 мин',
      '20/с · 6 мин',
      'За 2 ч · до 14:00',
      'За 4 ч · до 16:00',
      'За 8 ч · до 20:00',
      '‹ Назад',
    ].map((text) => expect.stringMatching(text.replaceAll(' ', '\\s'))),
  );
  await admin.press('5/с');
  await admin.seesAnywhere('теперь до 5/с');
  await admin.sees('до 5/с · всё уйдёт');
  expect(services.asked.commands).toMatchObject([
    { id: 'c1', command: 'setRate', ratePerSecond: 5, updateId: expect.stringMatching(/^telegram-\d+$/) },
  ]);
});

it('spreads what is left over hours at a press', async () => {
  const { admin, services } = world;
  await openRate(world);
  await admin.press('до 16:00');
  await admin.seesAnywhere('теперь до 0,5/с');
  expect(services.asked.commands).toMatchObject([{ command: 'setRate', ratePerSecond: 0.5 }]);
});

it.each([
  ['0,5', 0.5],
  ['3/с', 3],
  ['2 ч', 1],
  ['60min', 2],
  ['90', 20],
])('typed as %s is %d a second', async (typed, ratePerSecond) => {
  const { admin, services } = world;
  await openRate(world);
  await admin.sees('Как быстро');
  await admin.write(typed);
  await admin.seesAnywhere('теперь до');
  expect(services.asked.commands).toMatchObject([{ command: 'setRate', ratePerSecond }]);
});

it.each(['быстро', '0', '-1', '0 ч'])('typed as %s is refused with a sentence', async (typed) => {
  const { admin, services } = world;
  await openRate(world);
  await admin.sees('Как быстро');
  await admin.write(typed);
  await admin.sees(`получено «${typed}»`);
  expect(services.asked.commands).toEqual([]);
});

it('of a campaign that has ended meanwhile is refused with its state', async () => {
  const { admin, services } = world;
  await openRate(world);
  await admin.sees('Как быстро');
  services.statuses.set('c1', statusOf('c1', 'completed'));
  await admin.press('5/с');
  await admin.sees('рассылка — «завершена»');
});

it('a campaign being put together waits until it is set, over a restart too', async () => {
  const { admin, services } = world;
  await admin.write('/new');
  await admin.press('welcome');
  await admin.sees('Кому отправить?');
  await openRate(world);
  await admin.sees('Как быстро');
  await world.restartBot();
  await admin.press('5/с');
  await admin.sees('Кому отправить?');
  await openRate(world);
  await admin.sees('Как быстро');
  await admin.press('‹ Назад');
  await admin.seesAnywhere('ничего не меняю');
  await admin.write('8 900 111-22-33');
  await admin.sees('Параметр 1 из 2');
  expect(services.asked.commands).toHaveLength(1);
});

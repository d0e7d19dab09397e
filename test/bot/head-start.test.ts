/** A press is heard while it is still being kept, and carried out only once it is; who may not press hears why. */
import type { Update } from 'telegraf/types';
import { statusOf } from './fake-services';
import { ADMIN, buttonsOf, joined, openCard, startWorld, type Person, type World } from './support';
import { waitFor } from '../support/servers';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

/** From now on presses wait to be kept; the answer lets them go. */
function holdPresses({ services }: World): { letGo: () => void; held: () => number } {
  const keep = services.updates.keep.bind(services.updates);
  const waiting: (() => void)[] = [];
  let isOpen = false;
  services.updates.keep = async (update) => {
    if ('callback_query' in (update as Update) && !isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
    return keep(update);
  };
  return {
    held: () => waiting.length,
    letGo: () => {
      isOpen = true;
      waiting.splice(0).forEach((resolve) => resolve());
    },
  };
}

const answersOf = async ({ telegram }: World, id: number): Promise<({ text?: string } | undefined)[]> =>
  (await telegram.control<{ callbacks: { answer?: { text?: string } }[] }>(`/chats/${id}`)).callbacks.map(
    ({ answer }) => answer,
  );

it('is answered at once, and its work begins when it cannot be lost any more', async () => {
  const { admin, services } = world;
  services.statuses.set('c1', statusOf('c1', 'running'));
  await openCard(admin);
  const before = (await answersOf(world, ADMIN)).length;
  const { letGo, held } = holdPresses(world);
  await admin.press('Пауза');
  const heard = await waitFor(async () => (await answersOf(world, ADMIN))[before], {
    what: 'the press to be answered',
  });
  expect(heard.text).toBeUndefined();
  expect(held()).toBe(1);
  expect(services.asked.commands).toEqual([]);
  letGo();
  await admin.sees('на паузе');
  expect(services.asked.commands).toMatchObject([{ command: 'pause' }]);
});

/** An operator with a campaign's card open, who has been made a viewer since. */
async function lowered(): Promise<Person> {
  const { services } = world;
  services.statuses.set('c1', statusOf('c1', 'running'));
  const operator = await joined(world, 7001, 'operator');
  await openCard(operator);
  await services.users.setRole(7001, 'viewer', { kind: 'cli' });
  return operator;
}

it('whoever was lowered meanwhile hears it in a pop-up, and nothing is carried out', async () => {
  const { services } = world;
  const operator = await lowered();
  const { letGo, held } = holdPresses(world);
  await operator.press('Пауза');
  await waitFor(() => held() === 1, { what: 'the press to come' });
  letGo();
  await waitFor(async () => (await operator.alerts()).find((text) => text.includes('нужна')), { what: 'the pop-up' });
  expect(services.asked.commands).toEqual([]);
});

it('whose spinner was stopped before anybody knew that they may not, hears it in a message', async () => {
  const { services } = world;
  const operator = await lowered();
  const before = (await answersOf(world, 7001)).length;
  const goOn = holdUsers(world);
  await operator.press('Пауза');
  const heard = await waitFor(async () => (await answersOf(world, 7001))[before], { what: 'the spinner to stop' });
  expect(heard.text).toBeUndefined();
  goOn();
  expect((await operator.sees('нужна роль')).text).toContain('оператор');
  expect(services.asked.commands).toEqual([]);
});

/** From now on the database does not say whose a press is, until it is let go. */
function holdUsers({ services }: World): () => void {
  const find = services.users.find.bind(services.users);
  let goOn!: () => void;
  const away = new Promise<void>((resolve) => (goOn = resolve));
  services.users.find = async (id) => away.then(() => find(id));
  return goOn;
}

it('is answered while the database does not even say whose it is, and carried out only once it does', async () => {
  const { admin, services } = world;
  services.statuses.set('c1', statusOf('c1', 'running'));
  await openCard(admin);
  const before = (await answersOf(world, ADMIN)).length;
  const goOn = holdUsers(world);
  await admin.press('Пауза');
  await waitFor(async () => (await answersOf(world, ADMIN))[before], { what: 'the press to be answered' });
  expect(services.asked.commands).toEqual([]);
  goOn();
  await admin.sees('на паузе');
});

it('a press that waited while another one closed its question is told so, though its spinner was stopped before', async () => {
  const { admin, services } = world;
  services.statuses.set('c1', statusOf('c1', 'running'));
  await openCard(admin);
  await admin.press('Скорость');
  await admin.sees('Как быстро');
  const command = services.campaigns.command.bind(services.campaigns);
  let goOn!: () => void;
  const busy = new Promise<void>((resolve) => (goOn = resolve));
  services.campaigns.command = async (...asked) => busy.then(() => command(...asked));
  const before = (await answersOf(world, ADMIN)).length;
  await admin.press('5/с');
  await admin.press('10/с');
  await waitFor(async () => (await answersOf(world, ADMIN))[before + 1], { what: 'both presses to be answered' });
  goOn();
  await admin.seesAnywhere('Кнопка устарела');
  expect(services.asked.commands).toMatchObject([{ command: 'setRate', ratePerSecond: 5 }]);
});

it('a press that waited, on a question that is open no more, is told so and leaves no button that leads nowhere', async () => {
  const { admin, services, db } = world;
  services.statuses.set('c1', statusOf('c1', 'running'));
  await openCard(admin);
  await admin.press('Скорость');
  await admin.sees('Как быстро');
  // What was open is not known any more, and the message has kept its buttons.
  await db.collection('sessions').deleteMany({});
  const command = services.campaigns.command.bind(services.campaigns);
  let goOn!: () => void;
  const busy = new Promise<void>((resolve) => (goOn = resolve));
  services.campaigns.command = async (...asked) => busy.then(() => command(...asked));
  const before = (await answersOf(world, ADMIN)).length;
  await admin.press('Пауза');
  await admin.press('10/с');
  await waitFor(async () => (await answersOf(world, ADMIN))[before + 1], { what: 'both presses to be answered' });
  goOn();
  await admin.sees('Кнопка устарела');
  expect(buttonsOf(await admin.seesAnywhere('Как быстро'))).toEqual([]);
  expect(services.asked.commands).toMatchObject([{ command: 'pause' }]);
});

it('a database that says late what the bot before has left brings nothing of its own again', async () => {
  const { admin, services } = world;
  const left = services.updates.left.bind(services.updates);
  let asked = 0;
  services.updates.left = async (bot) => {
    asked += 1;
    if (asked === 1) throw new Error('the database is slow');
    return left(bot);
  };
  const list = services.campaigns.list.bind(services.campaigns);
  let goOn!: () => void;
  const busy = new Promise<void>((resolve) => (goOn = resolve));
  services.campaigns.list = async (...given) => busy.then(() => list(...given));
  await admin.write('/campaigns');
  await waitFor(() => asked === 1, { what: 'the bot to ask' });
  await admin.write('/help');
  await waitFor(() => asked === 2, { what: 'the bot to ask again' });
  goOn();
  await admin.sees('Что я умею');
  expect(await admin.messages()).toHaveLength(2);
});

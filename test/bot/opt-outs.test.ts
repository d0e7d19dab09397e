/** What may be an opt-out, on the sandbox's Telegram: told, answered by a button, and the same for all who were told. */
import { runOptOutAlerts } from '../../activities/opt-out-alerts';
import { createTelegramClient } from '../../clients/telegram';
import { createTellTeam } from '../../clients/tell-team';
import { createLogger } from '../../config/logger';
import type { PossibleOptOut } from '../../domain/opt-outs/possible-opt-out';
import { TOKEN } from '../sandbox/telegram-support';
import { waitFor } from '../support/servers';
import { ADMIN, buttonsOf, person, startWorld, type Person, type World } from './support';

const OTHER = 4242;
const PHONE = '+79001112233';
const UNSURE: PossibleOptOut = { at: new Date(), by: 'reply', clear: false, phone: PHONE, name: 'Анна', text: 'Отпишите, но заказ ждём', campaign: 'Весна' }; // prettier-ignore

let world: World;
let other: Person;
beforeEach(async () => {
  world = await startWorld({ progressEveryMs: 100 });
  other = person(world.telegram, OTHER, world.bot);
  await world.telegram.control('/users', { id: OTHER, first_name: 'Olga' });
  await world.services.users.syncSettings([ADMIN, OTHER], new Date());
  await world.services.users.update(OTHER, { language: 'en' });
  for (const one of [world.admin, other]) await one.write('/start');
  for (const one of [world.admin, other])
    await waitFor(async () => (await one.messages()).length > 0, { what: 'a chat' });
});
afterEach(() => world.stop());

/** The worker's part: until the team is told. */
async function tell(one: PossibleOptOut, id = 'unsure:1'): Promise<void> {
  const { possibleOptOuts } = world.people;
  await possibleOptOuts.add({ _id: id, ...one });
  await world.telegram.later(5);
  const log = createLogger('test', 'silent');
  const telegram = createTelegramClient({ token: TOKEN, apiRoot: world.telegram.url });
  const { users } = world.services;
  const stop = new AbortController();
  const teller = createTellTeam({ telegram, team: users, language: 'ru', log });
  const running = runOptOutAlerts(
    { store: { possibleOptOuts, users }, tell: teller, timezone: 'Europe/Moscow', log, everyMs: 20 },
    stop.signal,
  );
  const which = one.phone ? 'unsure' : 'unnamed';
  await waitFor(async () => (await possibleOptOuts.open(which, 9)).find(({ _id }) => _id === id)?.toldAt, { what: 'the team to be told' }); // prettier-ignore
  stop.abort();
  await running;
}
const suppressed = (): Promise<unknown[]> => world.people.suppressions.of(PHONE);

it('“opt out” suppresses marketing in the admin’s name, and everybody’s message says so', async () => {
  await tell(UNSURE);
  const { text } = await world.admin.sees('Отпишите, но заказ ждём');
  for (const part of [PHONE, 'Анна', '«Весна»']) expect(text).toContain(part);
  await world.admin.press('Отписать');
  const settled = await world.admin.sees(`Отписан от рекламы: администратор ${ADMIN}`);
  expect(buttonsOf(settled)).toEqual([]);
  expect(await suppressed()).toMatchObject([
    { reason: 'opted_out', scope: 'marketing', detail: 'read by an admin', createdBy: { kind: 'telegram', id: ADMIN } },
  ]);
  expect(buttonsOf(await other.seesAnywhere(`Opted out of marketing by admin ${ADMIN}`))).toEqual([]);
  expect(await world.people.possibleOptOuts.count()).toEqual({ unsure: 0, unnamed: 0 });
  await world.admin.write('/stoplist');
  await world.admin.write(PHONE);
  await world.admin.sees('отписался (администратор счёл ответ отпиской)');
});

it('“not an opt-out” suppresses nobody; a second press by another admin hears who was first, and changes nothing', async () => {
  await tell(UNSURE);
  const [one] = await world.people.possibleOptOuts.open('unsure', 1);
  // The other's message has not changed yet when they press.
  const { messageId } = one!.messages.find(({ chatId }) => chatId === OTHER)!;
  await world.people.possibleOptOuts.dropMessage(one!._id, { chatId: OTHER, messageId });
  await world.admin.press('Не отписка');
  await world.admin.sees('Не отписка: администратор');
  await other.press('Opt out');
  expect(buttonsOf(await other.sees(`Not an opt-out, decided by admin ${ADMIN}`))).toEqual([]);
  expect((await other.alerts()).at(-1)).toMatch(new RegExp(`Already settled: not an opt-out, by admin ${ADMIN}`));
  expect(await suppressed()).toEqual([]);
});

it('who is opted out is asked about no more; taking it back is /stoplist’s', async () => {
  await tell(UNSURE);
  await tell({ ...UNSURE, text: 'Второе письмо' }, 'unsure:2');
  await world.admin.press('Отписать');
  await waitFor(async () => (await world.people.possibleOptOuts.count()).unsure === 0, { what: 'both to be settled' });
  await waitFor(async () => (await world.people.possibleOptOuts.shownOpen()).length === 0, { what: 'all messages to change' }); // prettier-ignore
  for (const message of (await other.messages()).filter((one) => one.text?.includes(PHONE))) expect(buttonsOf(message)).toEqual([]); // prettier-ignore
  expect(await suppressed()).toHaveLength(1);
});

it('a STOP that names nobody is dealt with, or settles itself when the number becomes known', async () => {
  const unnamed: PossibleOptOut = { at: new Date(), by: 'preference', clear: true, userId: 'RU.1', name: 'Олег' };
  await tell(unnamed, 'event 1');
  expect(buttonsOf(await world.admin.sees('RU.1'))).toEqual(['✅ Разобрались']);
  await world.admin.press('Разобрались');
  await world.admin.sees('Разобрались: администратор');
  await tell({ ...unnamed, userId: 'RU.2' }, 'event 2');
  await world.people.possibleOptOuts.known('event 2', PHONE, { choice: 'known', by: { kind: 'system' }, at: new Date() }); // prettier-ignore
  expect(buttonsOf(await other.seesAnywhere(`The number is now known: ${PHONE}`))).toEqual([]);
});

it('of an erased person the button says that the entry is gone', async () => {
  await tell(UNSURE);
  await world.db.collection('possibleOptOuts').deleteMany({});
  await world.admin.press('Отписать');
  await waitFor(async () => (await world.admin.alerts()).at(-1)?.includes('записи больше нет'), { what: 'the pop-up' });
  expect(await suppressed()).toEqual([]);
});

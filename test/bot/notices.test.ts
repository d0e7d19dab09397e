/** /notices: what comes by itself to whom, and the digest that everyone may switch off. */
import { ADMIN, buttonsOf, person, startWorld, type World } from './support';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

it('says what the person’s role hears of, and switches the digest off and on', async () => {
  const { admin, services, telegram } = world;
  await admin.write('/notices');
  const shown = await admin.sees('О чём я пишу вам сам');
  expect(shown.text).toContain('Ежедневная сводка: включена');
  expect(shown.text).toContain('мало денег на кошельке');
  await admin.press('Не присылать сводку');
  expect(buttonsOf(await admin.sees('Ежедневная сводка: выключена'))).toEqual(['☀️ Присылать сводку']);
  expect((await services.users.find(ADMIN))?.digest).toBe(false);
  await admin.press('☀️ Присылать сводку');
  await admin.sees('Ежедневная сводка: включена');
  expect((await services.users.find(ADMIN))?.digest).toBe(true);

  await services.users.admit(71, 'viewer', { kind: 'cli' }, new Date());
  await telegram.control('/users', { id: 71, first_name: 'Вера' });
  const viewer = person(telegram, 71, world.bot);
  await viewer.write('/notices');
  const own = await viewer.sees('О чём я пишу вам сам');
  expect(own.text).toContain('отчёт');
  expect(own.text).not.toMatch(/на паузу|кошельке|шаблон приостановлен/);
});

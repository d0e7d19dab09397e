/** Sending hours in the bot: chosen from the preview, shown there, kept with the campaign. */
import { answerAll, changePart, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

async function toHours(world: World): Promise<void> {
  const { admin } = world;
  await answerAll(world);
  await changePart(admin, 'Часы отправки');
  await admin.sees('Когда можно отправлять?');
}

async function toStart({ admin }: World): Promise<void> {
  await admin.press('когда отправить');
  await admin.press('Сейчас');
  await admin.press('Отправить 10');
  await admin.sees('идёт');
}

it('a preset goes with the campaign, and the holidays of the settings with it', async () => {
  const { admin, services } = world;
  await toHours(world);
  await admin.press('Пн–пт 10:00–19:00');
  await admin.sees('10:00–19:00, пн–пт, кроме 1 праздника, Москва');
  await toStart(world);
  expect(services.asked.created[0]?.hours).toEqual({
    from: '10:00', to: '19:00', days: [1, 2, 3, 4, 5], holidays: ['2026-12-31'], zone: 'campaign', timezone: 'Europe/Moscow',
  }); // prettier-ignore
});

it('hours may be typed; what cannot be read is asked again', async () => {
  const { admin, services } = world;
  await toHours(world);
  await admin.write('с утра');
  await admin.sees('Не понимаю часы отправки «с утра»');
  await admin.write('11:00-13:30');
  await admin.sees('11:00–13:30');
  await toStart(world);
  expect(services.asked.created[0]?.hours).toMatchObject({ from: '11:00', to: '13:30', zone: 'campaign' });
});

it("the recipients' own clocks: says what that means for a country with many zones", async () => {
  const { admin, services } = world;
  await toHours(world);
  await admin.press('по местному времени');
  await admin.sees('видна страна, но не город');
  await toStart(world);
  expect(services.asked.created[0]?.hours).toMatchObject({ from: '09:00', to: '21:00', zone: 'recipient' });
});

it('any time is said too, else the settings would decide', async () => {
  const { admin, services } = world;
  await toHours(world);
  await admin.press('В любое время');
  await admin.sees('Так увид');
  await toStart(world);
  expect(services.asked.created[0]?.hours).toBe('any');
});

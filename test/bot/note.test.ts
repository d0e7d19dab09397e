/** A note for colleagues in the bot: written from the preview, on every card of the campaign, its phone numbers hidden. */
import { answerAll, changePart, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

async function toNote(world: World): Promise<void> {
  const { admin } = world;
  await answerAll(world);
  await changePart(admin, 'Заметка');
  await admin.sees('Заметка для коллег');
}

it('goes with the campaign, from the card to the question to start', async () => {
  const { admin, services } = world;
  await toNote(world);
  await admin.write('Спросить <Анну>, 8 900 123-45-67');
  await admin.sees('Заметка: Спросить <Анну>, • ••• •••-••-67');
  await admin.press('когда отправить');
  await admin.press('Сейчас');
  expect((await admin.sees('Отправляем?')).text).toContain('Заметка: Спросить <Анну>');
  await admin.press('Отправить 10');
  await admin.sees('идёт');
  expect(services.asked.created[0]?.note).toBe('Спросить <Анну>, • ••• •••-••-67');
});

it('that is too long is refused, and one can be taken back', async () => {
  const { admin } = world;
  await toNote(world);
  await admin.write('x'.repeat(501));
  await admin.sees('от 1 до 500 знаков, а здесь 501');
  await admin.write('Для выставки');
  await admin.sees('Заметка: Для выставки');
  await changePart(admin, 'Заметка');
  await admin.press('Без заметки');
  expect((await admin.sees('Отправим 10')).text).not.toContain('Для выставки');
});

/** The file of a template's header: uploaded in the chat, or a link; what WhatsApp would not take is refused at once. */
import { PNG, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

async function toMedia({ admin }: World): Promise<void> {
  await admin.write('/new');
  await admin.press('photo');
  await admin.write('8 900 111-22-33');
  await admin.sees('Пришлите сам файл');
}

it.each([
  ['a file', (world: World) => world.admin.upload('catalogue.png', PNG), 'catalogue.png'],
  ['a photo', (world: World) => world.admin.photo(PNG), 'photo.jpg'],
])('%s goes to Gupshup, and the campaign sends it by its id', async (_kind, send, name) => {
  const { admin, services } = world;
  await toMedia(world);
  await send(world);
  await admin.sees('Название рассылки');
  await admin.write('Новинка');
  const preview = await admin.sees('Отправим 10');
  expect(preview.text).toContain(name);
  expect(services.asked.uploads).toEqual([{ name, mime: 'image/png' }]);
  await admin.press('когда отправить');
  await admin.sees('Сейчас 15 января');
  await admin.press('Сейчас');
  await admin.sees('Отправляем?');
  await admin.press('Отправить 10');
  await admin.sees('идёт');
  expect(services.asked.created[0]!.mediaUrl).toMatch(/^gupshup-media:1234567890\?app=DemoApp&type=IMAGE&until=2/);
});

it.each([
  ['price.pdf', Buffer.from('%PDF-1.7'), 'application/pdf'],
  ['clip.gif', Buffer.from('GIF89a'), 'image/gif'],
  ['huge.png', Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024)]), 'не больше 5 МБ'],
])('%s is refused with the reason, and nothing is uploaded', async (name, content, reason) => {
  const { admin, services } = world;
  await toMedia(world);
  await admin.upload(name, content);
  await admin.sees(reason);
  expect(services.asked.uploads).toEqual([]);
});

it('a photo where people are asked for says what is', async () => {
  const { admin } = world;
  await admin.write('/new');
  await admin.press('photo');
  await admin.sees('Кому отправить?');
  await admin.photo(PNG);
  await admin.sees('Выберите кнопку ниже');
});

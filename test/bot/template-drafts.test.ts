/** A template put together in the bot: its text, samples, parts, problems, and the way to Meta. */
import type { Message } from '../../sandbox/telegram/types';
import { createTemplateDraftStore } from '../../store/template-drafts';
import { ADMIN, buttonsOf, lastOwn, person, startWorld, type World } from './support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const BODY = 'Здравствуйте, {{1}}! Вышел новый каталог кухонь, он действует до {{2}} включительно.';

async function begin({ admin }: World, body = BODY): Promise<void> {
  await admin.write('/templates');
  await admin.sees('🧩 Шаблоны');
  await admin.press('Новый шаблон');
  await admin.sees('Новый шаблон. Для чего он?');
  await admin.press('📣 Реклама');
  await admin.sees('Напишите текст сообщения');
  await admin.write(body);
}

it('asks for the text and a sample of each variable, says what to correct, and submits after a yes', async () => {
  const { admin, services } = world;
  await begin(world);
  await admin.sees('Что будет на месте {{1}}?');
  await admin.write('Анна');
  await admin.sees('Что будет на месте {{2}}?');
  await admin.write('31 мая');
  const card = await admin.sees('Здравствуйте, Анна! Вышел новый каталог кухонь, он действует до 31 мая включительно.');
  expect(card.text).toContain('🧩 vyshel_novyy_katalog_kukhon · ru · реклама');
  expect(card.text).toContain('⛔️ Категория: Отписаться нельзя. Добавьте кнопку «Отписаться»');
  expect(buttonsOf(card)).toEqual([
    'Текст',
    'Примеры',
    '＋ Заголовок',
    '＋ Подпись',
    '＋ Кнопки',
    'Название',
    'Категория',
    'Язык',
    '🗑 Удалить',
    'Закончить позже',
  ]);

  await admin.press('Кнопки');
  await admin.sees('каждая с новой строки');
  await admin.write('Открыть https://svetly-dom.example/c/{{1}} vesna\nОтписаться');
  expect((await admin.sees('🔗 Открыть → https://svetly-dom.example/c/vesna')).text).toContain(
    'Наши проверки ошибок не нашли',
  );
  await admin.press('Заголовок');
  await admin.write('Новый *каталог*');
  expect(buttonsOf(await admin.sees('знак жирного шрифта'))).not.toContain('📨 Отправить на проверку Meta');
  await admin.press('Заголовок');
  await admin.press('Убрать');
  await admin.sees('Наши проверки ошибок не нашли');

  await admin.press('Отправить на проверку Meta');
  await admin.sees('Отправить на проверку Meta?');
  await admin.press('Да, отправить');
  await admin.sees('отправлен на проверку. Сообщу');
  const [one] = await services.templateDesk.list();
  expect(one).toMatchObject({
    state: 'pending',
    submittedAt: expect.any(Date),
    draft: { samples: ['Анна', '31 мая'] },
  });
});

it('is kept when it is left for later, and found among the drafts', async () => {
  const { admin } = world;
  await begin(world, 'Вышел новый каталог наших кухонь.');
  await admin.sees('vyshel_novyy_katalog_nashikh');
  await admin.press('Закончить позже');
  await admin.write('/templates');
  await admin.sees('🧩 Шаблоны');
  await admin.press('Черновики шаблонов');
  await admin.press('📝 vyshel_novyy_katalog_nashikh');
  await admin.sees('Вышел новый каталог наших кухонь.');
  await admin.press('Удалить');
  await admin.sees('«vyshel_novyy_katalog_nashikh» удалён');
});

it('rejected by Meta, it says why, and is written anew under another name', async () => {
  const { admin, services, db } = world;
  await begin(world, 'Вышел новый каталог наших кухонь. Ответьте СТОП, если он не нужен.');
  await admin.press('Отправить на проверку Meta');
  await admin.press('Да, отправить');
  await admin.sees('отправлен на проверку');
  const [one] = await services.templateDesk.list();
  await createTemplateDraftStore(db).found(one!._id, { state: 'rejected', reason: 'PROMOTIONAL' }, { now: new Date() });
  await admin.write('/templates');
  await admin.sees('🧩 Шаблоны');
  await admin.press('Черновики шаблонов');
  await admin.press('🔴 vyshel');
  expect((await admin.sees('Состояние: отклонён')).text).toContain(
    'Meta увидела рекламу в шаблоне, который не MARKETING',
  );
  await admin.press('Исправить и отправить снова');
  await admin.sees('vyshel_novyy_katalog_nashikh_2');
});

it('the text corrected in its message changes the draft that it made', async () => {
  const { admin, services, telegram } = world;
  await begin(world, 'Вышел новый каталог наших кухонь.');
  await admin.sees('Вышел новый каталог наших кухонь.');
  const [first] = await services.templateDesk.list();
  await telegram.control(`/chats/${ADMIN}/edit`, {
    messageId: await lastOwn(world),
    text: 'Вышел новый каталог наших диванов.',
  });
  await admin.sees('Вышел новый каталог наших диванов.');
  const drafts = await services.templateDesk.list();
  expect(drafts.map(({ _id, draft }) => [_id, draft.body])).toEqual([
    [first!._id, 'Вышел новый каталог наших диванов.'],
  ]);
});

it('a draft that somebody has submitted meanwhile is not deleted by its old card', async () => {
  const { admin, services } = world;
  await begin(world, 'Вышел новый каталог наших кухонь. Ответьте СТОП, если он не нужен.');
  await admin.sees('Наши проверки ошибок не нашли');
  const [one] = await services.templateDesk.list();
  await services.templateDesk.submit(one!._id, { by: { kind: 'cli' }, language: 'ru' });
  await admin.press('Удалить');
  await admin.sees('изменить нельзя: на проверке у Meta');
  expect(await services.templateDesk.list()).toHaveLength(1);
});

it('one whose attempt had no answer can be looked for, submitted again and deleted', async () => {
  const { admin, services, db } = world;
  await begin(world, 'Вышел новый каталог наших кухонь. Ответьте СТОП, если он не нужен.');
  await admin.sees('Наши проверки ошибок не нашли');
  await admin.press('Закончить позже');
  const [one] = await services.templateDesk.list();
  const store = createTemplateDraftStore(db);
  const attempt = async (at: Date): Promise<void> => {
    const seen = (await store.find(one!._id))!;
    await store.claim(seen, { token: 't', at, by: { kind: 'cli' } }, new Date());
    await store.settle(one!._id, 't', { state: 'unsure' }, at);
  };
  const open = async (): Promise<Message> => {
    await admin.write('/templates');
    await admin.sees('🧩 Шаблоны');
    await admin.press('Черновики шаблонов');
    await admin.press('❓ vyshel');
    return admin.sees('неизвестно, отправлен ли');
  };
  await attempt(new Date());
  expect(buttonsOf(await open())).toEqual(['🔄 Обновить', '📨 Отправить ещё раз', '🗑 Удалить', '‹ К черновикам']);
  await admin.press('Удалить');
  await admin.sees('возможно, уже на пути в Gupshup');
  await db
    .collection<{ _id: string }>('templateDrafts')
    .updateOne({ _id: one!._id }, { $set: { 'claim.at': new Date(0) } });
  await open();
  await admin.press('Отправить ещё раз');
  await admin.press('Да, отправить');
  await admin.sees('отправлен на проверку');
  expect(await services.templateDesk.list()).toMatchObject([{ state: 'pending' }]);
});

it('an operator is not offered it', async () => {
  const { services, telegram } = world;
  await telegram.control('/users', { id: 7002, first_name: 'Оператор' });
  await services.users.admit(7002, 'operator', { kind: 'cli' }, new Date());
  const operator = person(telegram, 7002, world.bot);
  await operator.write('/templates');
  expect(buttonsOf(await operator.sees('Шаблоны'))).not.toContain('✏️ Новый шаблон');
});

/** What an answer does in amoCRM, ordered on the card of a new campaign: note, task, stage and from where. */
import { answerAll, buttonsOf, changePart, startWorld, type World } from './support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

it('is ticked one by one, the stage from its pipeline, and goes with the campaign', async () => {
  const { admin, services } = world;
  await answerAll(world);
  await changePart(admin, 'Ответ в amoCRM');
  expect((await admin.sees('Когда человек ответил')).text).toContain('Сейчас: ничего');
  await admin.press('Примечание со словами');
  await admin.sees('Сейчас: примечание');
  await admin.press('Перевести на этап');
  await admin.sees('В какую воронку');
  await admin.press('Продажи');
  await admin.sees('На какой этап воронки «Продажи»');
  await admin.press('Договор');
  await admin.sees('Сейчас: примечание, этап Продажи / Договор');
  await admin.press('Только с: где её нашла рассылка');
  await admin.sees('С каких этапов');
  await admin.press('Первый контакт');
  expect(buttonsOf(await admin.sees('С каких этапов')).join()).toContain('☑️ Первый контакт');
  await admin.press('Готово');
  const all = await admin.sees('только с 1 этапа');
  expect(buttonsOf(all)).toEqual(expect.arrayContaining(['☑️ Этап: Продажи / Договор', 'Только с: 1 этап', 'Ничего']));
  await admin.press('‹ Назад');
  expect((await admin.sees('Отправим 10')).text).toContain('По ответу в amoCRM: примечание, этап Продажи / Договор');
  await admin.press('когда отправить');
  await admin.press('Сейчас');
  await admin.press('Отправить 10');
  await admin.sees('идёт');
  expect(services.asked.created[0]?.onReply).toEqual({
    note: true,
    move: { pipelineId: 7, statusId: 72, label: 'Продажи / Договор', from: [{ pipelineId: 7, statusId: 71 }] },
  });
});

it('is taken back by a button', async () => {
  const { admin } = world;
  await answerAll(world);
  await changePart(admin, 'Ответ в amoCRM');
  await admin.press('Задача ответственному');
  await admin.sees('Сейчас: задача');
  await admin.press('Ничего');
  expect((await admin.sees('Отправим 10')).text).not.toContain('По ответу в amoCRM');
});

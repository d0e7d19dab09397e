/** What amoCRM is told of a campaign, ticked and ordered from its message. */
import { statusOf } from './fake-services';
import { buttonsOf, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

async function open({ admin, services }: World, state: 'running' | 'completed'): Promise<void> {
  services.statuses.set('c1', statusOf('c1', state, { hasLeads: true }));
  await admin.write('/campaigns');
  await admin.sees('Рассылки: ');
  await admin.press('Рассылка c1');
  await admin.sees('welcome');
  await admin.press('Итоги в amoCRM');
}

it('is ticked, with a typed tag and a chosen stage, and ordered for the end of a running campaign', async () => {
  const { admin, services } = world;
  await open(world, 'running');
  const question = await admin.sees('когда рассылка закончится');
  expect(buttonsOf(question)).toEqual([
    '▫️ Примечание с итогом: всем', '▫️ Тег «whatsapp»: кому дошло', '▫️ → Другой этап: кому дошло',
    '▫️ Задача: кто ответил', '‹ Назад',
  ]); // prettier-ignore
  await admin.press('Примечание');
  await admin.sees('Итоги «Рассылка c1»');
  await admin.write('осень 2026');
  await admin.sees('Итоги «Рассылка c1»');
  await admin.press('Другой этап');
  await admin.press('Продажи');
  await admin.press('Договор');
  await admin.sees('Итоги «Рассылка c1»');
  await world.restartBot();
  expect(buttonsOf(await admin.sees('Итоги «Рассылка c1»'))).toEqual([
    '☑️ Примечание с итогом: всем', '☑️ Тег «осень 2026»: кому дошло', '☑️ → Продажи / Договор: кому дошло',
    '▫️ Задача: кто ответил', '✅ Записать', '‹ Назад',
  ]); // prettier-ignore
  await admin.press('Тег');
  await admin.sees('Итоги «Рассылка c1»');
  await admin.press('Задача');
  await admin.sees('Итоги «Рассылка c1»');
  await admin.press('✅ Записать');
  await admin.seesAnywhere('Запишу в amoCRM, когда рассылка «Рассылка c1» закончится');
  expect(services.asked.writeBacks).toEqual([
    { campaignId: 'c1', orders: { note: true, task: true, move: { pipelineId: 7, statusId: 72 } } },
  ]);
});

it('of an ended campaign begins at once; opened again it shows what was written', async () => {
  const { admin } = world;
  await open(world, 'completed');
  await admin.press('Примечание');
  await admin.press('✅ Записать');
  await admin.seesAnywhere('Записываю итоги «Рассылка c1» в amoCRM');
  await open(world, 'completed');
  const again = await admin.sees('примечания: 3');
  expect(buttonsOf(again)[0]).toBe('☑️ Примечание с итогом: всем');
  await admin.press('‹ Назад');
  await admin.seesAnywhere('ничего не меняю');
});

it('is not offered for a campaign without leads', async () => {
  const { admin, services } = world;
  services.statuses.set('c1', statusOf('c1', 'running'));
  await admin.write('/campaigns');
  await admin.press('Рассылка c1');
  expect(buttonsOf(await admin.sees('— идёт')).join()).not.toContain('amoCRM');
});

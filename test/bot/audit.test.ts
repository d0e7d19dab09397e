/** The journal: commands, presses that change something, refusals and reports, by whom, without what anybody typed. */
import { statusOf } from './fake-services';
import { ADMIN, joined, NOW, startWorld, type World } from './support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const entries = () => world.services.audit.find({}).sort({ _id: 1 }).toArray();

it('names who asked for what and about which campaign, and who was refused', async () => {
  const { admin, services } = world;
  services.statuses.set('c1', statusOf('c1', 'running'));
  await admin.write('/find Анна Секретная');
  await admin.sees('Анна Секретная');
  await admin.write('/campaigns');
  await admin.press('Рассылка c1');
  await admin.press('Пауза');
  await admin.sees('Рассылка c1');
  await admin.press('Отчёт');
  await admin.seesAnywhere('Отчёт c1');
  const viewer = await joined(world, 7001, 'viewer', 'Олег');
  await viewer.write('/new');
  await viewer.sees('нужна роль');

  const kept = await entries();
  const actor = { kind: 'telegram', id: ADMIN };
  for (const expected of [
    { actor, action: 'asked', what: '/find' },
    { actor, action: 'asked', what: '/campaigns' },
    { actor, action: 'asked', what: 'campaign pause', campaignId: 'c1' },
    { actor, action: 'report', what: 'campaign report', campaignId: 'c1' },
    { actor: { kind: 'telegram', id: 7001 }, action: 'refused', what: '/new', name: 'Олег' },
  ]) {
    expect(kept).toContainEqual(expect.objectContaining(expected));
  }
  expect(JSON.stringify(kept)).not.toContain('Секретная');

  await admin.write('/audit');
  const journal = (await admin.sees('Журнал')).text;
  expect(journal).toMatch(/Олег: ⛔️ отказано: \/new/);
  expect(journal).toContain('рассылка: пауза · «Рассылка c1»');
  expect(journal).toContain('📄 отчёт: рассылка: отчёт · «Рассылка c1»');
  expect(journal).not.toMatch(/\b(?:campaign|report|pause)\b/);
});

it('says how it was before a change, and how it is since', async () => {
  const { admin, services } = world;
  const change = { before: { state: 'running', ratePerSecond: 20 }, after: { state: 'paused', ratePerSecond: 20 } };
  const actor = { kind: 'telegram', id: ADMIN } as const;
  await services.audit.record({
    at: NOW,
    actor,
    action: 'changed',
    what: 'campaign pause',
    campaignId: 'c1',
    ...change,
  });
  await services.audit.record({ at: NOW, actor, action: 'suppression_removed', before: { phone: '+79001112233' } });
  await admin.write('/audit');
  const { text } = await admin.sees('Журнал');
  expect(text).toContain('изменено: рассылка: пауза · c1 · состояние: идёт → на паузе, сообщений в секунду: 20');
  expect(text).not.toContain('+79001112233');
});

it('says what was done to follow-ups in the reader’s language, a step as people read it', async () => {
  const { admin, services } = world;
  const actor = { kind: 'telegram', id: ADMIN } as const;
  const ofC1 = { at: NOW, actor, campaignId: 'c1' };
  const was = { afterMs: 2 * 86_400_000, to: 'not_replied', template: 'welcome' };
  const is = { ...was, afterMs: 36 * 3_600_000, to: 'not_read', editedAt: NOW.toISOString() };
  const pause = { before: { state: 'counting' }, after: { state: 'paused' } };
  await services.audit.record({ ...ofC1, action: 'changed', what: 'follow-ups pause', ...pause });
  const edit = { before: { 'step 2': was }, after: { 'step 2': is } };
  await services.audit.record({ ...ofC1, action: 'changed', what: 'follow-ups edit', ...edit });
  for (const what of ['campaign chainPause', 'campaign chainCancel!', 'campaign chainEdit', 'chainStep saveFollowUp'])
    await services.audit.record({ ...ofC1, action: 'asked', what });
  // Kept by an earlier version.
  const before = { 'step 1': '2880 min not_replied welcome' };
  await services.audit.record({ ...ofC1, action: 'changed', what: 'follow-ups edit', before, after: before });
  await admin.write('/audit');
  const { text = '' } = await admin.sees('Журнал');
  expect(text).toContain('изменено: догоны: пауза · c1 · состояние: идёт отсчёт → на паузе');
  expect(text).toMatch(
    /догоны: изменение · c1 · догон 2: через 2 дня тем, кто не ответил: welcome → через 36\sч тем, кто не прочитал: welcome/,
  );
  expect(text).toContain('▸ рассылка: догоны на паузу');
  expect(text).toContain('▸ рассылка: отмена догонов, подтверждена');
  expect(text).toContain('догон 1: 2880 min not_replied welcome');
  const lines = text.split('\n').filter((line) => !line.includes('2880 min') && !line.includes('/audit'));
  expect(lines.join('\n').replaceAll(/welcome|c1/g, '')).not.toMatch(/[a-z]/i);
});

it('shows the next page to admins and owners only', async () => {
  const { admin, services } = world;
  for (let n = 0; n < 20; n++) {
    const at = new Date(NOW.getTime() - 60_000 * (n + 1));
    await services.audit.record({
      at,
      actor: { kind: 'cli' },
      action: 'asked',
      what: `campaign pause`,
      campaignId: `old${n}`,
    });
  }
  await admin.write('/audit');
  expect((await admin.sees('Журнал')).text).not.toContain('old19');
  await admin.press('›');
  expect((await admin.sees('old19')).text).not.toContain('old0 ');
  const operator = await joined(world, 7001, 'operator');
  await operator.write('/audit');
  await operator.sees('нужна роль');
});

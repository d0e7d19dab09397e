/** /rules, and the countries of a new campaign, over the real Bot API protocol and a real MongoDB. */
import { done } from '../../config/errors';
import { answerAll, buttonsOf, person, startWorld, type World } from './support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const rulesNow = async ({ people }: World): Promise<string[]> =>
  (await people.countryRules.all()).map(
    ({ country, category, action, consent }) => `${country}:${category} ${action}${consent ? ' consent' : ''}`,
  );

it('shows the rules, those of the program as well, and an admin sets one by a country and taps', async () => {
  const { admin, people } = world;
  await admin.write('/rules');
  const all = await admin.sees('Правила по странам');
  expect(all.text).toContain('• Россия, реклама: предупреждать (пришло с программой)');
  expect(buttonsOf(all)).toEqual(['Россия: реклама', 'Соединенные Штаты: реклама', '✅ Готово']);
  await admin.write('Нарния');
  await admin.sees('«Нарния» — не страна');
  await admin.write('казахстан');
  const one = await admin.sees('Казахстан: реклама');
  expect(one.text).toContain('Правила нет: пишем всем.');
  await admin.press('пропускать');
  expect((await admin.sees('Сохранено')).text).toContain('Сейчас: пропускать. Своё правило:');
  await admin.press('Требовать согласие');
  await admin.sees('пропускать · только с согласием');
  expect(await rulesNow(world)).toEqual(['KZ:MARKETING skip consent']);
  await admin.press('коды входа');
  await admin.sees('Казахстан: коды входа');
  await admin.press('‹ Все правила');
  await admin.sees('• Казахстан, реклама: пропускать · только с согласием');
  await admin.press('Казахстан: реклама');
  await admin.press('Убрать правило');
  await admin.sees('Убрано');
  expect(await rulesNow(world)).toEqual([]);
  await admin.press('Готово');
  await admin.sees('Правила закрыты');
  const changes = await people.audit.find({}).toArray();
  expect(changes.filter(({ action }) => action === 'changed').map(({ after }) => after)).toEqual([
    { 'KZ:MARKETING': null },
    { 'KZ:MARKETING': 'skip + consent' },
    { 'KZ:MARKETING': 'skip' },
  ]);
});

it('an operator sees the rules and can change none', async () => {
  await world.services.users.admit(7001, 'operator', { kind: 'cli' }, new Date());
  await world.telegram.control('/users', { id: 7001, first_name: 'Имя' });
  const operator = person(world.telegram, 7001, world.bot);
  await operator.write('/rules RU');
  const one = await operator.sees('Россия: реклама');
  expect(one.text).toContain('Сейчас: предупреждать. Пришло с программой.');
  expect(buttonsOf(one)).toEqual(['✓ реклама', 'служебные сообщения', 'коды входа', 'все сообщения', '‹ Все правила']);
});

it('the countries of a campaign stand in its preview; those that are warned of are left out by a button', async () => {
  const { admin, services } = world;
  const { preflight } = services.campaigns;
  services.campaigns.preflight = async (draft) => {
    const checked = await preflight(draft);
    const without = draft.withoutCountries ?? [];
    const place = (country: string, people: number, action: 'warn' | 'allow') => ({
      ...{ country, action, noConsent: 0, consent: false },
      ...(without.includes(country) ? { people: 0, skipped: people } : { people, skipped: 0 }),
    });
    return checked.ok
      ? done({
          ...checked.value,
          countries: [place('RU', 7, 'warn'), place('KZ', 3, 'allow')],
          warnings: without.length > 0 ? [] : [{ code: 'marketing_to_russia' as const, values: { count: 7 } }],
        })
      : checked;
  };
  await answerAll(world);
  const preview = await admin.sees('Российских номеров: 7');
  expect(preview.text).toContain('По странам:\n• Россия: 7 ⚠️\n• Казахстан: 3');
  await admin.press('Правила по странам');
  await admin.sees('Правила по странам');
  // What is being put together waits meanwhile.
  await admin.press('Готово');
  await admin.sees('Российских номеров: 7');
  await admin.press('Пропустить эти страны');
  const again = await admin.sees('Без стран: Россия');
  expect(again.text).toContain('• Россия: 0, пропущено по правилу 7');
  await admin.press('Изменить');
  await admin.press('Без стран');
  const option = await admin.sees('Номера этих стран рассылка пропустит');
  expect(buttonsOf(option).slice(0, 3)).toEqual(['✓ Россия (7)', 'Казахстан (3)', 'Никого не пропускать']);
});

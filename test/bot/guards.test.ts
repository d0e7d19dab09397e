/** The block above the send buttons: night, the same people again, a first large send; and what its buttons do. */
import type { Preflight } from '../../campaigns/contract';
import { done } from '../../config/errors';
import { PHOTO, WELCOME } from './fake-services';
import { answerAll, buttonsOf, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

/** Every preflight finds this too, as long as nobody is left out. */
function finds({ services }: World, more: Partial<Preflight>): void {
  const { preflight } = services.campaigns;
  services.campaigns.preflight = async (draft) => {
    const checked = await preflight(draft);
    const isWhole = draft.audience.kind !== 'combined';
    return checked.ok && isWhole ? done({ ...checked.value, ...more }) : checked;
  };
}

async function toPreview(world: World): Promise<void> {
  const { admin } = world;
  await answerAll(world);
  await admin.sees('Отправим 10');
}

async function toConfirm({ admin }: World, when: string): Promise<void> {
  await admin.press('когда отправить');
  await admin.sees('Когда отправить?');
  await admin.write(when);
  await admin.sees('Отправляем?');
}

it('a start at 04:35 is said to be in the night, and may be put off until their morning or not at all', async () => {
  const { admin, services } = world;
  finds(world, { clocks: [{ zones: ['Europe/Moscow'], people: 10 }] });
  await toPreview(world);
  await toConfirm(world, 'завтра в 04:35');
  const asked = await admin.sees('10 из 10 человек получат сообщение в 04:35 по своему времени, вне 09:00–21:00');
  expect(buttonsOf(asked).slice(0, 2)).toEqual(['🌅 С 10:00 по их времени', '🕘 Часы отправки']);
  await admin.press('С 10:00 по их времени');
  const waits = await admin.sees('получат сообщение с 10:00');
  expect(waits.text).toContain('Отправляем?');
  await admin.press('Отправить в любой час');
  await admin.sees('получат сообщение в 04:35');
  await admin.press('С 10:00 по их времени');
  await admin.sees('с 10:00');
  await admin.press('Запланировать 10');
  await admin.sees('Начнётся');
  expect(services.asked.created[0]?.hours).toEqual({
    from: '10:00', to: '21:00', days: [1, 2, 3, 4, 5, 6, 7], holidays: ['2026-12-31'], zone: 'recipient', timezone: 'Europe/Moscow',
  }); // prettier-ignore
});

it('by day nothing is said', async () => {
  const { admin } = world;
  finds(world, { clocks: [{ zones: ['Europe/Moscow'], people: 10 }] });
  await toPreview(world);
  await toConfirm(world, 'завтра в 12:00');
  expect((await admin.sees('Отправляем?')).text).not.toContain('Перед отправкой');
});

it('people who got this template lately are left out by one button', async () => {
  const { admin, services } = world;
  finds(world, {
    warnings: [
      { code: 'template_opt_out_missing', values: { template: 'photo' } },
      { code: 'people_lately_template', values: { count: 7, of: 10, span: 'day', campaign: 'Осень' } },
    ],
    lately: [{ id: 'old1', name: 'Осень', people: 7 }],
  });
  await toPreview(world);
  const preview = await admin.sees('7 из 10 человек уже получили этот шаблон за последние 24 часа');
  expect(preview.text).toMatch(/Перед отправкой:\n⚠️ 7 из 10[^\n]*\n⚠️ Шаблон «photo» рекламный/);
  expect(buttonsOf(preview).slice(0, 2)).toEqual(['➖ Исключить их', '🧩 Другой шаблон']);
  await admin.press('Исключить их');
  const again = await admin.sees('Отправим 10');
  expect(again.text).not.toContain('Перед отправкой');
  await toConfirm(world, 'завтра в 12:00');
  await admin.press('Запланировать 10');
  await admin.sees('Начнётся');
  expect(services.asked.created[0]?.audience).toMatchObject({
    kind: 'combined',
    include: [{ kind: 'phones' }],
    exclude: [{ kind: 'outcome', campaignId: 'old1', states: expect.arrayContaining(['queued', 'read', 'unknown']) }],
  });
});

it('a first large send goes out only once its number was typed', async () => {
  const { admin, services } = world;
  finds(world, {
    sendable: 3600,
    warnings: [{ code: 'first_large_send', values: { count: 3600, largest: 12 } }],
  });
  await answerAll(world);
  await admin.sees('раньше — не больше 12');
  await toConfirm(world, 'завтра в 12:00');
  await admin.press('Запланировать 3');
  await admin.sees('Чтобы отправить, введите это число');
  await admin.write('360');
  await admin.sees('Нужно 3\u00a0600, а получено «360»');
  expect(services.asked.started).toEqual([]);
  await admin.press('‹ Назад');
  await admin.sees('Отправляем?');
  await admin.press('Запланировать 3');
  await admin.sees('введите это число');
  await admin.write('3 600');
  await admin.sees('Начнётся');
  expect(services.asked.started).toHaveLength(1);
});

it('a template with a place is not offered, in no list, nor by its name', async () => {
  const { admin, services } = world;
  const place = { ...PHOTO, id: '55555555-aaaa-4aaa-8aaa-555555555555', name: 'our_place', header: { type: 'LOCATION' as const } }; // prettier-ignore
  services.templates.list = async () => done({ templates: [WELCOME, place], syncedAt: new Date() });
  await admin.write('/new');
  const offered = await admin.sees('Какой шаблон');
  expect(buttonsOf(offered).filter((text) => text.includes('our_place'))).toEqual([]);
  await admin.write('our_place');
  await admin.sees('отсюда не отправить: LOCATION');
  await admin.write('/templates');
  await admin.press('our_place');
  const shown = await admin.sees('отсюда не отправить');
  expect(buttonsOf(shown)).toEqual(['‹ К шаблонам']);
});

/** A new campaign's pace and later waves in the bot: chosen from the preview, shown there with the end, kept with the campaign. */
import { done } from '../../config/errors';
import { waitFor } from '../support/servers';
import { PHOTO, REJECTED, WELCOME } from './fake-services';
import { answerAll, buttonsOf, changePart, startNow, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

async function toPreview(world: World): Promise<void> {
  const { admin } = world;
  await answerAll(world);
  await admin.sees('Скорость: как можно быстрее (до 20/с). Закончится ≈ 12:00');
}

/** The newest message's buttons, with plain spaces. */
const shown = async ({ admin }: World, text: string): Promise<string[]> =>
  buttonsOf(await admin.sees(text)).map((button) => button.replaceAll('\u00a0', ' '));

describe('choosing the pace of a campaign', () => {
  it('is offered with the time at which it would end, and goes with the campaign at a press', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await changePart(admin, 'Скорость');
    expect(await shown(world, 'Как быстро отправлять?')).toEqual([
      '✓ 🚀 Как можно быстрее · до 12:00', '1/с · до 12:00', '2/с · до 12:00', '5/с · до 12:00', '10/с · до 12:00',
      'За 2 ч · до 14:00', 'За 4 ч · до 16:00', 'За день, 8 ч · до 20:00', '‹ Назад', '✖️ Отмена',
    ]); // prettier-ignore
    await admin.press('до 16:00');
    const preview = await admin.sees('Закончится ≈ 16:00');
    expect(preview.text).toMatch(/Скорость: растянуть на 4\sч/);
    await startNow(world.admin);
    expect(services.asked.created[0]?.pace).toEqual({ spreadMs: 4 * 3_600_000 });
  });

  it('a typed rate below the cap counts, one above it is the cap', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await changePart(admin, 'Скорость');
    await admin.write('99');
    await admin.sees('Скорость: как можно быстрее (до 20/с)');
    await changePart(admin, 'Скорость');
    await admin.write('быстро');
    await admin.sees('получено «быстро»');
    await admin.write('0,05');
    const preview = await admin.sees('Скорость: до 0,05/с. Закончится ≈ 12:03');
    expect(preview.text).toMatch(/Займёт около 3 минут/);
    await startNow(world.admin);
    expect(services.asked.created[0]).toMatchObject({ pace: { ratePerSecond: 0.05 } });
    expect(services.asked.created[0]).not.toHaveProperty('pace.spreadMs');
  });

  it('over the day is as long as its sending hours, and the end passes over closed ones', async () => {
    const { admin } = world;
    await toPreview(world);
    await changePart(admin, 'Часы отправки');
    await admin.write('10:00-14:00');
    await admin.sees('Только в часы: 10:00–14:00');
    await changePart(admin, 'Скорость');
    expect(await shown(world, 'Как быстро')).toEqual(
      expect.arrayContaining(['За 2 ч · до 14:00', 'За 4 ч · до 16.01 12:00', 'За день, 4 ч · до 16.01 12:00']),
    );
    await admin.write('3 ч');
    await admin.sees('Закончится ≈ 16.01 11:00');
    await admin.press('когда отправить');
    await admin.press('Завтра в 10:00');
    await admin.sees('Закончится ≈ 13:00');
  });

  it('as fast as allowed takes a rate back', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await changePart(admin, 'Скорость');
    await admin.press('2/с');
    await admin.sees('до 2/с');
    await changePart(admin, 'Скорость');
    await admin.press('Как можно быстрее');
    await admin.sees('как можно быстрее');
    await startNow(world.admin);
    expect(services.asked.created[0]).not.toHaveProperty('pace.ratePerSecond');
  });
});

describe('choosing a control group', () => {
  it('is nobody unless chosen; chosen it stands on the card, has a key, and everybody is looked at anew', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await changePart(admin, 'Контрольная группа');
    expect(await shown(world, 'ничего не получит')).toEqual(
      ['✓ Никого: писать всем', '5 %', '10 %', '20 %', '‹ Назад', '✖️ Отмена'],
    ); // prettier-ignore
    await admin.press('10 %');
    await admin.sees('Контрольная группа: 10 % ничего не получат');
    await changePart(admin, 'Контрольная группа');
    await admin.write('51');
    await admin.sees('от 1 до 50, а получено «51»');
    await admin.write('15 %');
    await admin.sees('Контрольная группа: 15 % ничего не получат');
    await startNow(world.admin);
    const [created] = services.asked.created;
    expect(created).toMatchObject({ controlPercent: 15, splitKey: expect.stringMatching(/^[\w-]{10}$/) });
  });
});

describe('choosing variants', () => {
  it('offers templates that take the same values, adds and removes them, and gives them the answers of the first', async () => {
    const { admin, services } = world;
    const short = { ...PHOTO, id: '55555555-aaaa-4aaa-8aaa-555555555555', name: 'photo_short' };
    const templates = [WELCOME, PHOTO, REJECTED, short, { ...short, id: 'utility', category: 'UTILITY' as const }];
    services.templates.list = async () => done({ templates, syncedAt: new Date() });
    await toPreview(world);
    await changePart(admin, 'Варианты');
    expect(await shown(world, 'равной части')).toEqual(['🖼 photo_short · ru', '‹ Назад', '✖️ Отмена']);
    const button = (text: string): Promise<boolean> =>
      waitFor(async () => buttonsOf((await admin.messages()).at(-1)!)[0] === text, { what: text });
    await admin.press('photo_short');
    await button('✓ B 🖼 photo_short · ru');
    await admin.press('photo_short');
    await button('🖼 photo_short · ru');
    await admin.press('photo_short');
    await button('✓ B 🖼 photo_short · ru');
    await admin.press('Назад');
    await admin.sees('A основной 50 %, B photo_short/ru 50 %');
    await startNow(world.admin);
    const [created] = services.asked.created;
    expect(created).toMatchObject({ splitKey: expect.stringMatching(/^[\w-]{10}$/) });
    expect(created!.variants).toEqual([{ template: 'photo_short/ru', parameters: created!.parameters }]);
  });

  it('offers a test only beside variants: its size, its measure, its time; without variants it is gone', async () => {
    const { admin, services } = world;
    const short = { ...PHOTO, id: '55555555-aaaa-4aaa-8aaa-555555555555', name: 'photo_short' };
    services.templates.list = async () => done({ templates: [WELCOME, PHOTO, short], syncedAt: new Date() });
    await toPreview(world);
    await changePart(admin, 'Варианты');
    await admin.press('photo_short');
    await admin.sees('равной части');
    await admin.press('Назад');
    await admin.sees('Варианты: A основной 50 %');
    await changePart(admin, 'Проверка, потом');
    await admin.sees('вариант получат все');
    // Each press is for the screen as the one before left it.
    await admin.press('30 %');
    await admin.sees('варианты получат 30 %');
    await admin.press('по прочтениям');
    await admin.sees('лучший по прочтениям');
    await admin.press('4\u00a0ч');
    await admin.sees('через 4\u00a0ч');
    await admin.press('Если случайно: лучший');
    await admin.sees('варианты получат 30 %; через 4\u00a0ч остальным — лучший по прочтениям, даже если');
    await admin.write('95');
    await admin.sees('от 1 до 90, например 20');
    await admin.write('25 %');
    await admin.sees('варианты получат 25 %');
    await admin.press('Назад');
    await admin.sees('Проверка: варианты получат 25 %');
    await startNow(world.admin);
    expect(services.asked.created[0]?.winner).toEqual({
      ...{ testPercent: 25, by: 'reads', waitMs: 4 * 3_600_000, ifChance: 'best' },
    });
  });
});

describe('who never reads', () => {
  it('gets it unless chosen otherwise; chosen by a button or typed, it stands on the card', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await changePart(admin, 'Кто не читает');
    expect(await shown(world, 'никто не читает')).toEqual(
      ['✓ Писать всем', '3 сообщения', '5 сообщений', '10 сообщений', '‹ Назад', '✖️ Отмена'],
    ); // prettier-ignore
    await admin.write('21');
    await admin.sees('от 1 до 20, а получено «21»');
    await admin.press('5 сообщений');
    await admin.sees('не прочитал последние 5 сообщений');
    await startNow(world.admin);
    expect(services.asked.created[0]?.neverReads).toEqual({ campaigns: 5 });
  });
});

describe('a few first', () => {
  it('how many, how long and what then are chosen by buttons, how many also typed; and taken back', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await changePart(admin, 'Сначала немногим');
    expect(await shown(world, 'сначала')).toEqual([
      '✓ Всем сразу', 'сначала 50', 'сначала 100', 'сначала 500', 'наблюдать 15 мин', 'наблюдать 1 ч', 'наблюдать 4 ч',
      'Потом сама', 'Потом спросить', '‹ Назад', '✖️ Отмена',
    ]); // prettier-ignore
    await admin.press('сначала 50');
    await admin.sees('если всё хорошо, рассылка продолжится сама');
    await admin.press('наблюдать 15');
    await admin.sees('наблюдение 15');
    await admin.press('Потом спросить');
    await admin.sees('мин; потом спросит');
    await admin.write('сто');
    await admin.sees('целое число от 1 до 100 000');
    await admin.write('2 500');
    await admin.sees('получателей: 2\u00a0500');
    await admin.press('Назад');
    await admin.sees('Сначала немногим: получателей');
    await startNow(world.admin);
    expect(services.asked.created[0]?.canary).toEqual({ people: 2500, waitMs: 900_000, goOn: 'ask' });
  });
});

describe('choosing later waves', () => {
  it('are none unless chosen; chosen they stand in the preview, by the question to start, and in the campaign', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await changePart(admin, 'Повтор через сутки');
    expect(await shown(world, 'не доставляет рекламу')).toEqual([
      '✓ Без повторов', 'Не больше 1 · примерно до 16.01 12:10', 'Не больше 2 · примерно до 17.01 12:20',
      'Не больше 3 · примерно до 18.01 12:30', '‹ Назад', '✖️ Отмена',
    ]); // prettier-ignore
    await admin.press('Не больше 2');
    await admin.sees('Повтор через сутки: не больше 2');
    await admin.press('когда отправить');
    await admin.press('Сейчас');
    const confirm = await admin.sees('Отправляем?');
    expect(confirm.text).toContain('не больше 2');
    await admin.press('Отправить 10');
    await admin.sees('идёт');
    expect(services.asked.created[0]?.laterWaves).toEqual({ max: 2 });
  });

  it('take a typed last moment, and are taken back at a press', async () => {
    const { admin, services } = world;
    await toPreview(world);
    await changePart(admin, 'Повтор через сутки');
    await admin.write('+2д');
    await admin.sees('не больше 1, не позже 17 января 2026, 12:00');
    await admin.press('Не больше 3');
    await admin.sees('не больше 3, не позже 17 января 2026, 12:00');
    await world.restartBot();
    await changePart(admin, 'Повтор через сутки');
    await admin.press('Без повторов');
    await waitFor(async () => !(await admin.messages()).at(-1)!.text!.includes('Повтор через сутки'), {
      what: 'no waves',
    });
    await startNow(world.admin);
    expect(services.asked.created[0]).not.toHaveProperty('laterWaves');
  });
});

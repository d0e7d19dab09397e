/** Follow-ups of a new campaign: put together, changed and removed in the bot, shown in the preview, kept with the campaign. */
import { readDelay } from '../../bot/typed';
import { answerAll, buttonsOf, changePart, PNG, startNow, startWorld, type World } from './support';

it.each([
  ['3 дня', 3 * 86_400_000],
  ['через 36 часов', 36 * 3_600_000],
  ['90 мин', 90 * 60_000],
  ['2w', 14 * 86_400_000],
  ['7', 7 * 86_400_000],
  ['1,5 дня', 1.5 * 86_400_000],
  ['in 2 days', 2 * 86_400_000],
  ['завтра', undefined],
  ['-3', undefined],
  ['', undefined],
])('a delay typed as «%s» is %p ms', (typed, ms) => {
  expect(readDelay(typed)).toBe(ms);
});

describe('in a conversation', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  async function toFollowUps(): Promise<void> {
    await answerAll(world);
    await changePart(world.admin, '↪️ Догоны');
    await world.admin.sees('Сейчас догонов нет');
  }

  /** The first one: after 3 days to who has not read, the campaign's own template. */
  async function add(): Promise<void> {
    const { admin } = world;
    await admin.press('Добавить догон');
    await admin.sees('Через сколько?');
    await admin.press('3 дня');
    await admin.sees('Кому?');
    await admin.press('не прочитал');
    await admin.sees('Какой шаблон');
    await admin.press('welcome');
    await admin.sees('Параметр 1 из 2');
    await admin.press('Имя полностью');
    await admin.sees('Параметр 2 из 2');
    await admin.write('5 %');
    await admin.sees('через 3 дня тем, кто не прочитал: welcome/ru');
  }

  it('time, whom, template, parameters; then a second with a file; both go with the campaign', async () => {
    const { admin, services } = world;
    await toFollowUps();
    await add();
    const list = await admin.sees('через 3 дня тем, кто не прочитал: welcome/ru');
    expect(buttonsOf(list)).toContainEqual(expect.stringContaining('✏️ 1'));
    await admin.press('Добавить догон');
    await admin.write('давно');
    await admin.sees('получено давно');
    await admin.write('36 часов');
    expect(buttonsOf(await admin.sees('Кому?')).join()).not.toContain('ссылку');
    await admin.press('не ответил');
    await admin.press('photo');
    await admin.sees('Картинка');
    await admin.photo(PNG);
    await admin.sees('тем, кто не ответил: photo/ru');
    await admin.press('‹ Назад');
    const preview = await admin.sees('Догоны: 1. через 3 дня тем, кто не прочитал: welcome/ru; 2.');
    expect(preview.text).toContain('Отправим 10');
    await startNow(world.admin);
    expect(services.asked.created[0]?.followUps).toEqual([
      {
        ...{ afterMs: 3 * 86_400_000, to: 'not_read', template: 'welcome/ru' },
        parameters: [
          { kind: 'column', column: 'name' },
          { kind: 'text', value: '5 %' },
        ],
      },
      {
        ...{ afterMs: 36 * 3_600_000, to: 'not_replied', template: 'photo/ru', parameters: [] },
        mediaUrl: expect.stringContaining('1234567890'),
      },
    ]);
    expect(services.asked.created[0]?.mediaUrl).toContain('sample.png');
  });

  it('back leads to the question before; one is changed part by part, and removed', async () => {
    const { admin, services } = world;
    await toFollowUps();
    await admin.press('Добавить догон');
    await admin.press('3 дня');
    await admin.press('не прочитал');
    await admin.sees('Какой шаблон');
    await admin.press('‹ Назад');
    await admin.sees('Кому?');
    await admin.press('‹ Назад');
    await admin.sees('Через сколько?');
    await admin.press('‹ Назад');
    await admin.sees('Сейчас догонов нет');
    await add();
    await admin.sees('через 3 дня тем, кто не прочитал: welcome/ru');
    await admin.press('✏️ 1');
    await admin.sees('Догон 1');
    await admin.press('{{2}}');
    await admin.write('7 %');
    expect((await admin.sees('Догон 1')).text).toContain('Скидка 7 %');
    await admin.press('Через: 3 дня');
    await admin.press('5 дней');
    await admin.sees('Догон 1');
    await admin.press('‹ Назад');
    await admin.sees('через 5 дней тем, кто не прочитал');
    await admin.press('✏️ 1');
    await admin.press('Убрать');
    await admin.sees('Сейчас догонов нет');
    await admin.press('‹ Назад');
    await admin.sees('Отправим 10');
    await startNow(world.admin);
    expect(services.asked.created[0]?.followUps).toBeUndefined();
  });

  it('what stops a draft with them is said in the preview; a put aside draft keeps them', async () => {
    const { admin, services } = world;
    await toFollowUps();
    await add();
    services.blocking = [{ code: 'follow_up_no_links', values: { template: 'welcome' } }];
    await admin.press('‹ Назад');
    await admin.sees('Исправьте перед запуском');
    services.blocking = [];
    await admin.press('✏️ Изменить');
    await admin.sees('на любую часть');
    await admin.press('В черновики');
    await admin.write('/new');
    await admin.sees('Черновики');
    await admin.press('Новинка');
    await admin.sees('Догоны: 1. через 3 дня');
  });
});

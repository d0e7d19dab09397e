/** Who gets in, the commands, and what people see when something breaks. */
import { waitFor } from '../support/servers';
import { buttonsOf, startWorld, STRANGER, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

describe('a stranger writes to the bot', () => {
  it('gets one polite refusal with their id, then silence, also after a restart', async () => {
    const { stranger, admin } = world;
    await stranger.write('/start');
    const refusal = await stranger.sees(String(STRANGER));
    expect(refusal.text).toContain('только для сотрудников');
    await stranger.write('/new');
    await world.restartBot();
    await stranger.write('пустите');
    // The admin's answer shows that the bot has come past the stranger's messages.
    await admin.write('/help');
    await admin.sees('Что я умею');
    expect(await stranger.messages()).toHaveLength(1);
  });
});

describe('commands', () => {
  it('/start greets with a menu whose buttons work', async () => {
    const { admin } = world;
    await admin.write('/start');
    expect(buttonsOf(await admin.sees('Рассылки WhatsApp'))).toEqual([
      '✨ Новая рассылка',
      '📋 Рассылки',
      '📊 Отчёты',
      '🔁 Расписания',
      '🧩 Шаблоны',
      '🗂 Списки',
      '🔻 Воронка',
      '👥 Команда',
      '❔ Помощь',
    ]);
    await admin.press('Новая рассылка');
    await admin.sees('Какой шаблон');
  });

  it('the same table fills /help and Telegram’s menu', async () => {
    const { admin, telegram } = world;
    await admin.write('/help');
    const help = await admin.sees('/language — язык');
    const listed = await waitFor(
      async () => {
        const commands = await telegram.done<{ command: string; description: string }[]>('getMyCommands', {
          language_code: 'ru',
        });
        return commands.length > 0 ? commands : undefined;
      },
      { what: 'the commands' },
    );
    for (const { command, description } of listed) expect(help.text).toContain(`/${command} — ${description}`);
  });

  it('/language is kept over a restart', async () => {
    const { admin } = world;
    await admin.write('/language');
    await admin.press('English');
    await admin.sees('English it is');
    await world.restartBot();
    await admin.write('/help');
    await admin.sees('What I can do');
  });

  it('/templates shows an example and why a template cannot be used', async () => {
    const { admin } = world;
    await admin.write('/templates');
    await admin.sees('Шаблоны: 3, одобрено 2');
    await admin.press('welcome');
    const welcome = await admin.sees('Здравствуйте, ‹значение 1›!');
    expect(welcome.text).toContain('2 параметра');
    await admin.press('К шаблонам');
    await admin.press('rejected_one');
    const rejected = await admin.sees('Причина: PROMOTIONAL <content>');
    expect(buttonsOf(rejected)).toEqual(['‹ К шаблонам']);
  });

  it('what the bot does not know leads to help', async () => {
    const { admin } = world;
    await admin.write('/what');
    await admin.sees('Такой команды нет');
    await admin.write('привет');
    await admin.sees('Чем займёмся?');
  });
});

it('something that breaks gets a code, the log has it, and the conversation goes on', async () => {
  const { admin, services, log } = world;
  await admin.write('/new');
  await admin.press('photo');
  await admin.write('8 900 111-22-33');
  await admin.press('Взять образец');
  services.bug = new Error('boom');
  await admin.press('✅ photo');
  const message = await admin.sees('что-то сломалось');
  const code = /код ([\w-]+)\)/.exec(message.text ?? '')?.[1];
  expect(log).toContainEqual(expect.objectContaining({ code, err: expect.objectContaining({ message: 'boom' }) }));
  services.bug = undefined;
  await admin.write('дальше');
  await admin.sees('Отправим 10');
});

it('polls again after another instance took the updates away', async () => {
  const { admin, telegram, log } = world;
  await telegram.updates({ timeout: 0 });
  await waitFor(() => log.some(({ msg }) => String(msg).includes('Another instance polls')), { what: 'the conflict' });
  await admin.write('/help');
  await admin.sees('Что я умею');
});

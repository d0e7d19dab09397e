/** Roles in the bot: every command and button has its right, what a role may not do is not done, and /team changes it. */
import { Composer, Telegraf } from 'telegraf';
import pino from 'pino';
import { createBot } from '../../bot/bot';
import { COMMAND_RIGHTS } from '../../bot/commands';
import type { BotContext } from '../../bot/context';
import { rightOfButton } from '../../clients/button-rights';
import { RIGHTS, type Role } from '../../domain/roles';
import { waitFor } from '../support/servers';
import { statusOf } from './fake-services';
import { ADMIN, buttonsOf, NOW, person, startWorld, STRANGER, type Person, type World } from './support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const CLI = { kind: 'cli' } as const;
const OTHER = 7001;
const THIRD = 7002;

/** Somebody of the team with this role. */
async function member(role: Role, id = OTHER): Promise<Person> {
  await world.services.users.admit(id, role, CLI, NOW);
  return newcomer(id);
}

async function newcomer(id: number): Promise<Person> {
  await world.telegram.control('/users', { id, first_name: `Имя ${id}` });
  return person(world.telegram, id, world.bot);
}

describe('the table of rights', () => {
  /** What the bot handles, as it is registered with Telegraf. */
  function registered(): { commands: RegExp[]; actions: RegExp[] } {
    const commands = jest.spyOn(Composer.prototype, 'command');
    const actions = jest.spyOn(Composer.prototype, 'action');
    try {
      createBot({
        telegraf: new Telegraf<BotContext>('1:token'),
        services: world.services,
        zone: 'UTC',
        language: 'en',
        logger: pino({ level: 'silent' }),
      });
      const triggers = (calls: unknown[][]): RegExp[] => calls.flatMap(([trigger]) => trigger as RegExp | RegExp[]);
      return { commands: triggers(commands.mock.calls), actions: triggers(actions.mock.calls) };
    } finally {
      commands.mockRestore();
      actions.mockRestore();
    }
  }

  it('has every command that the bot knows, and the bot handles each', () => {
    const { commands } = registered();
    const known = commands.filter(({ source }) => source !== '.*').map(({ source }) => source.slice(1, -1));
    expect(known.toSorted()).toEqual(Object.keys(COMMAND_RIGHTS).toSorted());
    for (const right of Object.values(COMMAND_RIGHTS)) expect(RIGHTS).toContain(right);
  });

  it('has every button that the bot handles', () => {
    const { actions } = registered();
    expect(actions.length).toBeGreaterThan(40);
    const without = actions
      .map(({ source }) => source.slice(1, -1).replaceAll('([^:]*)', 'x'))
      .filter((data) => rightOfButton(data) === undefined);
    expect(without).toEqual([]);
  });

  it('gives a made-up button to nobody', () => {
    expect(rightOfButton('1:c:x:format')).toBeUndefined();
    expect(rightOfButton('1:c:x:constructor')).toBeUndefined();
    expect(rightOfButton('9:c:x:open')).toBeUndefined();
  });
});

describe('a role that may not', () => {
  it.each([
    ['viewer', '/new', 'оператор'],
    ['viewer', '/find Анна', 'оператор'],
    ['viewer', '/stoplist', 'оператор'],
    ['operator', '/team', 'админ'],
  ] as const)('%s: %s is refused with the role that it needs', async (role, words, needed) => {
    const one = await member(role);
    await one.write(words);
    expect((await one.sees('нужна роль')).text).toContain(needed);
  });

  it('sees no button that it may not press; a press that was made before is not carried out', async () => {
    const { services } = world;
    services.statuses.set('c1', statusOf('c1', 'running'));
    const one = await member('operator');
    await one.write('/campaigns');
    await one.press('Рассылка c1');
    expect(buttonsOf(await one.sees('Рассылка c1')).join()).toContain('Пауза');
    // Lowered while the buttons stand there: from the next press on.
    await services.users.setRole(OTHER, 'viewer', CLI);
    await one.press('Пауза');
    await waitFor(async () => (await one.alerts()).some((text) => text.includes('нужна роль «оператор»')), { what: 'the pop-up' }); // prettier-ignore
    expect(services.asked.commands).toEqual([]);
    await one.press('К списку');
    await one.press('Рассылка c1');
    const card = buttonsOf(await one.sees('Рассылка c1')).join();
    expect(card).not.toMatch(/Пауза|Отменить/);
    expect(card).toContain('Отчёт');
  });

  it('loses the question that was open', async () => {
    const one = await member('operator');
    await one.write('/new');
    await one.press('welcome');
    await one.sees('Кому');
    await world.services.users.setRole(OTHER, 'viewer', CLI);
    await one.write('8 900 111-22-33');
    await one.sees('нужна роль');
    await one.write('привет');
    expect((await one.sees('Чем займёмся')).text).not.toContain('нужна роль');
    expect(world.services.asked.created).toEqual([]);
  });

  it('/help and the menu show what the role may use', async () => {
    const one = await member('viewer');
    await one.write('/help');
    const help = (await one.sees('Что я умею')).text;
    expect(help).toContain('/campaigns');
    expect(help).not.toMatch(/\/new|\/team|\/stoplist/);
    await one.write('/start');
    expect(buttonsOf(await one.sees('Рассылки WhatsApp'))).toEqual([
      '📋 Рассылки',
      '📊 Отчёты',
      '🔁 Расписания',
      '🧩 Шаблоны',
      '🔻 Воронка',
      '❔ Помощь',
    ]);
  });
});

describe('/team', () => {
  /** The code of the newest link in the chat. */
  const codeIn = (text = ''): string => /\?start=([\w-]+)/.exec(text)?.[1] ?? 'none';

  it('invites: the link lets one person in, with the role, once', async () => {
    const { admin, stranger } = world;
    await admin.write('/team');
    await admin.sees('В команде 1 человек');
    await admin.press('Пригласить');
    await admin.press('оператор');
    const link = await admin.sees('Приглашение: оператор');
    expect(link.text).toMatch(/https:\/\/t\.me\/\w+\?start=[\w-]{32}/);
    const code = codeIn(link.text);
    await stranger.write(`/start ${code}`);
    const welcome = await stranger.sees('Вы в команде. Ваша роль: оператор');
    expect(buttonsOf(welcome)).toContain('✨ Новая рассылка');
    const late = await newcomer(THIRD);
    await late.write(`/start ${code}`);
    await late.sees('больше не действует');
    expect(await world.services.users.roleOf(THIRD)).toBeUndefined();
    // Both see it in the list, with the name that Telegram shows.
    await admin.write('/team');
    const names = buttonsOf(await admin.sees('В команде 2 человека'));
    expect(names.filter((text) => text.endsWith('· оператор'))).toHaveLength(1);
  });

  it('an unused invitation is revoked by its button', async () => {
    const { admin, stranger } = world;
    await admin.write('/team');
    await admin.press('Пригласить');
    await admin.press('наблюдатель');
    const code = codeIn((await admin.sees('Приглашение: наблюдатель')).text);
    await admin.press('✉️ наблюдатель');
    await admin.seesAnywhere('Приглашение отозвано');
    await stranger.write(`/start ${code}`);
    // A code that never was and one that is gone look the same: a stranger is told as any other.
    await stranger.sees('только для сотрудников');
    expect(await world.services.users.roleOf(STRANGER)).toBeUndefined();
  });

  it('changes a role and removes; what is changed holds at once', async () => {
    const { admin, services } = world;
    const one = await member('viewer');
    await admin.write('/team');
    await admin.press('· наблюдатель');
    await admin.press('Назначить: оператор');
    await admin.sees('теперь оператор');
    await one.write('/new');
    await one.sees('Какой шаблон');
    await admin.press('Убрать из команды');
    await admin.press('Да, убрать');
    await admin.sees('больше не в команде');
    await one.press('welcome');
    await admin.write('/help');
    await admin.sees('Что я умею');
    expect(await services.users.roleOf(OTHER)).toBeUndefined();
    expect((await one.messages()).at(-1)?.text).toContain('Какой шаблон');
  });

  it('the last owner is neither lowered nor removed', async () => {
    const { admin, services } = world;
    await admin.write('/team');
    await admin.press('· владелец');
    await admin.press('Назначить: наблюдатель');
    await admin.sees('последний владелец');
    await admin.press('Убрать из команды');
    await admin.press('Да, убрать');
    await admin.sees('последний владелец');
    expect(await services.users.roleOf(ADMIN)).toBe('owner');
  });

  it('an admin gives and takes only the roles below', async () => {
    const { services } = world;
    const one = await member('admin');
    await one.write('/team');
    await one.press('Пригласить');
    expect(buttonsOf(await one.sees('Какую роль'))).toEqual(['оператор', 'наблюдатель', '‹ К команде']);
    await one.press('К команде');
    await one.press('· владелец');
    expect(buttonsOf(await one.sees('только владелец'))).toEqual(['‹ К команде']);
    expect(await services.team.invitations.open(NOW)).toEqual([]);
  });

  it.each([
    ['a role is given', 'Назначить: наблюдатель', 'назначает и снимает только владелец'],
    ['somebody is removed', 'Убрать из команды', 'назначает и снимает только владелец'],
  ])('a button from before does not do what the role no longer may: %s', async (_what, button, refusal) => {
    const { services } = world;
    const one = await member('owner');
    await one.write('/team');
    await one.press(`ID ${ADMIN} · владелец`);
    await one.sees('Роль: владелец');
    await services.users.setRole(OTHER, 'admin', CLI);
    await one.press(button);
    if (button.startsWith('Убрать')) await one.press('Да, убрать');
    await one.sees(refusal);
    expect(await services.users.roleOf(ADMIN)).toBe('owner');
  });

  it('an invitation to a role that the presser no longer may give is not made', async () => {
    const { services } = world;
    const one = await member('owner');
    await one.write('/team');
    await one.press('Пригласить');
    await one.sees('Какую роль');
    await services.users.setRole(OTHER, 'admin', CLI);
    await one.press('владелец');
    await one.write('/help');
    await one.sees('Что я умею');
    expect(await services.team.invitations.open(NOW)).toEqual([]);
  });
});

/** The buttons of campaigns and their live progress, over the real Bot API protocol. */
import { buttonData } from '../../clients/telegram-buttons';
import { emptyLedger } from '../../domain/story/ledger';
import { waitFor } from '../support/servers';
import { statusOf } from './fake-services';
import { ADMIN, buttonsOf, joined, openCard, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld({ progressEveryMs: 100 });
});
afterEach(() => world.stop());

const textOf = async ({ admin }: World, messageId: number): Promise<string | undefined> =>
  (await admin.messages()).find(({ message_id }) => message_id === messageId)?.text;

/** Opens the campaign from the list; resolves to the message that follows it. */
async function open({ admin, services }: World, status = statusOf('c1', 'running')): Promise<number> {
  services.statuses.set(status.id, status);
  await admin.write('/campaigns');
  await admin.sees('Рассылки: ');
  await admin.press(status.name);
  return (await admin.sees(status.name)).message_id;
}

it('one of many is found by words of its name', async () => {
  const { admin, services } = world;
  for (let n = 1; n <= 30; n++) services.statuses.set(`c${n}`, statusOf(`c${n}`, 'completed', { name: `Осень ${n}` }));
  services.statuses.set('w', statusOf('w', 'completed', { name: 'Весна, шины' }));
  await admin.write('/campaigns ШИНЫ весна');
  expect(buttonsOf(await admin.sees('Рассылки со словами «ШИНЫ весна»: 1'))).toEqual([
    expect.stringContaining('Весна, шины'),
    '‹ К списку',
  ]);
});

describe('the buttons of a campaign', () => {
  it('pause and resume it, and follow its state', async () => {
    const { admin, services } = world;
    await open(world);
    await admin.press('Пауза');
    const paused = await admin.sees('на паузе');
    expect(buttonsOf(paused)).toEqual(expect.arrayContaining(['▶️ Продолжить', '🛑 Отменить', '🔄 Обновить']));
    await admin.press('Продолжить');
    await admin.sees('— идёт');
    expect(services.asked.commands).toEqual([
      {
        id: 'c1',
        command: 'pause',
        by: { kind: 'telegram', id: ADMIN },
        updateId: expect.stringMatching(/^telegram-\d+$/),
      },
      {
        id: 'c1',
        command: 'resume',
        by: { kind: 'telegram', id: ADMIN },
        updateId: expect.stringMatching(/^telegram-\d+$/),
      },
    ]);
  });

  it('a double tap on pause is one pause and no complaint', async () => {
    const { admin } = world;
    await open(world);
    await admin.pressTwice('Пауза');
    await admin.sees('на паузе');
    expect((await admin.messages()).map(({ text }) => text)).not.toContainEqual(expect.stringContaining('Нельзя'));
  });

  it('a command that no longer fits is refused in words and the screen shows how it is', async () => {
    const { admin, services } = world;
    const message = await open(world);
    // The watched message stays as it was until pressed.
    services.watched.clear();
    services.statuses.set('c1', statusOf('c1', 'completed'));
    await admin.press('Пауза');
    await admin.sees('Уже не требуется: рассылка «Рассылка c1» — завершена.');
    expect(await textOf(world, message)).toContain('завершена');
  });

  it('two admins at once: each command counts once, both see what is true, the later one hears that nothing is left to do', async () => {
    const { admin, services } = world;
    const other = await joined(world, 7001, 'admin');
    const mine = await open(world);
    await openCard(other);
    // Pause and resume of both, and a card that still offers what the other has done already.
    await Promise.all([admin.press('Пауза'), other.press('Пауза')]);
    await Promise.all([admin.sees('на паузе'), other.sees('на паузе')]);
    services.watched.clear();
    await other.press('Продолжить');
    await other.sees('— идёт');
    await admin.press('Продолжить');
    await waitFor(async () => (await textOf(world, mine))?.includes('— идёт'), { what: 'the state as it is' });
    expect((await admin.messages()).at(-1)!.message_id).toBe(mine);
    // Speeds: the last press counts, and each card shows it once pressed.
    await Promise.all([admin.press('🐢 10/с'), other.press('🐢 10/с')]);
    for (const one of [admin, other]) {
      const shown = async (): Promise<boolean> => buttonsOf((await one.messages()).at(-1)!).includes('🐢 5/с');
      await waitFor(shown, { what: 'the card with the new speed' });
    }
    // One cancels; the other's question and buttons are stale by then.
    services.watched.clear();
    await admin.press('Отменить');
    await other.press('Отменить');
    await other.press('Да, отменить');
    await other.sees('отменена');
    await admin.press('Да, отменить');
    await waitFor(async () => (await textOf(world, mine))?.includes('отменена'), { what: 'the end as it is' });
    expect(services.asked.commands.filter(({ command }) => command === 'cancel').length).toBeLessThanOrEqual(2);
    expect((await admin.messages()).map(({ text }) => text)).not.toContainEqual(expect.stringContaining('Нельзя'));
  });

  it('cancel asks first, with the numbers', async () => {
    const { admin, services } = world;
    await open(world);
    await admin.press('Отменить');
    await admin.sees('Не будет отправлено: 6');
    await admin.press('‹ Нет');
    await admin.sees('— идёт');
    expect(services.asked.commands).toEqual([]);
    await admin.press('Отменить');
    await admin.press('Да, отменить');
    await admin.sees('отменена');
    expect(services.asked.commands).toMatchObject([{ command: 'cancel' }]);
  });

  it('slower and faster are one press; the button of an old card sets the rate that it names', async () => {
    const { admin, services } = world;
    const message = await open(world, statusOf('c1', 'running', { ratePerSecond: 8 }));
    expect(buttonsOf((await admin.messages()).at(-1)!)).toEqual(expect.arrayContaining(['🐢 4/с', '🐇 16/с']));
    await admin.press('🐇 16/с');
    await waitFor(async () => (await textOf(world, message))?.includes('до 16/с'), { what: 'the new rate' });
    // The cap holds; there is nothing faster.
    await admin.press('🐢 8/с');
    await admin.press('🐇 16/с');
    await waitFor(() => services.asked.commands.length === 3, { what: 'the presses' });
    await world.bot().idle();
    services.statuses.set('c1', statusOf('c1', 'running', { ratePerSecond: 20 }));
    await waitFor(
      async () =>
        !buttonsOf((await admin.messages()).find((one) => one.message_id === message)!)
          .join()
          .includes('🐇'),
      { what: 'the cap' },
    );
    expect(services.asked.commands.map((one) => 'ratePerSecond' in one && one.ratePerSecond)).toEqual([16, 8, 16]);
  });

  it('a sender that stands aside is named with what it waits for, and brought back at a press', async () => {
    const { admin, services } = world;
    // They begin alike, and have what separates the parts of a button.
    const [ONE, TWO] = ['Svetly Dom: Moscow, shop one', 'Svetly Dom: Moscow, shop two'];
    const aside = [ONE, TWO].map((sender) => ({
      ...{ sender, since: new Date(), waitsFor: sender === TWO ? ('admin' as const) : ('template' as const) },
      trouble: { code: 'template_event', detail: '', values: { template: 'promo', status: 'PAUSED' } },
    }));
    const message = await open(world, statusOf('c1', 'running', { aside }));
    const text = (await textOf(world, message))!;
    expect(text).toMatch(
      /Без отправителя Svetly Dom: Moscow, shop one с .*promo.*вернётся сам, когда WhatsApp снова одобрит шаблон/,
    );
    expect(text).toMatch(/Без отправителя Svetly Dom: Moscow, shop two .*устраните причину и верните его/);
    expect(text).toContain('Всем пишут остальные');
    await admin.press(`Вернуть ${TWO}`);
    await waitFor(async () => !(await textOf(world, message))?.includes(TWO), { what: 'it to be back' });
    // A second press of an old card finds it back.
    services.statuses.set('c1', statusOf('c1', 'running', { aside: aside.slice(0, 1) }));
    await admin.press(`Вернуть ${ONE}`);
    await waitFor(async () => !(await textOf(world, message))?.includes('Без отправителя'), { what: 'all to be back' });
    expect(services.asked.commands).toMatchObject([
      { command: 'back', sender: TWO, updateId: expect.stringMatching(/^telegram-\d+$/) },
      { command: 'back', sender: ONE },
    ]);
  });

  it('a cancel that waits for sends in flight says at once that it was heard', async () => {
    const { admin, services } = world;
    const message = await open(world);
    const { command } = services.campaigns;
    let finish = (): void => undefined;
    services.campaigns.command = async (...asked) => {
      await new Promise<void>((resolve) => (finish = resolve));
      return command(...asked);
    };
    await admin.press('Отменить');
    await admin.press('Да, отменить');
    await admin.seesAnywhere('— отменяется');
    expect(await textOf(world, message)).toContain('Больше ничего не отправляем');
    expect(buttonsOf((await admin.messages()).find((one) => one.message_id === message)!)).not.toContain('⏸ Пауза');
    finish();
    await waitFor(async () => (await textOf(world, message))?.includes('— отменена'), { what: 'the end' });
  });

  it('report comes below, and leads back to the campaign', async () => {
    const { admin } = world;
    await open(world, statusOf('c1', 'completed'));
    await admin.press('Отчёт');
    await admin.sees('Отчёт c1');
    const messages = await admin.messages();
    await admin.press('Открыть рассылку');
    await admin.sees('— завершена');
    expect((await admin.messages()).length).toBeGreaterThan(messages.length);
  });

  it('a waiting campaign can be moved to another time', async () => {
    const { admin, services } = world;
    await open(
      world,
      statusOf('c1', 'scheduled', { ledger: emptyLedger(), scheduledAt: new Date('2026-01-16T07:00:00Z') }),
    );
    await admin.press('Перенести');
    await admin.write('17.01 12:30');
    await admin.sees('суббота, 17 января 2026, 12:30 (Москва)');
    expect(services.asked.commands).toEqual([]);
    await admin.press('Да, в 12:30');
    await admin.sees('Начнётся: 17 января 2026, 12:30');
    expect(services.asked.commands).toMatchObject([{ command: 'reschedule', at: new Date('2026-01-17T09:30:00Z') }]);
  });

  it('of a campaign that is gone lead back to the list', async () => {
    const { admin, services } = world;
    services.statuses.set('c1', statusOf('c1', 'running'));
    await admin.write('/campaigns');
    await admin.sees('Рассылки: 1');
    services.statuses.clear();
    await admin.press('Рассылка c1');
    await admin.sees('Рассылки c1 нет');
  });
});

it('the notice that a campaign stands still can resume it: it becomes the live progress', async () => {
  const { admin, services, telegram } = world;
  services.statuses.set('c1', statusOf('c1', 'paused'));
  await admin.write('/start');
  await admin.sees('Рассылки WhatsApp');
  const notice = (await telegram.done('sendMessage', {
    chat_id: ADMIN,
    text: 'на паузе',
    reply_markup: {
      inline_keyboard: [[{ text: '▶️ Продолжить', callback_data: buttonData('campaign', 'c1', 'resume') }]],
    },
  })) as { message_id: number };
  await admin.press('Продолжить');
  expect((await admin.sees('— идёт')).message_id).toBe(notice.message_id);
  expect(services.watched.get('c1')).toEqual([{ chatId: ADMIN, messageId: notice.message_id }]);
});

describe('a notice that a campaign stands still', () => {
  async function noticeOf({ telegram, admin, services }: World): Promise<number> {
    services.statuses.set('c1', statusOf('c1', 'paused'));
    await admin.write('/start');
    await admin.sees('Рассылки WhatsApp');
    const resume = { text: '▶️ Продолжить', callback_data: buttonData('campaign', 'c1', 'resume') };
    const sent = (await telegram.done('sendMessage', { chat_id: ADMIN, text: 'на паузе', reply_markup: { inline_keyboard: [[resume]] } })) as { message_id: number }; // prettier-ignore
    await services.notices.add({ campaignId: 'c1', chatId: ADMIN, messageId: sent.message_id });
    return sent.message_id;
  }

  it('says so and offers it no more once somebody else has resumed it', async () => {
    const { admin, services } = world;
    const notice = await noticeOf(world);
    services.statuses.set('c1', statusOf('c1', 'running'));
    const over = await admin.sees('снова идёт');
    expect(over).toMatchObject({ message_id: notice, text: expect.stringContaining('идёт') });
    expect(buttonsOf(over)).toEqual(['📋 Открыть рассылку']);
    expect(await services.notices.all()).toEqual([]);
  });

  it('stays as it is while the campaign stands still, over a restart too', async () => {
    const { admin, services } = world;
    await noticeOf(world);
    await world.restartBot();
    const opened = await open(world, statusOf('c1', 'paused'));
    await waitFor(() => services.watched.get('c1')?.some(({ messageId }) => messageId === opened), { what: 'rounds' });
    expect((await admin.messages()).find(({ text }) => text === 'на паузе')).toBeDefined();
  });

  it('answers kindly when it is pressed too late', async () => {
    const { admin, services } = world;
    await noticeOf(world);
    // Pressed before the round that would have changed it.
    let rounds = 0;
    services.notices.all = async () => {
      rounds += 1;
      return [];
    };
    // One that had read the notice is over by then.
    await waitFor(() => rounds > 0, { what: 'a round without notices' });
    services.statuses.set('c1', statusOf('c1', 'settling'));
    await admin.press('Продолжить');
    await admin.sees('Уже не требуется: рассылка «Рассылка c1» — ');
  });

  it('of a campaign that is gone loses its buttons', async () => {
    const { admin, services } = world;
    const notice = await noticeOf(world);
    services.statuses.clear();
    await waitFor(
      async () => buttonsOf((await admin.messages()).find(({ message_id: id }) => id === notice)!).length === 0,
      { what: 'the buttons to go' },
    );
  });
});

describe('live progress', () => {
  it('edits one message until the end, then lets it go', async () => {
    const { services } = world;
    const message = await open(world);
    services.statuses.set(
      'c1',
      statusOf('c1', 'settling', { ledger: { ...emptyLedger(), total: 10, delivered: 9, failed: 1 } }),
    );
    await waitFor(async () => (await textOf(world, message))?.includes('100 %'), { what: 'the bar to fill' });
    services.statuses.set(
      'c1',
      statusOf('c1', 'completed', { ledger: { ...emptyLedger(), total: 10, read: 9, failed: 1 } }),
    );
    await waitFor(async () => (await textOf(world, message))?.includes('прочитано 9'), { what: 'the last words' });
    await waitFor(() => services.watched.get('c1')?.length === 0, { what: 'the message to be let go' });
    expect((await world.admin.messages()).filter(({ text }) => text?.includes('Рассылка c1'))).toHaveLength(1);
  });

  it('is in one message a chat: the former one says that it is further below', async () => {
    const { admin, services } = world;
    const former = await open(world);
    await admin.write('/campaigns');
    await admin.sees('Рассылки: ');
    await admin.press('Рассылка c1 ·');
    const present = (await admin.sees('— идёт')).message_id;
    expect(present).not.toBe(former);
    await waitFor(
      async () => {
        const message = (await admin.messages()).find(({ message_id: id }) => id === former);
        return message?.text?.includes('Карточка теперь ниже') && !message.text.includes('%');
      },
      { what: 'the former card to say so' },
    );
    await waitFor(() => services.watched.get('c1')?.length === 1, { what: 'the former card to be let go' });
    expect(services.watched.get('c1')).toEqual([{ chatId: ADMIN, messageId: present }]);
  });

  it('goes on after a restart of the bot', async () => {
    const { services } = world;
    const message = await open(world);
    await world.restartBot();
    services.statuses.set('c1', statusOf('c1', 'cancelled'));
    await waitFor(async () => (await textOf(world, message))?.includes('отменена'), { what: 'the last edit' });
  });

  it('waits while Telegram asks for silence and still says the last word', async () => {
    const { services, telegram } = world;
    const message = await open(world);
    await telegram.control('/faults', { kind: 'flood', method: 'editMessageText', retryAfter: 1 });
    services.statuses.set('c1', statusOf('c1', 'completed'));
    await waitFor(async () => (await textOf(world, message))?.includes('завершена'), { what: 'the last edit' });
    await waitFor(() => services.watched.get('c1')?.length === 0, { what: 'the message to be let go' });
    expect(world.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('stops for an admin who blocked the bot, and remembers it', async () => {
    const { services, telegram } = world;
    await open(world);
    await telegram.control(`/chats/${ADMIN}/block`, {});
    services.statuses.set('c1', statusOf('c1', 'paused'));
    await waitFor(() => services.watched.get('c1')?.length === 0, { what: 'the message to be let go' });
    expect((await services.users.find(ADMIN))?.unreachableSince).toBeInstanceOf(Date);
    await telegram.control(`/chats/${ADMIN}/unblock`, {});
    await world.admin.write('/help');
    await world.admin.sees('Что я умею');
    expect((await services.users.find(ADMIN))?.unreachableSince).toBeUndefined();
  });

  it('stops for somebody who is put out of the team, whose presses and words then do nothing', async () => {
    const { admin, services, telegram } = world;
    const message = await open(world);
    const before = await admin.messages();
    await services.users.admit(7, 'owner', { kind: 'cli' }, new Date());
    await services.users.remove(ADMIN, { kind: 'cli' }, new Date());
    services.statuses.set('c1', statusOf('c1', 'paused'));
    await waitFor(() => services.watched.get('c1')?.length === 0, { what: 'the message to be let go' });
    const commands = services.asked.commands.length;
    await admin.press('Пауза');
    await admin.write('/campaigns');
    await waitFor(async () => (await telegram.control<{ pendingUpdates: number }>('')).pendingUpdates === 0, {
      what: 'the updates to be taken',
    });
    await world.bot().idle();
    expect(await textOf(world, message)).toBe(before.find(({ message_id: id }) => id === message)!.text);
    expect(services.asked.commands).toHaveLength(commands);
    const news = (await admin.messages()).slice(before.length).map(({ text }) => text);
    expect(news).toEqual([expect.stringContaining('только для сотрудников')]);
  });

  it('a deleted message is replaced by a new one', async () => {
    const { services, telegram, admin } = world;
    const message = await open(world);
    await telegram.done('deleteMessage', { chat_id: ADMIN, message_id: message });
    services.statuses.set('c1', statusOf('c1', 'paused'));
    const shown = await admin.sees('на паузе');
    expect(services.watched.get('c1')).toEqual([{ chatId: ADMIN, messageId: shown.message_id }]);
  });
});

/** Sending again from the bot: to those that failed, and to those nobody knows about; each asked about first. */
import type { CampaignStatus } from '../../campaigns/contract';
import { emptyLedger } from '../../domain/story/ledger';
import { statusOf } from './fake-services';
import { buttonsOf, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const trouble = (state: CampaignStatus['state'], values: Partial<CampaignStatus> = {}): CampaignStatus =>
  statusOf('c1', state, {
    ledger: { ...emptyLedger(), total: 20, queued: 4, delivered: 8, failed: 5, unknown: 3 },
    failures: { '131026': 2, http_503: 3 },
    ...values,
  });

async function open({ admin, services }: World, status: CampaignStatus): Promise<string[]> {
  services.statuses.set(status.id, status);
  await admin.write('/campaigns');
  await admin.sees('Рассылки: ');
  await admin.press(status.name);
  return buttonsOf(await admin.sees(status.name));
}

describe('retry of the failed', () => {
  it('of a running campaign puts them back, those for whom it is worth it now, after a look at the reasons', async () => {
    const { admin, services } = world;
    expect(await open(world, trouble('running'))).toContain('↻ Отправить тем, кому не дошло · 5');
    await admin.press('Отправить тем, кому не дошло');
    const question = await admin.sees('тем, кому не дошло?');
    expect(question.text).toContain('Можно сейчас: 3\n• 3 × ');
    expect(question.text).toContain(
      'Не стоит: 2\n• 2 × номера нет в WhatsApp, старое приложение или нас заблокировали (131026)\n  → исключите эти номера',
    );
    expect(question.text).toContain('вернутся в очередь этой же рассылки');
    expect(buttonsOf(question)).toEqual(['🔁 Сейчас · 3', '‹ Нет']);
    await admin.press('Сейчас · 3');
    await admin.sees('Снова в очереди: 5 человек');
    expect(services.asked.retries).toEqual([
      { id: 'c1', state: 'failed', codes: ['http_503'], updateId: expect.stringMatching(/^retry-.{8}$/) },
    ]);
    const shown = await admin.seesAnywhere('в очереди: 9');
    expect(buttonsOf(shown)).not.toContainEqual(expect.stringContaining('кому не дошло'));
  });

  it('of an ended one starts a new campaign and follows it; the next time it warns of it', async () => {
    const { admin, services } = world;
    await open(world, trouble('completed'));
    await admin.press('Отправить тем, кому не дошло');
    await admin.sees('Это будет новая рассылка');
    await admin.press('Сейчас · 3');
    await admin.sees('Рассылка c1 ↻ — идёт');
    const texts = (await admin.messages()).map(({ text }) => text);
    expect(texts).toContain('↻ Новая рассылка для 5 человек началась. За ходом можно следить ниже.');
    expect(services.asked.retries).toMatchObject([{ id: 'c1', made: { id: 'c1r' } }]);

    await admin.press('Отправить тем, кому не дошло');
    await admin.seesAnywhere('Им уже отправляли ещё раз: Рассылка c1 ↻, 15 января 2026, 11:30');
    await admin.press('‹ Нет');
    await admin.seesAnywhere('Рассылка c1 — завершена');
    expect(services.asked.retries).toHaveLength(1);
  });

  it('is one command, however often its button comes in', async () => {
    const { admin, services } = world;
    await open(world, trouble('completed'));
    await admin.press('Отправить тем, кому не дошло');
    await admin.sees('тем, кому не дошло?');
    await admin.pressTwice('Сейчас · 3');
    await admin.sees('— идёт');
    expect(new Set(services.asked.retries.map(({ updateId }) => updateId)).size).toBe(1);
  });

  it('is refused in words when the campaign has moved on', async () => {
    const { admin, services } = world;
    await open(world, trouble('running'));
    await admin.press('Отправить тем, кому не дошло');
    await admin.sees('тем, кому не дошло?');
    services.statuses.set('c1', trouble('scheduled'));
    await admin.press('Сейчас · 3');
    await admin.sees('Сейчас нельзя повторить отправку: рассылка — «запланирована»');
  });

  it('of what WhatsApp holds back for a day is planned, never sent again at once', async () => {
    const { admin, services } = world;
    const endedAt = new Date('2026-01-15T08:00:00Z');
    await open(world, trouble('completed', { failures: { '131049': 4, '131026': 1 }, endedAt }));
    await admin.press('Отправить тем, кому не дошло');
    const question = await admin.sees('тем, кому не дошло?');
    expect(question.text).toContain('Не раньше 16.01.26 11:10: 4');
    expect(buttonsOf(question)).toEqual(['🕒 16.01.26 11:10 · 4', '‹ Нет']);
    await admin.press('🕒 16.01.26 11:10 · 4');
    await admin.seesAnywhere('получат сообщение 16.01.26 11:10');
    expect(services.asked.retries).toMatchObject([{ codes: ['131049'], at: new Date('2026-01-16T08:10:00Z') }]);
  });

  it('of a running one offers nothing for what must wait, and says so', async () => {
    const { admin } = world;
    await open(world, trouble('running', { failures: { '131049': 5 } }));
    await admin.press('Отправить тем, кому не дошло');
    const question = await admin.sees('тем, кому не дошло?');
    expect(question.text).toContain('когда рассылка закончится');
    expect(buttonsOf(question)).toEqual(['‹ Нет']);
  });

  it('is not offered when nobody failed', async () => {
    const buttons = await open(world, trouble('running', { ledger: { ...emptyLedger(), total: 2, delivered: 2 } }));
    expect(buttons.join()).not.toMatch(/кому не дошло|Без ответа/);
  });
});

describe('sends without an answer', () => {
  it('may be counted as sent', async () => {
    const { admin, services } = world;
    await open(world, trouble('completed'));
    await admin.press('Без ответа · 3');
    await admin.sees('получил ли человек сообщение, неизвестно');
    await admin.press('Считать отправленными');
    await admin.sees('Считаем отправленными: 3');
    expect(services.asked.retries).toEqual([{ id: 'c1', state: 'unknown', choice: 'assume_sent' }]);
  });

  it('are sent again only after a second yes, which says that somebody may get it twice', async () => {
    const { admin, services } = world;
    await open(world, trouble('running'));
    await admin.press('Без ответа · 3');
    await admin.press('Отправить ещё раз');
    await admin.sees('получат его дважды');
    expect(services.asked.retries).toEqual([]);
    await admin.press('Да, отправить ещё раз');
    await admin.sees('Снова в очереди: 3 человека');
    expect(services.asked.retries).toMatchObject([{ choice: 'send_again', updateId: expect.any(String) }]);
  });
});

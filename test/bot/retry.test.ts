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
  it('of a running campaign puts them back, all or one family, after a look at the reasons', async () => {
    const { admin, services } = world;
    expect(await open(world, trouble('running'))).toContain('↻ Повторить неудачные · 5');
    await admin.press('Повторить неудачные');
    const question = await admin.sees('тем, кому не дошло?');
    expect(question.text).toContain('доставить нельзя: нет в WhatsApp, старое приложение или блокировка (131026): 2');
    expect(question.text).toContain('вернутся в очередь этой же рассылки');
    expect(buttonsOf(question)).toEqual(['Всем · 5', 'Временные сбои · 3', 'Дело в получателе · 2', '‹ Нет']);
    await admin.press('Временные сбои');
    await admin.sees('Снова в очереди: 5 человек');
    expect(services.asked.retries).toEqual([
      { id: 'c1', state: 'failed', families: ['temporary'], updateId: expect.stringMatching(/^retry-.{8}$/) },
    ]);
    const shown = await admin.seesAnywhere('в очереди: 9');
    expect(buttonsOf(shown)).not.toContainEqual(expect.stringContaining('Повторить неудачные'));
  });

  it('of an ended one starts a new campaign and follows it; the next time it warns of it', async () => {
    const { admin, services } = world;
    await open(world, trouble('completed'));
    await admin.press('Повторить неудачные');
    await admin.sees('сразу начнётся новая рассылка');
    await admin.press('Всем · 5');
    await admin.sees('Рассылка c1 ↻ — идёт');
    const texts = (await admin.messages()).map(({ text }) => text);
    expect(texts).toContain('↻ Новая рассылка для 5 человек началась. За ходом можно следить ниже.');
    expect(services.asked.retries).toMatchObject([{ id: 'c1', made: { id: 'c1r' } }]);

    await admin.press('Повторить неудачные');
    await admin.seesAnywhere('Им уже отправляли ещё раз: Рассылка c1 ↻, 15 января 2026, 11:30');
    await admin.press('‹ Нет');
    await admin.seesAnywhere('Рассылка c1 — завершена');
    expect(services.asked.retries).toHaveLength(1);
  });

  it('is one command, however often its button comes in', async () => {
    const { admin, services } = world;
    await open(world, trouble('completed'));
    await admin.press('Повторить неудачные');
    await admin.sees('тем, кому не дошло?');
    await admin.pressTwice('Всем · 5');
    await admin.sees('— идёт');
    expect(new Set(services.asked.retries.map(({ updateId }) => updateId)).size).toBe(1);
  });

  it('is refused in words when the campaign has moved on', async () => {
    const { admin, services } = world;
    await open(world, trouble('running'));
    await admin.press('Повторить неудачные');
    await admin.sees('тем, кому не дошло?');
    services.statuses.set('c1', trouble('scheduled'));
    await admin.press('Всем · 5');
    await admin.sees('Нельзя выполнить «повторить отправку»: статус рассылки — «запланирована»');
  });

  it('is not offered when nobody failed', async () => {
    const buttons = await open(world, trouble('running', { ledger: { ...emptyLedger(), total: 2, delivered: 2 } }));
    expect(buttons.join()).not.toMatch(/Повторить неудачные|Без ответа/);
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

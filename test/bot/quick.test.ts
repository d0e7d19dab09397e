/** Presses are answered at once while several live cards of the chat are being edited: both share Telegram's budget of one call a second. */
import { emptyLedger } from '../../domain/story/ledger';
import { PATIENCE } from '../support/patience';
import { waitFor } from '../support/servers';
import { statusOf } from './fake-services';
import { ADMIN, startWorld, type World } from './support';

const CARDS = ['c1', 'c2', 'c3', 'c4'];
const PRESSES = 9;

let world: World;
beforeEach(async () => {
  world = await startWorld({ progressEveryMs: 500, isStrict: true });
});
afterEach(() => world.stop());

it('nobody waits for an edit: Telegram is never asked for more than it bears, and every card moves on', async () => {
  const { admin, services, telegram, log } = world;
  let sent = 0;
  const move = (): void => {
    sent += 1;
    for (const id of CARDS) {
      const ledger = { ...emptyLedger(), total: 100_000, accepted: sent, queued: 100_000 - sent };
      services.statuses.set(id, statusOf(id, 'running', { ledger }));
    }
  };
  move();
  // A card each, as if opened one after another.
  const cards = new Map<string, number>();
  for (const id of CARDS) {
    await admin.write('/campaigns');
    await admin.sees('Рассылки: ');
    await admin.press(`Рассылка ${id} `);
    cards.set(id, (await admin.sees(`Рассылка ${id} —`)).message_id);
  }
  const textOf = async (messageId: number): Promise<string | undefined> =>
    (await admin.messages()).find(({ message_id: id }) => id === messageId)?.text;
  const before = new Map(await Promise.all([...cards.values()].map(async (id) => [id, await textOf(id)] as const)));
  await telegram.later(10);
  log.length = 0;

  const moving = setInterval(move, 50);
  const tookMs: number[] = [];
  try {
    for (let press = 0; press < PRESSES; press++) {
      const messageId = cards.get(CARDS[press % CARDS.length]!)!;
      const { message_id, reply_markup } = (await admin.messages()).find(({ message_id: id }) => id === messageId)!;
      const data = reply_markup!.inline_keyboard.flat().find(({ text }) => text.includes('Обновить'))!.callback_data;
      const shown = await textOf(messageId);
      const at = performance.now();
      await telegram.control(`/chats/${ADMIN}/press`, { messageId: message_id, data });
      await waitFor(async () => (await textOf(messageId)) !== shown, { what: 'the card to answer' });
      tookMs.push(performance.now() - at);
      // As fast as somebody reads.
      await new Promise((next) => setTimeout(next, 900));
    }
    await waitFor(
      async () =>
        (await Promise.all([...before].map(async ([id, text]) => (await textOf(id)) !== text))).every(Boolean),
      { what: 'every card to move on' },
    );
  } finally {
    clearInterval(moving);
  }
  expect(log.filter(({ msg }) => msg === 'Telegram asks for silence')).toEqual([]);
  // 300 ms on a quiet machine; CI's takes up to three times as long, a wait for Telegram a second and more.
  expect(tookMs.toSorted((a, b) => a - b)[Math.floor(PRESSES / 2)]).toBeLessThan(PATIENCE > 1 ? 900 : 300);
});

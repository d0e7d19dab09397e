/** The team hears once of what may be an opt-out, whichever worker comes to it, each in their language. */
import { runOptOutAlerts } from '../../activities/opt-out-alerts';
import { createTellTeam } from '../../clients/tell-team';
import { createLogger } from '../../config/logger';
import { parseButtonData } from '../../clients/telegram-buttons';
import { startStore, type TestStore } from '../store/support';
import { waitFor } from '../support/servers';

interface Sent {
  id: number;
  html: string;
  buttons: { text: string; data: string }[][];
}

let own: TestStore;
let sent: Sent[];
let stop: AbortController;
let running: Promise<unknown>[];
beforeEach(async () => {
  own = await startStore();
  [sent, stop, running] = [[], new AbortController(), []];
});
afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await own.close();
});

const log = createLogger('test', 'silent');
const at = new Date('2026-03-01T10:00:00Z');
const UNSURE = { _id: 'unsure:1', at, by: 'reply', clear: false, phone: '+79001112233', name: 'Анна <VIP>', text: 'Отпишите, но заказ <b>ждём</b>', campaign: 'Весна' } as const; // prettier-ignore
const UNNAMED = { _id: 'event', at, by: 'preference', clear: true, userId: 'RU.1' } as const;

function work(
  send: (id: number, html: string) => Promise<number | undefined> = async () => 1,
  processes = 1,
  againMs = 20,
): void {
  const telegram = {
    send: async (id: number, html: string, buttons: Sent['buttons'] = []) => {
      const messageId = await send(id, html);
      if (messageId !== undefined) sent.push({ id, html, buttons });
      return messageId;
    },
  };
  const { store } = own;
  const tell = createTellTeam({ telegram, team: store.users, language: 'ru', log });
  const options = { store, tell, timezone: 'Europe/Moscow', log, everyMs: 20, againMs };
  for (let n = 0; n < processes; n++) running.push(runOptOutAlerts(options, stop.signal));
}
const allTold = (): Promise<unknown> =>
  waitFor(async () => (await own.store.possibleOptOuts.open('unsure', 9)).concat(await own.store.possibleOptOuts.open('unnamed', 9)).every(({ toldAt }) => toldAt), { what: 'the team to be told' }); // prettier-ignore

test('of two processes one tells, with the words, the person, the campaign, and buttons; Telegram away: later', async () => {
  await own.store.users.update(7, { language: 'en' });
  await own.store.users.syncSettings([5, 7], new Date());
  await own.store.possibleOptOuts.add(UNSURE);
  await own.store.possibleOptOuts.add(UNNAMED);
  // At the first try of each message, whichever process makes it.
  const tried = new Set<string>();
  work(async (id, html) => {
    const message = `${id} ${html}`;
    if (tried.has(message)) return 1;
    tried.add(message);
    throw new Error('Telegram is away');
  }, 2);
  await allTold();
  expect(sent).toHaveLength(4);
  const [ru, en] = [5, 7].map((who) => sent.filter(({ id }) => id === who));
  const [unsure, unnamed] = ru!.toSorted((a) => (a.html.includes('+79001112233') ? -1 : 1));
  expect(unsure!.html).toContain('Возможно, человек просит больше не писать');
  expect(unsure!.html).toContain('Отпишите, но заказ &lt;b&gt;ждём&lt;/b&gt;');
  for (const part of ['Анна &lt;VIP&gt;', '«Весна»', '01.03.2026 13:00']) expect(unsure!.html).toContain(part);
  expect(unsure!.buttons.flat().map(({ text }) => text)).toEqual(['🔕 Отписать', 'Не отписка']);
  const { key } = (await own.store.possibleOptOuts.open('unsure', 1))[0]!;
  expect(parseButtonData(unsure!.buttons[0]![0]!.data)).toEqual({ area: 'optOut', parts: [key, 'opt_out'] });
  expect(unnamed!.html).toContain('номер неизвестен');
  expect(unnamed!.html).toContain('RU.1');
  expect(en!.map(({ html }) => html).join()).toMatch(/This may be an opt-out/);
  expect(en!.flatMap(({ buttons }) => buttons.flat().map(({ text }) => text)).toSorted()).toEqual(['Not an opt-out', '✅ Dealt with', '🔕 Opt out']); // prettier-ignore
});

test('a process that died in the middle of it leaves the rest to another; nobody is told twice', async () => {
  await own.store.users.syncSettings([5, 7], new Date());
  await own.store.possibleOptOuts.add(UNSURE);
  const before = new Date(Date.now() - 10_000);
  await own.store.possibleOptOuts.takeUntold(before, new Date(before.getTime() + 1));
  await own.store.possibleOptOuts.addMessage(UNSURE._id, { chatId: 5, messageId: 50 });
  work();
  await allTold();
  expect(sent.map(({ id }) => id)).toEqual([7]);
});

test('while nobody of the team can be written to it waits, and what is answered meanwhile is told no more', async () => {
  await own.store.users.syncSettings([5], new Date());
  await own.store.possibleOptOuts.add(UNSURE);
  await own.store.possibleOptOuts.add(UNNAMED);
  let tries = 0;
  let started = false;
  work(async () => {
    tries++;
    return started ? 1 : undefined;
  });
  await waitFor(() => tries >= 4, { what: 'it to be tried again' });
  await own.store.possibleOptOuts.answerOf(UNSURE.phone, new Date(), { choice: 'clear_word', by: { kind: 'system' }, at }); // prettier-ignore
  started = true;
  await waitFor(() => sent.length > 0, { what: 'the team to be told' });
  await allTold();
  expect(sent.filter(({ html }) => html.includes('RU.1'))).toHaveLength(1);
});

/**
 * Receiver and worker killed at every step between a reply's arrival and the note that it was told: the notice comes, once,
 * and twice only where the death fell between Telegram's answer and our note of it.
 */
import type { CrashPoint } from '../../config/crash-points';
import { documentsOf } from '../../receipts/receipt-document';
import { SENDER, v2 } from '../receipts/ground';
import { ADMIN, startTelegram, type TestTelegram } from '../sandbox/telegram-support';
import { accept, campaignDocument, phoneOf, queued, startStore } from '../store/support';
import { waitFor } from '../support/servers';
import { diesAt } from './replies-die';
import { handleReplies } from './replies-ground';

jest.setTimeout(60_000);

let telegram: TestTelegram;
beforeAll(async () => {
  telegram = await startTelegram();
  await telegram.opened();
});
afterAll(() => telegram.stop());

const notices = async (words: string): Promise<number> => {
  const { messages } = await telegram.control<{ messages: { text?: string }[] }>(`/chats/${ADMIN}`);
  return messages.filter(({ text }) => text?.includes(words)).length;
};

const ROWS: [CrashPoint, 'start' | 'asyncEnd', number][] = [
  ['reply-kept', 'asyncEnd', 1],
  ['applied', 'asyncEnd', 1],
  ['reply-taken', 'asyncEnd', 1],
  // Telegram has it, and nobody has noted that.
  ['reply-noted', 'start', 2],
  ['reply-noted', 'asyncEnd', 1],
  ['reply-told', 'start', 1],
];

test.concurrent.each(ROWS)('at %s (%s)', async (point, when, times) => {
  const own = await startStore();
  const { store } = own;
  try {
    const id = `${point}-${when}`;
    await store.users.admit(ADMIN, 'operator', { kind: 'cli' }, new Date());
    await store.campaigns.insert(
      campaignDocument('c', { state: 'running', sender: SENDER, spec: { repliesTo: [ADMIN] } }),
    );
    await store.deliveries.freeze('c', [queued(0)]);
    await accept(store, 'c', 0, 'm0');
    const phone = phoneOf(0).slice(1);
    const payload = { id, source: phone, type: 'text', payload: { text: `words of ${id}.` }, sender: { phone } };
    await store.receipts.save(documentsOf(JSON.stringify(v2('message', payload)), new Date()));

    expect(await diesAt(point, when, { uri: own.uri, root: telegram.url })).toBe('SIGKILL');
    const stop = handleReplies(own, { root: telegram.url });
    try {
      const [reply] = await waitFor(
        async () => {
          const { replies } = await store.openReplies.list({ skip: 0, limit: 9 });
          const isTold = replies.length > 0 && replies.every(({ tellAt }) => tellAt === undefined);
          return isTold && (await store.receipts.backlog()) === 0 ? replies : undefined;
        },
        { what: 'the reply to be told', limitMs: 30_000 },
      );
      expect(reply).toMatchObject({ text: `words of ${id}.`, toldTo: [ADMIN] });
    } finally {
      await stop();
    }
    expect(await notices(`words of ${id}.`)).toBe(times);
  } finally {
    await own.close();
  }
});

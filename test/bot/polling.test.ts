/** Whether Telegram's updates still come, by what the poller sees. */
import type { Telegraf } from 'telegraf';
import { watchPolling } from '../../bot/polling';

function poller(): {
  watch: ReturnType<typeof watchPolling>;
  ask: () => Promise<unknown>;
  pending: { resolve: (updates: unknown) => void; reject: (error: Error) => void }[];
  pass: (ms: number) => void;
} {
  const pending: { resolve: (updates: unknown) => void; reject: (error: Error) => void }[] = [];
  const callApi = (): Promise<unknown> => new Promise((resolve, reject) => pending.push({ resolve, reject }));
  const telegraf = { telegram: { callApi } } as unknown as Pick<Telegraf, 'telegram'>;
  let at = 0;
  const watch = watchPolling(telegraf, () => at);
  const ask = (): Promise<unknown> =>
    telegraf.telegram.callApi('getUpdates', { offset: 0, limit: 1, timeout: 50, allowed_updates: [] });
  return { watch, ask, pending, pass: (ms: number) => void (at += ms) };
}

test('is not alive before the first question: Telegram may be out of reach from the start', () => {
  expect(poller().watch.isAlive()).toBe(false);
});

test('is alive while a question is open or was answered a moment ago, and not after a long silence', async () => {
  const { watch, ask, pending, pass } = poller();
  const first = ask();
  expect(watch.isAlive()).toBe(true);
  pending[0]!.resolve([]);
  await first;
  expect(watch.isAlive()).toBe(true);
  pass(80_000);
  expect(watch.isAlive()).toBe(false);
});

test('is not alive after a failure, until the next question has been open for a while', async () => {
  const { watch, ask, pending, pass } = poller();
  const first = ask();
  pending[0]!.reject(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
  expect(watch.isAlive()).toBe(false);
  void ask();
  expect(watch.isAlive()).toBe(false);
  pass(11_000);
  expect(watch.isAlive()).toBe(true);
});

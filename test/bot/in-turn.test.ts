/** Work on one key in order, on different keys side by side. */
import { createTurns } from '../../bot/middleware/in-turn';

it('keeps the order of the work on one key and does not hold up other keys', async () => {
  const turns = createTurns<number>();
  const seen: string[] = [];
  let release = (): void => undefined;
  const slow = new Promise<void>((resolve) => (release = resolve));
  void turns.run(1, async () => {
    await slow;
    seen.push('1 first');
  });
  void turns.run(1, async () => void seen.push('1 second'));
  void turns.run(2, async () => {
    seen.push('2');
    release();
  });
  expect(turns.busy(1)).toBe(true);
  await turns.drained();
  expect(seen).toEqual(['2', '1 first', '1 second']);
  expect(turns.busy(1)).toBe(false);
});

it('hands on what the work comes to, and goes on after work that fails', async () => {
  const turns = createTurns<string>();
  const failing = turns.run('a', () => Promise.reject(new Error('first')));
  const next = turns.run('a', () => Promise.resolve('second'));
  await expect(failing).rejects.toThrow('first');
  await expect(next).resolves.toBe('second');
});

/** One chat in order, different chats side by side. */
import { createChatQueue } from '../../bot/chat-queue';

it('keeps the order within a chat and does not hold up other chats', async () => {
  const queue = createChatQueue();
  const seen: string[] = [];
  let release = (): void => undefined;
  const slow = new Promise<void>((resolve) => (release = resolve));
  queue.add(1, async () => {
    await slow;
    seen.push('1 first');
  });
  queue.add(1, async () => void seen.push('1 second'));
  queue.add(2, async () => {
    seen.push('2');
    release();
  });
  expect(queue.busy(1)).toBe(true);
  await queue.drained();
  expect(seen).toEqual(['2', '1 first', '1 second']);
  expect(queue.busy(1)).toBe(false);
});

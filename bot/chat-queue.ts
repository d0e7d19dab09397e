/** Updates of one chat are handled strictly one after another, those of different chats side by side. */

export interface ChatQueue {
  /** Takes the work and returns at once; it runs after the chat's earlier work. `work` must not reject. */
  add(chatId: number, work: () => Promise<void>): void;
  /** Whether the chat has work waiting or under way. */
  busy(chatId: number): boolean;
  /** Resolves when everything taken so far is done. */
  drained(): Promise<void>;
}

export function createChatQueue(): ChatQueue {
  const tails = new Map<number, Promise<void>>();
  return {
    add: (chatId, work) => {
      const tail = (tails.get(chatId) ?? Promise.resolve()).then(work).finally(() => {
        if (tails.get(chatId) === tail) tails.delete(chatId);
      });
      tails.set(chatId, tail);
    },
    busy: (chatId) => tails.has(chatId),
    drained: async () => {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}

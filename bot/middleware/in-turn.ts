/** Work on one key runs strictly one after another, that of different keys side by side. */

export interface Turns<K> {
  /** Runs the work after the key's earlier work, however that ended; what comes of it is the work's own. */
  run<T>(key: K, work: () => Promise<T>): Promise<T>;
  /** Whether the key has work waiting or under way. */
  busy(key: K): boolean;
  /** Resolves when everything taken so far has ended. */
  drained(): Promise<void>;
}

export function createTurns<K>(): Turns<K> {
  const tails = new Map<K, Promise<unknown>>();
  return {
    run: (key, work) => {
      const turn = (tails.get(key) ?? Promise.resolve()).then(work);
      const tail = turn
        .catch(() => undefined)
        .finally(() => {
          if (tails.get(key) === tail) tails.delete(key);
        });
      tails.set(key, tail);
      return turn;
    },
    busy: (key) => tails.has(key),
    drained: async () => {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}

/** Many things in groups of one size, the last one perhaps smaller; several worked on at once, or one while the next is made. */

/** Of a stream; none for an empty one. */
export async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length >= size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

/** Of a list; none for an empty one. */
export function batchesOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/**
 * Works on each item, at most `atOnce` of them at a time; they begin in their order. Rejects with the first failure, and
 * only when everything that had begun has ended: whoever tries again finds no leftover at work.
 */
export async function severalAtOnce<T>(
  items: AsyncIterable<T> | Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  try {
    for await (const item of items) {
      const one = work(item)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(one));
      running.add(one);
      if (running.size >= atOnce) await Promise.race(running);
      if (failures.length > 0) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length > 0) throw failures[0];
}

/** Works carried out in their order while the caller goes on. */
export interface Lane {
  /** Resolves when the work before this one has ended, so that one at most is behind. Rejects as that one did. */
  add(work: () => Promise<void>): Promise<void>;
  /** Resolves when all have ended. Rejects with the first failure; nothing is begun after one. */
  end(): Promise<void>;
}

export function createLane(): Lane {
  let last = Promise.resolve();
  return {
    add: (work) => {
      const before = last;
      last = before.then(work);
      // The next `add`, or `end`, tells of a failure.
      last.catch(() => undefined);
      return before;
    },
    end: () => last,
  };
}

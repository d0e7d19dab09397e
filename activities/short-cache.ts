/** What many lanes ask for at once is read at most a few times a second. */

/** A change is seen by every lane within this time (ms). */
export const FRESH_MS = 300;
const MOST_KEYS = 1000;

/** A reader that answers from its last reading of the key while that is fresh. A failed reading is not remembered. */
export function createShortCache<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const cache = new Map<string, { at: number; reading: Promise<T> }>();
  return (key) => {
    const cached = cache.get(key);
    if (cached && Date.now() - cached.at < FRESH_MS) return cached.reading;
    const reading = read(key);
    cache.set(key, { at: Date.now(), reading });
    reading.catch(() => cache.delete(key));
    if (cache.size > MOST_KEYS) cache.delete(cache.keys().next().value!);
    return reading;
  };
}

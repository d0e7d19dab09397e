/** What many lanes ask for at once is read at most a few times a second. */
import { LRUCache } from 'lru-cache';

/** A change is seen by every lane within this time (ms). */
export const FRESH_MS = 300;
const MOST_KEYS = 1000;

/** A reader that answers from its last reading of the key while that is fresh. A failed reading is not remembered. */
export function createShortCache<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  // Promises, not the cache's own `fetch`: a reading ages from when it was asked for, not from when it came.
  const readings = new LRUCache<string, Promise<T>>({ max: MOST_KEYS, ttl: FRESH_MS });
  return (key) => {
    const known = readings.get(key);
    if (known) return known;
    const reading = read(key);
    readings.set(key, reading);
    reading.catch(() => readings.delete(key));
    return reading;
  };
}

/** Caches readings that many concurrent sends ask for, so that each is read at most a few times a second. */
import { LRUCache } from 'lru-cache';

/** Every send sees a change within this time (ms). */
export const FRESH_MS = 300;
const MOST_KEYS = 1000;

/** A reader that answers from the key's last reading while it is fresh. A failed reading is not cached. */
export function createShortCache<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  // Promises, not the cache's own `fetch`: a reading ages from when it was requested, not from when it arrived.
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

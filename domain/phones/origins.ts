/** Which row counts for each number: of a million numbers in some forty megabytes, where a Map takes three times that. */

/** E.164 numbers of one spelling each, with the origin of a row. */
export interface Origins {
  get(e164: string): string | undefined;
  set(e164: string, origin: string): void;
}

/** A power of two. */
const FIRST_PLACES = 1024;
/** Fuller, the table is made twice as large: else looking takes many steps. */
const FULL = 0.6;
/** Lines of a file and ids of a CRM; any other origin is kept as a text. */
const PLAIN = /^[1-9]\d{0,14}$/;
const AS_TEXT = -1;
const FREE = 0;

/** Open addressing with linear steps over typed arrays: they cost nothing but their bytes, and the collector no time. */
export function createOrigins(): Origins {
  let keys = new Float64Array(FIRST_PLACES);
  let values = new Float64Array(FIRST_PLACES);
  let count = 0;
  const texts = new Map<number, string>();

  function placeOf(key: number): number {
    const most = keys.length - 1;
    let place = hashOf(key) & most;
    while (keys[place] !== FREE && keys[place] !== key) place = (place + 1) & most;
    return place;
  }

  function grow(): void {
    const [oldKeys, oldValues] = [keys, values];
    keys = new Float64Array(oldKeys.length * 2);
    values = new Float64Array(keys.length);
    oldKeys.forEach((key, at) => {
      if (key === FREE) return;
      const place = placeOf(key);
      [keys[place], values[place]] = [key, oldValues[at]!];
    });
  }

  return {
    get: (e164) => {
      const key = keyOf(e164);
      const place = placeOf(key);
      if (keys[place] === FREE) return undefined;
      const value = values[place]!;
      return value === AS_TEXT ? texts.get(key) : String(value);
    },
    set: (e164, origin) => {
      const key = keyOf(e164);
      let place = placeOf(key);
      if (keys[place] === FREE) {
        if (++count > keys.length * FULL) {
          grow();
          place = placeOf(key);
        }
        keys[place] = key;
      }
      const isPlain = PLAIN.test(origin);
      values[place] = isPlain ? Number(origin) : AS_TEXT;
      if (!isPlain) texts.set(key, origin);
    },
  };
}

/** At most 15 digits: exact in a number, and never 0. */
function keyOf(e164: string): number {
  return Number(e164.slice(1));
}

/** Numbers differ mostly in their last digits: all bits must depend on them. */
function hashOf(key: number): number {
  const mixed = Math.imul(key >>> 0, 0x9e3779b1) ^ Math.imul(Math.floor(key / 0x1_0000_0000), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/** The keys that encrypt what goes to Temporal, as a setting names them: `id:base64`, the one in use first. */

export interface EncryptionKeys {
  /** Encrypts from now on; absent: nothing is encrypted any more, and what was is still read. */
  current?: { id: string; key: Uint8Array };
  /** All that decrypt, by their ids. */
  all: ReadonlyMap<string, Uint8Array>;
}

const KEY_BYTES = 32;
const ID = /^[\w-]{1,32}$/;

/**
 * `new:…,old:…`: the first encrypts, all decrypt; `off,old:…`: none encrypts. Undefined when it is not that, or when an id
 * stands there twice.
 */
export function readEncryptionKeys(value: string): EncryptionKeys | undefined {
  const parts = value.split(',').map((part) => part.trim());
  const isOff = parts[0] === 'off';
  const keys = (isOff ? parts.slice(1) : parts).map((part) => {
    const [id = '', text = ''] = part.split(/:(.*)/s);
    return { id, key: Uint8Array.from(Buffer.from(text, 'base64')) };
  });
  const [first] = keys;
  const all = new Map(keys.map(({ id, key }) => [id, key]));
  const areRight = keys.every(({ id, key }) => ID.test(id) && key.length === KEY_BYTES);
  if (!first || !areRight || all.size < keys.length) return undefined;
  return { ...(!isOff && { current: first }), all };
}

import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { createEncryption } from '../../../clients/temporal/encryption';
import { readEncryptionKeys, type EncryptionKeys } from '../../../config/encryption-keys';

const KEY = { old: Buffer.alloc(32, 1).toString('base64'), new: Buffer.alloc(32, 2).toString('base64') };
const keysOf = (value: string): EncryptionKeys => {
  const keys = readEncryptionKeys(value);
  if (!keys) throw new Error(`not keys: ${value}`);
  return keys;
};
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value)!;
const valueOf = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);

const before = createEncryption(keysOf(`old:${KEY.old}`));
const during = createEncryption(keysOf(`new:${KEY.new},old:${KEY.old}`));
const after = createEncryption(keysOf(`new:${KEY.new}`));
const ended = createEncryption(keysOf(`off,new:${KEY.new}`));

test('an encrypted payload is legible to nobody, differs each time, and comes back as it was', async () => {
  const value = { campaignId: 'spring', ns: [1, 2, 3] };
  const [one, other] = await before.encode([payloadOf(value), payloadOf(value)]);
  const text = [...Object.values(one!.metadata ?? {}), one!.data ?? []].map((bytes) => Buffer.from(bytes).toString('latin1')).join(' '); // prettier-ignore
  expect(text).not.toMatch(/spring|campaign|json/);
  expect(Buffer.from(one!.data!).equals(other!.data!)).toBe(false);
  expect((await before.decode([one!, other!])).map(valueOf)).toEqual([value, value]);
});

test('keys change while both kinds of payloads are about', async () => {
  const old = await before.encode([payloadOf('of before')]);
  expect((await during.decode(old)).map(valueOf)).toEqual(['of before']);
  const fresh = await during.encode([payloadOf('of now')]);
  expect((await after.decode(fresh)).map(valueOf)).toEqual(['of now']);
  await expect(after.decode(old)).rejects.toThrow(/key "old", which is not among TEMPORAL_ENCRYPTION_KEYS \(new\)/);
});

test('encryption begins and ends while campaigns run: what is legible is read as it is', async () => {
  const plain = [payloadOf('of before encryption')];
  expect(await before.decode(plain)).toEqual(plain);
  expect(await ended.encode(plain)).toEqual(plain);
  expect((await ended.decode(await after.encode(plain))).map(valueOf)).toEqual(['of before encryption']);
});

test.each([
  ['a byte was changed', (one: Payload) => ({ ...one, data: flipped(one.data!) })],
  ['it is passed off as of another key', (one: Payload) => ({ ...one, metadata: { ...one.metadata, 'encryption-key-id': Uint8Array.from(Buffer.from('old')) } })],
])('a payload is refused when %s', async (_what, changed) => {
  const [one] = await during.encode([payloadOf('whole')]);
  await expect(during.decode([changed(one!)])).rejects.toThrow();
}); // prettier-ignore

function flipped(data: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(data);
  changed[changed.length - 1]! ^= 1;
  return changed;
}

test.each([
  ['nothing', ''],
  ['no id', KEY.old],
  ['a short key', `a:${Buffer.alloc(16).toString('base64')}`],
  ['an id twice', `a:${KEY.old},a:${KEY.new}`],
  ['off alone', 'off'],
  ['an id with a space', `a b:${KEY.old}`],
])('%s is no setting of keys', (_what, value) => {
  expect(readEncryptionKeys(value)).toBeUndefined();
});

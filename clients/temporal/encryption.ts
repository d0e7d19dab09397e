/**
 * Encrypts what is stored in Temporal (AES-256-GCM): arguments, results, summaries and details, and the messages of
 * failures. Search attributes stay legible, because the server finds by them. Each payload names the key it was encrypted
 * with, so that keys can be changed while campaigns run (docs/temporal.md).
 */
import { webcrypto } from 'node:crypto';
import { METADATA_ENCODING_KEY, ValueError, type Payload, type PayloadCodec } from '@temporalio/common';
import { Field, MapField, Type } from 'protobufjs';
import type { EncryptionKeys } from '../../config/encryption-keys';

const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
/** As GCM is specified: a random one for each payload. */
const IV_BYTES = 12;
const ALGORITHM = 'AES-GCM';

/** As temporal.api.common.v1.Payload, which codecs in other languages encrypt too. */
const PayloadMessage = new Type('Payload')
  .add(new MapField('metadata', 1, 'string', 'bytes'))
  .add(new Field('data', 2, 'bytes'));
const toBytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text));
const toText = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();

/** Payloads that were never encrypted pass through as they are: encryption can be switched on while campaigns run. */
export function createEncryption(keys: EncryptionKeys): PayloadCodec {
  const imported = new Map<string, Promise<webcrypto.CryptoKey>>();
  const keyOf = (id: string): Promise<webcrypto.CryptoKey> => {
    const key = keys.all.get(id);
    if (!key)
      throw new ValueError(
        `a payload is encrypted with the key "${id}", which is not among TEMPORAL_ENCRYPTION_KEYS (${[...keys.all.keys()].join(', ')}): add it after the key in use`,
      );
    const known = imported.get(id);
    if (known) return known;
    const fresh = webcrypto.subtle.importKey('raw', Uint8Array.from(key), ALGORITHM, false, ['encrypt', 'decrypt']);
    imported.set(id, fresh);
    return fresh;
  };

  async function encrypt(payload: Payload, id: string): Promise<Payload> {
    const iv = webcrypto.getRandomValues(new Uint8Array(IV_BYTES));
    const plain = Uint8Array.from(PayloadMessage.encode(payload).finish());
    // The id of the key is signed: nobody can pass a payload off as another key's.
    const additionalData = toBytes(id);
    const secret = await webcrypto.subtle.encrypt({ name: ALGORITHM, iv, additionalData }, await keyOf(id), plain);
    return {
      metadata: { [METADATA_ENCODING_KEY]: toBytes(ENCODING), [KEY_ID]: toBytes(id) },
      data: Uint8Array.from(Buffer.concat([iv, Buffer.from(secret)])),
    };
  }

  async function decrypt(payload: Payload): Promise<Payload> {
    if (!isEncrypted(payload)) return payload;
    const id = toText(payload.metadata?.[KEY_ID]);
    const data = Uint8Array.from(payload.data ?? []);
    const [iv, secret] = [data.slice(0, IV_BYTES), data.slice(IV_BYTES)];
    const how = { name: ALGORITHM, iv, additionalData: toBytes(id) };
    const plain = await webcrypto.subtle.decrypt(how, await keyOf(id), secret);
    return PayloadMessage.decode(new Uint8Array(plain)) as Payload;
  }

  return {
    encode: async (payloads) => {
      const { current } = keys;
      return current ? Promise.all(payloads.map((payload) => encrypt(payload, current.id))) : payloads;
    },
    decode: (payloads) => Promise.all(payloads.map(decrypt)),
  };
}

function isEncrypted({ metadata }: Payload): boolean {
  return toText(metadata?.[METADATA_ENCODING_KEY]) === ENCODING;
}

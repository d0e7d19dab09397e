/**
 * Webhook bodies, damaged: whatever comes is events that can be stored, at a size in proportion, and nothing but E.164
 * is a phone.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BSON } from 'mongodb';
import fc from 'fast-check';
import { documentsOf, unfolded } from '../../receipts/receipt-document';
import type { FuzzTarget } from './target';

/** Published bodies, and unpublished forms of version 3. */
const FOLDER = join(__dirname, '../../test/fixtures/gupshup-webhooks');
const PUBLISHED = readdirSync(FOLDER).flatMap((name) =>
  [JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))].flat(),
) as unknown[];
const v3 = (value: object, field = 'messages'): unknown => ({
  object: 'whatsapp_business_account',
  gs_app_id: 'a',
  entry: [{ changes: [{ field, value }] }],
});
const SEEDS = [
  ...PUBLISHED,
  v3({ metadata: { display_phone_number: '79990000000' }, statuses: [{ id: 'wamid.1', gs_id: 'm1', recipient_id: '79261000000', recipient_user_id: 'RU.1', status: 'failed', timestamp: '1710930461', errors: [{ code: 131026, title: 'x' }], pricing: { category: 'marketing' } }] }),
  v3({ contacts: [{ wa_id: '79261000000', user_id: 'RU.1', profile: { name: 'Anna' } }], messages: [{ id: 'wamid.2', from: '79261000000', type: 'text', timestamp: '1710930461', text: { body: 'Стоп' }, context: { gs_id: 'm1' } }] }),
  v3({ messages: [{ id: 'wamid.3', from: '79261000000', type: 'system', system: { type: 'user_changed_number', wa_id: '79261000001', body: 'User A changed from 79261000000 to 79261000001' } }] }),
  v3({ user_preferences: [{ wa_id: '79261000000', category: 'marketing_messages', value: 'stop', timestamp: 1710930461 }] }),
  v3({ deductions: { billable: true }, references: { gsId: 'm1' } }, 'billing-event'),
  v3({ event: 'PAUSED', gs_template_id: 't', reason: 'NONE' }, 'message_template_status_update'),
  v3({ event: 'ACCOUNT_RESTRICTED', restriction_info: [{ restriction_type: 'X' }] }, 'account_update'),
]; // prettier-ignore

/** Values that have mattered to a parser or database somewhere. */
const VALUES: readonly unknown[] = [
  null, true, 0, -1, 1e308, 1e21, 1710930461, 1710930461000, '', ' ', '\0', '\ud800', '79261000000', '+7 (926) 100-00-00', '00000000000', '999999999999999',
  '٧٩٢٦١٠٠٠٠٠٠', 'RU.1349', 'STOP', '2026-11-29T10:00:00Z', 'NaN', [], {}, [null], [[]], { $set: 1 }, { 'a.b': 1 }, { _bsontype: 'ObjectId' },
  { ['__proto__']: 1 }, { constructor: 1, toString: 1, length: -1 }, 'x'.repeat(50_000),
]; // prettier-ignore
const TEXTS = ['"', '\\', '{', '}', '[', ']', ',', ':', 'null', '\\u0000', '\\ud800', '1e999', '"__proto__":', '"_bsontype":"Long",', '['.repeat(9000), '{"a":'.repeat(9000)]; // prettier-ignore

/** Bodies above it are refused before they are read (webhooks/server.ts); this also bounds what a run may build. */
const MOST_CHARACTERS = 1_000_000;
/** One of a body's arrays is made this long at most. */
const LENGTHS = [0, 2, 50, 3000];

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const value = fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue({ maxDepth: 3 }));
const input = fc.record({
  seed: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...SEEDS) }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 5 }) }),
  puts: fc.array(fc.record({ place, value, remove: fc.boolean() }), { maxLength: 5 }),
  longer: fc.option(fc.record({ place, length: fc.constantFrom(...LENGTHS) })),
  cuts: fc.array(fc.record({ place, cut: fc.nat({ max: 30 }), put: fc.constantFrom(...TEXTS) }), { maxLength: 2 }),
}); // prettier-ignore
type Made = typeof input extends fc.Arbitrary<infer Input> ? Input : never;

export const webhooks: FuzzTarget = {
  mostMs: 5000,
  mostMegabytes: 600,
  run: (seed) => {
    const text = bodyOf(fc.sample(input, { seed, numRuns: 1 })[0]!);
    const now = new Date(1_790_000_000_000);
    const written = [documentsOf(text, now), unfolded(text, now)];
    const again = [documentsOf(text, new Date()), unfolded(text, new Date())];
    const namesOf = (documents: typeof written): string => documents.flatMap((some) => some.map(({ _id }) => _id)).join();
    if (namesOf(written) !== namesOf(again)) throw new Error('a repeat of the body would be other events');
    for (const documents of written) {
      let bytes = 0;
      for (const document of documents) {
        bytes += storedSize(document);
        checkPeople(document.event as Record<string, unknown>);
      }
      // Thousands of events in one body must not each cost what the body does.
      if (bytes > 65_536 + 64 * Buffer.byteLength(text)) throw new Error(`${text.length} characters become ${bytes} bytes`);
    }
    return Promise.resolve();
  },
}; // prettier-ignore

const MOST_BYTES = 16 * 1024 * 1024;

function storedSize(document: object): number {
  const bytes = BSON.serialize(document, { checkKeys: false });
  BSON.deserialize(bytes);
  if (bytes.length > MOST_BYTES) throw new Error(`a document of ${bytes.length} bytes`);
  return bytes.length;
}

function checkPeople({ phone, destination, newPhone, userId, newUserId, origin, at }: Record<string, unknown>): void {
  const ofOrigin = (origin as { phone?: string } | undefined)?.phone;
  for (const one of [phone, destination, newPhone, ofOrigin])
    if (one !== undefined && !/^\+[1-9]\d{6,14}$/.test(String(one))) throw new Error(`no E.164: ${JSON.stringify(one)}`);
  for (const one of [userId, newUserId])
    if (one !== undefined && !/^[A-Z]{2}\./i.test(String(one))) throw new Error(`no user id: ${JSON.stringify(one)}`);
  if (at !== undefined && Number.isNaN((at as Date).getTime())) throw new Error('no time');
} // prettier-ignore

function bodyOf({ seed, puts, longer, cuts }: Made): string {
  // Own copies: a value is put in several places, and a change must not reach the next run.
  const root = { body: structuredClone(seed) };
  for (const { place: at, value: put, remove } of puts) {
    const spots = spotsIn(root);
    const [holder, key] = spots[Math.floor(at * spots.length)]!;
    if (remove && holder !== root) Reflect.deleteProperty(holder, key);
    else Object.defineProperty(holder, key, { value: structuredClone(put), enumerable: true, writable: true, configurable: true }); // prettier-ignore
  }
  if (longer) lengthen(root, longer);
  let text = JSON.stringify(root.body) ?? '';
  for (const { place: at, cut, put } of cuts) {
    const from = Math.floor(at * text.length);
    text = text.slice(0, from) + put + text.slice(from + cut);
  }
  return text.slice(0, MOST_CHARACTERS);
}

function lengthen(root: object, { place: at, length }: { place: number; length: number }): void {
  const arrays = spotsIn(root).map(([holder, key]) => (holder as Record<string, unknown>)[key]).filter((one) => Array.isArray(one) && one.length > 0) as unknown[][]; // prettier-ignore
  const array = arrays[Math.floor(at * arrays.length)];
  if (!array) return;
  // Measured before it is built: what is too large is never made.
  const most = Math.floor(MOST_CHARACTERS / (JSON.stringify(array[0])?.length ?? 1));
  const first = array[0];
  array.length = 0;
  for (let n = 0; n < Math.min(length, most); n++)
    array.push(typeof first === 'object' && first !== null && 'id' in first ? { ...first, id: `${String(first.id).slice(0, 40)}.${n}` } : first); // prettier-ignore
}

/** Every place of a tree that a value can be put in: the object and the key. */
function spotsIn(tree: object): [object, string][] {
  const spots: [object, string][] = [];
  const left: object[] = [tree];
  for (let holder = left.pop(); holder && spots.length < 10_000; holder = left.pop()) {
    for (const [key, one] of Object.entries(holder)) {
      spots.push([holder, key]);
      if (typeof one === 'object' && one !== null) left.push(one as object);
    }
  }
  return spots;
}

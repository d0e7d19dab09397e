/**
 * Suppressions, consents and replies on a real MongoDB: several of a number, removals with their trace, the first form.
 */
import { MongoClient } from 'mongodb';
import type { Store } from '../../store/connect';
import type { Suppression } from '../../store/suppressions';
import { phoneOf, startStore, type TestStore } from './support';

let opened: TestStore;
let store: Store;
beforeAll(async () => {
  opened = await startStore();
  store = opened.store;
});
afterAll(() => opened?.close());

const CLI = { kind: 'cli' } as const;
const SYSTEM = { kind: 'system' } as const;

function entry(phone: string, changes: Partial<Suppression> = {}): Suppression {
  return { phone, reason: 'manual', scope: 'all', createdAt: new Date(), createdBy: CLI, ...changes };
}

describe('adding and finding suppressions', () => {
  test('of one number stand side by side; of the same reason and scope the first one stays', async () => {
    const phone = phoneOf(1);
    const first = entry(phone, { reason: 'opted_out', scope: 'marketing', detail: 'STOP word', createdBy: SYSTEM });
    expect(await store.suppressions.add([first, entry(phone)])).toEqual([phone, phone]);
    expect(await store.suppressions.add([{ ...first, detail: 'later' }])).toEqual([]);
    const all = await store.suppressions.of(phone);
    expect(all).toHaveLength(2);
    expect(all).toContainEqual(first);
  });

  test('for marketing leave other templates alone, and a category nobody knows is marketing', async () => {
    const [marketing, all, none] = [phoneOf(10), phoneOf(11), phoneOf(12)];
    await store.suppressions.add([
      entry(marketing, { reason: 'opted_out', scope: 'marketing' }),
      entry(all, { reason: 'invalid' }),
    ]);
    const skipped = async (category: 'MARKETING' | 'UTILITY' | undefined): Promise<string[]> =>
      [...(await store.suppressions.among([marketing, all, none], category)).keys()].sort();
    expect(await skipped('MARKETING')).toEqual([marketing, all]);
    expect(await skipped(undefined)).toEqual([marketing, all]);
    expect(await skipped('UTILITY')).toEqual([all]);
  });

  test('an opt-out is told before any other reason that holds', async () => {
    const phone = phoneOf(20);
    await store.suppressions.add([
      entry(phone),
      entry(phone, { reason: 'opted_out', scope: 'marketing' }),
      entry(phone, { reason: 'invalid' }),
    ]);
    expect((await store.suppressions.among([phone], 'MARKETING')).get(phone)?.reason).toBe('opted_out');
    expect((await store.suppressions.among([phone], 'UTILITY')).get(phone)?.reason).not.toBe('opted_out');
  });

  test('are taken away by reason and scope, or all, and leave who, when and what in the audit', async () => {
    const phone = phoneOf(30);
    const byPerson = { kind: 'telegram', id: 77 } as const;
    await store.suppressions.add([entry(phone), entry(phone, { reason: 'opted_out', scope: 'marketing' })]);
    expect(await store.suppressions.remove(phone, SYSTEM, { reason: 'opted_out', scope: 'marketing' })).toHaveLength(1);
    expect(await store.suppressions.of(phone)).toMatchObject([{ reason: 'manual' }]);
    expect(await store.suppressions.remove(phone, byPerson)).toHaveLength(1);
    expect(await store.suppressions.remove(phone, byPerson)).toEqual([]);
    expect(await store.audit.of(phone, 10)).toMatchObject([
      { action: 'suppression_removed', actor: byPerson, phone, at: expect.any(Date), before: { reason: 'manual' } },
      { action: 'suppression_removed', actor: SYSTEM, before: { reason: 'opted_out', scope: 'marketing' } },
    ]);
  });

  test('a whole list is added at once', async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => entry(phoneOf(10_000 + n), { scope: 'marketing' }));
    expect(await store.suppressions.add(many)).toHaveLength(3_000);
    expect(await store.suppressions.add([...many.slice(0, 5), entry(phoneOf(20_000))])).toEqual([phoneOf(20_000)]);
    expect(await store.suppressions.list({ limit: 10_000, scope: 'marketing' })).not.toContainEqual(
      expect.objectContaining({ scope: 'all' }),
    );
  });
});

describe('recorded consents', () => {
  const consent = { category: 'marketing', source: 'site form', at: new Date('2026-05-01'), by: CLI } as const;

  test('are recorded once for each source, and found by category', async () => {
    const [one, two] = [phoneOf(50), phoneOf(51)];
    expect(
      await store.contacts.addConsents([
        { phone: one, ...consent },
        { phone: one, ...consent },
        { phone: one, ...consent, source: 'shop' },
        { phone: two, ...consent, category: 'all' },
      ]),
    ).toBe(3);
    expect(await store.contacts.addConsents([{ phone: one, ...consent, at: new Date() }])).toBe(0);
    expect((await store.contacts.find(one))?.consents).toEqual([consent, { ...consent, source: 'shop' }]);
    const phones = [one, two, phoneOf(52)];
    expect(await store.contacts.consented(phones, ['marketing', 'all'])).toEqual(new Set([one, two]));
    expect(await store.contacts.consented(phones, ['utility', 'all'])).toEqual(new Set([two]));
  });

  test('are taken away by category or all, with their trace', async () => {
    const phone = phoneOf(55);
    await store.contacts.addConsents([
      { phone, ...consent },
      { phone, ...consent, category: 'utility' },
    ]);
    expect(await store.contacts.removeConsents(phone, CLI, 'marketing')).toEqual([consent]);
    expect(await store.contacts.consented([phone], ['marketing'])).toEqual(new Set());
    expect(await store.contacts.removeConsents(phone, CLI)).toMatchObject([{ category: 'utility' }]);
    expect((await store.contacts.find(phone))?.consents).toEqual([]);
    expect(await store.audit.of(phone, 5)).toMatchObject([
      { action: 'consent_removed', before: { category: 'utility' } },
      { action: 'consent_removed', before: { category: 'marketing', source: 'site form' } },
    ]);
  });
});

test('replies are kept once; the latest is the one written last, not the one that came last', async () => {
  const phone = phoneOf(60);
  const reply = (id: string, minute: number, choice?: 'stop' | 'start'): Parameters<Store['replies']['save']>[0] => ({
    _id: id,
    phone,
    at: new Date(Date.UTC(2026, 0, 1, 0, minute)),
    text: id,
    ...(choice && { choice }),
  });
  await store.replies.save(reply('third', 3));
  await store.replies.save(reply('second', 2, 'start'));
  await store.replies.save(reply('first', 1, 'stop'));
  await store.replies.save({ ...reply('second', 9, 'stop') });
  expect((await store.replies.latest(phone))?._id).toBe('third');
  expect(await store.replies.latest(phone, { choice: true })).toMatchObject({ _id: 'second', choice: 'start' });
  expect(await store.replies.latest(phoneOf(61))).toBeUndefined();
});

test('the look-up before a call reads an index, however many suppressions there are', async () => {
  const client = await MongoClient.connect(opened.uri);
  for (const name of ['deliveryPhones', 'suppressions']) {
    const indexes = await client.db().collection(name).indexes();
    expect(indexes.map(({ key }) => JSON.stringify(key))).toContain('{"phone":1}');
  }
  await client.close();
});

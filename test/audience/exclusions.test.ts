/** Who is left out by the rules about contacts, on a real MongoDB: consent, frequency cap, and who comes first. */
import { createExclusions, type ContactRules, type Exclusions } from '../../audience/exclusions';
import type { Store } from '../../store/connect';
import type { TemplateCategory } from '../../domain/templates/template';
import { waitFor } from '../support/servers';
import { phoneOf, queued, startStore, type TestStore } from '../store/support';

let opened: TestStore;
let store: Store;
beforeAll(async () => {
  opened = await startStore();
  store = opened.store;
});
afterAll(() => opened?.close());

const rules = (changes: Partial<ContactRules> = {}): Exclusions =>
  createExclusions(store, { requireConsent: 'none', ...changes });
const reasonsOf = async (exclusions: Exclusions, phones: string[], category: TemplateCategory): Promise<object> =>
  Object.fromEntries([...(await exclusions.among(phones, category))].map(([phone, { reason }]) => [phone, reason]));

/** A delivery of a campaign of its own, brought into a state. */
async function sent(
  campaignId: string,
  phone: string,
  state: 'queued' | 'sending' | 'accepted' | 'failed' | 'unknown',
  category: TemplateCategory | undefined = 'MARKETING',
): Promise<void> {
  await store.deliveries.freeze(campaignId, [queued(0, { phone, ...(category && { category }) })]);
  if (state === 'queued') return;
  const token = `token-${campaignId}`;
  await store.deliveries.claim(campaignId, 0, token);
  if (state === 'sending') return;
  const settlement = {
    accepted: { to: 'accepted', messageId: `message-${campaignId}` },
    failed: { to: 'failed', code: '131026', family: 'contact', detail: '' },
    unknown: { to: 'unknown', code: 'no_answer', detail: '' },
  } as const;
  await store.deliveries.settle(campaignId, 0, token, settlement[state]);
}

test('nobody is left out without a reason', async () => {
  await sent('free', phoneOf(1), 'accepted');
  expect(await reasonsOf(rules(), [phoneOf(1), phoneOf(2)], 'MARKETING')).toEqual({});
});

test('without the required consent a contact is left out, a suppressed one for being suppressed', async () => {
  const [agreed, silent, stopped] = [phoneOf(10), phoneOf(11), phoneOf(12)];
  const consent = { category: 'marketing', source: 'form', at: new Date(), by: { kind: 'cli' } } as const;
  await store.contacts.addConsents([{ phone: agreed, ...consent }, { phone: stopped, ...consent }]); // prettier-ignore
  const entry = { phone: stopped, createdAt: new Date(), createdBy: { kind: 'system' } } as const;
  await store.suppressions.add([{ ...entry, reason: 'opted_out', scope: 'marketing' }]);
  const phones = [agreed, silent, stopped];
  expect(await reasonsOf(rules({ requireConsent: 'marketing' }), phones, 'MARKETING')).toEqual({
    [silent]: 'no_consent',
    [stopped]: 'opted_out',
  });
  expect(await reasonsOf(rules({ requireConsent: 'marketing' }), phones, 'UTILITY')).toEqual({});
  expect(Object.keys(await reasonsOf(rules({ requireConsent: 'all' }), phones, 'UTILITY'))).toHaveLength(3);
});

describe('a rule by country', () => {
  const by = { kind: 'cli' } as const;
  const [russian, kazakh] = ['+79161230040', '+77011230040'];
  const all = { country: 'KZ', category: '*', action: 'skip', consent: false } as const;
  afterEach(async () => {
    for (const rule of await store.countryRules.all()) await store.countryRules.remove(rule, by);
  });

  test('leaves out whose number is there: of one calling code those of one country', async () => {
    await store.countryRules.set(all, by);
    const found = await rules().among([russian, kazakh], 'UTILITY');
    expect([...found]).toEqual([[kazakh, { reason: 'country_rule', detail: 'KZ' }]]);
    expect(await rules().among([russian, kazakh], 'UTILITY', true)).toEqual(new Map());
  });

  test('holds for a send that comes after it, also in a running worker, and no longer once it is gone', async () => {
    const running = rules();
    const send = { _id: 'one:0', phone: kazakh, claimedAt: new Date(), category: 'MARKETING', single: false } as const;
    expect(await running.of(send)).toBeUndefined();
    await store.countryRules.set(all, by);
    await waitFor(async () => (await running.of(send)) !== undefined, { what: 'the rule to hold' });
    expect(await running.of(send)).toEqual({ reason: 'country_rule', detail: 'KZ' });
    expect(await running.of({ ...send, phone: russian })).toBeUndefined();
    expect(await running.of({ ...send, test: true })).toBeUndefined();
    await store.countryRules.remove(all, by);
    await waitFor(async () => (await running.of(send)) === undefined, { what: 'the rule to be gone' });
  });

  test('asks for a consent there alone, whatever the settings say of others', async () => {
    await store.countryRules.set({ ...all, category: 'MARKETING', action: 'allow', consent: true }, by);
    const agreed = '+77011230041';
    const said = { category: 'marketing', source: 'form', at: new Date(), by } as const;
    // Known to nobody but us it proves nothing.
    await store.contacts.addConsents([{ ...said, phone: kazakh }]);
    await store.contacts.addConsents([{ ...said, phone: agreed, document: 'Согласие на рекламу', version: '3' }]);
    expect(await reasonsOf(rules(), [russian, kazakh, agreed], 'MARKETING')).toEqual({ [kazakh]: 'no_consent' });
    expect(await reasonsOf(rules({ requireConsent: 'marketing' }), [kazakh, agreed], 'UTILITY')).toEqual({});
    expect(await reasonsOf(rules(), [kazakh], 'UTILITY')).toEqual({});
    expect(await reasonsOf(rules({ requireConsent: 'all' }), [russian, kazakh, agreed], 'MARKETING')).toEqual({
      [russian]: 'no_consent',
      [kazakh]: 'no_consent',
    });
  });
});

describe('the frequency cap excludes people', () => {
  const capped = (messages: number, days = 7): Exclusions => rules({ frequencyCap: { messages, days } });

  test('counts marketing messages that were sent or may have been, over all campaigns', async () => {
    const phone = phoneOf(20);
    await sent('c1', phone, 'accepted');
    await sent('c2', phone, 'unknown');
    await sent('c3', phone, 'failed');
    await sent('c4', phone, 'queued');
    await sent('c5', phone, 'accepted', 'UTILITY');
    expect(await reasonsOf(capped(2), [phone], 'MARKETING')).toEqual({ [phone]: 'frequency_cap' });
    expect(await reasonsOf(capped(3), [phone], 'MARKETING')).toEqual({});
    await store.deliveries.freeze('c6', [{ n: 0, state: 'queued', phone, origin: '1', params: [] }]);
    await store.deliveries.claim('c6', 0, 'held');
    // A category nobody knows counts as marketing, and one that is being sent right now counts.
    expect(await reasonsOf(capped(3), [phone], 'MARKETING')).toEqual({ [phone]: 'frequency_cap' });
    expect(await reasonsOf(capped(1), [phone], 'UTILITY')).toEqual({});
  });

  test('forgets what is older than its days', async () => {
    const phone = phoneOf(21);
    await sent('old', phone, 'accepted');
    const tinyDays = 1 / 86_400_000;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await reasonsOf(capped(1, tinyDays), [phone], 'MARKETING')).toEqual({});
    expect(await reasonsOf(capped(1), [phone], 'MARKETING')).toEqual({ [phone]: 'frequency_cap' });
  });

  test('of two campaigns that write to one person at the same moment exactly one yields', async () => {
    const phone = phoneOf(22);
    const names = ['left', 'right', 'third'];
    for (const name of names) await store.deliveries.freeze(name, [queued(0, { phone, category: 'MARKETING' })]);
    const claimed = await Promise.all(names.map((name) => store.deliveries.claim(name, 0, name)));
    const exclusions = capped(1);
    const answers = await Promise.all(
      claimed.map(async (delivery) => {
        const { _id, campaignId, claimedAt, category, token } = delivery!;
        const answer = await exclusions.of({ _id, phone, claimedAt: claimedAt!, category, single: false });
        if (answer) await store.deliveries.settle(campaignId, 0, token!, { to: 'skipped', ...answer });
        return answer;
      }),
    );
    expect(answers.map((answer) => answer?.reason).sort()).toEqual(['frequency_cap', 'frequency_cap', undefined]);
  });

  test.each([
    ['went through', 'accepted', 'frequency_cap'],
    ['yielded', 'failed', undefined],
  ] as const)('whoever seems to come first waits until another one’s send that is under way %s', async (_what, end, reason) => {
    const [phone, other, own] = [phoneOf(end === 'accepted' ? 25 : 26), `fast-${end}`, `slow-${end}`];
    // Claimed on a worker whose clock is ahead, and looked at before our claim was there to be seen.
    await sent(other, phone, 'sending');
    await store.deliveries.freeze(own, [queued(0, { phone, category: 'MARKETING' })]);
    const { _id } = (await store.deliveries.claim(own, 0, own))!;
    const claimedAt = new Date(Date.now() - 2_000);
    let isDecided = false;
    const deciding = capped(1).of({ _id, phone, claimedAt, category: 'MARKETING', single: false });
    void deciding.then(() => (isDecided = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isDecided).toBe(false);
    const settlement = {
      accepted: { to: 'accepted', messageId: other },
      failed: { to: 'failed', code: '131026', family: 'contact', detail: '' },
    } as const;
    await store.deliveries.settle(other, 0, `token-${other}`, settlement[end]);
    expect((await deciding)?.reason).toBe(reason);
  }); // prettier-ignore

  test('does not hold back a single send on purpose, which suppression does', async () => {
    const phone = phoneOf(23);
    await sent('before', phone, 'accepted');
    await sent('single', phone, 'sending');
    const { _id, claimedAt } = (await store.deliveries.find('single', 0))!;
    const claimed = { _id, phone, claimedAt: claimedAt!, category: 'MARKETING' } as const;
    expect((await capped(1).of({ ...claimed, single: false }))?.reason).toBe('frequency_cap');
    expect(await capped(1).of({ ...claimed, single: true })).toBeUndefined();
    const entry = { phone, createdAt: new Date(), createdBy: { kind: 'cli' } } as const;
    await store.suppressions.add([{ ...entry, reason: 'manual', scope: 'all' }]);
    expect((await capped(1).of({ ...claimed, single: true }))?.reason).toBe('suppressed');
  });

  test('asks about calls of different categories in one go, each by its own', async () => {
    const phone = phoneOf(24);
    await sent('m', phone, 'accepted');
    const claim = { _id: 'x:0', phone, claimedAt: new Date(), single: false };
    const exclusions = capped(1);
    const answers = await Promise.all([
      exclusions.of({ ...claim, category: 'UTILITY' }),
      exclusions.of({ ...claim, category: 'MARKETING' }),
      exclusions.of({ ...claim, category: undefined }),
    ]);
    expect(answers.map((answer) => answer?.reason)).toEqual([undefined, 'frequency_cap', 'frequency_cap']);
  });
});

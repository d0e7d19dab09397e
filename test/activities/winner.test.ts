/** A test of variants judged and settled by what the database holds; a settling that died halfway never divides the rest. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { createWinnerJudge, type WinnerJudge } from '../../activities/winner';
import type { WinnerRule } from '../../domain/winner';
import type { CampaignDocument } from '../../store/documents';
import { template } from '../domain/samples';
import { accept, campaignDocument, phoneOf, queued, startStore, type TestStore } from '../store/support';

const [A, B] = [
  { ...template(), id: 'a' },
  { ...template(), id: 'b', name: 'promo_b' },
];
const TEST = 8;
const [FROM, TO] = [TEST, TEST + 2_500];

let own: TestStore;
let winner: WinnerJudge;
beforeEach(async () => {
  own = await startStore();
  winner = createWinnerJudge(own.store);
});
afterEach(() => own.close());

const inActivity = <T>(work: () => Promise<T>): Promise<T> => new MockActivityEnvironment().run(work) as Promise<T>;

/** Eight in the test, four each; all have been sent to. */
async function tested(rule: Partial<WinnerRule> = {}): Promise<CampaignDocument> {
  const { store } = own;
  const asked: WinnerRule = { testPercent: 20, by: 'replies', waitMs: 1, ifChance: 'ask', ...rule };
  const spec = { winner: asked, variants: [{ template: 'promo_b', parameters: [] }] };
  const variants = [{ template: B, copies: [{ sender: 'DemoApp', templateId: 'b' }] }];
  const campaign = campaignDocument('c', { state: 'running', template: A, variants, spec, winner: { test: TEST } });
  await store.campaigns.insert(campaign);
  await store.deliveries.freeze(
    'c',
    Array.from({ length: TEST }, (_, n) => queued(n, { variant: n % 2 })),
  );
  for (let n = 0; n < TEST; n++) await accept(store, 'c', n, `m${n}`);
  return campaign;
}
const reply = (n: number): Promise<void> =>
  own.store.replies.save({ _id: `r${n}`, phone: phoneOf(n), at: new Date(), text: 'Да', campaignId: 'c' });
const winnerNow = async (): Promise<CampaignDocument['winner']> => (await own.store.campaigns.find('c'))?.winner;

test('few replies may be chance: it asks with the figures, or goes on with the one ahead; a rest that waits counts for none', async () => {
  const campaign = await tested();
  await own.store.deliveries.freeze('c', [queued(TEST, { otherParams: [[]] })]);
  await reply(1);
  await reply(3);
  await reply(0);
  const judged = await inActivity(() => winner.judge(campaign, TEST));
  expect(judged).toMatchObject({
    variant: 1,
    trouble: { code: 'winner_chance', values: { people: TEST, counts: 'A 1/4, B 2/4', by: 'replies', best: 'B' } },
  });
  expect(await winnerNow()).toMatchObject({
    test: TEST,
    judged: { parts: [{ hits: 1, of: 4 }, { hits: 2, of: 4 }], mayBeChance: true },
  }); // prettier-ignore
  const calm = {
    ...campaign,
    spec: { ...campaign.spec, winner: { ...campaign.spec.winner!, ifChance: 'best' as const } },
  };
  expect(await inActivity(() => winner.judge(calm, TEST))).toEqual({ variant: 1 });
});

test('an admin is always asked where they are to say; clicks are counted where they decide', async () => {
  const campaign = await tested({ by: 'admin' });
  expect(await inActivity(() => winner.judge(campaign, TEST))).toMatchObject({ trouble: { code: 'winner_ask' } });
  const links = [{ kind: 'link' as const, target: 'https://shop.example/' }];
  const spec = {
    ...campaign.spec,
    parameters: links,
    variants: [{ template: 'promo_b', parameters: links }],
    winner: { ...campaign.spec.winner!, by: 'clicks' as const },
  };
  await own.store.clicks.add([{ campaignId: 'c', n: 0, at: new Date() }]);
  expect(await inActivity(() => winner.judge({ ...campaign, spec }, TEST))).toMatchObject({
    variant: 0,
    trouble: { values: { counts: 'A 1/4, B 0/4' } },
  });
});

test('a settling that died halfway is finished by the next, with the variant of the first', async () => {
  const campaign = await tested();
  const { store } = own;
  for (let first = FROM; first < TO; first += 500) {
    const some = Array.from({ length: 500 }, (_, at) =>
      queued(first + at, { params: ['a'], otherParams: [[`b${first + at}`]] }),
    );
    await store.deliveries.freeze('c', some);
  }
  const dies = (): void => {
    throw new Error('killed');
  };
  await store.campaigns.settleWinner('c', { variant: 1, at: new Date() });
  await expect(store.deliveries.settleVariant('c', { variant: 1, from: FROM, to: TO }, dies)).rejects.toThrow('killed');
  const again = await inActivity(() => winner.settle(campaign, { variant: 0, from: FROM, to: TO, by: 'telegram:1' }));
  expect(again).toEqual({ variant: 1 });
  expect(await winnerNow()).toMatchObject({ settled: { variant: 1 } });
  for (const { n, state, variant, params, otherParams } of await store.deliveries.stream('c').toArray()) {
    if (n < FROM) expect([variant, state]).toEqual([n % 2, 'accepted']);
    else expect([n, variant, params, otherParams]).toEqual([n, 1, [`b${n}`], undefined]);
  }
});

test('the first template wins: its values stay', async () => {
  const campaign = await tested();
  await own.store.deliveries.freeze('c', [queued(TEST, { params: ['a'], otherParams: [['b']] })]);
  await inActivity(() => winner.settle(campaign, { variant: 0, from: TEST, to: TEST + 1 }));
  expect(await own.store.deliveries.find('c', TEST)).toMatchObject({ variant: 0, params: ['a'] });
  expect(await own.store.deliveries.find('c', TEST)).not.toHaveProperty('otherParams');
});

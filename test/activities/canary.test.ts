/** A canary judged by what the database holds: the ledger, the STOPs, the template's and the number's quality. */
import { createCanaryJudge } from '../../activities/canary';
import { metrics } from '../../config/metrics';
import type { CampaignDocument } from '../../store/documents';
import { template } from '../domain/samples';
import { accept, campaignDocument, freeze, phoneOf, startStore, type TestStore } from '../store/support';

const SENDER = 'BobcoferDemo';
const T1 = { ...template(), id: 't1', quality: 'GREEN' };

let own: TestStore;
beforeEach(async () => {
  own = await startStore();
});
afterEach(() => own.close());

/** Ten of twenty have been sent to, and eight of those have it. */
async function begun(goOn: 'itself' | 'ask'): Promise<CampaignDocument> {
  const { store } = own;
  const canary = { people: 10, waitMs: 1_000, goOn };
  const campaign = campaignDocument('c', { state: 'running', sender: SENDER, template: T1, spec: { canary } });
  await store.campaigns.insert(campaign);
  await store.templates.replace(SENDER, [T1], new Date());
  await freeze(store, 'c', 20);
  for (let n = 0; n < 10; n++) await accept(store, 'c', n, `m${n}`);
  return campaign;
}
const stop = (n: number): Promise<void> =>
  own.store.replies.save({
    _id: `r${n}`,
    phone: phoneOf(n),
    at: new Date(),
    text: 'STOP',
    campaignId: 'c',
    choice: 'stop',
  });

async function judged(campaign: CampaignDocument, arrived = 8): Promise<string> {
  const { store } = own;
  const { ledger } = await store.deliveries.ledger('c');
  expect(ledger).toMatchObject({ accepted: 10, queued: 10 });
  // As the receipts would have it.
  const after = { ...ledger, accepted: 10 - arrived, delivered: arrived };
  const { trouble } = await createCanaryJudge(store)(campaign, after);
  if (!trouble) return 'goes on';
  expect(trouble.values).toMatchObject({ people: 10, delivered: arrived });
  return String(trouble.values?.['why'] ?? trouble.code);
}

test('goes on by itself, or asks as it was told to', async () => {
  const campaign = await begun('itself');
  expect(await judged(campaign)).toBe('goes on');
  const counts = { people: 10, failed: 0, unknown: 0, delivered: 8, read: 0, optedOut: 0 };
  expect((await own.store.campaigns.find('c'))?.canaryLook).toMatchObject({ verdict: 'went_on', counts });
  const asking = {
    ...campaign,
    spec: { ...campaign.spec, canary: { ...campaign.spec.canary!, goOn: 'ask' as const } },
  };
  expect(await judged(asking)).toBe('canary_ask');
  expect(await metrics.metrics()).toMatch(/bobcofer_canaries_judged_total\{verdict="went_on"\} 1/);
});

test('asks in any case when people opt out, quality falls, the number is flagged, or nothing arrives', async () => {
  const campaign = await begun('itself');
  const { store } = own;
  expect(await judged(campaign, 0)).toBe('nothing_arrived');
  await stop(1);
  await stop(1);
  expect(await judged(campaign)).toBe('goes on');
  await stop(2);
  expect(await judged(campaign)).toBe('opt_outs');
  await store.templates.change(SENDER, { id: 't1' }, { quality: 'YELLOW' }, new Date());
  expect(await judged(campaign)).toBe('quality_fell');
  const condition = { is: 'FLAGGED', at: new Date() };
  await store.alerts.raise({ kind: 'number', subject: SENDER, condition, data: { sender: SENDER } });
  expect(await judged(campaign)).toBe('number_flagged');
});

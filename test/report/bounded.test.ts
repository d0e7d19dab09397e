/** Tables and counts of 100,000 deliveries take no more memory than those of a few. */
import type { DeliveryDocument } from '../../store/documents';
import { createReports, type ReportFormat } from '../../report/reports';
import { heldMemory } from '../support/memory';
import { SENT_AT, sampleCampaign } from './sample';

jest.setTimeout(240_000);

const ROWS = 100_000;
/** Live memory is looked at after so many rows. */
const LOOK_EVERY = 10_000;

let live: number[] = [];
beforeEach(() => (live = []));

/** Half of them failed, so that both sheets of the workbook are long. */
async function* deliveries(states: readonly string[] | undefined): AsyncGenerator<DeliveryDocument> {
  for (let n = 0; n < ROWS; n++) {
    const state = n % 2 === 0 ? 'read' : 'failed';
    if (n % LOOK_EVERY === 0) {
      const { heapUsed, external } = heldMemory();
      live.push(heapUsed + external);
    }
    if (states && !states.includes(state)) continue;
    const at = new Date(SENT_AT.getTime() + n * 13);
    yield {
      ...{ _id: `autumn:${n}`, campaignId: 'autumn', n, state, origin: String(n), params: ['a', 'b'], attempts: 1 },
      ...{ phone: `+7900${String(n).padStart(7, '0')}`, name: `Name ${n}`, messageId: `message-${n}`, claimedAt: at },
      ...(state === 'read' ? { deliveredAt: at, readAt: at } : { code: '131026', family: 'contact', failedAt: at }),
    };
  }
}

const campaign = sampleCampaign();
const reports = createReports({
  store: {
    campaigns: { find: async () => campaign, startedBetween: async () => [campaign] },
    deliveries: { stream: (_id: string, { states }: { states?: readonly string[] } = {}) => deliveries(states) },
    replies: { countPeople: async () => 0 },
    writeBacks: { find: async () => undefined },
  } as unknown as Parameters<typeof createReports>[0]['store'],
  timezone: 'Europe/Moscow',
  prices: async () => undefined,
});

function expectBounded(): void {
  expect(live.length).toBeGreaterThanOrEqual(ROWS / LOOK_EVERY);
  const [first = 0, ...later] = live;
  expect(Math.max(...later) - first).toBeLessThan(12_000_000);
}

test('counting', async () => {
  const report = await reports.range({ from: new Date(0), to: new Date() });
  expect(report.tried).toBe(ROWS);
  expect(report.timeline!.sent.length).toBeLessThanOrEqual(48);
  expectBounded();
});

test.each<ReportFormat>(['xlsx', 'csv'])('%s', async (format) => {
  const report = await reports.range({ from: new Date(0), to: new Date() });
  live = [];
  const content = await reports.content(report, { format, language: 'ru' });
  if (!content.ok) throw new Error(content.refusal.code);
  let size = 0;
  for await (const piece of content.value) size += piece.length;
  expect(size).toBeGreaterThan(ROWS * 20);
  expectBounded();
});

/**
 * A process of its own that makes a report of many deliveries and tells what came of it and how much memory was held
 * meanwhile: `held-in-child.ts ROWS LOOK_EVERY [FORMAT]`; without a format it only counts.
 */
import { createReports, type ReportFormat } from '../../report/reports';
import type { DeliveryDocument } from '../../store/documents';
import { heldMemory } from '../support/memory';
import { SENT_AT, sampleCampaign } from './sample';

/** What it prints, as JSON. */
export interface Held {
  tried: number;
  /** Columns of the timeline. */
  columns: number;
  /** Of the content, in bytes or characters. */
  size: number;
  /** Live memory at each look (bytes). */
  live: number[];
}

const [rows = 0, lookEvery = 0] = process.argv.slice(2, 4).map(Number);
const format = process.argv[4] as ReportFormat | undefined;
const live: number[] = [];

/** Half of them failed, so that both sheets of the workbook are long. */
async function* deliveries(states: readonly string[] | undefined): AsyncGenerator<DeliveryDocument> {
  for (let n = 0; n < rows; n++) {
    const state = n % 2 === 0 ? 'read' : 'failed';
    if (n % lookEvery === 0) {
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

async function main(): Promise<void> {
  const campaign = sampleCampaign();
  const reports = createReports({
    store: {
      campaigns: { find: async () => campaign, startedBetween: async () => [campaign] },
      deliveries: { stream: (_id: string, { states }: { states?: readonly string[] } = {}) => deliveries(states) },
      replies: { countPeople: async () => 0 },
      results: { find: async () => undefined },
      openReplies: { ofCampaign: async () => [] },
      writeBacks: { find: async () => undefined },
    } as unknown as Parameters<typeof createReports>[0]['store'],
    timezone: 'Europe/Moscow',
    prices: async () => undefined,
  });
  const report = await reports.range({ from: new Date(0), to: new Date() });
  let size = 0;
  if (format) {
    live.length = 0;
    const content = await reports.content(report, { format, language: 'ru' });
    if (!content.ok) throw new Error(content.refusal.code);
    for await (const piece of content.value) size += piece.length;
  }
  const held: Held = { tried: report.tried, columns: report.timeline!.sent.length, size, live };
  process.stdout.write(JSON.stringify(held));
}

void main();

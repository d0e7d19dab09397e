/** The deliveries behind a report, campaign by campaign, for its tables. */
import type { Store } from '../store/connect';
import type { DeliveryPart } from './csv';
import type { RangeReportData, ReportData } from './data';

/** Read while they are written out; with `failed`, only the failed ones. A campaign removed meanwhile is left out. */
export async function* deliveryParts(
  store: { campaigns: Pick<Store['campaigns'], 'find'>; deliveries: Pick<Store['deliveries'], 'stream'> },
  report: ReportData | RangeReportData,
  { failed = false }: { failed?: boolean } = {},
): AsyncGenerator<DeliveryPart> {
  for (const { campaign } of 'campaigns' in report ? report.campaigns : [report]) {
    const found = await store.campaigns.find(campaign.id);
    if (!found) continue;
    const { id, name } = campaign;
    yield {
      campaign: { id, name, audience: found.spec.audience, sender: found.sender },
      deliveries: store.deliveries.stream(id, failed ? { states: ['failed'] } : {}),
    };
  }
}

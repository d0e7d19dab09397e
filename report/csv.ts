/** Streams deliveries as CSV, one row each. */
import { BOM, csvText } from '../config/csv';
import { translate, type Language } from '../config/i18n';
import type { DeliveryDocument } from '../store/documents';
import { DELIVERY_COLUMNS, textCells, TIME_COLUMNS } from './columns';

export interface CsvOptions {
  language: Language;
  /** Adds the campaign's id and name to each row, for several campaigns in one file. */
  withCampaign?: boolean;
}

/** Deliveries of one campaign. */
export interface CsvPart {
  campaign: { id: string; name: string };
  deliveries: AsyncIterable<DeliveryDocument>;
}

/**
 * The file in pieces: byte-order mark, heading, and a row for each delivery, with CRLF. Times are ISO 8601 in UTC. A
 * skipped number is shown as written in the source, because it has no other form.
 */
export async function* renderCsv(
  parts: Iterable<CsvPart>,
  { language, withCampaign }: CsvOptions,
): AsyncGenerator<string> {
  const columns = [...(withCampaign ? ['campaign', 'campaignName'] : []), ...DELIVERY_COLUMNS];
  const line = (cells: string[]): string => csvText([cells], language);
  yield BOM + line(columns.map((column) => translate(language, `report.csv.${column}`)));
  for (const { campaign, deliveries } of parts) {
    const lead = withCampaign ? [campaign.id, campaign.name] : [];
    for await (const delivery of deliveries)
      yield line([...lead, ...textCells(delivery, language), ...timesOf(delivery)]);
  }
}

function timesOf(delivery: DeliveryDocument): string[] {
  return TIME_COLUMNS.map((time) => delivery[time]?.toISOString() ?? '');
}

/** Streams deliveries as CSV, one row each. */
import { BOM, csvText } from '../config/csv';
import { translate, type Language } from '../config/i18n';
import type { DeliveryDocument } from '../store/documents';
import { DELIVERY_COLUMNS, leadLink, type RowCampaign, textCells, TIME_COLUMNS } from './columns';
import { createRowWords } from './row-words';

export interface CsvOptions {
  language: Language;
  /** Adds the campaign's id and name to each row, for several campaigns in one file. */
  withCampaign?: boolean;
  /** Where the leads are: adds a link to each. */
  crmUrl?: string | undefined;
}

/** Deliveries of one campaign. */
export interface DeliveryPart {
  campaign: RowCampaign & { id: string; name: string };
  deliveries: AsyncIterable<DeliveryDocument>;
}

/**
 * The file in pieces: byte-order mark, heading, and a row for each delivery, with CRLF. Times are ISO 8601 in UTC. A
 * skipped number is shown as written in the source, because it has no other form.
 */
export async function* renderCsv(
  parts: AsyncIterable<DeliveryPart>,
  { language, withCampaign, crmUrl }: CsvOptions,
): AsyncGenerator<string> {
  const columns = [
    ...(withCampaign ? ['campaign', 'campaignName'] : []),
    ...DELIVERY_COLUMNS,
    ...(crmUrl ? ['link'] : []),
  ];
  const line = (cells: string[]): string => csvText([cells], language);
  const words = createRowWords(language);
  yield BOM + line(columns.map((column) => translate(language, `report.csv.${column}`)));
  for await (const { campaign, deliveries } of parts) {
    const lead = withCampaign ? [campaign.id, campaign.name] : [];
    const { audience } = campaign;
    for await (const delivery of deliveries) {
      const link = crmUrl ? [leadLink(delivery, audience, crmUrl) ?? ''] : [];
      yield line([...lead, ...textCells(delivery, campaign, words), ...timesOf(delivery), ...link]);
    }
  }
}

function timesOf(delivery: DeliveryDocument): string[] {
  return TIME_COLUMNS.map((time) => delivery[time]?.toISOString() ?? '');
}

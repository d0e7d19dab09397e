/** Deliveries as CSV, a row each, as a stream. */
import { unparse } from 'papaparse';
import { BOM, DELIMITER } from '../config/csv-form';
import { translate, type Language } from '../config/i18n';
import type { DeliveryDocument } from '../store/documents';
import { DELIVERY_COLUMNS, textCells, TIME_COLUMNS } from './columns';

/**
 * A cell that a spreadsheet would take for a formula gets an apostrophe before it. A phone in E.164 is let
 * through: a plus and digits compute nothing, and the apostrophe would stand in every reader's way.
 */
const FORMULA = /^(?!\+\d{7,15}$)[=+\-@\t\r]/;

export interface CsvOptions {
  language: Language;
  /** Adds the campaign's id and name before each row: for several campaigns in one file. */
  withCampaign?: boolean;
}

/** Deliveries of one campaign. */
export interface CsvPart {
  campaign: { id: string; name: string };
  deliveries: AsyncIterable<DeliveryDocument>;
}

/**
 * The file in pieces: byte-order mark, heading, a row for each delivery with CRLF. Times are ISO 8601 in UTC.
 * A skipped number shows as it stood in the source, since it has no other.
 */
export async function* renderCsv(
  parts: Iterable<CsvPart>,
  { language, withCampaign }: CsvOptions,
): AsyncGenerator<string> {
  const columns = [...(withCampaign ? ['campaign', 'campaignName'] : []), ...DELIVERY_COLUMNS];
  const line = (cells: string[]): string =>
    unparse([cells], { delimiter: DELIMITER[language], escapeFormulae: FORMULA }) + '\r\n';
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

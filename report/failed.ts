/** The failed deliveries of a campaign as plain text, a line each. */
import { translate, type Language } from '../config/i18n';
import type { CsvPart } from './csv';
import { field, hanging } from './layout';
import { meaningOf } from './meaning';

/** A heading for each campaign, then phone, code and meaning of each delivery it is given. */
export async function* renderFailedText(parts: Iterable<CsvPart>, language: Language): AsyncGenerator<string> {
  for (const { campaign, deliveries } of parts) {
    yield `${hanging('', translate(language, 'report.failedTitle', { name: campaign.name, id: campaign.id }))}\n`;
    for await (const { phone = '', code = 'none' } of deliveries) {
      yield `${hanging(`  ${field(phone, 17)}${field(code, 8)}`, meaningOf(code, language))}\n`;
    }
  }
}

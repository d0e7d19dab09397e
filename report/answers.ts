/** What people answered a campaign, as CSV for handing on: one row a message, in the order of writing. */
import { BOM, csvText } from '../config/csv';
import { translate, type Language } from '../config/i18n';
import type { ReplyDocument } from '../store/documents';

/** Times are ISO 8601 in UTC. A pressed button counts as its text; `choice` is a STOP or START word. */
export async function* renderAnswers(
  replies: AsyncIterable<ReplyDocument>,
  language: Language,
): AsyncGenerator<string> {
  const line = (cells: string[]): string => csvText([cells], language);
  yield BOM + line(['phone', 'at', 'text', 'choice'].map((column) => translate(language, `report.answers.${column}`)));
  for await (const { phone, at, text, buttonText, choice } of replies) {
    yield line([phone, at.toISOString(), text ?? buttonText ?? '', choice ?? '']);
  }
}

/** The lines of an uploaded file that cannot be sent to, found again in the list that the file became. */
import type { CountryCode } from 'libphonenumber-js';
import { rejectedOf } from '../../audience/file';
import { rejectedHeading, rejectedLines } from '../../audience/rejected';
import { translate, type Language } from '../../config/i18n';
import type { Person } from '../../domain/audience';
import type { ListDocument } from '../../store/documents';

/** It is put together in memory, and Telegram takes 50 MB; an upload may unfold to far more. */
const MAX_CHARACTERS = 10_000_000;

/** What does not fit into `maxCharacters` is left out, and the last row says how many lines. */
export async function rejectedCsv(
  { name, columns }: Pick<ListDocument, 'name' | 'columns'>,
  people: AsyncIterable<Person> | Iterable<Person>,
  {
    country,
    language,
    maxCharacters = MAX_CHARACTERS,
  }: { country: CountryCode; language: Language; maxCharacters?: number },
): Promise<{ fileName: string; content: Buffer }> {
  const pieces = [rejectedHeading(columns, language)];
  let length = 0;
  let leftOut = 0;
  for await (const person of people) {
    const rejected = rejectedOf(person, country);
    if (!rejected) continue;
    const piece = leftOut > 0 ? '' : rejectedLines([rejected], [person], columns, language);
    length += piece.length;
    if (leftOut > 0 || length > maxCharacters) leftOut++;
    else pieces.push(piece);
  }
  if (leftOut > 0) pieces.push(`${translate(language, 'files.rejected.leftOut', { count: leftOut })}\r\n`);
  const fileName = translate(language, 'bot.table.fileName', { name: name.replace(/\.[a-z]{2,5}$/i, '') });
  return { fileName, content: Buffer.from(pieces.join('')) };
}

/** The lines of an uploaded file that cannot be sent to, found again in the list that the file became. */
import type { CountryCode } from 'libphonenumber-js';
import { rejectedOf } from '../audience/file';
import { rejectedHeading, rejectedLines } from '../audience/rejected';
import { translate, type Language } from '../config/i18n';
import type { Person } from '../domain/audience';
import type { ListDocument } from '../store/documents';

export async function rejectedCsv(
  { name }: Pick<ListDocument, 'name'>,
  people: AsyncIterable<Person> | Iterable<Person>,
  { country, language }: { country: CountryCode; language: Language },
): Promise<{ fileName: string; content: Buffer }> {
  const pieces = [rejectedHeading(language)];
  for await (const person of people) {
    const rejected = rejectedOf(person, country);
    if (rejected) pieces.push(rejectedLines([rejected], language));
  }
  const fileName = translate(language, 'bot.table.fileName', { name: name.replace(/\.[a-z]{2,5}$/i, '') });
  return { fileName, content: Buffer.from(pieces.join('')) };
}

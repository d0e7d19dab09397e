/** A person in a query: their number in whatever spelling a document has it (domain/phones/person.ts). */
import { spellingsOf } from '../domain/phones/person';

/** The condition for a field that holds an E.164 number; for most numbers the number itself. */
export function anySpelling(phone: string): string | { $in: string[] } {
  const spellings = spellingsOf(phone);
  return spellings.length === 1 ? phone : { $in: spellings };
}

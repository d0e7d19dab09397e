/** Of a person's columns what they show, for tests that are about no types. */
import type { Person } from '../../domain/audience';
import { shownOf } from '../../domain/reading/cell';

export function shownIn({ columns }: Pick<Person, 'columns'>): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).map(([name, cell]) => [name, shownOf(cell)]));
}

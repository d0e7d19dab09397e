/** Fields of people that stand elsewhere in the folder: a job names numbers, contacts.json knows whose they are. */
import type { CountryCode } from 'libphonenumber-js';
import { validNumbers } from '../domain/phones/phone';
import type { Cell } from '../domain/reading/cell';
import type { Finds, FoundPeople } from './finds';

type People = Omit<FoundPeople, 'file'>;

/**
 * Adds to people the fields that some template's parameters ask for and their own list lacks, from whoever else in
 * the folder has the same number. What nobody knows stays empty.
 */
export function completion(
  { jobs, parameters }: Pick<Finds, 'jobs' | 'parameters'>,
  known: readonly FoundPeople[],
  country: CountryCode,
): <P extends People>(people: P) => P {
  const sources = [...jobs.map((job) => job.parameters ?? []), ...parameters.map((one) => one.parameters)].flat();
  const wanted = new Set(sources.flatMap((source) => (source.kind === 'column' ? [source.column.toLowerCase()] : [])));
  const values = valuesByNumber(known, wanted, country);

  return (people) => {
    const present = new Set(people.columns.map((column) => column.toLowerCase()));
    const lacking = [...wanted].filter((column) => !present.has(column));
    if (lacking.length === 0) return people;
    const added = new Set<string>();
    const rows = people.rows.map((row) => {
      const numbers = validNumbers(row.phones, country);
      const more = lacking.flatMap((column): [string, Cell][] => {
        const found = numbers.flatMap((number) => values.get(number)?.get(column) ?? [])[0];
        return found === undefined ? [] : [[column, found]];
      });
      more.forEach(([column]) => added.add(column));
      return more.length === 0 ? row : { ...row, columns: { ...row.columns, ...Object.fromEntries(more) } };
    });
    return added.size === 0 ? people : { ...people, rows, columns: [...people.columns, ...added] };
  };
}

function valuesByNumber(
  known: readonly FoundPeople[],
  wanted: ReadonlySet<string>,
  country: CountryCode,
): Map<string, Map<string, Cell>> {
  const values = new Map<string, Map<string, Cell>>();
  for (const { rows } of known) {
    for (const { phones, columns } of rows) {
      const cells = Object.entries(columns).filter(([name, value]) => wanted.has(name.toLowerCase()) && value !== '');
      if (cells.length === 0) continue;
      for (const number of validNumbers(phones, country)) {
        const own = values.get(number) ?? new Map<string, Cell>();
        for (const [name, value] of cells) if (!own.has(name.toLowerCase())) own.set(name.toLowerCase(), value);
        values.set(number, own);
      }
    }
  }
  return values;
}

/** Dates and sums that can be read in several ways: nothing is sent before an admin says which is meant. */
import type { Refusal } from '../config/errors';
import type { UnclearValue } from '../domain/templates/parameters';

type Asked = UnclearValue & { count: number };

/** Gathers them by parameter: of each the first value, and how many people have one. */
export function unclearValues(): { add: (value: UnclearValue) => void; found: () => Asked[] } {
  const byPosition = new Map<number, Asked>();
  return {
    add: (value) => {
      const known = byPosition.get(value.position);
      if (known) known.count++;
      else byPosition.set(value.position, { ...value, count: 1 });
    },
    found: () => [...byPosition.values()].toSorted((a, b) => a.position - b.position),
  };
}

/** The question as a refusal: it blocks. */
export function unclearRefusal({ position, column, given, readings, count }: Asked): Refusal {
  const [first, second] = readings.map(({ value }) => value);
  return { code: 'value_unclear', values: { position, column, value: given, first: first!, second: second!, count } };
}

/**
 * What preflight notices in the template, the numbers and the values while the people are read. All of it is worth knowing
 * and no reason not to start, but for values that can be read in several ways: those block until an admin decides.
 */
import type { ClockCounter } from '../audience/clocks';
import type { Refusal } from '../config/errors';
import type { ParameterSource, Person } from '../domain/audience';
import { DEFAULT_OPT_OUT_WORDS, type OptOutWords } from '../domain/opt-outs/opt-out-words';
import { isMarketing } from '../domain/opt-outs/suppression';
import { mayBeLandline } from '../domain/phones/person';
import { maskPhone } from '../domain/phones/phone';
import { withoutNumbers } from '../domain/story/number-like';
import { optOutOf } from '../domain/templates/draft-check';
import { columnValue, type UnclearValue } from '../domain/templates/parameters';
import { parametersOf, type Template } from '../domain/templates/template';

/**
 * Watches the people as they are read and notes columns named by parameters that no one has: a misspelt column would
 * give everyone the fallback.
 */
export function watchColumns(parameters: readonly ParameterSource[]): {
  watch: (people: AsyncIterable<Person>) => AsyncIterable<Person>;
  missing: () => Refusal[];
} {
  const sought = new Map(
    parameters.flatMap((parameter, index) => (parameter.kind === 'column' ? [[index, parameter.column] as const] : [])),
  );
  async function* watch(people: AsyncIterable<Person>): AsyncGenerator<Person> {
    for await (const person of people) {
      for (const [index, column] of sought) if (columnValue(person.columns, column) !== '') sought.delete(index);
      yield person;
    }
  }
  return {
    watch,
    missing: () =>
      [...sought].map(([index, column]) => ({ code: 'column_empty', values: { position: index + 1, column } })),
  };
}

/** The audience's label, such as a file name, contains what looks like a phone number. */
export function labelWarnings(audienceLabel: string): Refusal[] {
  const masked = withoutNumbers(audienceLabel);
  return masked === audienceLabel ? [] : [{ code: 'label_masked', values: { masked } }];
}

export function templateWarnings(template: Template, words: OptOutWords = DEFAULT_OPT_OUT_WORDS): Refusal[] {
  const { name, quality, category } = template;
  const warnings: Refusal[] = [];
  if (quality === 'RED' || quality === 'YELLOW') {
    warnings.push({ code: 'template_low_quality', values: { template: name, quality } });
  }
  if (parametersOf(template).some(({ place }) => place === 'header')) {
    warnings.push({ code: 'template_header_variable', values: { template: name } });
  }
  if (isMarketing(category)) warnings.push(...optOutWarning(template, words));
  return warnings;
}

/**
 * A marketing template without a button or word that we understand as an opt-out: readers will block the number
 * instead, and those who write anything else keep getting messages.
 */
function optOutWarning(template: Template, words: OptOutWords): Refusal[] {
  const { name } = template;
  const found = optOutOf(template, words);
  if (found.kind === 'known') return [];
  return found.kind === 'missing'
    ? [{ code: 'template_opt_out_missing', values: { template: name } }]
    : [{ code: 'template_opt_out_unknown', values: { template: name, button: found.button } }];
}

/** In whose time zones people are sent to, so that an assumed zone is seen before it takes effect. */
export function clockReckoning(clocks: ClockCounter): Refusal {
  const { by, assumed } = clocks.counts();
  const known = { region: by.region ?? 0, country: by.country ?? 0, all: by.all ?? 0 };
  const people = assumed.reduce((sum, one) => sum + one.people, 0);
  const zones = assumed.map((one) => `${one.zone} (${one.people})`).join(', ');
  return people > 0
    ? { code: 'recipient_clocks', values: { ...known, assumed: people, zones } }
    : { code: 'recipient_clocks_known', values: known };
}

/** Numbers without a plus that have two readings. */
export interface UnclearNumbers {
  count: number;
  /** A few examples: the position, the number used and the other possible one, both masked. */
  examples: { origin: string; taken: string; other: string }[];
}

interface Taken {
  origin: string;
  /** E.164 */
  phone: string;
  /** E.164: the other possible reading. */
  otherwise?: string;
}

const EXAMPLES = 3;

export function watchNumbers(): {
  add(taken: Taken): void;
  unclear(): UnclearNumbers | undefined;
  warnings(): Refusal[];
} {
  const unclear: UnclearNumbers = { count: 0, examples: [] };
  const landlines = { count: 0, examples: [] as string[] };
  return {
    add: ({ origin, phone, otherwise }) => {
      if (otherwise !== undefined && ++unclear.count <= EXAMPLES) {
        unclear.examples.push({ origin, taken: maskPhone(phone), other: maskPhone(otherwise) });
      }
      if (mayBeLandline(phone) && ++landlines.count <= EXAMPLES) landlines.examples.push(maskPhone(phone));
    },
    unclear: () => (unclear.count > 0 ? unclear : undefined),
    warnings: () => [
      ...(unclear.count > 0
        ? [{ code: 'numbers_unclear' as const, values: { count: unclear.count, examples: unclear.examples.map(({ taken, other }) => `${taken} / ${other}`).join('; ') } }] // prettier-ignore
        : []),
      ...(landlines.count > 0
        ? [{ code: 'numbers_without_nine' as const, values: { count: landlines.count, examples: landlines.examples.join(', ') } }] // prettier-ignore
        : []),
    ],
  };
}

type Asked = UnclearValue & { count: number };

/** Collects them by parameter: the first value, and how many people have one. */
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

/** The question as a blocking refusal. */
export function unclearRefusal({ position, column, given, readings, count }: Asked): Refusal {
  const [first, second] = readings.map(({ value }) => value);
  return { code: 'value_unclear', values: { position, column, value: given, first: first!, second: second!, count } };
}

/** From people to planned deliveries: numbers cleaned, duplicates folded, excluded skipped, parameters filled. */
import type { CountryCode } from 'libphonenumber-js';
import { inBatches, batchesOf } from '../domain/batches';
import type { ParameterSource, Person } from '../domain/audience';
import type { SkipReason } from '../domain/story/delivery';
import { createParameterFiller, type UnclearValue } from '../domain/templates/parameters';
import { mayBeLandline, personKey } from '../domain/phones/person';
import { bestPhone, normalisePhones, numbersIn } from '../domain/phones/phone';
import type { Template } from '../domain/templates/template';
import type { Exclusion } from './exclusions';
import { nameOf } from './person-name';

interface PlannedBase {
  /** The number as it stood in the source. */
  original?: string;
  name?: string;
  /** Line of the file or lead of the CRM. */
  origin: string;
  /** E.164: the number given could be this one too (domain/phones/phone.ts). For the preview; it is not kept. */
  otherwise?: string;
}

export type PlannedDelivery = PlannedBase &
  (
    | { state: 'queued'; phone: string; params: string[] }
    | {
        state: 'skipped';
        reason: SkipReason;
        detail?: string;
        /** E.164; absent where there is none, and for duplicates: one phone is one delivery of a campaign. */
        phone?: string;
        params: [];
      }
  );

export interface PlanOptions {
  template: Template;
  parameters: readonly ParameterSource[];
  /** For numbers written without a country code. */
  country: CountryCode;
  /** Which day a moment in a column falls on; default UTC. */
  timezone?: string;
  /** Which of these E.164 numbers must not be sent to, and why. Asked once a batch. */
  excluded: (phones: string[]) => Promise<Map<string, Exclusion>>;
  /** Nobody who has a number of one of these people gets a delivery. */
  without?: AsyncIterable<Person>;
  /** Told of each person who is skipped only because a value can be read in several ways. */
  unclear?: (value: UnclearValue) => void;
  /** People looked at together. */
  batchSize?: number;
}

/** A person's number, or why there is none. */
type Candidate = { person: Person; base: PlannedBase } & (
  | {
      phone: string;
      /** All valid numbers of the person, the chosen one among them. */
      numbers: string[];
    }
  | { skip: SkipReason; detail?: string }
);

/** How a person's number stands: the origin of the row that counts; or the first row, none so far being sendable. */
type Standing = string | Held;
interface Held {
  delivery: Extract<PlannedDelivery, { state: 'skipped' }>;
  /** Why its parameters cannot be filled, where a word of the admin would help. */
  unclear?: UnclearValue;
}

/**
 * Yields every person exactly once, in batches: `queued` with filled parameters, or `skipped` with the reason. Of several
 * rows of one person, whatever the spelling of their number, the first that can be sent counts. One whose parameters
 * cannot be filled waits for a better one, and comes last when there is none; the others come in their order. Keeps one
 * small entry for each number in memory, and one string for each of those left out.
 */
export async function* planAudience(
  people: AsyncIterable<Person>,
  options: PlanOptions,
): AsyncGenerator<PlannedDelivery[]> {
  const fill = createParameterFiller(options.template, options.parameters, options.timezone);
  const standings = new Map<string, Standing>();
  const leftOut = await numbersOf(options.without, options.country);
  const isLeftOut = (numbers: readonly string[]): boolean => numbers.some((number) => leftOut.has(personKey(number)));

  async function exclusionsOf(candidates: readonly Candidate[]): Promise<Map<string, Exclusion>> {
    const phones = new Set<string>();
    for (const candidate of candidates) {
      const isOpen = 'phone' in candidate && typeof standings.get(personKey(candidate.phone)) !== 'string';
      if (isOpen && !isLeftOut(candidate.numbers)) phones.add(candidate.phone);
    }
    return phones.size > 0 ? options.excluded([...phones]) : new Map<string, never>();
  }

  /** What one row adds to the plan: nothing while it waits, and the one that waited when this one wins. */
  function planned(candidate: Candidate, exclusions: ReadonlyMap<string, Exclusion>): PlannedDelivery[] {
    const { person, base } = candidate;
    if ('skip' in candidate) {
      const { skip, detail } = candidate;
      return [{ ...base, state: 'skipped', reason: skip, ...(detail && { detail }), params: [] }];
    }
    const { phone, numbers } = candidate;
    const key = personKey(phone);
    const standing = standings.get(key);
    if (typeof standing === 'string') return [duplicateOf(base, standing)];
    const settled = (delivery: PlannedDelivery): PlannedDelivery[] => {
      standings.set(key, base.origin);
      return standing ? [duplicateOf(standing.delivery, base.origin), delivery] : [delivery];
    };
    if (isLeftOut(numbers)) return settled({ ...base, phone, state: 'skipped', reason: 'excluded', params: [] });
    const exclusion = exclusions.get(phone);
    if (exclusion) return settled({ ...base, phone, state: 'skipped', ...exclusion, params: [] });
    const filled = fill(person.columns);
    if (filled.ok) return settled({ ...base, phone, state: 'queued', params: filled.params });
    if (standing) return [duplicateOf(base, standing.delivery.origin)];
    const { reason, detail, unclear } = filled;
    const delivery = { ...base, phone, state: 'skipped' as const, reason, detail, params: [] as [] };
    standings.set(key, { delivery, ...(unclear && { unclear }) });
    return [];
  }

  const batchSize = options.batchSize ?? 500;
  for await (const batch of inBatches(people, batchSize)) {
    const candidates = withMobiles(batch.map((person) => choosePhone(person, options.country)));
    const exclusions = await exclusionsOf(candidates);
    const rows = candidates.flatMap((candidate) => planned(candidate, exclusions));
    if (rows.length > 0) yield rows;
  }
  const held = [...standings.values()].filter((standing) => typeof standing !== 'string');
  for (const { unclear } of held) if (unclear) options.unclear?.(unclear);
  yield* batchesOf(
    held.map(({ delivery }) => delivery),
    batchSize,
  );
}

/** A further row of a person; the one that counts stands at `first`. One phone is one delivery: it has none of its own. */
function duplicateOf({ origin, original, name }: PlannedBase, first: string): PlannedDelivery {
  const base = { ...(original && { original }), ...(name && { name }), origin };
  return { ...base, state: 'skipped', reason: 'duplicate', detail: first, params: [] };
}

/**
 * The numbers of an audience with what people are called, also those who share one: two contacts of a CRM with one
 * number are one contact here.
 */
export function metIn(planned: readonly PlannedDelivery[], country: CountryCode): { phone: string; name?: string }[] {
  const numberOf = (delivery: PlannedDelivery): string | undefined => {
    if (delivery.state === 'queued' || delivery.reason !== 'duplicate') return delivery.phone;
    return bestPhone(normalisePhones(delivery.original ?? '', country).valid)?.e164;
  };
  return planned.flatMap((delivery) => {
    const { name } = delivery;
    const phone = numberOf(delivery);
    return phone === undefined ? [] : [{ phone, ...(name && { name }) }];
  });
}

/** The best of the person's valid numbers, in the order given. */
function choosePhone(person: Person, country: CountryCode): Candidate {
  const name = nameOf(person);
  const base = { origin: person.origin, ...(name && { name }) };
  const given = person.phones.filter((phone) => phone.trim() !== '');
  if (given[0] === undefined) return { person, base, skip: 'no_phone' };
  const valid = numbersIn(person, country);
  const chosen = bestPhone(valid);
  if (!chosen) return { person, base: { ...base, original: given.join(', ') }, skip: 'invalid_phone' };
  const { e164, at = 0, otherwise } = chosen;
  return {
    person,
    base: { ...base, original: person.phones[at]!, ...(otherwise && { otherwise }) },
    phone: e164,
    numbers: valid.map(({ e164 }) => e164),
  };
}

/** An Argentine number without the 9 of mobiles may be a landline: where another row near by has the 9, that one is meant. */
function withMobiles(candidates: readonly Candidate[]): Candidate[] {
  const phones = new Set(candidates.flatMap((candidate) => ('phone' in candidate ? [candidate.phone] : [])));
  return candidates.map((candidate) => {
    if (!('phone' in candidate) || !mayBeLandline(candidate.phone)) return candidate;
    const mobile = personKey(candidate.phone);
    return phones.has(mobile) ? { ...candidate, phone: mobile } : candidate;
  });
}

/** Every valid number of the people: whoever is left out is meant with all of theirs. */
async function numbersOf(people: AsyncIterable<Person> | undefined, country: CountryCode): Promise<Set<string>> {
  const numbers = new Set<string>();
  if (!people) return numbers;
  for await (const person of people) {
    for (const { e164 } of numbersIn(person, country)) numbers.add(personKey(e164));
  }
  return numbers;
}

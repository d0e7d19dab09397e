/** From people to planned deliveries: numbers cleaned, duplicates folded, excluded skipped, parameters filled. */
import type { CountryCode } from 'libphonenumber-js';
import { inBatches } from '../clients/batches';
import type { ParameterSource, Person } from '../domain/audience';
import { shownOf } from '../domain/cell';
import type { SkipReason } from '../domain/delivery';
import { createParameterFiller } from '../domain/parameters';
import { personKey } from '../domain/person';
import { bestPhone, normalisePhones, validNumbers } from '../domain/phone';
import type { Template } from '../domain/template';
import type { Exclusion } from './exclusions';

interface PlannedBase {
  /** The number as it stood in the source. */
  original?: string;
  name?: string;
  /** Line of the file or lead of the CRM. */
  origin: string;
  /** E.164: the number given could be this one too (domain/phone.ts). For the preview; it is not kept. */
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

/**
 * Yields every person exactly once, in order, in batches: `queued` with filled parameters, or `skipped` with the reason.
 * Of several people with the same number, in whatever spelling, the first one counts. Keeps one string for each number in
 * memory, those left out included.
 */
export async function* planAudience(
  people: AsyncIterable<Person>,
  options: PlanOptions,
): AsyncGenerator<PlannedDelivery[]> {
  const fill = createParameterFiller(options.template, options.parameters, options.timezone);
  const seen = new Map<string, string>();
  const leftOut = await numbersOf(options.without, options.country);

  async function planBatch(batch: Person[]): Promise<PlannedDelivery[]> {
    const candidates = batch.map((person) => fold(choosePhone(person, options.country), seen));
    const isLeftOut = (numbers: string[]): boolean => numbers.some((number) => leftOut.has(personKey(number)));
    const phones = candidates.flatMap((candidate) =>
      'phone' in candidate && !isLeftOut(candidate.numbers) ? [candidate.phone] : [],
    );
    const exclusions = phones.length > 0 ? await options.excluded(phones) : new Map<string, never>();
    return candidates.map((candidate): PlannedDelivery => {
      const { person, base } = candidate;
      if ('skip' in candidate) {
        const { skip, detail } = candidate;
        return { ...base, state: 'skipped', reason: skip, ...(detail && { detail }), params: [] };
      }
      const { phone, numbers } = candidate;
      if (isLeftOut(numbers)) return { ...base, phone, state: 'skipped', reason: 'excluded', params: [] };
      const exclusion = exclusions.get(phone);
      if (exclusion) return { ...base, phone, state: 'skipped', ...exclusion, params: [] };
      const filled = fill(person.columns);
      if (!filled.ok) {
        return { ...base, phone, state: 'skipped', reason: filled.reason, detail: filled.detail, params: [] };
      }
      return { ...base, phone, state: 'queued', params: filled.params };
    });
  }

  for await (const batch of inBatches(people, options.batchSize ?? 500)) yield await planBatch(batch);
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
  const valid = given.flatMap((original) => {
    const { valid: phones, unclear = [] } = normalisePhones(original, country);
    return phones.map((phone) => ({
      original,
      ...phone,
      otherwise: unclear.find(({ taken }) => taken === phone.e164)?.other,
    }));
  });
  const chosen = bestPhone(valid);
  if (!chosen) return { person, base: { ...base, original: given.join(', ') }, skip: 'invalid_phone' };
  return {
    person,
    base: { ...base, original: chosen.original, ...(chosen.otherwise && { otherwise: chosen.otherwise }) },
    phone: chosen.e164,
    numbers: valid.map(({ e164 }) => e164),
  };
}

/** Marks the second and every further person with a number as a duplicate of the first. */
function fold(candidate: Candidate, seen: Map<string, string>): Candidate {
  if (!('phone' in candidate)) return candidate;
  const { person, base, phone } = candidate;
  const key = personKey(phone);
  const first = seen.get(key);
  if (first !== undefined) return { person, base, skip: 'duplicate', detail: first };
  seen.set(key, base.origin);
  return candidate;
}

/** Every valid number of the people: whoever is left out is meant with all of theirs. */
async function numbersOf(people: AsyncIterable<Person> | undefined, country: CountryCode): Promise<Set<string>> {
  const numbers = new Set<string>();
  if (!people) return numbers;
  for await (const { phones } of people) {
    for (const number of validNumbers(phones, country)) numbers.add(personKey(number));
  }
  return numbers;
}

const NAME_COLUMNS = ['name', 'имя', 'фио', 'full_name', 'fio', 'first_name', 'клиент'];

/** What a person is called, by the columns that usually say so. */
export function nameOf(person: Person): string | undefined {
  const columns = new Map(
    Object.entries(person.columns).map(([column, value]) => [column.trim().toLowerCase(), shownOf(value)]),
  );
  return NAME_COLUMNS.map((column) => columns.get(column)?.trim()).find((value) => value);
}

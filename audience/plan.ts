/** Turns people into planned deliveries: cleans numbers, folds duplicates, skips excluded people, fills parameters. */
import type { CountryCode } from 'libphonenumber-js';
import { inBatches, batchesOf } from '../domain/batches';
import type { LeadStage, ParameterSource, Person } from '../domain/audience';
import type { SkipReason } from '../domain/story/delivery';
import { createParameterFiller, type UnclearValue } from '../domain/templates/parameters';
import { createOrigins } from '../domain/phones/origins';
import { mayBeLandline, personKey } from '../domain/phones/person';
import { bestPhone, normalisePhones, numbersIn } from '../domain/phones/phone';
import type { Template } from '../domain/templates/template';
import type { Exclusion } from './exclusions';
import { nameOf } from './person-name';

interface PlannedBase {
  /** The number as written in the source. */
  original?: string;
  name?: string;
  /** Line of the file or lead of the CRM. */
  origin: string;
  /** E.164: the number's other possible reading (domain/phones/phone.ts). For the preview; not stored. */
  otherwise?: string;
  /** The lead's stage; stored only where follow-ups compare it. */
  stage?: LeadStage;
}

export type PlannedDelivery = PlannedBase &
  (
    | {
        state: 'queued';
        phone: string;
        params: string[];
        /** Which template it goes out with, where there are several; 0 is the campaign's own. */
        variant?: number;
        /** Where that is yet to be settled by a test: the parameters of the further templates. */
        otherParams?: string[][];
      }
    | {
        state: 'skipped';
        reason: SkipReason;
        detail?: string;
        /** E.164; absent without a number, and for duplicates: one phone is one delivery of a campaign. */
        phone?: string;
        params: [];
      }
  );

export interface PlannedVariants {
  /** Undefined for the rest, who get what wins the test. */
  of: (phone: string) => number | undefined;
  further: readonly { template: Template; parameters: readonly ParameterSource[] }[];
}

export interface PlanOptions {
  template: Template;
  parameters: readonly ParameterSource[];
  /** For numbers without a country code. */
  country: CountryCode;
  /** The zone that decides on which day a moment in a column falls; default UTC. */
  timezone?: string;
  /** Which of these E.164 numbers must not be messaged, and why. Called once per batch. */
  excluded: (phones: string[]) => Promise<Map<string, Exclusion>>;
  /** People to exclude: no one with one of their numbers gets a delivery. */
  without?: AsyncIterable<Person>;
  /** Further templates, and which variant a number's person gets (0 = `template`); absent = all get `template`. */
  variants?: PlannedVariants;
  /** Says of a number whether its person is held back as the control group; absent = nobody is. */
  control?: (phone: string) => boolean;
  /** Called for each person skipped only because a value has several readings. */
  unclear?: (value: UnclearValue) => void;
  /** Batch size. */
  batchSize?: number;
}

/** A person's number, or why there is none. */
type Candidate = { person: Person; base: PlannedBase } & (
  | {
      phone: string;
      /** All valid numbers of the person, including the chosen one. */
      numbers: string[];
    }
  | { skip: SkipReason; detail?: string }
);

/** The first row of a number while none can be sent. */
interface Held {
  delivery: Extract<PlannedDelivery, { state: 'skipped' }>;
  /** Why its parameters cannot be filled, if an admin's choice would help. */
  unclear?: UnclearValue;
}

/**
 * Yields every person exactly once, in batches: `queued` with filled parameters, or `skipped` with the reason. If
 * several rows belong to one person, in any spelling of the number, the first that can be sent counts. A row whose
 * parameters cannot be filled waits for a better one and comes last if there is none; the others keep their order.
 * Keeps one small entry per number in memory, and one string per excluded number.
 */
export async function* planAudience(
  people: AsyncIterable<Person>,
  options: PlanOptions,
): AsyncGenerator<PlannedDelivery[]> {
  const fillers = [options, ...(options.variants?.further ?? [])].map(({ template, parameters }) =>
    createParameterFiller(template, parameters, options.timezone),
  );
  /** The row that counts, by the person's key; of those without one yet, what is held. */
  const counting = createOrigins();
  const held = new Map<string, Held>();
  const leftOut = await numbersOf(options.without, options.country);
  const isLeftOut = (numbers: readonly string[]): boolean => numbers.some((number) => leftOut.has(personKey(number)));

  async function exclusionsOf(candidates: readonly Candidate[]): Promise<Map<string, Exclusion>> {
    const phones = new Set<string>();
    for (const candidate of candidates) {
      const isOpen = 'phone' in candidate && counting.get(personKey(candidate.phone)) === undefined;
      if (isOpen && !isLeftOut(candidate.numbers)) phones.add(candidate.phone);
    }
    return phones.size > 0 ? options.excluded([...phones]) : new Map<string, never>();
  }

  /** What one row adds to the plan: nothing while it waits; together with the waiting row when this one counts. */
  function planned(candidate: Candidate, exclusions: ReadonlyMap<string, Exclusion>): PlannedDelivery[] {
    const { person, base } = candidate;
    if ('skip' in candidate) {
      const { skip, detail } = candidate;
      return [{ ...base, state: 'skipped', reason: skip, ...(detail && { detail }), params: [] }];
    }
    const { phone, numbers } = candidate;
    const key = personKey(phone);
    const first = counting.get(key);
    if (first !== undefined) return [duplicateOf(base, first)];
    const standing = held.get(key);
    const settled = (delivery: PlannedDelivery): PlannedDelivery[] => {
      counting.set(key, base.origin);
      held.delete(key);
      return standing ? [duplicateOf(standing.delivery, base.origin), delivery] : [delivery];
    };
    if (isLeftOut(numbers)) return settled({ ...base, phone, state: 'skipped', reason: 'excluded', params: [] });
    const exclusion = exclusions.get(phone);
    if (exclusion) return settled({ ...base, phone, state: 'skipped', ...exclusion, params: [] });
    if (person.skip) return settled({ ...base, phone, state: 'skipped', ...person.skip, params: [] });
    const variant = options.variants?.of(phone);
    // The rest must be ready for whichever template wins.
    const isRest = options.variants !== undefined && variant === undefined;
    const ways = (isRest ? fillers : [fillers[variant ?? 0]!]).map((fill) => fill(person.columns));
    const filled = ways.find(({ ok }) => !ok) ?? ways[0]!;
    if (filled.ok) {
      // Last of all: only people who would have got it are comparable with those who did.
      if (options.control?.(phone)) return settled({ ...base, phone, state: 'skipped', reason: 'control', params: [] });
      return settled({
        ...base,
        phone,
        state: 'queued',
        params: filled.params,
        ...(variant !== undefined && { variant }),
        ...(isRest && { otherParams: ways.slice(1).flatMap((way) => (way.ok ? [way.params] : [])) }),
      });
    }
    if (standing) return [duplicateOf(base, standing.delivery.origin)];
    const { reason, detail, unclear } = filled;
    const delivery = { ...base, phone, state: 'skipped' as const, reason, detail, params: [] as [] };
    // Whoever is asked about a value answers for the parameters of the campaign's own template.
    held.set(key, { delivery, ...(unclear && !variant && filled === ways[0] && { unclear }) });
    return [];
  }

  const batchSize = options.batchSize ?? 500;
  for await (const batch of inBatches(people, batchSize)) {
    const candidates = withMobiles(batch.map((person) => choosePhone(person, options.country)));
    const exclusions = await exclusionsOf(candidates);
    const rows = candidates.flatMap((candidate) => planned(candidate, exclusions));
    if (rows.length > 0) yield rows;
  }
  for (const { unclear } of held.values()) if (unclear) options.unclear?.(unclear);
  yield* batchesOf(
    Array.from(held.values(), ({ delivery }) => delivery),
    batchSize,
  );
}

/** A further row of a person; `first` is the row that counts. One phone is one delivery, so this has none. */
function duplicateOf({ origin, original, name }: PlannedBase, first: string): PlannedDelivery {
  const base = { ...(original && { original }), ...(name && { name }), origin };
  return { ...base, state: 'skipped', reason: 'duplicate', detail: first, params: [] };
}

/**
 * The audience's numbers with names, including people who share a number: two CRM contacts with one number are one
 * contact here.
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

/** The best of the person's valid numbers, in the given order. */
function choosePhone(person: Person, country: CountryCode): Candidate {
  const name = nameOf(person);
  const base = { origin: person.origin, ...(name && { name }), ...(person.stage && { stage: person.stage }) };
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

/** An Argentine number without the mobile 9 may be a landline; if a nearby row has it with the 9, use that. */
function withMobiles(candidates: readonly Candidate[]): Candidate[] {
  const phones = new Set(candidates.flatMap((candidate) => ('phone' in candidate ? [candidate.phone] : [])));
  return candidates.map((candidate) => {
    if (!('phone' in candidate) || !mayBeLandline(candidate.phone)) return candidate;
    const mobile = personKey(candidate.phone);
    return phones.has(mobile) ? { ...candidate, phone: mobile } : candidate;
  });
}

/** Every valid number of these people: an excluded person is excluded with all of them. */
async function numbersOf(people: AsyncIterable<Person> | undefined, country: CountryCode): Promise<Set<string>> {
  const numbers = new Set<string>();
  if (!people) return numbers;
  for await (const person of people) {
    for (const { e164 } of numbersIn(person, country)) numbers.add(personKey(e164));
  }
  return numbers;
}

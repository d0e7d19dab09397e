/** Counts the funnel: reads every lead of the account once, with its contacts. */
import type { CountryCode } from 'libphonenumber-js';
import type { AmocrmClient } from '../../clients/amocrm/client';
import { personOf } from '../../clients/amocrm/people';
import type { Funnel, FunnelCount } from '../../domain/funnel';
import { bestPhone, normalisePhones } from '../../domain/phones/phone';

export interface FunnelOptions {
  crm: Pick<AmocrmClient, 'account' | 'pipelines' | 'leadsWithContacts'>;
  /** For numbers without a country code. */
  country: CountryCode;
  signal?: AbortSignal | undefined;
  /** Called occasionally with the number of leads counted. */
  onProgress?: ((leads: number) => void) | undefined;
}

const PROGRESS_EVERY = 500;

/**
 * Takes about a second for 500 leads because of amoCRM's rate. Throws AmocrmError. Keeps one string per number in
 * memory.
 */
export async function countFunnel({ crm, country, signal, onProgress }: FunnelOptions): Promise<Funnel> {
  const takenAt = new Date();
  const { currency } = await crm.account();
  const pipelines = await crm.pipelines();
  const whole = createTally();
  const tallies = new Map<string, Tally>();
  const tallyOf = (key: string): Tally => tallies.get(key) ?? tallies.set(key, createTally()).get(key)!;

  let counted = 0;
  for await (const found of crm.leadsWithContacts({}, signal)) {
    const { lead } = found;
    const number = bestNumber(personOf(found).phones, country);
    const places = [whole, tallyOf(String(lead.pipelineId)), tallyOf(`${lead.pipelineId}:${lead.statusId}`)];
    places.forEach((tally) => tally.add(lead.price, number));
    if (++counted % PROGRESS_EVERY === 0) onProgress?.(counted);
  }
  onProgress?.(counted);

  return {
    takenAt,
    currency,
    ...whole.count(),
    pipelines: pipelines.map(({ id, name, statuses }) => ({
      id,
      name,
      ...tallyOf(String(id)).count(),
      stages: statuses.map((status) => ({ ...status, ...tallyOf(`${id}:${status.id}`).count() })),
    })),
  };
}

interface Tally {
  add(price: number, number: string | undefined): void;
  count(): FunnelCount;
}

function createTally(): Tally {
  let [leads, sum] = [0, 0];
  const numbers = new Set<string>();
  return {
    add: (price, number) => {
      leads++;
      sum += price;
      if (number !== undefined) numbers.add(number);
    },
    count: () => ({ leads, sum, people: numbers.size }),
  };
}

/** The number a campaign would use. */
function bestNumber(phones: readonly string[], country: CountryCode): string | undefined {
  return bestPhone(phones.flatMap((phone) => normalisePhones(phone, country).valid))?.e164;
}

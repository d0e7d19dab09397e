/** Counts of each campaign that has ended how many messages to which country arrived, once, for the preflight of later ones. */
import type { Logger } from '../config/logger';
import { periodically } from '../config/waiting';
import type { Store } from '../store/connect';
import { EXPECTED_OVER_MS } from '../domain/country-delivery';

const EVERY_MS = 600_000;
/** So long after a campaign's end receipts still come: of phones that were off, and were not read before. */
const RECEIPTS_COME_MS = 3_600_000;

/** Runs until aborted. Never rejects: a failed round is repeated. */
export async function runCountryOutcomes(
  {
    store,
    log,
    everyMs = EVERY_MS,
    afterMs = RECEIPTS_COME_MS,
  }: { store: Pick<Store, 'countryOutcomes'>; log: Logger; everyMs?: number; afterMs?: number },
  stop: AbortSignal,
): Promise<void> {
  const round = async (): Promise<void> => {
    const now = Date.now();
    const range = { from: new Date(now - EXPECTED_OVER_MS), to: new Date(now - afterMs) };
    const count = await store.countryOutcomes.count(range, stop);
    if (count > 0) log.info({ count }, 'Counted how many messages of ended campaigns arrived, by country');
  };
  const failed = (err: unknown): void => log.warn({ err }, 'Cannot count what arrived by country: trying again');
  await periodically(round, { everyMs, stop, failed });
}

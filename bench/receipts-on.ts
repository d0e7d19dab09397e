/** What a message costs with all its receipts: those due, those applied, and the processor time of every process. */
import type { Ledger } from '../domain/story/ledger';
import type { Figure } from './figures';
import { processorMs } from './processes';
import type { Scope } from './scope';
import type { Site } from './site';

/** A message as the sandbox tells of it. */
export interface Arrival {
  destination: string;
  /** Unix milliseconds. */
  acceptedAt: number;
  state: 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';
}

export function arrivalsAt(site: Site): Promise<Arrival[]> {
  return site.ask('GET', '/sandbox/gupshup/messages');
}

/** Receipts that move a delivery: sent, delivered, read. `enqueued` only names it. */
const RECEIPTS = { accepted: 0, sent: 1, delivered: 2, read: 3, failed: 0 } as const;
const RECEIPTS_A_MESSAGE = RECEIPTS.read;

/** How many receipts the sandbox has sent, or was about to. */
function receiptsDue(arrivals: readonly Arrival[]): number {
  return arrivals.reduce((sum, { state }) => sum + RECEIPTS[state], 0);
}

/** How many of them the campaign's ledgers show. */
function receiptsApplied(ledgers: readonly Pick<Ledger, 'sent' | 'delivered' | 'read'>[]): number {
  return ledgers.reduce(
    (sum, { sent, delivered, read }) =>
      sum + RECEIPTS.sent * sent + RECEIPTS.delivered * delivered + RECEIPTS.read * read,
    0,
  );
}

const KEPT_UP_WANTED = 0.8;

/** Whether the receipts keep up with the messages: `figure` says when this was looked at. */
export function keptUpFigure(figure: string, ledgers: readonly Ledger[], arrivals: readonly Arrival[]): Figure {
  const [applied, due] = [receiptsApplied(ledgers), receiptsDue(arrivals)];
  const keptUp = applied / due;
  return {
    figure,
    measured: `${applied} of ${due}`,
    value: keptUp,
    ratio: { value: keptUp, of: 'those due' },
    wanted: { text: `≥ ${KEPT_UP_WANTED}`, met: keptUp >= KEPT_UP_WANTED },
  };
}

/** The campaign's ledger as it stands now. */
export async function ledgerOf({ services }: Site, campaignId: string): Promise<Ledger> {
  const status = await services.campaigns.status(campaignId, { fresh: true });
  if (!status.ok) throw new Error(`no status of the campaign: ${JSON.stringify(status.refusal)}`);
  return status.value.ledger;
}

/** Looking at the ledger costs the database, and that is counted: seldom (ms). */
const LOOK_EVERY_MS = 8_000;
/** Without a receipt more for so long, none will come (ms). */
const STILL_MS = 30_000;

/** Waits until the ledgers show all receipts of so many messages, or no more come. Answers with how many they show. */
export async function untilApplied(
  scope: Scope,
  site: Site,
  campaignIds: readonly string[],
  messages: number,
): Promise<number> {
  let [applied, movedAt] = [-1, Date.now()];
  for (;;) {
    const now = receiptsApplied(await Promise.all(campaignIds.map((id) => ledgerOf(site, id))));
    if (now > applied) [applied, movedAt] = [now, Date.now()];
    if (applied >= messages * RECEIPTS_A_MESSAGE || Date.now() - movedAt > STILL_MS) return applied;
    await scope.pause(LOOK_EVERY_MS);
  }
}

/**
 * Counts processor time of these processes, from now on: milliseconds of each so far, and of all together. One that has
 * ended counts with what it had used when it was last looked at.
 */
export function meter(pids: Readonly<Record<string, number>>): () => { each: Record<string, number>; all: number } {
  const seen: Record<string, number> = {};
  const now = (): Record<string, number> => {
    for (const [name, pid] of Object.entries(pids)) seen[name] = processorMs(pid) ?? seen[name] ?? NaN;
    return { ...seen };
  };
  const before = now();
  return () => {
    const each = Object.fromEntries(Object.entries(now()).map(([name, ms]) => [name, ms - (before[name] ?? NaN)]));
    return { each, all: Object.values(each).reduce((sum, ms) => sum + ms, 0) };
  };
}

/** `7.21 = worker 2.10 + MongoDB 4.00 …`, a contact. */
export function perContact({ each, all }: { each: Record<string, number>; all: number }, contacts: number): string {
  const parts = Object.entries(each).map(([name, ms]) => `${name} ${(ms / contacts).toFixed(2)}`);
  return `${(all / contacts).toFixed(2)} = ${parts.join(' + ')}`;
}

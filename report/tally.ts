/** The arithmetic of a report: one pass over the deliveries, in constant memory. */
import type { SimpleSource } from '../domain/audience';
import { policyFor } from '../domain/error-policy';
import { acceptedCount, emptyLedger } from '../domain/story/ledger';
import { SKIP_REASONS, type DeliveryState, type SkipReason } from '../domain/story/delivery';
import type { DeliveryDocument } from '../store/documents';
import type { FailureLine, Outcome, SkipLine } from './data';
import { meaningOf } from './meaning';

/** Enough to show what is wrong with a source, few enough for a Telegram message. */
const SKIP_EXAMPLES = 3;
const UNKNOWN_EXAMPLES = 10;

const NOT_TRIED: readonly DeliveryState[] = ['skipped', 'queued', 'sending'];

export interface Tally {
  /** `source` says what the delivery's origin means. */
  add(delivery: DeliveryDocument, source: SimpleSource['kind']): void;
  outcome(): Outcome;
}

/** An empty tally. Add each delivery once. */
export function createTally(): Tally {
  const ledger = emptyLedger();
  const failures = new Map<string, FailureLine>();
  const skips = new Map<SkipReason, SkipLine>();
  const unknowns: Outcome['unknowns'] = { count: 0, examples: [] };
  let firstSendAt: Date | undefined;
  let lastSendAt: Date | undefined;

  function addFailure({ code = 'none', family, detail }: DeliveryDocument): void {
    const line = failures.get(code) ?? {
      code,
      count: 0,
      meaning: meaningOf(code, 'en'),
      family: family ?? policyFor(code).family,
      ...(detail && { detail }),
    };
    failures.set(code, { ...line, count: line.count + 1 });
  }

  function addSkip(delivery: DeliveryDocument, source: SimpleSource['kind']): void {
    const { skipReason = SKIP_REASONS[0], origin, original, phone, name } = delivery;
    const line = skips.get(skipReason) ?? { reason: skipReason, count: 0, examples: [] };
    line.count += 1;
    if (line.examples.length < SKIP_EXAMPLES)
      line.examples.push({ source, origin, value: original ?? phone ?? name ?? '' });
    skips.set(skipReason, line);
  }

  return {
    add: (delivery, source) => {
      ledger.total += 1;
      ledger[delivery.state] += 1;
      if (delivery.state === 'failed') addFailure(delivery);
      if (delivery.state === 'skipped') addSkip(delivery, source);
      if (delivery.state === 'unknown') {
        unknowns.count += 1;
        if (unknowns.examples.length < UNKNOWN_EXAMPLES) {
          const { n, phone = '', code = '', detail = code } = delivery;
          unknowns.examples.push({ n, phone, detail });
        }
      }
      // The claim is written right before the request is sent; a delivery settled by a receipt may lack it.
      const sentAt = NOT_TRIED.includes(delivery.state) ? undefined : (delivery.claimedAt ?? delivery.acceptedAt);
      if (sentAt && (!firstSendAt || sentAt < firstSendAt)) firstSendAt = sentAt;
      if (sentAt && (!lastSendAt || sentAt > lastSendAt)) lastSendAt = sentAt;
    },
    outcome: () => {
      const tried = NOT_TRIED.reduce((rest, state) => rest - ledger[state], ledger.total);
      const share = (count: number): number => (tried === 0 ? 0 : count / tried);
      return {
        ledger,
        tried,
        shares: {
          accepted: share(acceptedCount(ledger)),
          delivered: share(ledger.delivered + ledger.read),
          read: share(ledger.read),
        },
        failures: mostFrequentFirst([...failures.values()]),
        skips: mostFrequentFirst([...skips.values()]),
        unknowns,
        ...pace(tried, firstSendAt, lastSendAt),
      };
    },
  };
}

/** n sends have n − 1 gaps, so the time from first to last is divided by that. */
function pace(
  tried: number,
  firstSendAt: Date | undefined,
  lastSendAt: Date | undefined,
): Pick<Outcome, 'firstSendAt' | 'lastSendAt' | 'durationSeconds' | 'meanRatePerSecond'> {
  if (!firstSendAt || !lastSendAt) return {};
  const durationSeconds = (lastSendAt.getTime() - firstSendAt.getTime()) / 1000;
  return {
    firstSendAt,
    lastSendAt,
    durationSeconds,
    ...(tried > 1 && durationSeconds > 0 && { meanRatePerSecond: (tried - 1) / durationSeconds }),
  };
}

function mostFrequentFirst<Line extends { count: number }>(lines: Line[]): Line[] {
  return lines.sort((a, b) => b.count - a.count);
}

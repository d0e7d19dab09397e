/** The arithmetic of a report: one pass over the deliveries, in constant memory. */
import type { SimpleSource } from '../domain/audience';
import { deliveryFunnel } from '../domain/delivery-funnel';
import { adviceFor, policyOf } from '../domain/failure-advice';
import { createCountryCounter } from '../domain/phones/phone-country';
import { emptyLedger, notTriedCount } from '../domain/story/ledger';
import { SKIP_REASONS, type DeliveryState, type SkipReason } from '../domain/story/delivery';
import type { DeliveryDocument } from '../store/documents';
import type { FailureLine, Outcome, SkipLine } from './data';
import { meaningOf } from './meaning';
import { createTimelineTally } from './timeline';

/** Enough to show what is wrong with a source, few enough for a Telegram message. */
const SKIP_EXAMPLES = 3;
const UNKNOWN_EXAMPLES = 10;

const NOT_TRIED: readonly DeliveryState[] = ['skipped', 'queued', 'sending'];

export interface Tally {
  /** `source` says what the delivery's origin means. */
  add(delivery: DeliveryDocument, source: SimpleSource['kind']): void;
  /** `replied`: how many people have answered. */
  outcome(replied: number): Outcome;
  /** Whom the messages were meant for and whom they reached, by country (ISO code). */
  recipients: { meant: ReadonlyMap<string, number>; delivered: ReadonlyMap<string, number> };
  /** Messages that Gupshup accepted but that did not arrive, as far as is known. */
  acceptedOnly(): number;
}

/** An empty tally. Add each delivery once. */
export function createTally(): Tally {
  const ledger = emptyLedger();
  const failures = new Map<string, FailureLine>();
  const skips = new Map<SkipReason, SkipLine>();
  const unknowns: Outcome['unknowns'] = { count: 0, examples: [] };
  const timeline = createTimelineTally();
  const [meant, delivered] = [createCountryCounter(), createCountryCounter()];
  let acceptedOnly = 0;
  let firstSendAt: Date | undefined;
  let lastSendAt: Date | undefined;

  function addFailure({ code = 'none', family, detail }: DeliveryDocument): void {
    const line = failures.get(code) ?? {
      code,
      count: 0,
      meaning: meaningOf(code, 'en'),
      family: family ?? policyOf(code, detail).family,
      advice: adviceFor(code, detail),
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

  function addToCost({ state, phone, messageId }: DeliveryDocument): void {
    const arrived = state === 'delivered' || state === 'read';
    // Its number is gone after the retention: it counts as one without a country.
    if (state !== 'skipped') meant.add(phone ?? '');
    if (arrived) delivered.add(phone ?? '');
    else if (messageId !== undefined && state !== 'queued') acceptedOnly += 1;
  }

  function addToTimeline({ state, deliveredAt, readAt }: DeliveryDocument, sentAt: Date | undefined): void {
    if (!sentAt) return;
    timeline.add('sent', sentAt);
    const isRead = state === 'read';
    const arrivedAt = isRead || state === 'delivered' ? (deliveredAt ?? readAt) : undefined;
    if (arrivedAt) timeline.add('delivered', arrivedAt);
    if (isRead && readAt) timeline.add('read', readAt);
  }

  return {
    recipients: { meant: meant.counts, delivered: delivered.counts },
    acceptedOnly: () => acceptedOnly,
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
      const isTried = !NOT_TRIED.includes(delivery.state);
      // The claim is written before the request is sent; a delivery settled by a receipt may lack it.
      const sentAt = isTried ? (delivery.claimedAt ?? delivery.acceptedAt) : undefined;
      // Claims are written for several requests together, which leave one after the other: the last is gone when it is answered.
      const goneAt = isTried ? (delivery.acceptedAt ?? delivery.claimedAt) : undefined;
      if (sentAt && (!firstSendAt || sentAt < firstSendAt)) firstSendAt = sentAt;
      if (goneAt && (!lastSendAt || goneAt > lastSendAt)) lastSendAt = goneAt;
      addToTimeline(delivery, sentAt);
      addToCost(delivery);
    },
    outcome: (replied) => {
      const tried = ledger.total - notTriedCount(ledger);
      const when = timeline.outcome();
      return {
        ledger,
        tried,
        replied,
        funnel: deliveryFunnel(ledger, replied),
        ...(when && { timeline: when }),
        failures: mostFrequentFirst([...failures.values()]),
        skips: mostFrequentFirst([...skips.values()]),
        unknowns,
        ...pace(tried, firstSendAt, lastSendAt),
      };
    },
  };
}

/** In less, the way of an answer is a large part of the time, and a rate would say nothing (s). */
const RATED_SECONDS = 3;

/**
 * n sends have n − 1 gaps, so the time from first to last is divided by that. The time is rather too long than too short:
 * a mean above the sender's cap would be wrong.
 */
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
    ...(tried > 1 && durationSeconds >= RATED_SECONDS && { meanRatePerSecond: (tried - 1) / durationSeconds }),
  };
}

function mostFrequentFirst<Line extends { count: number }>(lines: Line[]): Line[] {
  return lines.sort((a, b) => b.count - a.count);
}

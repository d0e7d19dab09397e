/** Counts the sends of a sender for `/metrics`, and for one line in the log every minute while there are some. */
import type { Logger } from '../config/logger';
import {
  answerSeconds,
  cap,
  codeLabel,
  departures,
  heldBack,
  learnedRate,
  sends,
  startSender,
} from '../config/metrics';
import type { Settlement } from '../store/deliveries';

/** One line in the log for so much time (ms). */
const LINE_EVERY_MS = 60_000;

export interface SendCount {
  /** A call's first byte is written. */
  left(): void;
  /** The answer has come, or its time is over: so long (ms) after it might leave. */
  answered(ms: number): void;
  /** What became of a claimed delivery. */
  settled(campaignId: string, settlement: Settlement): void;
  /** The provider asked for a rest. */
  rests(ms: number): void;
  /** Nothing leaves from here any more; some answers may be still to come. */
  close(): void;
  /** Nothing more will be counted: what has not been said is. */
  finish(): void;
}

interface SendCountOptions {
  sender: string;
  /** Messages a second. */
  cap: number;
  log: Logger;
  everyMs?: number;
}

export function countSends({ sender, cap: most, log, everyMs = LINE_EVERY_MS }: SendCountOptions): SendCount {
  /** By campaign, what became of how many since its last line. */
  const counts = new Map<string, Record<string, number>>();
  let heldUntil = 0;
  startSender(sender);
  cap.set({ sender }, most);

  function say(): void {
    for (const [campaignId, outcomes] of counts)
      log.info({ campaignId, sender, ...outcomes }, 'Sent in the last minute');
    counts.clear();
  }
  const lines = setInterval(say, everyMs).unref();

  return {
    left: () => departures.inc({ sender }),
    answered: (ms) => answerSeconds.observe({ sender }, ms / 1000),
    settled(campaignId, settlement) {
      const { to } = settlement;
      const code = 'code' in settlement ? settlement.code : 'reason' in settlement ? settlement.reason : undefined;
      sends.inc({ sender, outcome: to, code: codeLabel(code) });
      const outcomes = counts.get(campaignId) ?? {};
      counts.set(campaignId, { ...outcomes, [to]: (outcomes[to] ?? 0) + 1 });
    },
    rests(ms) {
      const now = performance.now();
      heldBack.inc({ sender }, Math.max(0, now + ms - Math.max(now, heldUntil)) / 1000);
      heldUntil = Math.max(heldUntil, now + ms);
    },
    close() {
      // Another worker's from now on.
      cap.remove({ sender });
      learnedRate.remove({ sender });
    },
    finish() {
      clearInterval(lines);
      say();
    },
  };
}

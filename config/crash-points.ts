/**
 * The writes and calls on the road of a message. A process may die before or after each of them, and nothing is lost or
 * sent twice; `test/road/crash-points.test.ts` kills one at every point. Each is a tracing channel of Node
 * (`tracing:bobcofer.<point>:start` and so on), so it costs nothing while nobody listens.
 */
import { tracingChannel } from 'node:diagnostics_channel';

export const CRASH_POINTS = [
  // The worker, in the order in which they come.
  'campaign-state',
  'lease',
  'audience',
  'claim',
  'call',
  'message-name',
  'answer',
  'put-back',
  'counts',
  'write-back-begun',
  'write-back-call',
  'write-back-done',
  'follow-up',
  'results-read',
  'results-kept',
  'reply-taken',
  'reply-noted',
  'reply-told',
  'reply-effect-begun',
  'reply-effect-call',
  'reply-effect-done',
  // The receiver.
  'arrival',
  'record',
  'fold',
  'wave',
  'applied',
  'reply-kept',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

/** The name of a point's tracing channel. */
export function channelOf(point: CrashPoint): string {
  return `bobcofer.${point}`;
}

const channels = Object.fromEntries(CRASH_POINTS.map((point) => [point, tracingChannel(channelOf(point))]));

/**
 * Carries out the write or call at a point, and answers as it does. `about`: whom it is done to, for who listens
 * (chaos/trace); ids alone, no number and no name.
 */
export function atPoint<T>(point: CrashPoint, act: () => Promise<T>, about?: () => object): Promise<T> {
  const channel = channels[point]!;
  if (!channel.start.hasSubscribers && !channel.asyncEnd.hasSubscribers) return act();
  return channel.tracePromise(act, { about: about?.() });
}
